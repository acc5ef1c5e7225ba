"""The page of `linesift annotate` in a real browser, by keys and by mouse."""

import re
import signal

import pytest
from annotating import session
from labelling import expect, go, labelled, letters, press, saved, show_documents

from classifier import LABELS
from classifier.annotate.log_reader import read_corrections

PAGES = {
    "ferry.txt": "Home\n  • Sport\n\nThe night ferry sails again\nIt leaves at 9.\n\nAdvertisement",
    "wall.txt": "Menu\n\nYou have 2 free articles left\nSubscribe for 1 € a week\nLog in\n© 2024",
    "mühle.txt": "Startseite\nSuche\n\nDie Mühle mahlt wieder\nNur für Abonnenten\nJetzt testen",
}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def numbered(name):
    """Give the numbers of a page's lines in its file, blank ones counted."""
    return [number for number, line in enumerate(PAGES[name].split("\n"), 1) if line]


def title(page):
    return page.inner_text("#title")


def cursor(page):
    return int(page.get_attribute(".line.cursor", "id").removeprefix("line-"))


def decided(log, document):
    (record,) = (record for record in read_corrections(log) if record["id"] == document)
    return "".join(label[0] if label else "." for label in record["labels"])


def test_keys_label_three_documents_though_the_session_is_killed_between(tmp_path, folder, page):
    log = tmp_path / "log"
    with labelled(page, folder, "-o", log, "--annotator", "ada") as running:
        first = title(page)
        n_lines = page.locator(".line").count()
        press(page, "n", "n", "Shift+ArrowDown", "c")
        _, _, third, fourth, *_ = numbered(first)
        saved(page, f"lines {third} to {fourth} content")
        press(page, "a")
        saved(page, "the rest accepted. Document done")
        press(page, "ArrowRight")
        expect(page.locator("#title")).not_to_have_text(first)
        second = title(page)
        press(page, "n", "x", "p")
        saved(page, f"line {numbered(second)[2]} paywall")
        before = log.read_bytes()
        running.process.send_signal(signal.SIGKILL)
        running.process.wait()
        press(page, "s")
        expect(page.locator("#status")).to_have_text(re.compile("^Not saved: linesift annotate"))
        assert log.read_bytes() == before
    assert decided(log, first).startswith("nncc")
    assert "." not in decided(log, first)
    with labelled(page, folder, "-o", log, "--annotator", "ada"):
        assert title(page) == second
        assert letters(page)[:4] == "nxp."
        assert cursor(page) == 3
        expect(page.locator("#counts")).to_contain_text("1 of 3 documents")
        press(page, "u")
        saved(page, "last action taken back")
        assert (letters(page)[:3], cursor(page)) == ("nx.", 2)
        press(page, "p", "a")
        saved(page, "the rest accepted. Document done")
        press(page, "ArrowRight")
        expect(page.locator("#title")).not_to_have_text(second)
        third = title(page)
        press(page, "Home", "Shift+End", "s")
        saved(page, f"lines 1 to {numbered(third)[-1]} sponsored. All documents are done")
    assert {first, second, third} == PAGES.keys()
    assert len(decided(log, first)) == n_lines
    assert decided(log, second)[:3] == "n.p", "unsure teaches nothing"
    assert set(decided(log, third)) == {"s"}


def test_a_page_that_is_loaded_again_shows_the_same_document(tmp_path, folder, page):
    with labelled(page, folder, "-o", tmp_path / "log"):
        first = title(page)
        press(page, "a")
        saved(page, "the rest accepted")
        press(page, "ArrowRight")
        expect(page.locator("#title")).not_to_have_text(first)
        second = title(page)
        page.reload()
        page.wait_for_selector(".line.cursor")
        assert title(page) == second


def test_each_of_two_tabs_that_is_loaded_again_shows_its_own_document(tmp_path, folder, page):
    with labelled(page, folder, "-o", tmp_path / "log") as running:
        first = page.locator("#title").inner_text()
        other = page.context.new_page()
        go(other, running)
        press(other, "ArrowRight")
        expect(other.locator("#title")).not_to_have_text(first)
        second = other.locator("#title").inner_text()
        for tab, name in ((page, first), (other, second)):
            tab.reload()
            tab.wait_for_selector(".line.cursor")
            assert tab.locator("#title").inner_text() == name


def test_a_long_status_covers_no_line(tmp_path, page):
    (tmp_path / "long.txt").write_text("\n".join(f"line {i}" for i in range(200)))
    page.set_viewport_size({"width": 1280, "height": 700})
    with labelled(page, tmp_path / "long.txt", "-o", tmp_path / "log"):
        height = page.locator("footer").bounding_box()["height"]
        press(page, "Home", *["Shift+PageDown"] * 12, "s")
        saved(page, "lines 1 to 200 sponsored. All documents are done.")
        assert page.locator("footer").bounding_box()["height"] == height
        row, shown = (page.locator(name).bounding_box() for name in (".line.cursor", "#lines"))
        assert row["y"] + row["height"] <= shown["y"] + shown["height"] + 1


