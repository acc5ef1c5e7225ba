"""Sentences that were broken into lines at links and emphasis.

BeautifulSoup's `get_text` with a separator prints each run of text between two tags on a line of
its own. A single blank that is left at an end or a beginning stood between words of one sentence,
and one of these has a small letter.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.reading.invisible import invisible_bytes
from classifier.kernels.reading.list_entries import begins_entry
from classifier.kernels.reading.sentences import is_sentence
from classifier.kernels.text.characters import code_point, is_small
from classifier.kernels.text.masks import bits_below, shifted
from classifier.kernels.text.splitting import NEWLINE, find_line, find_newline
from classifier.kernels.text.white_space import (
    BLANK,
    are_ends_blank,
    behind_indent,
    find_printed,
    printed_end,
)

TWO, THREE = np.uint64(2), np.uint64(3)
LEAST_JOINTS = 3  # lines that have to go on below


@inline
def joints_of(
    newlines: Any, newlines_before: Any, blanks: Any, blanks_before: Any
) -> tuple[Any, Any]:
    """Return where lines begin, neither empty nor below empty ones, with a single blank left.

    That is at the end of the line above, or at the beginning, where no line has two.

    Parameters
    ----------
    newlines, newlines_before, blanks, blanks_before : uint64
        Of a block, and of that before it.

    Returns
    -------
    lines, joints : uint64
        All that are neither empty nor below empty ones, and those of them that have it.
    """
    lines = shifted(newlines, newlines_before, ONE) & ~newlines
    lines &= ~shifted(newlines, newlines_before, TWO)
    left = shifted(blanks, blanks_before, TWO) & ~shifted(blanks, blanks_before, THREE)
    left |= blanks & ~((newlines | blanks) >> ONE)
    return lines, lines & left


@jit
def _last_seen(data: Any, line: int, line_end: int, tables: Any) -> int:
    """Return where the last character of a line begins that is seen; before it if there is none."""
    end = printed_end(data, line, line_end, tables)
    while end > line:
        last = end - 1
        while at(data, last) & 0xC0 == 0x80:
            last -= 1
        if invisible_bytes(data, last, end) == 0:
            return last
        end = printed_end(data, line, last, tables)
    return line - 1


@jit
def goes_on(data: Any, line: int, line_end: int, end: int, tables: Any) -> bool:
    """Return whether a sentence goes on from a line in that below it.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    line, line_end : int
    end : int
        Of the document.
    tables : CharacterTables

    Returns
    -------
    bool
    """
    below = line_end + 1
    if line == line_end or below >= end:
        return False
    is_left = np.int64(at(data, line_end - 1)) == BLANK
    if is_left and line < line_end - 1:
        is_left = np.int64(at(data, line_end - 2)) != BLANK
    text = below
    if np.int64(at(data, below)) == BLANK:
        text += 1
        # All lines may have an indent of one.
        is_left |= text < end and np.int64(at(data, text)) > BLANK and at(data, line) > BLANK
    if not is_left:
        return False
    below_end = find_newline(data, below, end)
    text = find_printed(data, text, below_end, tables)
    if text == below_end:
        return False
    last = _last_seen(data, line, line_end, tables)
    if last < line:
        return False
    point, width = code_point(data, last)
    if not is_small(code_point(data, text)[0], tables):
        # Blanks at the ends of both are those of entries, each in tags of its own.
        are_left = at(data, line_end - 1) == BLANK and at(data, below_end - 1) == BLANK
        if are_left or not is_small(point, tables):
            return False
    if is_sentence(data, line, last + width, tables):
        return False
    if begins_entry(data, behind_indent(data, below, end), end, tables):
        return False
    return not begins_entry(data, behind_indent(data, line, line_end), line_end, tables)


@jit
def has_fragments(data: Any, start: int, end: int, tables: Any) -> bool:
    """Tell whether a document has sentences that were broken into lines.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    tables : CharacterTables

    Returns
    -------
    bool
    """
    n_found = 0
    newlines_before, blanks_before = ~ZERO, ZERO
    for block in range(start, end, BLOCK):
        newlines = bytes_between(data, block, NEWLINE, NEWLINE)
        blanks = bytes_between(data, block, BLANK, BLANK)
        if end - block < BLOCK:
            newlines |= ~bits_below(end - block)
        _, joints = joints_of(newlines, newlines_before, blanks, blanks_before)
        newlines_before, blanks_before = newlines, blanks
        while joints != ZERO:
            line_end = block + trailing_zeros(joints) - 1
            joints &= joints - ONE
            n_found += goes_on(data, find_line(data, start, line_end), line_end, end, tables)
    return n_found >= LEAST_JOINTS and not are_ends_blank(data, start, end, tables)
