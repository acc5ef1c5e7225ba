"""The page of `linesift annotate` on a phone: fingers scroll as well, and there is no Escape."""

import pytest
from labelling import expect, labelled, saved

N_DOCUMENTS = 40


@pytest.fixture
def phone(tmp_path, chromium):
    """A phone that shows the page, with many documents of many lines."""
    folder = tmp_path / "pages"
    folder.mkdir()
    text = "\n".join(f"Line {i} of the harbour" for i in range(60))
    for number in range(N_DOCUMENTS):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    with labelled(page, folder, "-o", tmp_path / "log"):
        yield page
    context.close()


def test_a_finger_that_scrolls_selects_nothing(phone):
    phone.tap("#line-8")
    phone.tap('[data-mark="n"]')
    saved(phone, "line 9 navigation")
    phone.tap("#line-2")
    finger = phone.context.new_cdp_session(phone)

    def touch(kind, *points):
        places = [{"x": 200, "y": y} for y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", 500)
    for y in range(480, 200, -20):
        touch("touchMove", y)
    touch("touchEnd")
    expect(phone.locator("#line-2")).not_to_be_in_viewport()
    phone.locator('[data-mark="p"]').dispatch_event("click")  # a tap would stop what still scrolls
    saved(phone, "line 3 paywall")


def test_a_range_of_lines_is_tapped(phone):
    button = phone.get_by_role("button", name="Range")
    phone.tap("#line-2")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    phone.tap("#line-7")
    phone.tap("#line-5")  # one more try
    expect(phone.locator('.line[aria-selected="true"]')).to_have_count(4)
    phone.tap('[data-mark="p"]')
    saved(phone, "lines 3 to 6 paywall")
    expect(button).to_have_attribute("aria-pressed", "false")
    phone.tap("#line-9")
    phone.tap('[data-mark="n"]')
    saved(phone, "line 10 navigation")
    button.tap()
    phone.tap("#next")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_buttons_stay_where_they_are_once_something_is_said(phone):
    button = phone.locator('[data-mark="p"]')
    before = button.bounding_box()
    button.tap()
    saved(phone, "line 1 paywall")
    assert button.bounding_box() == before


def test_the_list_of_documents_can_be_closed_wherever_it_is_scrolled_to(phone):
    phone.tap("#list")
    phone.tap(f"#entries li:nth-child({N_DOCUMENTS - 2}) button")
    expect(phone.locator("#documents")).to_be_hidden()
    phone.tap("#list")
    expect(phone.locator("#entries [aria-current]")).to_be_in_viewport()
    close = phone.get_by_role("button", name="Close")
    expect(close).to_be_in_viewport(ratio=1)
    box = close.bounding_box()
    phone.touchscreen.tap(box["x"] + 5, box["y"] + 5)  # not scrolled to before
    expect(phone.locator("#documents")).to_be_hidden()


def test_who_has_no_touch_screen_is_shown_no_button_for_it(phone, page):
    page.goto(phone.url)
    page.wait_for_selector(".line.cursor")
    expect(page.locator("#range")).to_be_hidden()
    expect(phone.locator("#range")).to_be_visible()