@pytest.mark.parametrize("width", [1120, 1280])
def test_what_the_status_says_is_seen_whole_beside_the_hint(tmp_path, folder, page, width):
    page.set_viewport_size({"width": width, "height": 700})
    with labelled(page, folder / "wall.txt", "-o", tmp_path / "log") as running:
        assert page.locator("#hint").is_visible()
        height = page.locator("footer").bounding_box()["height"]
        press(page, "Home", "Shift+End", "n")
        saved(page, "lines 1 to 6 navigation. All documents are done.")
        width_of_text = """status => {
            const range = document.createRange();
            range.selectNodeContents(status);
            return range.getBoundingClientRect().width;
        }"""
        status = page.locator("#status")
        assert status.evaluate(width_of_text) <= status.bounding_box()["width"]
        running.process.kill()
        press(page, "n")
        expect(page.locator("#status")).to_have_text(re.compile("^Not saved"))
        page.set_viewport_size({"width": 800, "height": 700})
        assert page.locator("footer").bounding_box()["height"] < 3 * height


def test_the_mouse_selects_ranges_and_undo_takes_their_labels_back(tmp_path, folder, page):
    log = tmp_path / "log"
    with labelled(page, folder / "wall.txt", "-o", log):
        page.hover("#line-1")
        page.mouse.down()
        page.hover("#line-3")
        page.mouse.up()
        assert page.locator('.line[aria-selected="true"]').count() == 3
        assert page.evaluate("String(getSelection())") == "", "a colour of its own is enough"
        page.click('[data-mark="p"]')
        saved(page, "lines 3 to 5 paywall")
        page.click("#line-0")
        page.click("#line-4", modifiers=["Shift"])
        press(page, "n")
        saved(page, "lines 1 to 6 navigation")
        # As fast as they come: an undo selects its lines before the next key labels them.
        press(page, "Control+z", "s", "u", "x")
        saved(page, "lines 1 to 6 unsure")
        assert letters(page) == "xxxxx"
        press(page, "u", "u")
        saved(page, "last action taken back")
        expect(page.locator(".line.decided")).to_have_count(0)  # once the second is there, too
        expect(page.locator("#undo")).to_be_disabled()
        press(page, "u")
        assert decided(log, "wall.txt") == "....."


def test_an_acceptance_that_is_undone_leaves_the_cursor_where_it_was(tmp_path, folder, page):
    with labelled(page, folder / "wall.txt", "-o", tmp_path / "log"):
        press(page, "Home", "ArrowDown", "p")
        saved(page, "line 3 paywall")
        press(page, "a")
        saved(page, "the rest accepted")
        press(page, "u")
        saved(page, "last action taken back")
        press(page, "s")
        saved(page, "line 4 sponsored")
        assert letters(page) == ".ps.."


def test_the_rest_is_accepted_once_however_often_it_is_asked_for(tmp_path, folder, page):
    log = tmp_path / "log"
    with labelled(page, folder / "wall.txt", "-o", log):
        page.locator("#accept").dblclick()
        saved(page, "the rest accepted")
        press(page, "u")
        saved(page, "last action taken back")
        assert letters(page) == "....."
        expect(page.locator("#accept")).to_be_enabled()
    assert log.read_bytes().count(b"accept") == 1


def test_a_key_that_is_held_down_labels_the_last_line_once(tmp_path, folder, page):
    log = tmp_path / "log"
    with labelled(page, folder / "wall.txt", "-o", log):
        press(page, "ArrowDown")
        for _ in range(9):  # pressed again before it is released, a key repeats
            page.keyboard.down("n")
        page.keyboard.up("n")
        saved(page, "line 6 navigation")
        press(page, "u")
        saved(page, "last action taken back")
        assert letters(page) == ".nnn."
    assert log.read_bytes().count(b'"label":"navigation"') == 4


def test_the_line_that_the_search_of_the_browser_finds_is_the_one_to_label(tmp_path, folder, page):
    with labelled(page, folder / "wall.txt", "-o", tmp_path / "log"):
        assert page.evaluate("find('1 € a week')")
        expect(page.locator(".line.cursor")).to_contain_text("Subscribe for 1 € a week")
        press(page, "p", "n")
        saved(page, "line 5 navigation")
        assert letters(page) == "..pn."


def test_the_most_doubtful_come_first_and_keys_lead_back(tmp_path, folder, page):
    with labelled(page, folder, "-o", tmp_path / "log"):
        show_documents(page)
        # Not the inner texts: those of entries that have not been painted yet are empty.
        entries = page.locator("#entries bdi").all_text_contents()
        doubts = [
            int(text.split()[1])
            for text in page.locator("#entries span:last-child").all_text_contents()
        ]
        assert doubts == sorted(doubts, reverse=True)
        press(page, "c")  # no key reaches the page behind
        press(page, "Escape")
        assert title(page) == entries[0]
        press(page, "ArrowRight")
        expect(page.locator("#title")).to_have_text(entries[1])
        press(page, "ArrowLeft")
        expect(page.locator("#title")).to_have_text(entries[0])
        assert set(letters(page)) == {"."}
        for name in (*entries[1:], entries[0]):  # skipped ones come again after all others
            press(page, "ArrowRight")
            expect(page.locator("#title")).to_have_text(name)
        show_documents(page)
        press(page, "Tab", "Tab", "Enter")  # from the one that is open
        expect(page.locator("#title")).to_have_text(entries[2])


