"""Columns in pieces: every document once, and a very long one in parts that end with lines."""

from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from examples import random_layers
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from classifier import pieces
from classifier.columns import read_columns
from classifier.labelling import label_column
from classifier.pieces import LONGEST_BYTES, cut

PAGE = "Home\n\nA line of some length, to be found again\n  \nnext é"


def read(texts):
    (column,) = read_columns(texts)
    return column


@contextmanager
def cut_at(longest, piece, search=1):
    """Parts and pieces of so many bytes, so that a few lines make several; empty lines so near."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "LONGEST_BYTES", longest)
        patch.setattr(pieces, "PIECE_BYTES", piece)
        patch.setattr(pieces, "SEARCH_BYTES", search)
        yield


@given(st.lists(st.integers(0, 20), max_size=40))
def test_pieces_hold_every_document_once_and_as_many_bytes_as_asked(sizes):
    missing = np.array([size % 2 == 0 for size in sizes], np.bool_)
    column = read(["a"])._replace(offsets=np.cumsum([0, *sizes]), missing=missing)
    column = column._replace(data=np.zeros(column.offsets[-1], np.uint8))
    with cut_at(20, 20):
        found = list(cut(column))
    assert [d for piece in found for d in range(piece.start, piece.stop)] == [*range(len(sizes))]
    for start, stop, part, before in found:
        assert before == 0
        assert part.offsets.tolist() == column.offsets[start : stop + 1].tolist()
        assert part.missing.tolist() == column.missing[start:stop].tolist()
        assert part.offsets[-1] - part.offsets[0] <= 20
        assert stop == len(sizes) or column.offsets[stop + 1] - part.offsets[0] > 20


@given(st.text("ab\n", max_size=60), st.integers(1, 20))
def test_parts_of_a_long_document_join_to_it_and_end_with_lines(text, longest):
    column = read(["before", text, "\nafter"])
    with cut_at(longest, 1):
        parts = [piece for piece in cut(column) if piece.start <= 1 < piece.stop]
    if parts[0].stop == 2:  # not so short as to go with its neighbours
        spans = [piece.column.offsets.tolist() for piece in parts]
        texts = [column.data[start:end].tobytes().decode() for start, end in spans]
        assert "".join(texts) == text
        assert all(part.endswith("\n") for part in texts[:-1])
        assert all(part.rfind("\n", 0, -1) < longest for part in texts)  # one line reaches beyond
        assert [part.before for part in parts] == [start - 6 for start, _ in spans]
        assert all(len(part.column.missing) == 1 for part in parts)


@given(st.lists(st.integers(0, 7), max_size=20), st.integers(1, 20))
def test_parts_end_with_an_empty_line_where_one_is_near(sizes, longest):
    text = "".join("a\n" * size + "b\n\n" for size in sizes)
    with cut_at(longest, 1, search=20):
        parts = [piece.column for piece in cut(read([text]))]
    found = [text[slice(*part.offsets.tolist())] for part in parts]
    assert "".join(found) == text
    assert all(part.endswith("\n\n") for part in found[:-1])


def test_a_long_document_is_cut_whatever_stands_beside_it():
    long = "ab\n" * 20
    with cut_at(20, 200):
        alone = [np.diff(piece.column.offsets).tolist() for piece in cut(read([long]))]
        found = [*cut(read(["before", "a", long, "b", long, "after"]))]
    assert len(alone) == 3
    sizes = [np.diff(piece.column.offsets).tolist() for piece in found]
    assert sizes == [[6, 1], *alone, [1], *alone, [5]]


@pytest.mark.parametrize("length", [50, 51, 52, 60, 200])
def test_lines_behind_one_longer_than_a_part_stay_together(length):
    long = "a" * length + "\n"
    with cut_at(20, 1):
        sizes = [np.diff(piece.column.offsets).item() for piece in cut(read([long + "b\n" * 10]))]
    assert sizes == [length + 1, 20]


def test_lines_of_a_long_document_have_its_offsets_and_the_labels_of_its_parts():
    layers = random_layers(0)
    n_pages = LONGEST_BYTES // len(PAGE.encode()) + 1000
    long = "\n".join([PAGE] * n_pages)
    column = read(["short\ntext", long, PAGE])
    found = label_column(column, layers)
    assert found.document_offsets.tolist() == [0, 2, 2 + 3 * n_pages, 5 + 3 * n_pages]
    lines = slice(*found.document_offsets[1:3])
    sizes = [len(line.encode()) for line in PAGE.split("\n")]
    starts = np.cumsum([0, *(size + 1 for size in sizes)])[[0, 2, 4]]
    pages = np.arange(n_pages)[:, None] * (len(PAGE.encode()) + 1)
    assert_array_equal(found.starts[lines], (pages + starts).ravel())
    assert_array_equal(found.ends[lines], (pages + starts + np.array(sizes)[[0, 2, 4]]).ravel())
    whole = [piece for piece in cut(column) if piece.start == 1]
    assert len(whole) == 2
    alone = [label_column(piece.column, layers).labels for piece in whole]
    assert_array_equal(found.labels[lines], np.concatenate(alone))


def test_it_is_said_which_documents_are_labelled_in_parts():
    said = (Path(__file__).parents[1] / "docs" / "cluster.md").read_text("utf-8")
    assert "those of more than half a megabyte are labelled in parts" in said
    assert round(LONGEST_BYTES / 1e6, 1) == 0.5
