"""The page of `linesift annotate` shows as decided what is saved, and nothing else."""

import re
import signal
import time

import pytest
from annotating import write_pages
from labelling import expect, go, labelled, letters, press, saved

from classifier.annotate.log_reader import read_corrections

TEXT = "Menu\n\nYou have 2 free articles left\nSubscribe for 1 € a week\nLog in\n© 2024"


@pytest.fixture
def source(tmp_path):
    source = tmp_path / "wall.txt"
    source.write_text(TEXT, "utf-8")
    return source


def labels(log):
    (record,) = read_corrections(log)
    return "".join(label[0] if label else "." for label in record["labels"])


def selected(page):
    return [row.get_attribute("id") for row in page.locator('.line[aria-selected="true"]').all()]


def status(page, pattern):
    expect(page.locator("#status")).to_have_text(re.compile(pattern))


def hold(page, requests):
    """Let requests wait; give a function that waits for the next one, and one that lets it go."""
    held = []
    page.route(requests, lambda route: held.append(route))

    def come():
        late = time.monotonic() + 30
        while not held:
            assert time.monotonic() < late, page.locator("#status").text_content()
            page.wait_for_timeout(20)

    def go_on():
        come()
        held.pop().continue_()

    return come, go_on


def test_why_nothing_is_saved_stays_on_the_page(tmp_path, source, page):
    log = tmp_path / "log"
    with labelled(page, source, "-o", log):
        log.rename(tmp_path / "moved")
        for _ in range(2):
            press(page, "n")
            expect(page.locator(".line.decided")).to_have_count(0)
            status(page, "^Not saved: .* was deleted")
        (tmp_path / "moved").rename(log)
        press(page, "n")
        saved(page, "line 1 navigation")
        assert letters(page) == "n...."


def test_what_is_not_saved_yet_is_said_and_not_left_behind(tmp_path, source, page):
    log = tmp_path / "log"
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.dismiss()))
    with labelled(page, source, "-o", log) as running:
        press(page, "n")
        saved(page, "line 1 navigation")
        running.process.send_signal(signal.SIGSTOP)
        press(page, "p", "p")
        status(page, "^Not saved yet")
        page.close(run_before_unload=True)
        page.wait_for_timeout(500)
        assert (dialogs, page.is_closed()) == (["beforeunload"], False)
        running.process.send_signal(signal.SIGCONT)
        saved(page, "line 4 paywall")
    assert labels(log) == "npp.."


@pytest.mark.parametrize("key", ["ArrowRight", "c"])
def test_what_was_not_saved_is_still_said_when_what_was_asked_for_behind_it_is_done(
    tmp_path, page, key
):
    log, requests = tmp_path / "log", re.compile("/(act|open)$")
    with labelled(page, write_pages(tmp_path), "-o", log):
        come, go_on = hold(page, requests)
        press(page, "n", key)
        come()
        log.rename(tmp_path / "moved")
        go_on()
        come()
        (tmp_path / "moved").rename(log)
        with page.expect_response(requests):
            go_on()
        page.wait_for_timeout(300)
        status(page, "^Not saved: .* was deleted")
        page.unroute(requests)
        press(page, "s")
        status(page, "^Saved: line . sponsored")


def test_the_list_of_documents_counts_what_was_decided_before_it_was_asked_for(
    tmp_path, source, page
):
    with labelled(page, source, "-o", tmp_path / "log"):
        come, go_on = hold(page, "**/act")
        press(page, "n", "p", "d")
        come()
        page.wait_for_timeout(300)
        go_on()
        go_on()
        expect(page.locator("#entries button")).to_contain_text("2 of 5 lines")


def test_the_list_of_documents_says_if_the_server_is_gone(tmp_path, source, page):
    with labelled(page, source, "-o", tmp_path / "log") as running:
        running.process.send_signal(signal.SIGKILL)
        running.process.wait()
        press(page, "d")
        status(page, "^linesift annotate does not")
        expect(page.locator('[data-mark="c"]')).to_be_disabled()


def test_where_the_server_is_gone_what_it_did_not_save_is_selected_and_undecided(
    tmp_path, source, page
):
    log = tmp_path / "log"
    sent = []

    def gone_after_two(route):
        sent.append(route)
        if len(sent) == 2:
            route.continue_()
        elif len(sent) > 2:
            route.abort()

    page.route("**/act", gone_after_two)
    with labelled(page, source, "-o", log):
        with page.expect_request("**/act"):
            press(page, "n", "p", "p", "s")
        expect(page.locator(".line.decided")).to_have_count(4)
        sent[0].continue_()  # answered while the others are on their way
        status(page, "^Not saved: linesift annotate does not answer")
        assert (letters(page), selected(page)) == ("np...", ["line-2", "line-3"])
        expect(page.locator("#counts")).to_have_text("2 of 5 lines · 0 of 1 documents")
        for name in ("#next", "#undo", "#accept", '[data-mark="p"]'):
            expect(page.locator(name)).to_be_disabled()
        press(page, "c", "a", "u")
        assert letters(page) == "np..."
        status(page, "Load this page again")
        page.unroute("**/act")
        page.reload()
        page.wait_for_selector(".line.cursor")
        press(page, "s")
        saved(page, "line 4 sponsored")
    assert labels(log) == "nps.."


def test_an_undo_takes_back_what_its_own_tab_shows_and_nothing_else(tmp_path, source, page):
    log = tmp_path / "log"
    with labelled(page, source, "-o", log) as running:
        press(page, "n", "p")
        saved(page, "line 3 paywall")
        other = page.context.new_page()
        go(other, running)
        press(other, "End", "s")
        saved(other, "line 6 sponsored")
        before = log.read_bytes()
        press(page, "u")
        status(page, "^Not saved: another tab has changed this document meanwhile")
        expect(page.locator(".line.decided")).to_have_count(3)
        assert (letters(page), log.read_bytes()) == ("np..s", before)
        press(page, "u")
        saved(page, "last action taken back")
        assert (letters(page), selected(page)) == ("np...", ["line-4"])
    assert labels(log) == "np..."
    assert b"revision" not in log.read_bytes()


def test_an_undo_does_not_take_back_what_another_tab_did_in_place_of_its_own(
    tmp_path, source, page
):
    log = tmp_path / "log"
    with labelled(page, source, "-o", log) as running:
        press(page, "n", "p")
        saved(page, "line 3 paywall")
        other = page.context.new_page()
        go(other, running)
        press(other, "u")
        saved(other, "last action taken back")
        press(other, "End", "s")
        saved(other, "line 6 sponsored")
        before = log.read_bytes()
        press(page, "u")
        status(page, "^Not saved: another tab has changed this document meanwhile")
        expect(page.locator('.line.decided[data-label="s"]')).to_have_count(1)
        assert (letters(page), log.read_bytes()) == ("n...s", before)
