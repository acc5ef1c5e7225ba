"""Texts of a column as JSON writes them."""

from itertools import pairwise

import numpy as np
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.kernels.json_strings import are_ascii, escape_texts
from classifier.kernels.machine.blocks import BLOCK

CHARACTERS = st.characters(exclude_categories=["Cs"])
# Many that are escaped among few that are not, and far apart.
TEXTS = st.text(st.sampled_from('"\\\n\t\b\f\r\0\x1f\x7f aé語😀')) | st.text(CHARACTERS)


def escaped(texts):
    encoded = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, encoded)])
    data, bounds = escape_texts(np.frombuffer(b"".join(encoded), np.uint8), offsets)
    return [data[a:b].tobytes() for a, b in pairwise(bounds)]


def assert_escaped_as_orjson_does(texts):
    assert escaped(texts) == [orjson.dumps(text)[1:-1] for text in texts]


@given(st.lists(TEXTS))
@example(["x" * size + '"' for size in range(BLOCK - 2, BLOCK + 3)])
@example(["x" * (BLOCK - 1) + '"' + "y" * BLOCK, "", "\n" * 3 * BLOCK])
def test_texts_are_escaped_as_orjson_escapes_them(texts):
    assert_escaped_as_orjson_does(texts)


@pytest.mark.parametrize("byte", range(0x80))
def test_every_ascii_character_is_escaped_as_orjson_escapes_it(byte):
    # Among others, and at the very end of a column, where no whole block is left.
    assert_escaped_as_orjson_does([chr(byte) + "x" * 2 * BLOCK, chr(byte)])


@given(st.lists(TEXTS))
@example(["x" * size + "é" for size in range(BLOCK - 2, BLOCK + 3)])
@example(["x" * 2 * BLOCK, "é" + "x" * 2 * BLOCK, "x" * BLOCK, "", "é"])
def test_texts_of_ascii_alone_are_told_apart(texts):
    encoded = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, encoded)])
    found = are_ascii(np.frombuffer(b"".join(encoded), np.uint8), offsets[:-1], offsets[1:])
    assert found.tolist() == [text.isascii() for text in texts]


def test_a_part_of_a_column_is_escaped_by_itself():
    data = np.frombuffer(b'"one""two""three"', np.uint8)
    found, bounds = escape_texts(data, np.array([5, 10, 10]))
    assert (found.tobytes(), bounds.tolist()) == (b'\\"two\\"', [0, 7, 7])
