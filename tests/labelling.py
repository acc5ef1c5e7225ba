"""The page of `linesift annotate` in a browser, for its tests."""

import re
from contextlib import contextmanager

import pytest
from annotating import session

pytest.importorskip("starlette", reason="the extra annotate is not installed")
expect = pytest.importorskip("playwright.sync_api", reason="no Playwright here").expect
expect.set_options(timeout=30_000)  # the machine may be slow, and have other work


@contextmanager
def tab(chromium):
    """A tab whose requests are noted, and errors, of which there may be none."""
    context = chromium.new_context(viewport={"width": 1100, "height": 700})
    page = context.new_page()
    # The first route of a tab may miss the next request: let it not be one that a test holds.
    page.route("**/no-such-file", lambda route: route.continue_())
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.requested = []
    page.on("request", lambda request: page.requested.append(request.url))
    yield page
    assert not page.problems
    context.close()


def go(page, running):
    page.goto(running.address)
    page.wait_for_selector(".line.cursor")


@contextmanager
def labelled(page, *arguments):
    """A session whose page is in the tab."""
    with session(*arguments) as running:
        go(page, running)
        yield running


def letters(page):
    """Give the letter of each line, a point where it is only predicted."""
    return page.evaluate(
        "[...document.querySelectorAll('.line')].map("
        "line => line.matches('.decided') ? line.dataset.label : '.').join('')"
    )


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def saved(page, text):
    expect(page.locator("#status")).to_have_text(re.compile("Saved: " + re.escape(text)))


def show_documents(page):
    press(page, "d")
    expect(page.locator("#entries")).to_be_visible()
