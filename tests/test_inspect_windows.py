"""The page of `linesift inspect` in windows of all kinds: what is in sight, said and pointed at."""

import re
from itertools import pairwise

import pytest
from inspecting import document, tabs, write_page
from samples import PAGES

from classifier import LABELS

MANY = [document(text, f"{n} {name}") for n in range(3) for name, text in PAGES.items()]
STORY, LONG = ([document("The bridge was closed again.\n" * n)] for n in (500, 10_050))


@pytest.fixture(scope="module")
def files(clf, tmp_path_factory):
    assert len(MANY) > 30
    folder = tmp_path_factory.mktemp("windows")
    return {
        name: write_page(folder, clf, documents, most_explained=n).rename(folder / f"{name}.html")
        for name, documents, n in (
            ("many", MANY, 0),
            ("one", MANY[:1], 100),
            ("story", STORY, 0),
            ("long", LONG, 0),
        )
    }


@pytest.fixture
def show(chromium, files):
    """Open one of the pages in a window."""
    with tabs(chromium) as open_page:

        def show_page(name, width=1280, height=800, **options):
            size = {"width": width, "height": height}
            return open_page(files[name], viewport=size, **options)

        yield show_page


def is_in_sight(page, selector):
    box = page.tab.locator(selector).bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= page.tab.viewport_size["height"]


@pytest.mark.parametrize("width", [769, 800, 1023, 1024])
def test_a_document_that_is_chosen_is_in_sight(show, width):
    page = show("many", width)
    page.tab.locator(".document").nth(4).click()
    for number in (4, 5):
        assert page.tab.locator("#name").text_content() == MANY[number].id
        assert is_in_sight(page, "h1")
        assert is_in_sight(page, ".document[aria-current]")
        page.press("n")


def test_title_and_landmarks_tell_where_one_is(show):
    page = show("many")
    assert page.tab.title() == f"{MANY[0].id} – linesift inspect"
    page.press("n")
    assert page.tab.title() == f"{MANY[1].id} – linesift inspect"
    landmark = page.tab.get_by_role("navigation", name="Documents")
    assert landmark.get_by_role("listitem").count() == len(MANY)
    assert page.tab.get_by_role("main").count() == 1


def test_on_the_way_back_the_controls_say_what_the_page_shows(show):
    page = show("many")
    page.press("v", "2", "t", "ArrowRight")
    page.tab.locator("#drop-content").check()
    page.tab.goto("about:blank")
    page.tab.go_back()
    ticked = "[...document.querySelectorAll('input')].filter((input) => input.checked)"
    assert page.tab.evaluate(f"{ticked}.map((input) => input.id)") == [
        "view-page",
        *(f"show-{label}" for label in LABELS),
        *(f"drop-{label}" for label in LABELS[1:]),
    ]
    assert page.tab.locator("#threshold").is_disabled()
    assert page.tab.locator("#threshold").input_value() == "0.5"
    assert page.tab.evaluate("policy") == {"drop": [0, 1, 1, 1], "threshold": None}


def test_controls_that_the_browser_resets_on_the_way_back_say_again_what_is_shown(show):
    page = show("many")
    page.press("v", "2", "t", "ArrowRight")
    page.tab.locator("#drop-content").check()
    inputs = "[...document.querySelectorAll('input')]"
    controls = f"{inputs}.map((input) => input.type === 'range' ? input.value : input.checked)"
    before = page.tab.evaluate(controls)
    # As Safari does with a page that it has kept.
    page.tab.evaluate(f"for (const input of {inputs}) input.checked = false")
    page.tab.evaluate("document.getElementById('threshold').value = ''")
    page.tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.tab.wait_for_function("document.getElementById('by-threshold').checked", timeout=5000)
    assert page.tab.evaluate(controls) == before


