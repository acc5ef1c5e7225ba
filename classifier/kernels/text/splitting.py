"""Where lines begin and end."""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, count_ones, highest_one, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.masks import bits_below

NEWLINE = ord("\n")
LONG_LINE = 32  # bytes; shorter ones are passed over where only long ones matter


@jit
def count_newlines(data: Any, start: int, end: int) -> int:
    r"""Return how many "\n" stand in ``data[start:end]``.

    Parameters
    ----------
    data : ndarray of uint8
    start, end : int

    Returns
    -------
    int
    """
    found = 0
    blocks_end = min(end, len(data) - BLOCK + 1)
    i = start
    while i < blocks_end:
        here = bytes_between(data, i, NEWLINE, NEWLINE)
        if end - i < BLOCK:
            here &= bits_below(end - i)
        found += count_ones(here)
        i += BLOCK
    for j in range(i, end):
        found += np.int64(at(data, j)) == NEWLINE
    return found


@inline
def find_newline(data: Any, start: int, end: int) -> int:
    r"""Return the position of the next "\n" in ``data[start:end]``, or `end`.

    Parameters
    ----------
    data : ndarray of uint8
        64 bytes of anything stand behind `end`.
    start, end : int

    Returns
    -------
    int
    """
    for i in range(start, end, BLOCK):
        found = bytes_between(data, i, NEWLINE, NEWLINE)
        if found != ZERO:
            return min(i + trailing_zeros(found), end)
    return end


@inline
def ends_of_long_lines(newlines: Any, before: int) -> Any:
    """Return the newlines of a block at the ends of lines of `LONG_LINE` bytes or more.

    Parameters
    ----------
    newlines : uint64
    before : int
        Where the last newline before the block is, from its first byte on: below 0.

    Returns
    -------
    uint64
    """
    near = newlines | (newlines << ONE)  # up to as many bytes behind one, doubled each time
    for shift in (2, 4, 8, 16):
        near |= near << np.uint64(shift)
    ends = newlines & ~(near << ONE)
    if trailing_zeros(newlines) - before <= LONG_LINE:
        ends &= ends - ONE  # without the first
    return ends


@inline
def find_long_line(data: Any, start: int, end: int) -> int:
    """Return where the first line of `LONG_LINE` bytes or more begins, from that at `start` on.

    Parameters
    ----------
    data : ndarray of uint8
        64 bytes of anything stand behind `end`.
    start, end : int

    Returns
    -------
    int
        `end` or behind it if there is none.
    """
    line = start
    for block in range(start, end, BLOCK):
        newlines = bytes_between(data, block, NEWLINE, NEWLINE)
        if end - block < BLOCK:
            newlines &= bits_below(end - block)
        found = ends_of_long_lines(newlines, line - 1 - block)
        if found != ZERO:
            above = highest_one(newlines & bits_below(trailing_zeros(found)))
            return line if above < 0 else block + above + 1
        line = line if newlines == ZERO else block + highest_one(newlines) + 1
    return line if end - line >= LONG_LINE else end


@inline
def find_line(data: Any, start: int, place: int) -> int:
    r"""Return where the line with byte `place` begins, in ``data[start:]``.

    Parameters
    ----------
    data : ndarray of uint8
    start, place : int

    Returns
    -------
    int
        Behind the "\n" before `place`, or `start`.
    """
    while place > start and np.int64(at(data, place - 1)) != NEWLINE:
        place -= 1
    return place
