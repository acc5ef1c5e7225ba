"""Pages in other layouts, read as if they were laid out as those that models learn from.

There "•" or "*" stands before an entry of a list, with two spaces before it, and blank lines
stand around paragraphs. Markdown has "-", too; others print no indents, or no blank lines.
Dashes stand before what somebody says as well, but that ends as sentences do.
"""

from typing import Any

import numpy as np

from classifier.kernels.characters import CLOSING_ENDINGS, SENTENCE_ENDINGS, SPACE
from classifier.kernels.machine.bits import ONE, ZERO, at, count_ones, put, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.masks import bits_below
from classifier.kernels.rewrite import copy_bytes
from classifier.kernels.splitting import NEWLINE, find_newline, find_printed
from classifier.kernels.words import code_point, place_of

DASH, STAR = ord("-"), ord("*")
BLANK, TAB, RETURN = ord(" "), ord("\t"), ord("\r")
BULLET = np.frombuffer("•".encode(), np.uint8)
INDENT = 2  # spaces before an entry
# Code points of a line that is taken for a paragraph, where no blank line is in a page.
PARAGRAPH = 40
# Nor is there any, as it were, where there are so few gaps, and so many lines to each.
MOST_GAPS, LINES_TO_GAP = 2, 10
MOST_ADDED = 5  # bytes to a line: an indent, a bullet in place of a dash, a blank line
# How a document is laid out otherwise, as bits: lists have dashes, which are read as bullets; no
# entry is indented, and all are read as if they were; hardly any line is blank between others,
# and blank lines are read around paragraphs; line ends are doubled, and read by half. Above these,
# how many blank lines of each gap are not read, for no gap has fewer than one more.
DASHES, FLAT, DENSE, DOUBLED = 1, 2, 4, 8
SURPLUS_SHIFT = 4


@inline
def _is_indent(byte: int) -> bool:
    return byte == BLANK or byte == TAB or byte == RETURN


@inline
def _behind_indent(data: Any, i: int, end: int) -> int:
    while i < end and _is_indent(np.int64(at(data, i))):
        i += 1
    return i


@inline
def _is_entry(data: Any, i: int, end: int) -> bool:
    """Return whether the mark of an entry stands at byte `i`, and something behind it."""
    byte = np.int64(at(data, i))
    size = 1
    if byte == np.int64(at(BULLET, 0)):
        size = len(BULLET)
        for k in range(1, len(BULLET)):
            if i + k >= end or at(data, i + k) != at(BULLET, k):
                return False
    elif byte != DASH and byte != STAR:
        return False
    text = i + size
    while text < end and (np.int64(at(data, text)) == BLANK or np.int64(at(data, text)) == TAB):
        text += 1
    return i + size < text < end and np.int64(at(data, text)) > BLANK


@jit
def _is_sentence(data: Any, start: int, end: int, tables: Any) -> bool:
    """Return whether a line ends as sentences do, whatever quotation or bracket it closes."""
    i = end - 1
    while i >= start:
        if np.int64(at(data, i)) & 0xC0 != 0x80:  # where a character begins
            place = place_of(code_point(data, i)[0], tables.pages)
            ending = np.int64(at(tables.traits, place)) & 0xF
            is_space = np.int64(at(tables.entries, place)) & 0xFF == SPACE
            if not (is_space or (CLOSING_ENDINGS >> ending) & 1):
                return (SENTENCE_ENDINGS >> ending) & 1 == 1
        i -= 1
    return False


@inline
def _count_dashes(data: Any, start: int, end: int, tables: Any) -> tuple[int, int]:
    """Count entries with dashes in the lines from byte `start` on, and those that are sentences."""
    n_dashes = n_sentences = 0
    for block in range(start, end, BLOCK):
        dashes = bytes_between(data, block, DASH, DASH)
        while dashes != ZERO:
            i = block + trailing_zeros(dashes)
            dashes &= dashes - ONE
            if i < end and _is_entry(data, i, end):
                line = i
                while line > start and _is_indent(np.int64(at(data, line - 1))):
                    line -= 1
                if line == start or np.int64(at(data, line - 1)) == NEWLINE:
                    n_dashes += 1
                    n_sentences += _is_sentence(data, i, find_newline(data, i, end), tables)
    return n_dashes, n_sentences


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


