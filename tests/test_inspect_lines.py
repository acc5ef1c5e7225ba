"""Lines of the page of `linesift inspect`: long, dropped, out of sight, without reasons, saved."""

import shlex
import textwrap
from itertools import islice

import pytest
from browser import main_thread_clock
from inspecting import document, tabs, write_page
from samples import PAGES

from classifier import FilterPolicy
from classifier.formats.batches import Fields
from classifier.formats.documents import read_documents
from classifier.report.reasons import REASONS
from classifier.shown_text import SHOWN_CHARS

NAME = "news-metered-wall.en.txt"
LONG = "\U0001f309 A bridge. " * 100_000


@pytest.fixture
def show(chromium, clf, tmp_path):
    """Open the page of some documents in a tab."""
    with tabs(chromium) as open_page:

        def show_page(documents, policy=None, **options):
            file = write_page(tmp_path, clf, documents, policy, **options)
            return open_page(file, viewport={"width": 1280, "height": 900})

        yield show_page


def saved(page, folder):
    with page.tab.expect_download() as download:
        page.tab.get_by_text("Save filtered text").click()
    download.value.save_as(folder / "saved.txt")
    return (folder / "saved.txt").read_bytes()


@pytest.mark.parametrize(
    ("minimum", "reason"),
    [({"min_content_chars": 10**6}, "too little content"), ({"drop_paywalled": True}, "paywalled")],
)
def test_a_document_that_the_policy_drops_is_shown_without_any_line_kept(show, minimum, reason):
    policy = FilterPolicy(content_threshold=0.123456789, **minimum)
    page = show([document(PAGES[NAME], NAME), document("\n \n", "blank")], policy)
    assert f"drops this whole document: {reason}." in page.tab.locator("#notes").text_content()
    assert page.tab.locator("#dropped").text_content().startswith("100\xa0%")
    assert page.tab.get_by_text("Save filtered text").is_disabled()
    assert page.tab.evaluate("policy.threshold") == 0.123456789
    labelled = page.tab.locator("#lines .line[data-label]")
    assert page.tab.locator("#lines .dropped").count() == labelled.count()
    table = page.tab.locator(".statistics tbody tr").all()
    cells = [row.locator("td").all_text_contents() for row in table]
    assert [lost for _, _, lost in cells] == [n for n, _, _ in cells]
    assert page.tab.locator(".document .facts").first.text_content().startswith("dropped whole")
    page.press("v")
    assert page.shown() == []


def test_what_is_copied_is_the_text_with_its_blank_lines(show):
    text = PAGES[NAME].rstrip("\n").replace("\n\n", "\n\n  \n", 1)
    page = show([document(text, NAME)])
    page.tab.evaluate("getSelection().selectAllChildren(document.getElementById('lines'))")
    assert page.tab.evaluate("String(getSelection())").strip("\n") == text


def test_keys_go_on_where_the_search_of_the_browser_has_found_something(show):
    page = show([document(PAGES[NAME], NAME)])
    page.press("l", "ArrowDown", "t")
    assert page.tab.evaluate("find('the night ferry')")
    reachable = page.tab.locator('.line[tabindex="0"]', has_text="the night ferry")
    reachable.wait_for()  # the browser tells of a selection a little later
    page.press("l")
    assert "the night ferry" in page.tab.locator(":focus .text").text_content()


@pytest.mark.parametrize("keys", ["v", "3"])  # the filtered view, and paywall lines hidden
def test_the_note_on_a_wall_leads_to_its_lines(show, clf, keys):
    page = show([document("Log in\n\n" * 300 + PAGES[NAME], NAME), document(" \n", "blank")])
    first = page.tab.locator('#lines .line[data-label="paywall"]').first
    number = first.locator(".number").text_content()
    assert int(number) > 600
    page.press(keys)
    assert not first.is_visible()
    page.tab.locator("#notes").get_by_role("button", name=f"line {number}", exact=True).click()
    assert page.tab.locator(":focus .number").text_content() == number
    assert 0 < first.bounding_box()["y"] < 900
    page.open("blank")
    assert page.tab.locator("#notes").text_content().strip() == "It has no line to label."


