"""A column in pieces, which the layers label one after the other."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column

# A longer document is labelled as if it were several, or the layers would need many times
# its size in memory, most of it far from the processor. Few pages are so long; dumps and
# logs are. It is read several times, and shall stay in the processor's second cache. It is cut
# at an empty line if one is near, for lines of a paragraph may be read as one.
LONGEST_BYTES = 1 << 19
PIECE_BYTES = 2 << 20  # of short documents: what one call costs is little against it
NEWLINE = 10
SEARCH_BYTES = 1 << 16


class Piece(NamedTuple):
    """Documents ``start:stop`` of a column, or a part of one document.

    Attributes
    ----------
    start, stop : int
        Which documents.
    column : Column
        Their text.
    before : int
        Bytes of the document that stand before this part of it; else 0.
    """

    start: int
    stop: int
    column: Column
    before: int = 0


def cut(column: Column) -> Iterator[Piece]:
    """Cut a column between documents, and very long documents between lines.

    Parameters
    ----------
    column : Column

    Yields
    ------
    Piece
        Of about `PIECE_BYTES`, at least one document each; parts of a long
        document have about `LONGEST_BYTES`.
    """
    offsets = column.offsets
    n = len(offsets) - 1
    long_ones = np.flatnonzero(np.diff(offsets) > LONGEST_BYTES)
    start = 0
    while start < n:
        stop = int(np.searchsorted(offsets, offsets[start] + PIECE_BYTES, side="right")) - 1
        # A long one is cut whatever stands beside it.
        before_long = long_ones[np.searchsorted(long_ones, start) :][:1].tolist()
        stop = max(min([stop, n, *before_long]), start + 1)
        if stop == start + 1:
            yield from _parts(column, start)
        else:
            yield Piece(start, stop, _part(column, start, stop, offsets[start : stop + 1]))
        start = stop


def _parts(column: Column, document: int) -> Iterator[Piece]:
    first, last = column.offsets[document : document + 2].tolist()
    start, is_all = first, False
    while not is_all:
        # What is left goes in equal parts, for short ones would lack context.
        n_left = max(1, -(-(last - start) // LONGEST_BYTES))
        end = _line_end(column.data, start + (last - start) // n_left, last)
        part = _part(column, document, document + 1, np.array([start, end]))
        yield Piece(document, document + 1, part, start - first)
        start, is_all = end, end == last


def _part(column: Column, start: int, stop: int, offsets: npt.NDArray[np.int64]) -> Column:
    return Column(column.data, offsets, column.missing[start:stop])


def _line_end(data: npt.NDArray[np.uint8], start: int, last: int) -> int:
    r"""Find where an empty line or the line that holds byte `start` ends, with its ``"\n"``."""
    for at in range(start, last, SEARCH_BYTES):
        is_end = data[at : min(at + SEARCH_BYTES, last)] == NEWLINE
        ends = np.flatnonzero(is_end)
        if len(ends):
            empty = np.flatnonzero(is_end[1:] & is_end[:-1]) + 1
            return at + int([*empty[:1], *ends[:1]][0]) + 1
    return last
