"""Documents of all kinds in the page of `linesift annotate`: hostile, blank and long ones."""

import json
import random
import re
import time

from annotating import session
from browser import main_thread_clock, slowness_of
from labelling import expect, go, labelled, press, saved, show_documents

from classifier.shown_text import SHOWN_CHARS, cut

LONG = "\U0001f309 Bridge. " * 600  # 6,000 characters
HOSTILE = [
    "<script>document.title = 'taken'; window.taken = 1</script>",
    "<img src=x onerror='window.taken = 2'>",
    '"><svg onload=window.taken=3><a href="javascript:window.taken=4">',
    "<img src='http://tracker.example/pixel.png'> https://tracker.example/",
    "</script><style>body { display: none }</style>{{7*7}}${7*7}",
    "\u202eright to left\u2066 override",
]


def test_a_document_without_lines_says_so(tmp_path, page):
    (tmp_path / "blank.txt").write_text(" \n\n\t\n", "utf-8")
    with session(tmp_path / "blank.txt", "-o", tmp_path / "log") as running:
        page.goto(running.address)
        expect(page.locator("#status")).to_have_text("This document has no line to label.")
        press(page, "c", "a", "u", "ArrowDown", "End")
        assert page.get_attribute("#lines", "aria-activedescendant") is None


def test_a_document_that_was_done_before_says_so(tmp_path, page):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(f"Home\n{name}", "utf-8")
    for said in ("Document done.", "All documents are done."):
        with labelled(page, tmp_path, "-o", tmp_path / "log"):
            before = page.inner_text("#title")
            press(page, "ArrowRight")
            expect(page.locator("#title")).not_to_have_text(before)
            press(page, "a")
            saved(page, f"the rest accepted. {said}")
        with labelled(page, tmp_path, "-o", tmp_path / "log"):
            expect(page.locator("#status")).to_have_text(said)


def test_a_line_that_is_cut_says_how_much_is_missing(tmp_path, page):
    (tmp_path / "long.txt").write_text(f"Log in\n{'x' * SHOWN_CHARS}\n{LONG}", "utf-8")
    with labelled(page, tmp_path / "long.txt", "-o", tmp_path / "log"):
        texts = page.locator(".line span").all_text_contents()
        assert texts == ["Log in", "x" * SHOWN_CHARS, cut(LONG)]
        assert texts[-1].endswith("… (+4,000 characters)")


def test_hostile_documents_stay_text(tmp_path, page):
    source, log = tmp_path / "hostile.jsonl", tmp_path / "log"
    ids = [f"http://evil.example/{line}" for line in HOSTILE]
    source.write_text(
        "".join(
            json.dumps({"id": name, "text": "\n".join(HOSTILE), "url": name, "host": name}) + "\n"
            for name in ids
        ),
        "utf-8",
    )
    name = "<b onclick=window.taken=5>ada</b>"
    with labelled(page, source, "-o", log, "--annotator", name) as running:
        page.on("dialog", lambda dialog: page.problems.append(dialog.message))
        for i in range(len(ids)):
            expect(page.locator("#counts")).to_have_text(f"0 of 6 lines · {i} of 6 documents")
            # A line that is not painted yet has no inner text. Not `wait_for_function`, which
            # asks again by eval, and the page's policy forbids that.
            painted = page.locator(".line span").first
            expect(painted).to_have_text(re.compile(r"\S"), use_inner_text=True)
            assert page.locator(".line span").all_inner_texts() == HOSTILE
            assert page.text_content("#title") in ids
            press(page, "c", "a")
            saved(page, "the rest accepted")
            press(page, "ArrowRight")
        show_documents(page)
        assert sorted(page.locator("#entries bdi").all_text_contents()) == sorted(ids)
        assert page.text_content("#annotator") == name
        assert page.title() == f"{page.text_content('#title')} – linesift annotate"
        assert page.evaluate("window.taken") is None
        assert page.locator("script").count() == 1
        assert page.locator("#lines :is(img, svg, a, style, script)").count() == 0
        assert all(url.startswith(running.address) for url in page.requested)
        blocked = page.evaluate(
            "fetch('http://tracker.example/').then(() => 'sent', error => error.name)"
        )
        assert blocked == "TypeError", "the policy of the page lets nothing out"