def test_a_blank_document_that_the_policy_drops_leaves_no_blank_line(show):
    page = show([document("\n \n")], FilterPolicy(min_content_chars=1))
    assert page.shown() == ["", "", ""]
    page.press("v")
    assert page.shown() == []


def test_addresses_of_links_are_not_counted(show, clf):
    address = "https://kelm.example/" + "harbour" * 9
    text = f"* [Home]({address})\n\nThe bridge reopened on [Monday]({address}) after two years."
    page = show([document(text)])
    counted = clf.filter(text).stats["characters"]
    shares = page.tab.locator(".statistics tbody td:nth-of-type(2)").all_text_contents()
    expected = [100 * n / sum(counted.values()) for n in counted.values()]
    assert [float(share.rstrip("%")) for share in shares] == pytest.approx(expected, abs=0.5)
    said = page.tab.locator("#dropped").text_content()
    assert said.endswith(f"of {sum(counted.values())} characters dropped")


def test_reasons_are_words(clf):
    names = ("content_chars", "content_ratio")
    policies = (FilterPolicy(min_content_chars=10**6), FilterPolicy(min_content_ratio=1.0))
    for name, policy in zip(names, policies, strict=True):
        assert clf.filter(PAGES[NAME], policy).reason == name
        assert "_" not in REASONS[name]


def test_reasons_of_wrapped_lines_say_which_are_read_as_one(show):
    paragraph = (
        "The old harbour bridge opened again on Monday after two years of repairs that had cost "
        "the city some nine million, and the first trams crossed it at five in the morning with "
        "a band, two mayors and a few dozen early risers on board who were given free coffee."
    )
    lines = ["Home", "", *textwrap.wrap(paragraph, 72), "", "Log in"]
    page = show([document("\n".join(lines))])
    rows = page.tab.locator("#lines .line[data-label]").all()
    captions = []
    for row in rows:
        row.click()
        captions.append(row.locator("caption").text_content())
    said = f"(lines 3 to {len(lines) - 2} are read as one)"
    assert len(rows) > 5
    assert [said in caption for caption in captions] == [False, *[True] * (len(rows) - 2), False]
    assert "read as one" not in captions[0] + captions[-1]


def test_long_lines_are_cut_for_the_eye_alone(show, clf, tmp_path):
    lines = ["Log in", LONG, " " * 5_000, "x" * SHOWN_CHARS, "\U0001f309" * SHOWN_CHARS]
    text = "\n".join(lines)
    page = show([document(text)], FilterPolicy(drop=()))
    n_cut = [len(line) - SHOWN_CHARS for line in lines]
    assert page.tab.locator("#lines .text").all_text_contents() == [
        f"{line[:SHOWN_CHARS]}… (+{n:,} characters)" if n > 0 else line
        for line, n in zip(lines, n_cut, strict=True)
    ]
    assert saved(page, tmp_path).decode() == text


def test_a_line_of_a_million_characters_opens_at_once(chromium, clf, tmp_path):
    file = write_page(tmp_path, clf, [document(f"Log in\n{LONG}\n{LONG.replace(' ', 'x')}")])
    context = chromium.new_context()
    tab = context.new_page()
    seconds = main_thread_clock(tab)
    tab.goto(file.as_uri())
    tab.evaluate("new Promise(requestAnimationFrame)")
    assert seconds() < 2
    context.close()


