"""Invented pages: how a file of them is read, and how a wrong line is named."""

from pathlib import Path

import numpy as np
import pytest

from classifier.labels import CONTENT, NAVIGATION, PAYWALL, SPONSORED
from training.corpus import corpus_of, lines_of
from training.written.invented import problems, read_invented

ROOT = Path(__file__).parent.parent

FILE = """%% harbour-news
n   • Home
n     • Tides

c The ferry was late again.
p Read on for 2 pounds a week
s Ropes by Hemp & Daughter

%% empty-quay
c Nobody came.
"""


def written(folder, text):
    (folder / "en.txt").write_text(text, "utf-8")
    return read_invented(folder)


def test_pages_keep_their_layout_and_their_labels(tmp_path):
    found = written(tmp_path, FILE)
    assert found.texts == [
        "  • Home\n    • Tides\n\nThe ferry was late again.\n"
        "Read on for 2 pounds a week\nRopes by Hemp & Daughter",
        "Nobody came.",
    ]
    expected = [NAVIGATION, NAVIGATION, CONTENT, PAYWALL, SPONSORED, CONTENT]
    assert found.labels.tolist() == expected
    assert found.line_counts.tolist() == [5, 1]
    assert [record["kind"] for record in found.records] == ["harbour-news", "empty-quay"]


@pytest.mark.parametrize("line", ["x What is this", "c", "c  ", "Home", "%% English news", "cHome"])
def test_a_line_without_label_and_text_is_named(tmp_path, line):
    with pytest.raises(ValueError, match=r"en\.txt: line 11 is not"):
        written(tmp_path, f"{FILE}{line}\n")


@pytest.mark.parametrize("text", ["\u200b", "Home\0", "Home\u2028News"])
def test_a_line_that_no_page_could_print_is_named(tmp_path, text):
    with pytest.raises(ValueError, match=r"en\.txt: line 11 holds (no visible|the control) char"):
        written(tmp_path, f"{FILE}c {text}\n")


def test_files_that_end_lines_otherwise_or_are_not_utf_8_or_not_there(tmp_path):
    expected = written(tmp_path, FILE).texts
    (tmp_path / "en.txt").write_bytes(FILE.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_invented(tmp_path).texts == expected
    (tmp_path / "en.txt").write_bytes(b"%% news\nc Caf\xe9\n")
    with pytest.raises(ValueError, match=r"en\.txt: line 2 is not UTF-8"):
        read_invented(tmp_path)
    (tmp_path / "en.txt").unlink()
    with pytest.raises(ValueError, match="is not there, or has no invented pages"):
        read_invented(tmp_path)


def test_a_line_before_the_first_page_is_named(tmp_path):
    with pytest.raises(ValueError, match="line 1 is not"):
        written(tmp_path, f"c Too early\n{FILE}")


def test_pages_that_are_there_twice_or_empty_are_told_of(tmp_path):
    assert problems(written(tmp_path, FILE)) == []
    twice = written(tmp_path, FILE + FILE)
    assert len(problems(twice)) == 2
    assert "a page of en is empty" in problems(written(tmp_path, FILE + "%% nothing\n"))
    assert problems(corpus_of([])) == ["a label has no line"]


def test_the_invented_pages_are_in_order():
    pages = read_invented(ROOT / "data" / "invented")
    assert problems(pages) == []
    assert [len(lines_of(text)) for text in pages.texts] == pages.line_counts.tolist()
    assert np.bincount(pages.labels, minlength=4).min() > 1000
