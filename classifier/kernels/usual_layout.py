"""Pages in other layouts, read as if they were laid out as those that models learn from.

There "•" or "*" stands before an entry of a list, with two spaces before it, and blank lines
stand around paragraphs. Markdown has "-"; others print no indents, or no blank lines.
"""

from typing import Any, NamedTuple

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


class Layout(NamedTuple):
    """How a document is laid out that is read otherwise.

    Attributes
    ----------
    has_dashes : bool
        Whether lists have entries with dashes, which are read as bullets.
    is_flat : bool
        Whether there are entries and none is indented; they are read as if they were.
    is_dense : bool
        Whether no line is blank between others; blank lines are read around paragraphs.
    """

    has_dashes: bool
    is_flat: bool
    is_dense: bool


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
def layout_of(data: Any, start: int, end: int) -> Layout:
    """Tell how a document is laid out.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int

    Returns
    -------
    Layout
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
            return Layout(n_dashes > 0 or _has_dash(data, line, end), False, False)
    is_dense = n_lines > 1 and has_paragraph and not is_parted
    return Layout(n_dashes > 0, n_entries > 0 and not is_indented, is_dense)


@inline
def is_usual(layout: Layout) -> bool:
    """Return whether a document is read as it is.

    Parameters
    ----------
    layout : Layout

    Returns
    -------
    bool
    """
    return not (layout.has_dashes or layout.is_flat or layout.is_dense)


@jit
def copy_in_usual_layout(data: Any, offsets: Any, copy: Any, copy_offsets: Any) -> None:
    """Copy documents as they are read; lines that are not blank stay so, in their order.

    Parameters
    ----------
    data : ndarray of uint8
        As `layout_of` takes it.
    offsets : ndarray of int64, shape (n_documents + 1,)
    copy : ndarray of uint8
        Output, with room for the documents, `MOST_ADDED` bytes more for each of their lines,
        and a block more.
    copy_offsets : ndarray of int64, shape (n_documents + 1,)
        Output; its first element is not written.
    """
    n = 0
    for d in range(len(offsets) - 1):
        start, end = at(offsets, d), at(offsets, d + 1)
        layout = layout_of(data, start, end)
        if is_usual(layout):
            n = copy_bytes(data, start, end, copy, n)
        else:
            n = _copy_document(data, start, end, layout, copy, n)
        put(copy_offsets, d + 1, n)


@inline
def _copy_document(data: Any, start: int, end: int, layout: Layout, copy: Any, n: int) -> int:
    """Copy a document to ``copy[n]`` on, as it is read; return the end."""
    line = start
    was_paragraph = False
    while line < end:
        line_end = find_newline(data, line, end)
        if layout.is_dense:
            is_paragraph = _is_paragraph(data, line, line_end)
            if line > start and (is_paragraph or was_paragraph):
                put(copy, n, NEWLINE)
                n += 1
            was_paragraph = is_paragraph
        i = _behind_indent(data, line, line_end)
        if i < line_end and _mark_bytes(data, i, line_end) > 0:
            if layout.is_flat:
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
