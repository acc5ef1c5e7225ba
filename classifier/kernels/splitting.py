"""Where lines end, and where something is printed on them."""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, count_ones, put, trailing_zeros
from classifier.kernels.blocks import BLOCK, newlines
from classifier.kernels.characters import SPACE
from classifier.kernels.jit import inline, jit
from classifier.kernels.layout import HEAD_BYTES, TAIL_BYTES
from classifier.kernels.windows import bits_below
from classifier.kernels.words import ONE, code_point, place_of

NEWLINE = 10
NEWLINES = 1024  # places found at once


@jit
def count_newlines(data: Any, start: int, end: int) -> int:
    r"""Return how many "\n" stand in ``data[start:end]``."""
    found = 0
    blocks_end = min(end, len(data) - BLOCK + 1)
    i = start
    while i < blocks_end:
        here = newlines(data, i)
        if end - i < BLOCK:
            here &= bits_below(end - i)
        found += count_ones(here)
        i += BLOCK
    for j in range(i, end):
        found += np.int64(at(data, j)) == NEWLINE
    return found


@jit
def find_newlines(data: Any, start: int, end: int, places: Any) -> tuple[int, int]:
    r"""Find the next "\n" of ``data[start:end]``, many at once.

    Looking for them line by line would guess wrong at nearly every line how
    many blocks of bytes it spans.

    Parameters
    ----------
    data : ndarray of uint8
        64 bytes of anything must stand behind `end`.
    start, end : int
    places : ndarray of int64, shape (NEWLINES,)
        Filled with their positions, and with `end` behind the last one.

    Returns
    -------
    n : int
        How many places hold, at least one.
    start : int
        Where to go on; `end` or more if all were found.
    """
    n = 0
    i = start
    while i < end and n < NEWLINES - BLOCK:
        here = newlines(data, i)
        if end - i < BLOCK:
            here &= bits_below(end - i)
        n_here = count_ones(here)
        # Four at a time whether so many are there or not: no branch for most blocks.
        for k in range(0, n_here, 4):
            for j in range(4):
                put(places, n + k + j, i + trailing_zeros(here))
                here &= here - ONE
        n += n_here
        i += BLOCK
    if i >= end:
        put(places, n, end)
        n += 1
    return n, i


@inline
def find_printed(data: Any, start: int, end: int, tables: Any) -> int:
    """Return where the first character that is not white space starts, or `end`."""
    pages, entries, _ = tables
    i = start
    while i < end:
        point, width = code_point(data, i)
        if np.int64(at(entries, place_of(point, pages))) & 0xFF != SPACE:
            break
        i += width
    return i


@inline
def read_parts(data: Any, start: int, end: int) -> tuple[int, int]:
    """Return where reading a line stops, and where it goes on (`end` if all is read at once)."""
    if end - start <= HEAD_BYTES + TAIL_BYTES:
        return end, end
    stop = start + HEAD_BYTES
    while at(data, stop) & 0xC0 == 0x80:
        stop -= 1
    tail_start = end - TAIL_BYTES
    while at(data, tail_start) & 0xC0 == 0x80:
        tail_start += 1
    return stop, tail_start
