"""Sentences that were broken into lines at links and emphasis.

BeautifulSoup's `get_text` with a separator prints each run of text between two tags on a line of
its own. A single blank that is left at an end or a beginning stood between words of one sentence,
and one of these has a small letter.
"""

from typing import Any

import numpy as np

from classifier.kernels.characters import LETTER
from classifier.kernels.invisible import invisible_bytes
from classifier.kernels.list_entries import begins_entry, behind_indent, is_sentence
from classifier.kernels.machine.bits import ONE, ZERO, at, count_ones, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.masks import bits_below, shifted
from classifier.kernels.splitting import (
    BLANK,
    NEWLINE,
    are_ends_blank,
    find_line,
    find_newline,
    find_printed,
    printed_end,
)
from classifier.kernels.words import code_point, kind_of

# Scripts with small letters: Latin, Greek, Cyrillic and Armenian, and Latin and Greek once more.
FIRST_SMALL, LAST_SMALL, FIRST_OTHER, LAST_OTHER = 0xDF, 0x58F, 0x1E00, 0x1FFF
# Their lead bytes, and those of scripts that have none, but blanks: Hebrew to Khmer, Hangul.
FIRST_CASED, LAST_CASED, OTHER_CASED = 0xC3, 0xD6, 0xE1
FIRST_UNCASED, LAST_UNCASED, FIRST_HANGUL, LAST_HANGUL = 0xD7, 0xE1, 0xEA, 0xED
TWO, THREE = np.uint64(2), np.uint64(3)
LEAST = 3  # lines that have to go on below
# Where lines may have been wrapped, as many begin small, or nearly all of so many are indented.
WRAPPED_LEAST, INDENTED = 2, 10


@inline
def _is_small(point: int, tables: Any) -> bool:
    if point < 0x80:
        return ord("a") <= point <= ord("z")
    if FIRST_SMALL <= point <= LAST_SMALL or FIRST_OTHER <= point <= LAST_OTHER:
        return kind_of(point, tables) == LETTER
    return False


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
    if not _is_small(code_point(data, text)[0], tables):
        # Blanks at the ends of both are those of entries, each in tags of its own.
        are_left = at(data, line_end - 1) == BLANK and at(data, below_end - 1) == BLANK
        if are_left or not _is_small(point, tables):
            return False
    if is_sentence(data, line, last + width, tables):
        return False
    if begins_entry(data, behind_indent(data, below, end), end, tables):
        return False
    return not begins_entry(data, behind_indent(data, line, line_end), line_end, tables)


@jit
def find_fragments(data: Any, start: int, end: int, tables: Any) -> tuple[bool, bool, bool]:
    """Tell whether a document has sentences that were broken into lines.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    tables : CharacterTables

    Returns
    -------
    has_fragments : bool
    may_be_wrapped : bool
        Whether enough lines begin as if all were wrapped at some width.
    is_uncased : bool
        Whether that says little, as they are in a script without small letters.
    """
    n_found = n_small = n_uncased = n_below = n_indented = 0
    newlines_before, blanks_before = ~ZERO, ZERO
    for block in range(start, end, BLOCK):
        newlines = bytes_between(data, block, NEWLINE, NEWLINE)
        blanks = bytes_between(data, block, BLANK, BLANK)
        small = bytes_between(data, block, ord("a"), ord("z"))
        uncased = bytes_between(data, block, FIRST_UNCASED, LAST_UNCASED)
        uncased |= bytes_between(data, block, FIRST_HANGUL, LAST_HANGUL)
        if end - block < BLOCK:
            newlines |= ~bits_below(end - block)
        # Where lines begin, neither empty nor below empty ones.
        below = shifted(newlines, newlines_before, ONE) & ~newlines
        below &= ~shifted(newlines, newlines_before, TWO)
        n_below += count_ones(below)
        n_indented += count_ones(below & blanks)
        n_small += count_ones(below & small)
        n_uncased += count_ones(below & uncased)
        others = bytes_between(data, block, FIRST_CASED, LAST_CASED)
        others |= bytes_between(data, block, OTHER_CASED, OTHER_CASED)
        others &= below
        while others != ZERO:
            n_small += _is_small(code_point(data, block + trailing_zeros(others))[0], tables)
            others &= others - ONE
        # Where a single blank is left at the end of the line above, or at the beginning.
        begins = shifted(blanks, blanks_before, TWO) & ~shifted(blanks, blanks_before, THREE)
        begins |= blanks & ~((newlines | blanks) >> ONE)
        begins &= below
        newlines_before, blanks_before = newlines, blanks
        while begins != ZERO:
            line_end = block + trailing_zeros(begins) - 1
            begins &= begins - ONE
            n_found += goes_on(data, find_line(data, start, line_end), line_end, end, tables)
    has_fragments = n_found >= LEAST and not are_ends_blank(data, start, end, tables)
    is_indented = (n_below - n_indented) * INDENTED < n_below
    is_uncased = n_small < WRAPPED_LEAST <= n_uncased
    return has_fragments, n_small >= WRAPPED_LEAST or is_uncased or is_indented, is_uncased