def test_lines_on_which_two_annotators_differ_are_listed_and_lead_there(tmp_path, folder, page):
    log = tmp_path / "log"
    ada = "<b onclick=window.taken=5>ada</b>"
    for name, keys in ((ada, "ncp"), ("bo", "nss")):
        with labelled(page, folder / "wall.txt", "-o", log, "--annotator", name):
            press(page, *keys)
            saved(page, "line 4")
    with labelled(page, folder / "ferry.txt", "-o", log, "--annotator", "bo"):
        show_documents(page)
        page.click("summary")
        shown = page.locator("#agreements button")
        text = "You have 2 free articles left"
        expect(shown.first).to_have_text(f"wall.txtline 3{text}{ada} content, bo sponsored")
        assert not shown.first.is_enabled(), "its document is none of this session"
    with labelled(page, folder, "-o", log, "--annotator", "bo"):
        show_documents(page)
        expect(page.locator("summary")).to_have_text("Lines on which they differ (2)")
        assert not shown.first.is_visible(), "only who wants to see what the other one decided does"
        page.click("summary")
        shown.nth(1).click()
        expect(page.locator("#title")).to_have_text("wall.txt")
        expect(page.locator(".line.cursor")).to_have_text(re.compile("Subscribe for 1 € a week"))
        press(page, "p")
        saved(page, "line 4 paywall")
        show_documents(page)
        expect(page.locator("summary")).to_have_text("Lines on which they differ (1)")
        assert page.evaluate("window.taken") is None


def test_the_guideline_is_at_hand_while_labelling(tmp_path, folder, page):
    with labelled(page, folder, "-o", tmp_path / "log"):
        press(page, "g")
        expect(page.locator("#guideline h1")).to_be_visible()
        expect(page.locator("#guideline table").first).to_be_visible()
        press(page, "s")
        saved(page, "line 1 sponsored")
        press(page, "g")
        expect(page.locator("#guideline")).to_be_hidden()
        press(page, "ArrowDown")
        assert cursor(page) == 2
        press(page, "g")
        expect(page.locator("#guideline")).to_be_focused()
        press(page, "Escape", "Escape")  # once more changes nothing
        expect(page.locator("#lines")).to_be_focused()
        expect(page.locator("#guideline")).to_be_hidden()


def test_nothing_is_decided_on_lines_that_the_guideline_covers(tmp_path, folder, page):
    log = tmp_path / "log"
    with session(folder / "wall.txt", "-o", log) as running:
        page.set_viewport_size({"width": 700, "height": 700})
        go(page, running)
        press(page, "n")
        saved(page, "line 1 navigation")
        before = log.read_bytes()
        press(page, "g", "s", "a", "u")
        page.click('[data-mark="p"]')
        expect(page.locator("#status")).to_have_text(re.compile("^The guideline covers the lines"))
        assert log.read_bytes() == before
        press(page, "g", "s")
        saved(page, "line 3 sponsored")
        assert letters(page) == "ns..."


def test_in_a_low_window_more_than_half_is_left_for_the_lines(tmp_path, folder, page):
    with session(folder, "-o", tmp_path / "log") as running:
        for width, height in ((320, 256), (640, 256), (1280, 320)):
            page.set_viewport_size({"width": width, "height": height})
            go(page, running)
            press(page, "n")
            saved(page, "line")
            assert page.locator("#lines").bounding_box()["height"] > height / 2
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.locator("#guide").click()  # is reached, though the bar is longer than the window
            expect(page.locator("#guideline")).to_be_visible()


def test_buttons_are_called_by_what_they_do(tmp_path, folder, page):
    named = {
        "Back": "ArrowLeft",
        "Next": "ArrowRight",
        "Undo": "u Control+z",
        "Accept the rest": "a",
        "Documents": "d",
        "Guideline": "g",
        **{name: "x" if name == "unsure" else name[0] for name in (*LABELS, "unsure")},
    }
    with labelled(page, folder, "-o", tmp_path / "log"):
        for name, keys in named.items():
            button = page.get_by_role("button", name=name, exact=True)
            expect(button).to_have_attribute("aria-keyshortcuts", keys)
        show_documents(page)
        expect(page.get_by_role("button", name="Close", exact=True)).to_be_visible()


def test_keys_of_another_alphabet_label_as_well(tmp_path, folder, page):
    with labelled(page, folder, "-o", tmp_path / "log"):
        page.evaluate(
            "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'з', code: 'KeyP'}))"
        )
        saved(page, "line 1 paywall")
