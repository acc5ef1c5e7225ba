"""The page of `linesift annotate` by keys alone, by ear, and in colours that are not its own."""

import re

import pytest
from annotating import session
from labelling import expect, go, press, saved

N_LINES = 60
DOCUMENTS = {
    "long.txt": "\n\n".join(f"Line {i} of the harbour" for i in range(N_LINES)),
    "short.txt": "Home",
}


@pytest.fixture
def running(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, "utf-8")
    with session(folder, "-o", tmp_path / "log") as running:
        yield running


@pytest.fixture
def long(page, running):
    """The page, where it shows the long document."""
    go(page, running)
    if page.inner_text("#title") != "long.txt":
        press(page, "ArrowRight")
        expect(page.locator("#title")).to_have_text("long.txt")
    return page


def n_selected(page):
    return page.locator('.line[aria-selected="true"]').count()


def test_lines_are_called_by_their_numbers_in_the_file(long):
    press(long, "ArrowDown", "n")
    saved(long, "line 3 navigation")
    press(long, "Shift+ArrowDown", "p")
    saved(long, "lines 5 to 7 paywall")


def test_each_line_shows_its_number_which_is_no_text_of_the_page(long):
    shown = "row => [getComputedStyle(row, '::before').content, row.children[1].offsetLeft]"
    (first, left), (last, left_of_last) = (
        long.locator(f"#line-{i}").evaluate(shown) for i in (0, N_LINES - 1)
    )
    assert (first, last) == ('"1" / ""', '"119" / ""')
    assert left == left_of_last, "texts are in one column, whatever the numbers"
    row = long.locator("#line-1")
    expect(row).to_have_accessible_description("line 3, guessed")
    expect(row).to_have_accessible_name(re.compile(r"^[cnps] Line 1 of the harbour \d+ %$"))


def test_in_forced_colours_every_selected_line_is_told_apart(long):
    long.emulate_media(forced_colors="active")
    press(long, "Home", "Shift+ArrowDown", "Shift+ArrowDown")
    style = "row => [getComputedStyle(row).outlineStyle, getComputedStyle(row).outlineWidth]"
    rows = [long.locator(f"#line-{i}").evaluate(style) for i in range(4)]
    assert rows[0] == rows[1] == ["solid", "2px"]
    assert rows[2] == ["solid", "4px"], "the cursor"
    assert rows[3][0] == "none"


def test_arrow_keys_in_the_guideline_stay_there(long):
    long.set_viewport_size({"width": 800, "height": 700})
    press(long, "g")
    expect(long.locator("#guideline")).to_be_focused()
    press(long, "ArrowRight", "ArrowLeft", "ArrowDown")
    expect(long.locator("#title")).to_have_text("long.txt")
    expect(long.locator(".line.cursor")).to_have_id("line-0")
    for width in (320, 375, 721, 800, 1400):
        long.set_viewport_size({"width": width, "height": 700})
        sizes = "guide => [guide.scrollWidth, guide.clientWidth]"
        needed, given = long.locator("#guideline").evaluate(sizes)
        assert needed <= given, width


def test_the_lines_are_the_main_part_and_called_after_their_document(long):
    expect(long.get_by_role("main").get_by_role("listbox", name="long.txt")).to_be_focused()


def test_another_document_is_announced_and_names_the_tab(long):
    assert long.title() == "long.txt – linesift annotate"
    press(long, "ArrowRight")
    title = long.locator('[aria-live="polite"]', has_text="short.txt")
    expect(title).to_be_visible()
    expect(long).to_have_title("short.txt – linesift annotate")


def test_after_a_click_space_scrolls_and_does_not_press_the_button_again(long):
    for name, said in (('[data-mark="p"]', "line 1 paywall"), ("#undo", "last action taken back")):
        long.click(name)
        saved(long, said)
        expect(long.locator("#lines")).to_be_focused()
    long.click('[data-mark="s"]')
    saved(long, "line 1 sponsored")
    press(long, "Space")
    expect(long.locator(".line").first).not_to_be_in_viewport()
    assert long.locator(".line.decided").count() == 1


def test_a_button_that_is_pressed_by_key_keeps_the_focus(long):
    button = long.locator('[data-mark="p"]')
    button.focus()
    press(long, "Enter", "Enter")
    saved(long, "line 3 paywall")
    expect(button).to_be_focused()


def test_selected_lines_are_copied_as_text(long):
    long.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(long, "ArrowDown", "Shift+ArrowDown", "Control+c")
    copied = long.evaluate("navigator.clipboard.readText()")
    assert copied == "Line 1 of the harbour\nLine 2 of the harbour"
    assert long.locator(".line.decided").count() == 0, "c alone would label"


def test_what_is_selected_in_the_guideline_is_copied_from_there(long):
    long.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(long, "g")
    heading = long.locator("#guideline h1")
    heading.click(click_count=3)
    press(long, "Control+c")
    copied = long.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == heading.inner_text()


@pytest.mark.parametrize(("edge", "last"), [("bottom", N_LINES - 1), ("top", 0)])
def test_dragging_beyond_the_list_goes_on(long, edge, last):
    press(long, "Home", *["PageDown"] * 2)
    long.hover(".line.cursor")
    long.mouse.down()
    box = long.locator("#lines").bounding_box()
    beyond = box["y"] - 10 if edge == "top" else box["y"] + box["height"] + 10
    long.mouse.move(box["x"] + 50, beyond)
    expect(long.locator(".line.cursor")).to_have_id(f"line-{last}")
    expect(long.locator(".line.cursor")).to_be_in_viewport()
    long.mouse.up()
    assert n_selected(long) == abs(last - 40) + 1


def test_all_lines_are_printed_in_colours_for_paper(long):
    colour = "getComputedStyle(document.body).color"
    long.emulate_media(color_scheme="light")
    on_white = long.evaluate(colour)
    press(long, "g")  # in a narrow window it would cover the lines
    long.set_viewport_size({"width": 700, "height": 300})
    long.emulate_media(media="print", color_scheme="dark")
    assert long.evaluate(colour) == on_white
    last = long.locator(f"#line-{N_LINES - 1}")
    assert last.is_visible()
    height = long.evaluate("document.documentElement.scrollHeight")
    box = last.bounding_box()
    assert 300 < box["y"] + box["height"] <= height
    assert not [each for each in long.locator("button, #guideline").all() if each.is_visible()]


def test_without_javascript_the_page_says_so_and_has_nothing_to_press(chromium, running):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(running.address)
    assert page.inner_text("body").strip() == "This page needs JavaScript."
    context.close()
