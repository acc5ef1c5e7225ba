"""Lines that two models label differently, as they are told: in a terminal and in a page."""

import numpy as np
import pytest

from classifier.adapt.comparison import (
    SHOWN_CHARACTERS,
    Change,
    Comparison,
    Totals,
    describe_changes,
)
from classifier.report.comparison import comparison_page
from classifier.shown_text import SHOWN_CHARS

ATTACK = '<script>alert(1)</script><img src=x onerror="alert(2)">\x1b[31m'


def test_the_most_frequent_changes_are_told_first_and_long_lines_are_cut():
    counts = np.diag([9, 9, 9, 9])
    counts[0, 1], counts[3, 0], counts[2, 3] = 1, 3, 2
    first, *moves = str(Totals(counts, 5, 4)).splitlines()
    assert first == "6 of 42 lines change, in 4 of 5 documents"
    assert [move.split() for move in moves] == [
        ["3", "sponsored", "->", "content"],
        ["2", "paywall", "->", "sponsored"],
        ["1", "content", "->", "navigation"],
    ]
    change = Change(7, "a" * SHOWN_CHARACTERS + "b", "content", "paywall", 0.9, 0.8)
    shown = describe_changes(Comparison("page", [change], counts))
    assert shown.endswith(f"  {change.text[:-1]}…")


def test_documents_without_a_change_are_counted_as_such():
    change = Change(1, "Home", "content", "navigation", 0.9, 0.8)
    moved = np.zeros((4, 4), np.int64)
    moved[0, 1] = 1
    totals = Totals()
    totals.add(Comparison("a", [change], moved))
    totals.add(Comparison("b", [], np.diag([2, 0, 0, 0])))
    assert str(totals).startswith("1 of 3 lines change, in 1 of 2 documents")


def test_thousands_are_told_apart():
    moved = np.zeros((4, 4), np.int64)
    moved[1, 0], moved[1, 1] = 1234, 2_000_000
    totals = Totals(moved, 5000, 1000)
    first, move = str(totals).splitlines()
    assert first == "1,234 of 2,001,234 lines change, in 1,000 of 5,000 documents"
    assert move == "  1,234  navigation -> content"
    change = Change(1, "Home", "navigation", "content", 0.9, 0.8)
    page = comparison_page([Comparison("page", [change], moved)], "default", "mine.npz")
    assert "<p>1,234 of 2,001,234 lines change, in 1 of 1 documents.</p>" in page
    assert "<title>1,234 lines change" in page
    assert '<td class="same">2,000,000</td>' in page


def test_neither_identifiers_nor_lines_steer_the_terminal():
    change = Change(1, "Home\x1b[31m", "content", "navigation", 0.9, 0.8)
    shown = describe_changes(Comparison("page\x1b[1m", [change], np.eye(4)))
    assert "\x1b" not in shown
    assert shown.count("\\x1b") == 2
    change = change._replace(text="\x1b" * (SHOWN_CHARACTERS + 1))
    shown = describe_changes(Comparison("a", [change], np.eye(4, dtype=np.int64)))
    assert shown.endswith("  " + "\\x1b" * SHOWN_CHARACTERS + "…"), "no escape is cut in two"


@pytest.mark.parametrize(("n_more", "said"), [(0, ""), (1, "… (+1 "), (7, "… (+7 characters)")])
def test_only_lines_too_long_to_show_are_cut_in_a_page_of_changes(n_more, said):
    change = Change(1, "x" * (SHOWN_CHARS + n_more), "content", "navigation", 0.9, 0.8)
    compared = Comparison("a", [change], np.eye(4, dtype=np.int64))
    page = comparison_page([compared], "one", "two")
    assert "x" * SHOWN_CHARS + said in page
    assert ("… (+" in page) == bool(said)


@pytest.mark.parametrize(("n_changed", "said"), [(1, "1 line changes"), (2, "2 lines change")])
def test_one_line_that_changes_is_called_one(n_changed, said):
    change = Change(1, "Home", "content", "navigation", 0.9, 0.8)
    counts = np.eye(4, dtype=np.int64)
    counts[0, 1] = n_changed
    page = comparison_page([Comparison("a", [change] * n_changed, counts)], "one", "two")
    assert f"<title>{said} –" in page
