"""Labels carried over to another print of the same page."""

import pytest

from training.align import carry_over, words_of

TEXT = """\
Harbour Post
  • News
  • Sport
Ferry to Ansley sails for the last time
Nobody sells tickets for the night ferry any more.
Subscribe and read on for 3 euros a month
Advertisement
ShareEmailPrint"""
LABELS = [
    "navigation",
    "navigation",
    "navigation",
    "content",
    "content",
    "paywall",
    "sponsored",
    "navigation",
]


def carried(view: str, title: str = "") -> list[str | None]:
    return carry_over(TEXT, LABELS, view, title)


def test_a_print_takes_its_own_labels():
    assert carried(TEXT) == LABELS


def test_marks_of_an_extractor_do_not_matter():
    view = "**Harbour Post**\n* News\n\t+ Sport\n\n# Ferry to Ansley sails for the last time"
    assert carried(view) == ["navigation", "navigation", "navigation", "content"]


def test_lines_may_be_left_out():
    assert carried("Nobody sells tickets for the night ferry any more.\nAdvertisement") == [
        "content",
        "sponsored",
    ]


def test_a_line_may_be_split():
    view = "Subscribe\nand read on for\n3 euros\na month\nShare\nEmail\nPrint"
    assert carried(view) == ["paywall"] * 4 + ["navigation"] * 3


def test_a_glued_line_takes_the_label_of_most_of_its_words():
    view = "News Sport Ferry to Ansley sails for the last time"
    assert carried(view) == ["content"]


def test_a_line_has_a_label_if_half_of_its_words_are_known():
    assert carried("Harbour Post\nNews today\nSport") == ["navigation"] * 3
    assert carried("Harbour Post\nNews of today\nSport") == ["navigation", None, "navigation"]


def test_words_that_gold_has_not_printed_have_no_label():
    view = "Harbour Post\nOpen the menu, please\nNews"
    assert carried(view) == ["navigation", None, "navigation"]


def test_the_title_before_the_menu_is_navigation_and_the_headline_stays_content():
    headline = "Ferry to Ansley sails for the last time"
    view = f"{headline}\nHarbour Post\nNews\nSport\n{headline}"
    assert carried(view, title=headline) == ["navigation"] * 4 + ["content"]


def test_a_title_that_only_a_main_text_starts_with_is_content():
    headline = "Ferry to Ansley sails for the last time"
    view = f"{headline}\nNobody sells tickets for the night ferry any more."
    assert carried(view, title=headline) == ["content", "content"]


def test_a_block_that_was_moved_is_found_by_its_words():
    view = "Nobody sells tickets for the night ferry any more.\nHarbour Post\nNews\nSport"
    assert carried(view) == ["content", "navigation", "navigation", "navigation"]


def test_equal_lines_with_different_labels_are_told_apart_by_their_place():
    text = "Subscribe\nHome\nThe tide was high.\nRead on for 3 euros\nSubscribe"
    labels = ["navigation", "navigation", "content", "paywall", "paywall"]
    view = "Home\nThe tide was high.\nRead on for 3 euros\nSubscribe"
    assert carry_over(text, labels, view) == ["navigation", "content", "paywall", "paywall"]


def test_a_line_without_words_stands_as_its_neighbours():
    view = "* News\n---\n* Sport\n---\nFerry to Ansley sails for the last time"
    assert carried(view) == ["navigation"] * 3 + [None, "content"]


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("今日の天気は晴れ\n登録して続きを読む", "今日の\n天気は晴れ\n登録して続きを読む"),
        ("Der Hafen schläft\nAbo testen", "DER HAFEN\nSCHLÄFT\nAbo testen"),
        ("السفينة غادرت الميناء أمس\nاشترك الآن", "السفينة غادرت\nالميناء أمس\nاشترك الآن"),
    ],
)
def test_every_script_is_split_alike(text, view):
    assert carry_over(text, ["content", "paywall"], view) == ["content", "content", "paywall"]


def test_words_do_not_depend_on_the_extractor():
    assert words_of("  • ShareEmail ｐｒｉｎｔ_2024") == words_of("share email\tPrint 2024")
    assert words_of("      o Übersicht") == words_of("• Übersicht") == ("übersicht",)
    assert words_of("--- | * _ ·") == ()


def test_nothing_printed_is_no_label():
    assert carried("\n \n") == []