def test_the_list_of_documents_shows_the_one_that_is_open(tmp_path, page):
    source = tmp_path / "pages.jsonl"
    source.write_text("".join(json.dumps({"text": f"Home {i}"}) + "\n" for i in range(300)))
    with labelled(page, source, "-o", tmp_path / "log"):
        for place in (299, 150, 0):
            show_documents(page)
            page.locator("#entries button").nth(place).click()
            expect(page.locator("#documents")).to_be_hidden()
            show_documents(page)
            current = page.locator("#entries [aria-current]")
            expect(current).to_be_in_viewport()
            expect(current).to_be_focused()
            assert page.locator("#entries button").nth(place).get_attribute("aria-current")
            press(page, "Escape")


def test_no_request_leaves_the_machine(tmp_path, page):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("Home\n\nThe ferry sails again.")
    with labelled(page, tmp_path, "-o", tmp_path / "log") as running:
        press(page, "n", "u", "a", "ArrowRight", "g")
        show_documents(page)
        assert len(page.requested) > 5
        assert all(url.startswith(running.address) for url in page.requested)


def best_of(measure, wanted, n_tries=10):
    """Give the best of some measurements: on a busy machine, only that says what it takes."""
    best = measure()
    for _ in range(n_tries - 1):
        if best < wanted:
            break
        best = min(best, measure())
    return best


SCROLL = """async () => {
    const list = document.getElementById("lines");
    for (let i = 0; i < 100; i += 1) {
        list.scrollTop += 300;
        await new Promise(requestAnimationFrame);
    }
}"""


def main_thread_seconds(page, work):
    """Measure what `work` costs the page's main thread, in processor time."""
    seconds = main_thread_clock(page)
    before = seconds()
    work()
    return seconds() - before


def test_twenty_thousand_lines_open_at_once_and_scroll_smoothly(tmp_path, page):
    chance = random.Random(1)
    words = ["harbour", "menu", "subscribe", "for", "€1", "Fähre", "渡し船", "паром"]
    lines = (" ".join(chance.choices(words, k=chance.randint(1, 30))) for _ in range(20_000))
    (tmp_path / "long.txt").write_text("\n".join(lines), "utf-8")

    def seconds_to_open():
        started = time.monotonic()
        go(page, running)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        return time.monotonic() - started

    with session(tmp_path / "long.txt", "-o", tmp_path / "log") as running:
        bound = 2 * slowness_of(page)
        assert best_of(seconds_to_open, bound) < bound
        page.wait_for_selector("#line-19999", state="attached", timeout=60_000)
        assert page.evaluate("document.querySelectorAll('.line').length") == 20_000
        n_seconds = main_thread_seconds(page, lambda: page.evaluate(SCROLL))
        assert n_seconds / 100 < 1 / 60, "a frame leaves time for sixty a second"
        press(page, "End", "p")
        page.wait_for_selector("#status:text('Saved: line 20000 paywall')")
        assert page.evaluate("document.getElementById('lines').scrollTop") > 100_000


def test_all_rows_are_made_where_the_browser_does_not_tell_when_it_is_idle(tmp_path, page):
    page.add_init_script("window.requestIdleCallback = undefined")  # as in Safari
    (tmp_path / "long.txt").write_text("A boat.\n" * 2_000, "utf-8")
    with session(tmp_path / "long.txt", "-o", tmp_path / "log") as running:
        go(page, running)
        expect(page.locator("#line-1999")).to_be_attached()
        assert page.evaluate("document.querySelectorAll('.line').length") == 2_000
