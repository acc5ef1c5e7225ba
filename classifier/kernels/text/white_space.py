"""White space: indents, ends of lines, blank lines, and where something is printed."""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, count_ones, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.characters import SPACE, code_point, kind_of
from classifier.kernels.text.masks import bits_below, shifted
from classifier.kernels.text.splitting import NEWLINE, find_line

TAB, RETURN, BLANK = (ord(sign) for sign in "\t\r ")


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


@inline
def is_indent(byte: int) -> bool:
    r"""Return whether a byte is of an indent: a space, a tab or "\r".

    Parameters
    ----------
    byte : int

    Returns
    -------
    bool
    """
    return byte == BLANK or byte == TAB or byte == RETURN


@inline
def behind_indent(data: Any, i: int, end: int) -> int:
    r"""Return where a line goes on behind spaces, tabs and "\r" from byte `i` on.

    Parameters
    ----------
    data : ndarray of uint8
    i, end : int

    Returns
    -------
    int
    """
    while i < end and is_indent(np.int64(at(data, i))):
        i += 1
    return i


@inline
def is_blank(data: Any, i: int, end: int, tables: Any) -> bool:
    """Return whether nothing is printed on a line from byte `i` on, behind its indent.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    i, end : int
    tables : CharacterTables

    Returns
    -------
    bool
    """
    if i == end or BLANK < np.int64(at(data, i)) < 0x80:
        return i == end
    return find_printed(data, i, end, tables) == end


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
