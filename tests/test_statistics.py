import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters import codes_from_letters
from line_arrays import batch
from samples import ENTRIES, PAGES

from classifier.policy import FilterPolicy
from classifier.statistics import (
    BEGINNING_MAX_BYTES,
    SUBSTANTIAL_BYTES,
    WALL_MIN_BYTES,
    WALL_WITHIN_LINES,
    document_reasons,
    document_statistics,
    verdicts,
)

LONG = SUBSTANTIAL_BYTES
SHORT = 10


def statistics(*documents: tuple[str, str]):
    """Statistics of pairs (text, label letters)."""
    letters = "".join(letters for _, letters in documents)
    return document_statistics(
        **batch([text for text, _ in documents]), labels=codes_from_letters(letters)
    )


def verdict(*lines: str | tuple[str, int]) -> tuple[bool, bool]:
    """(paywalled, truncated) of lines given as a letter (a short line) or (letter, length).

    A capital P is a paywall line that asks for a gift.
    """
    return batch_verdicts([(line, SHORT) if isinstance(line, str) else line for line in lines])[0]


def batch_verdicts(*documents: list[tuple[str, int]]) -> list[tuple[bool, bool]]:
    """(paywalled, truncated) of documents given as their lines' letters and lengths."""
    pairs = [line for document in documents for line in document]
    letters = "".join(letter for letter, _ in pairs)
    paywalled, truncated = verdicts(
        codes_from_letters(letters.lower()),
        np.array([length for _, length in pairs], np.int64),
        np.array([letter == "P" for letter in letters], np.bool_),
        np.cumsum([0, *map(len, documents)]),
        np.array([sum(n for letter, n in lines if letter == "c") for lines in documents], np.int64),
    )
    return list(zip(paywalled.tolist(), truncated.tolist(), strict=True))


def test_lines_and_characters_are_counted_per_document_and_label():
    stats = statistics(("Menü\n\nText 語\nSubscribe\nMore", "ncpc"), ("", ""), ("Ad\n", "s"))
    assert stats.lines.tolist() == [[2, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert stats.characters.tolist() == [[10, 4, 9, 0], [0, 0, 0, 0], [0, 0, 0, 2]]
    assert stats.lines.dtype == stats.characters.dtype == np.int64


def test_the_content_ratio_is_one_of_characters_and_zero_without_lines():
    stats = statistics(("cccc\nn", "cn"), (" \n", ""), ("n", "n"), ("c", "c"))
    assert stats.content_ratio.tolist() == [0.8, 0.0, 0.0, 1.0]


def test_a_batch_without_documents_has_statistics_without_rows():
    stats = statistics()
    assert stats.lines.shape == (0, 4)
    assert len(stats.content_ratio) == len(stats.paywalled) == len(stats.truncated) == 0
    assert document_reasons(stats, FilterPolicy(min_content_chars=1)) == []


@given(st.lists(st.lists(st.tuples(st.sampled_from("cnpPs"), st.integers(1, 200)))))
def test_verdicts_in_a_batch_are_those_of_each_document_alone(documents):
    assert batch_verdicts(*documents) == [verdict(*document) for document in documents]


def test_one_short_marker_is_no_wall():
    assert verdict(("c", LONG), "p", "n") == (False, False)


def test_two_paywall_lines_or_one_long_one_are_a_wall():
    assert verdict("p", "n", "p") == (True, False)
    assert verdict(("p", WALL_MIN_BYTES)) == (True, False)
    assert verdict(("p", WALL_MIN_BYTES - 1)) == (False, False)


def test_content_that_ends_at_a_wall_is_truncated():
    assert verdict("n", ("c", LONG), "n", "p", "p", "n") == (True, True)


def test_an_offer_above_the_text_truncates_nothing():
    assert verdict("p", "p", ("c", LONG), "n") == (True, False)


def test_an_offer_far_below_the_text_truncates_nothing():
    between = ["n"] * (WALL_WITHIN_LINES - 2)
    assert verdict(("c", LONG), *between, "p", "p") == (True, True)
    assert verdict(("c", LONG), *between, "n", "p", "p") == (True, False)


def test_an_offer_in_the_middle_of_the_text_truncates_nothing():
    assert verdict(("c", LONG), "p", "p", ("c", LONG), "n") == (True, False)


def test_an_offer_below_a_long_text_truncates_nothing():
    assert verdict(("c", BEGINNING_MAX_BYTES), "p", "p") == (True, True)
    assert verdict(("c", BEGINNING_MAX_BYTES), "c", "p", "p") == (True, False)


def test_a_block_that_asks_for_a_gift_is_no_wall():
    assert verdict(("c", LONG), "p", ("P", WALL_MIN_BYTES), "p", "n") == (False, False)


def test_a_gift_asked_for_elsewhere_leaves_a_wall_a_wall():
    assert verdict("P", "n", ("c", LONG), "p", "p") == (True, True)


def test_an_appeal_is_known_by_its_words():
    appeal = ("A harbour.\nKeep us afloat\nDonate by IBAN", "cpp")
    offer = ("A harbour.\nKeep on reading\nTwo weeks for 1 €", "cpp")
    on_top = ("Donate by IBAN\nKeep us afloat", "pp")
    assert statistics(appeal, offer, on_top).paywalled.tolist() == [False, True, False]


def test_a_wall_without_any_text_truncates_nothing():
    assert verdict("c", "p", "p") == (True, False)
    assert verdict("p", "p", "p", "p") == (True, False)


WALL = ("A wall.\nSubscribe now\nOne month for 1 €", "cpp")
MENU = ("Home\nSport\nA text.", "nnc")
ARTICLE = ("A much longer text.\nHome", "cn")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [None, None, None]),
        ({"min_content_chars": 8}, ["content_chars", "content_chars", None]),
        ({"min_content_ratio": 0.4}, ["content_ratio", None, None]),
        ({"drop_paywalled": True}, ["paywalled", None, None]),
        (
            {"min_content_chars": 8, "min_content_ratio": 0.9, "drop_paywalled": True},
            ["paywalled", "content_chars", "content_ratio"],
        ),
    ],
    ids=["nothing asked", "characters", "ratio", "paywalled", "the first reason of several"],
)
def test_documents_are_dropped_for_a_reason(fields, expected):
    assert document_reasons(statistics(WALL, MENU, ARTICLE), FilterPolicy(**fields)) == expected


def test_a_document_exactly_at_the_minimum_stays():
    stats = statistics(("cccc\nnnnn", "cn"))
    assert document_reasons(stats, FilterPolicy(min_content_chars=4, min_content_ratio=0.5)) == [
        None
    ]


def test_a_lone_marker_near_the_end_truncates_nothing():
    assert verdict("p", "p", ("c", LONG), "p", "n") == (True, False)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("news-metered-wall.en.txt", (True, True)),
        ("news-reserve-abonnes.fr.txt", (True, True)),
        ("members-only-article.ja.txt", (True, True)),
        ("regional-news-consent-or-pay.de.txt", (True, False)),
        ("recipe-share-print.en.txt", (False, False)),
        ("product-page.en.txt", (False, False)),
    ],
)
def test_verdicts_on_the_labels_of_sample_pages(name, expected):
    stats = statistics((PAGES[name], ENTRIES[name]["labels"]))
    assert (stats.paywalled[0], stats.truncated[0]) == expected
