"""Pages in other layouts, read as if they were laid out as those that models learn from.

There "•" or "*" stands before an entry of a list, with two spaces before it, and blank lines
stand around paragraphs. Markdown has "-"; others print no indents, or no blank lines.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, count_ones, put, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.masks import bits_below
from classifier.kernels.rewrite import copy_bytes
from classifier.kernels.splitting import NEWLINE, find_newline

DASH, STAR, SPACE, TAB, RETURN = ord("-"), ord("*"), ord(" "), ord("\t"), ord("\r")
BULLET = np.frombuffer("•".encode(), np.uint8)
INDENT = 2  # spaces before an entry
# Code points of a line that is taken for a paragraph, where no blank line is in a page.
PARAGRAPH = 40
MOST_ADDED = 5  # bytes to a line: an indent, a bullet in place of a dash, a blank line


# How a document is laid out otherwise, as bits: lists have dashes, which are read as bullets; no
# entry is indented, and all are read as if they were; no line is blank between others, and
# blank lines are read around paragraphs.
DASHES, FLAT, DENSE = 1, 2, 4


@inline
def _is_indent(byte: int) -> bool:
    return byte == SPACE or byte == TAB or byte == RETURN


@inline
def _behind_indent(data: Any, i: int, end: int) -> int:
    while i < end and _is_indent(np.int64(at(data, i))):
        i += 1
    return i


@inline
def _mark_bytes(data: Any, i: int, end: int) -> int:
    """Return how many bytes the mark of an entry has at byte `i`; 0 if there is none."""
    byte = np.int64(at(data, i))
    size = 1
    if byte == np.int64(at(BULLET, 0)):
        size = len(BULLET)
        for k in range(1, len(BULLET)):
            if i + k >= end or at(data, i + k) != at(BULLET, k):
                return 0
    elif byte != DASH and byte != STAR:
        return 0
    is_entry = (
        i + size + 1 < end
        and np.int64(at(data, i + size)) == SPACE
        and np.int64(at(data, i + size + 1)) > SPACE
    )
    return size if is_entry else 0


@inline
def _has_dash(data: Any, start: int, end: int) -> bool:
    """Return whether an entry has a dash in the lines from byte `start` on."""
    for block in range(start, end, BLOCK):
        dashes = bytes_between(data, block, DASH, DASH)
        while dashes != ZERO:
            i = block + trailing_zeros(dashes)
            dashes &= dashes - ONE
            if i >= end:
                return False
            if _mark_bytes(data, i, end) > 0:
                line = i
                while line > start and _is_indent(np.int64(at(data, line - 1))):
                    line -= 1
                if line == start or np.int64(at(data, line - 1)) == NEWLINE:
                    return True
    return False


@inline
def _is_paragraph(data: Any, start: int, end: int) -> bool:
    """Return whether a line has at least `PARAGRAPH` code points."""
    n = end - start
    if n < PARAGRAPH or n >= 4 * PARAGRAPH:  # none has more than four bytes
        return n >= PARAGRAPH
    for i in range(start, end, BLOCK):
        tails = bytes_between(data, i, 0x80, 0xBF)
        if end - i < BLOCK:
            tails &= bits_below(end - i)
        n -= count_ones(tails)
    return n >= PARAGRAPH


@jit
def layout_of(data: Any, start: int, end: int) -> int:
    """Tell how a document is laid out.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int

    Returns
    -------
    int
        Bits; 0 if it is read as it is.
    """
    n_lines = n_entries = n_dashes = 0
    is_indented = is_parted = has_paragraph = False
    line = start
    while line < end:
        i = _behind_indent(data, line, end)
        if i == end:
            break
        if np.int64(at(data, i)) == NEWLINE:
            is_parted |= line > start
            line = i + 1
            continue
        n_lines += 1
        if _mark_bytes(data, i, end) > 0:
            n_entries += 1
            n_dashes += np.int64(at(data, i)) == DASH
            is_indented |= i > line
        line_end = find_newline(data, i, end)
        if not (is_parted or has_paragraph):
            has_paragraph = _is_paragraph(data, line, line_end)
        line = line_end + 1
        if is_parted and is_indented:  # all that is left to find
            return DASHES * (n_dashes > 0 or _has_dash(data, line, end))
    is_flat = n_entries > 0 and not is_indented
    is_dense = n_lines > 1 and has_paragraph and not is_parted
    return DASHES * (n_dashes > 0) + FLAT * is_flat + DENSE * is_dense


@jit
def copy_in_usual_layout(data: Any, start: int, end: int, layout: int, copy: Any, n: int) -> int:
    """Copy a document as it is read; lines that are not blank stay so, in their order.

    Parameters
    ----------
    data, start, end
        As in `layout_of`.
    layout : int
        As it has been told.
    copy : ndarray of uint8
        Output from ``copy[n]`` on, with room for the document, `MOST_ADDED` bytes more for each
        of its lines, and a block more.
    n : int

    Returns
    -------
    int
        Where the copy ends.
    """
    if layout == 0:
        return copy_bytes(data, start, end, copy, n)
    line = start
    was_paragraph = False
    while line < end:
        line_end = find_newline(data, line, end)
        if layout & DENSE:
            is_paragraph = _is_paragraph(data, line, line_end)
            if line > start and (is_paragraph or was_paragraph):
                put(copy, n, NEWLINE)
                n += 1
            was_paragraph = is_paragraph
        i = _behind_indent(data, line, line_end)
        if i < line_end and _mark_bytes(data, i, line_end) > 0:
            if layout & FLAT:
                for _ in range(INDENT):
                    put(copy, n, SPACE)
                    n += 1
            n = copy_bytes(data, line, i, copy, n)
            if np.int64(at(data, i)) == DASH:
                for k in range(len(BULLET)):
                    put(copy, n, at(BULLET, k))
                    n += 1
                i += 1
            line = i
        n = copy_bytes(data, line, line_end, copy, n)
        if line_end < end:
            put(copy, n, NEWLINE)
            n += 1
        line = line_end + 1
    return n