@inline
def _is_blank(data: Any, i: int, end: int, tables: Any) -> bool:
    """Return whether nothing is printed on a line from byte `i` on, behind its indent."""
    if i == end or BLANK < np.int64(at(data, i)) < 0x80:
        return i == end
    return find_printed(data, i, end, tables) == end


@jit
def layout_of(data: Any, start: int, end: int, tables: Any) -> int:
    """Tell how a document is laid out.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    tables : CharacterTables

    Returns
    -------
    int
        Bits; 0 if it is read as it is.
    """
    n_lines = n_blanks = n_gaps = n_wide_gaps = n_bullets = n_dashes = n_sentences = 0
    has_indents = has_dash_indents = has_paragraph = False
    is_doubled = True
    least_blanks = end - start  # of a gap
    line = start
    while line < end:
        if has_indents and least_blanks == 1 and n_gaps > MOST_GAPS and not is_doubled:
            break  # only dashes are left to find
        line_end = find_newline(data, line, end)
        i = _behind_indent(data, line, line_end)
        if _is_blank(data, i, line_end, tables):
            n_blanks += n_lines > 0
        else:
            if n_blanks > 0:
                least_blanks = min(least_blanks, n_blanks)
                n_gaps += 1
                n_wide_gaps += n_blanks > 2
                n_blanks = 0
            elif n_lines > 0:
                is_doubled = False
            n_lines += 1
            if _is_entry(data, i, line_end):
                if np.int64(at(data, i)) == DASH:
                    n_dashes += 1
                    n_sentences += _is_sentence(data, i, line_end, tables)
                    has_dash_indents |= i > line
                else:
                    n_bullets += 1
                    has_indents |= i > line
            if not has_paragraph and (is_doubled or n_gaps <= MOST_GAPS):
                has_paragraph = _is_paragraph(data, line, line_end)
        line = line_end + 1
    if line < end:
        rest = _count_dashes(data, line, end, tables)
        n_dashes, n_sentences = n_dashes + rest[0], n_sentences + rest[1]
    has_dashes = 2 * n_sentences < n_dashes
    is_flat = n_bullets + has_dashes > 0 and not (has_indents or (has_dashes and has_dash_indents))
    is_doubled &= n_lines > 2
    surplus = least_blanks - 1 if n_gaps > 0 and not is_doubled else 0
    n_gaps = n_wide_gaps if is_doubled else n_gaps
    is_dense = has_paragraph and n_lines > 1 and n_gaps <= min(MOST_GAPS, n_lines // LINES_TO_GAP)
    flags = DASHES * has_dashes + FLAT * is_flat + DENSE * is_dense
    return flags + DOUBLED * is_doubled + (surplus << SURPLUS_SHIFT)


@jit
def copy_in_usual_layout(
    data: Any, start: int, end: int, tables: Any, layout: int, copy: Any, n: int
) -> int:
    """Copy a document as it is read: lines that are not blank stay so, in their order.

    Parameters
    ----------
    data, start, end, tables
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
    n_lines = n_blanks = 0
    was_paragraph = False
    while line < end:
        line_end = find_newline(data, line, end)
        i = _behind_indent(data, line, line_end)
        if _is_blank(data, i, line_end, tables):
            n_blanks += 1
            line = line_end + 1
            continue
        if n_lines > 0:
            if layout & DOUBLED:
                n_blanks = (n_blanks - 1) // 2
            elif n_blanks > 0:
                n_blanks -= layout >> SURPLUS_SHIFT
        if layout & DENSE:
            is_paragraph = _is_paragraph(data, line, line_end)
            n_blanks += n_lines > 0 and n_blanks == 0 and (is_paragraph or was_paragraph)
            was_paragraph = is_paragraph
        for _ in range(n_blanks):
            put(copy, n, NEWLINE)
            n += 1
        n_lines += 1
        n_blanks = 0
        if i < line_end and _is_entry(data, i, line_end):
            is_dash = np.int64(at(data, i)) == DASH
            if layout & FLAT and (layout & DASHES or not is_dash):
                for _ in range(INDENT):
                    put(copy, n, BLANK)
                    n += 1
            if layout & DASHES and is_dash:
                n = copy_bytes(data, line, i, copy, n)
                for k in range(len(BULLET)):
                    put(copy, n, at(BULLET, k))
                    n += 1
                line = i + 1
        n = copy_bytes(data, line, line_end, copy, n)
        if line_end < end:
            put(copy, n, NEWLINE)
            n += 1
        line = line_end + 1
    return n