@pytest.mark.parametrize("keys", ["v", "2"])  # the filtered view, and navigation hidden
def test_the_map_leads_to_the_nearest_line_in_sight(show, keys):
    story = [f"On day {n} the bridge was closed again, and nobody knew why." for n in range(120)]
    page = show([document("\n".join([*story[:60], *["Log in"] * 200, *story[60:]]))])
    rows = page.tab.locator("#lines .line")
    classes = rows.evaluate_all("rows => rows.map(row => row.className)")
    kept = [n for n, names in enumerate(classes) if "dropped" not in names]
    assert len(kept) > 100
    page.press(keys)
    for line in (100, 220, 315, 10):
        box = page.tab.locator("#map").bounding_box()  # which follows the page
        page.tab.mouse.click(box["x"] + 5, box["y"] + box["height"] * (line + 0.5) / 320)
        nearest = min(kept, key=lambda n, line=line: abs(n - line))
        place = rows.nth(nearest).bounding_box()["y"]
        assert 0 < place < 900, line


def test_order_by_what_is_dropped_follows_the_threshold(show):
    page = show([document(text, name) for name, text in PAGES.items()])
    page.tab.get_by_role("button", name="most dropped", exact=True).click()
    orders = []
    for threshold in (0.02, 0.98):
        page.tab.evaluate(f"policy.threshold = {threshold}; policyChanged()")
        orders.append(page.tab.locator(".document .name").all_text_contents())
        shares = page.tab.evaluate("overview.rows.map((row) => row.share)")
        assert shares == sorted(shares, reverse=True)
    assert orders[0] != orders[1]
    page.tab.get_by_role("button", name="as read", exact=True).click()
    page.tab.evaluate("policy.threshold = 0.5; policyChanged()")
    assert page.tab.locator(".document .name").all_text_contents() == list(PAGES)


@pytest.mark.parametrize("model", [None, "my model.npz"])
def test_a_line_without_reasons_offers_the_command_that_gives_them(show, model):
    page = show(
        [document(PAGES[NAME], NAME)._replace(format="text", file="a b.txt")],
        model=model,
        most_explained=0,
    )
    page.press("l", "Enter")
    command = page.tab.locator(".why").text_content().split("In a terminal: ")[1]
    options = [] if model is None else ["--model", model]
    assert shlex.split(command) == ["linesift", "explain", "a b.txt", *options, "--line", "1"]


def test_a_line_of_a_record_without_reasons_says_how_to_get_them(show):
    page = show([document(PAGES[NAME], NAME)], most_explained=0)
    page.press("l", "Enter")
    assert page.tab.locator(".why").text_content().endswith("A page of less text explains more.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_saved_text_begins_as_that_of_filter_does(show, run, tmp_path, encoding):
    source = tmp_path / "source.txt"
    source.write_bytes(PAGES[NAME].encode(encoding))
    page = show(list(islice(read_documents([str(source)], Fields()), 1)))
    assert saved(page, tmp_path) == run("filter", source).stdout_bytes
    assert page.shown()[0] == PAGES[NAME].split("\n")[0]


def test_the_command_names_its_model_and_shows_how_far_it_is(clf, run, tmp_path, monkeypatch):
    model, out = tmp_path / "mine.npz", tmp_path / "page.html"
    clf.save(model)
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("\n".join(["Log in"] * 2_500))
    shown = []

    def bar(documents, **options):
        shown.append((len(documents), options["disable"]))
        return documents

    monkeypatch.setattr("tqdm.tqdm", bar)
    result = run("inspect", tmp_path / "*.txt", "-o", out, "--model", model)
    assert result.exit_code == 0, result.output
    assert shown == [(3, None)]  # none: on a terminal only
    quoted = shlex.quote(str(model)).replace("'", r"\u0027")
    assert f"--model {quoted} --line" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("most", "said"),
    [(1, "linesift: there are more documents than the 1 shown.\n"), (3, "")],
)
def test_what_a_page_leaves_out_is_told(run, tmp_path, most, said):
    pages = tmp_path / "pages.jsonl"
    pages.write_text('{"text": "Log in"}\n' * 3)
    result = run("inspect", pages, "-o", tmp_path / "page.html", "--max-documents", most)
    assert result.stderr == said


