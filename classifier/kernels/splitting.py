"""Where lines end, and where something is printed on them."""

from typing import Any

import numpy as np

from classifier.kernels.characters import SPACE, code_point, kind_of
from classifier.kernels.machine.bits import (
    ONE,
    ZERO,
    at,
    count_ones,
    highest_one,
    trailing_zeros,
)
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.masks import bits_below, shifted

TAB, NEWLINE, RETURN, BLANK = (ord(sign) for sign in "\t\n\r ")
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


@inline
def find_printed(data: Any, start: int, end: int, tables: Any) -> int:
    """Return where the first character that is not white space starts, or `end`.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    start, end : int
    tables : CharacterTables

    Returns
    -------
    int
    """
    i = start
    while i < end:
        point, width = code_point(data, i)
        if kind_of(point, tables) != SPACE:
            break
        i += width
    return i


@jit
def printed_end(data: Any, start: int, end: int, tables: Any) -> int:
    """Return where the last character of ``data[start:end]`` that is not white space ends.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    start, end : int
    tables : CharacterTables

    Returns
    -------
    int
        `start` if there is none.
    """
    while end > start:
        i = end - 1
        while at(data, i) & 0xC0 == 0x80:
            i -= 1
        point, _ = code_point(data, i)
        if kind_of(point, tables) != SPACE:
            break
        end = i
    return end


@jit
def are_ends_blank(data: Any, start: int, end: int, tables: Any) -> bool:
    r"""Tell whether most lines that are not blank have white space at their ends.

    Of white space beyond ASCII, that with the last byte of U+00A0 or of U+3000 counts; a line of
    other such white space is taken for one that is not blank.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
        `start` is where a line begins.
    tables : CharacterTables

    Returns
    -------
    bool
    """
    n_lines = n_found = 0
    newlines_before, spaces_before = ~ZERO, ZERO
    for block in range(start, end + 1, BLOCK):
        newlines = bytes_between(data, block, NEWLINE, NEWLINE)
        if end - block < BLOCK:
            newlines = (newlines & bits_below(end - block)) | (ONE << np.uint64(end - block))
        spaces = bytes_between(data, block, TAB, RETURN) | bytes_between(data, block, 0x1C, BLANK)
        spaces |= bytes_between(data, block, 0xA0, 0xA0) | bytes_between(data, block, 0x80, 0x80)
        spaces &= ~newlines
        n_lines += count_ones(newlines & ~shifted(newlines, newlines_before, ONE))
        found = newlines & shifted(spaces, spaces_before, ONE)
        newlines_before, spaces_before = newlines, spaces
        while found != ZERO:
            line_end = block + trailing_zeros(found)
            found &= found - ONE
            line = find_line(data, start, line_end)
            printed = printed_end(data, line, line_end, tables)
            n_lines -= printed == line
            n_found += line < printed < line_end
    return n_found > 0 and 2 * n_found >= n_lines