def test_the_bar_is_of_the_line_with_the_focus_until_the_pointer_moves(show):
    page = show("story")
    told, focused = (page.tab.locator(where) for where in ("#odds .number", ":focus .number"))
    page.tab.mouse.move(600, 600)
    page.press("l")
    for key in ["ArrowDown"] * 40 + ["End", "PageUp"]:
        page.press(key)
        page.tab.wait_for_timeout(20)  # for what the browser says of lines under the pointer
        assert told.text_content() == f"line {focused.text_content()}"
    page.tab.mouse.move(600, 500)
    pointed = "document.elementFromPoint(600, 500).closest('.line').dataset.n"
    line = int(page.tab.evaluate(pointed)) + 1
    assert told.text_content() == f"line {line}" != "line 480"
    page.tab.mouse.wheel(0, -3_000)
    for _ in range(100):  # the page allows nothing that Playwright would wait with
        if told.text_content() != f"line {line}":
            break
        page.tab.wait_for_timeout(50)
    assert int(told.text_content().removeprefix("line ")) < line


def test_page_up_and_page_down_take_the_cursor_along(show):
    page = show("story")
    number = page.tab.locator(":focus > .number")
    page.press("l")
    for key, line in (("Down", 21), ("Down", 41), ("Up", 21), ("Up", 1), ("Up", 1), ("Down", 21)):
        page.press(f"Page{key}")
        assert number.text_content() == str(line)
    page.press("End", "PageDown")
    assert number.text_content() == "500"
    page.press("PageUp", "Enter")
    assert number.text_content() == "480"
    assert is_in_sight(page, ".line:has(.why)")
    assert "Page Up Page Down" in page.tab.locator(".keys dt").all_text_contents()


@pytest.mark.parametrize(("width", "heads"), [(320, "c n p s"), (1280, " ".join(LABELS))])
def test_heads_of_reasons_stay_apart(show, width, heads):
    page = show("one", width)
    page.press("l", "Enter")
    row = page.tab.locator(".why thead")
    assert row.inner_text().split() == heads.split()
    cells = row.locator("th").all()
    assert [cell.get_attribute("aria-label") for cell in cells] == list(LABELS)
    boxes = [cell.bounding_box() for cell in cells]
    assert all(cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth") for cell in cells)
    assert all(a["x"] + a["width"] <= b["x"] + 1 for a, b in pairwise(boxes))


def test_bars_of_documents_are_told_in_words(show, clf):
    page = show("many")
    sizes = clf.process([doc.text for doc in MANY]).statistics.characters
    for button, own in zip(page.tab.locator(".document").all(), sizes, strict=True):
        said = re.findall(r"(\w+) ([\d.]+)\s%", button.get_attribute("title"))
        assert [label for label, _ in said] == list(LABELS)
        shares = [float(share) for _, share in said]
        assert shares == pytest.approx(100 * own / own.sum(), abs=0.51)


@pytest.mark.parametrize("width", [375, 1280])
def test_numbers_of_five_digits_have_room(show, width):
    page = show("long", width)
    page.press("l", "End")
    number = page.tab.locator(":focus > .number")
    assert number.text_content() == "10050"
    assert number.evaluate("number => number.scrollWidth <= number.clientWidth")


def test_where_the_system_chooses_the_colours_what_is_chosen_can_be_told(show):
    page = show("many", forced_colors="active")
    page.press("n")
    colour = "(element, name) => getComputedStyle(element)[name]"
    for chosen, other, name in (
        (".document[aria-current]", ".document:not([aria-current])", "borderLeftColor"),
        ("[aria-pressed=true]", "[aria-pressed=false]", "backgroundColor"),
        (".line[data-label]", ".line.blank", "borderLeftColor"),
    ):
        seen = {page.tab.locator(place).first.evaluate(colour, name) for place in (chosen, other)}
        assert len(seen) == 2, chosen
    bars = page.tab.locator(".document").first.locator(".bar > span").all()
    assert len({bar.evaluate(colour, "backgroundColor") for bar in bars}) == len(LABELS)