def test_the_bar_says_nothing_of_a_line_that_is_gone(show):
    page = show([document(text, name) for name, text in PAGES.items()])
    page.tab.hover("#lines .line >> nth=3")
    assert page.tab.locator("#odds").text_content().startswith("line 4")
    page.open(list(PAGES)[3])
    assert page.tab.locator("#odds").text_content() == ""


@pytest.mark.parametrize("width", [320, 344])
def test_in_a_narrow_window_the_line_with_the_focus_stands_above_the_bar(show, width):
    page = show([document("The bridge was closed again.\n" * 60)])
    page.tab.set_viewport_size({"width": width, "height": 568})
    page.press("l")
    for _ in range(40):
        page.press("ArrowDown")
        row = page.tab.locator(":focus").bounding_box()
        assert row["y"] + row["height"] <= page.tab.locator("#odds").bounding_box()["y"]
    assert page.tab.evaluate("scrollY") > 300


def test_a_screen_reader_hears_which_lines_are_dropped_and_explained(show):
    page = show([document(PAGES[NAME], NAME)])
    reader = page.context.new_cdp_session(page.tab)

    def heard():
        """Description of each row, and whether it is expanded, as a screen reader gets them."""
        nodes = reader.send("Accessibility.getFullAXTree")["nodes"]
        rows = [node for node in nodes if node.get("role", {}).get("value") == "row"]
        told = [{found["name"]: found["value"] for found in row["properties"]} for row in rows]
        return [
            (row.get("description", {}).get("value", ""), own["expanded"].get("value"))
            for row, own in zip(rows, told, strict=True)
            if "expanded" in own
        ]

    rows = page.tab.locator("#lines .line[data-label]")
    for label in ("sponsored", "navigation"):
        page.tab.locator(f"#drop-{label}").uncheck()
        dropped = ["dropped" in row.get_attribute("class").split() for row in rows.all()]
        assert any(dropped)
        assert heard() == [("dropped" if own else "", False) for own in dropped]
    page.press("l", "Enter")
    assert [is_open for _, is_open in heard()] == [True] + [False] * (len(dropped) - 1)
    for key, is_open in (("Enter", False), ("Enter", True), ("Escape", False), ("Escape", False)):
        page.press(key)
        assert heard()[0][1] == is_open


def test_letters_are_keys_with_caps_lock_and_on_other_keyboards(show):
    page = show([document(text, name) for name, text in PAGES.items()])
    names = list(PAGES)
    for key, code, expected in (
        ("N", "KeyN", 1),
        ("т", "KeyN", 2),
        ("З", "KeyP", 1),
        ("n", "KeyB", 2),
        ("[", "KeyN", 1),
    ):
        event = f"new KeyboardEvent('keydown', {{key: {key!r}, code: {code!r}, bubbles: true}})"
        page.tab.evaluate(f"document.body.dispatchEvent({event})")
        assert page.tab.locator("#name").text_content() == names[expected], key
    page.press("l")
    for key, code, line in (("J", "KeyJ", 1), ("о", "KeyJ", 2), ("K", "KeyK", 1)):
        event = f"new KeyboardEvent('keydown', {{key: {key!r}, code: {code!r}, bubbles: true}})"
        page.tab.evaluate(f"document.activeElement.dispatchEvent({event})")
        focused = "lines.doc.labelled[document.activeElement.dataset.n]"
        assert page.tab.evaluate(focused) == line, key


@pytest.mark.parametrize("text", ["", "Log in\nMenu\nLog in\nMenu"])
def test_the_arrow_keys_go_on_behind_a_document_without_a_line_in_sight(show, text):
    page = show([document(PAGES[NAME], "a"), document(text, "b"), document(PAGES[NAME], "c")])
    page.press("v", "l", "n")
    assert not any(page.shown())
    page.press("n", "ArrowDown")
    kept = [text for text in page.shown() if text]
    assert page.tab.locator(":focus .text").text_content() == kept[1]
