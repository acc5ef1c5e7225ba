"""The quick check of UTF-8 agrees with Python's decoder on any bytes."""

import numpy as np
import pytest
from examples import texts
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.kernels.machine.blocks import BLOCK
from classifier.kernels.text.utf8 import is_utf8

# The edges of what may follow what, and bytes that never occur.
PIECES = [
    *(chr(point).encode() for point in (0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF)),
    *(chr(point).encode() for point in (0x10000, 0x10FFFF)),
    *(b"\xc0\x80", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xf0\x8f\xbf\xbf"),
    *(b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff", b"\x80", b"\xe2\x82", b"\xf0\x9f\x98"),
]
pieces = st.sampled_from(PIECES) | st.binary(max_size=4)
documents = st.lists(
    st.tuples(st.integers(0, 70), st.lists(pieces, max_size=4) | texts.map(lambda t: [t.encode()])),
    max_size=4,
).map(lambda parts: [b"a" * ascii_before + b"".join(found) for ascii_before, found in parts])


def decodes(document: bytes) -> bool:
    try:
        document.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def check(given_documents: list[bytes]) -> bool:
    data = np.frombuffer(b"".join(given_documents), np.uint8)
    offsets = np.cumsum([0, *map(len, given_documents)]).astype(np.int64)
    return bool(is_utf8(data, offsets, np.empty(BLOCK, np.uint8)))


@settings(max_examples=250)
@given(documents)
@example([])
@example([b"\xe2\x82", b"\xac"])  # whole together, broken apart
@example([b"", b"\x80"])
def test_what_decodes_is_utf8_and_nothing_else(given_documents):
    assert check(given_documents) == all(map(decodes, given_documents))


@pytest.mark.parametrize("piece", PIECES, ids=bytes.hex)
@pytest.mark.parametrize("place", range(BLOCK - 4, BLOCK + 1))
def test_a_piece_across_two_blocks_is_checked_as_a_whole(piece, place):
    document = b"a" * place + piece + b"a" * BLOCK
    assert check([document]) == decodes(document)
