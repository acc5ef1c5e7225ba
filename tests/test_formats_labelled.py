"""What `linesift label` prints, whatever the sizes of its slices."""

import json
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.formats import labelled
from classifier.formats.labelled import to_json_lines, to_tsv
from classifier.formats.text_columns import text_column
from classifier.labels import LABELS

TEXTS = ["Home\nThe ferry sails at noon, é.\n\nLog in", "", "a\n" * 7, "\n\n", "Share"]


def printed(clf, texts, offsets="code-point"):
    column = text_column([text.encode() for text in texts])
    found = clf.label_batch(column)
    ids = [json.dumps(f"page {i}").encode() for i in range(len(texts))]
    return found, to_json_lines(found, column, ids, offsets)


@pytest.mark.parametrize("slice_lines", [1, 2, 3, 7, 4096])
@pytest.mark.parametrize("offsets", ["code-point", "byte"])
def test_every_line_is_printed_once_with_its_place_and_probabilities(
    clf, slice_lines, offsets, monkeypatch
):
    monkeypatch.setattr(labelled, "SLICE_LINES", slice_lines)
    found, out = printed(clf, TEXTS, offsets)
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["id"] for record in records] == [f"page {i}" for i in range(len(TEXTS))]
    for text, record in zip(TEXTS, records, strict=True):
        whole = text.encode() if offsets == "byte" else text
        lines = [whole[line["start"] : line["end"]] for line in record["lines"]]
        assert lines == [line for line in whole.splitlines() if line]
    lines = [line for record in records for line in record["lines"]]
    assert [line["label"] for line in lines] == [LABELS[code] for code in found.labels]
    probabilities = np.array([line["probabilities"] for line in lines], np.float32)
    assert np.array_equal(probabilities, found.probabilities)


@given(texts=st.lists(st.text("ab \n", max_size=30), max_size=8), slice_lines=st.integers(1, 9))
def test_slices_change_nothing_that_is_printed(clf, texts, slice_lines):
    before = labelled.SLICE_LINES
    whole = printed(clf, texts)[1]
    labelled.SLICE_LINES = slice_lines
    try:
        assert printed(clf, texts)[1] == whole
    finally:
        labelled.SLICE_LINES = before


@pytest.mark.parametrize("form", ["jsonl", "tsv"])
def test_what_is_printed_of_a_long_text_stands_in_memory_once(clf, form, monkeypatch):
    monkeypatch.setattr(labelled, "SLICE_LINES", 256)  # of which Python holds more
    column = text_column([b"a\n" * 50_000])
    found = clf.label_batch(column)
    tracemalloc.start()
    try:
        if form == "tsv":
            out = to_tsv(found, column)
        else:
            out = to_json_lines(found, column, [b"1"], "byte")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1.5 * len(out)


def test_rows_hold_label_probability_and_line(clf):
    column = text_column([text.encode() for text in TEXTS])
    found = clf.label_batch(column)
    rows = [row.split(b"\t") for row in to_tsv(found, column).splitlines()]
    assert [row[0].decode() for row in rows] == [LABELS[code] for code in found.labels]
    assert [row[2].decode() for row in rows] == [
        line for text in TEXTS for line in text.split("\n") if line
    ]
    assert np.allclose([float(row[1]) for row in rows], found.probabilities.max(axis=1), atol=6e-4)


def test_signs_that_steer_a_terminal_are_shown_on_one_and_kept_elsewhere(clf):
    lines = [b"Home\x1b]0;owned\x07", b"x\rcontent\t1.00\tforged", "é\u202e".encode(), b"a\r"]
    column = text_column([b"\n".join(lines)])
    found = clf.label_batch(column)
    rows = to_tsv(found, column, is_shown=True).decode().split("\n")
    assert [row.split("\t")[2:] for row in rows] == [
        ["Home\\x1b]0;owned\\x07"],
        ["x\\x0dcontent\\x091.00\\x09forged"],
        ["é\\u202e"],
        ["a"],
        [],
    ]
    assert all(b"\t%b\n" % line in to_tsv(found, column) for line in lines)
