"""Sentences that were broken into lines, at links and emphasis, say.

BeautifulSoup's `get_text` with a separator prints each run of text between two tags on a line of
its own, and other extractors break blocks within sentences here and there. What goes on with a
small letter behind a line that ends no sentence is of this line.
"""

from typing import Any

import numpy as np

from classifier.kernels.characters import DIGIT, LETTER, SPACE
from classifier.kernels.list_entries import begins_entry, behind_indent, is_sentence
from classifier.kernels.machine.bits import ONE, ZERO, at, count_ones, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.masks import bits_below, shifted
from classifier.kernels.splitting import BLANK, NEWLINE, find_line, printed_end
from classifier.kernels.words import code_point, kind_of

# Signs that go on: what else is between ")" and "." begins entries.
BRACKET, COMMA, DOT = (ord(sign) for sign in "),.")
# Scripts with small letters: Latin, Greek, Cyrillic and Armenian, and Latin and Greek once more.
FIRST_SMALL, LAST_SMALL, FIRST_OTHER, LAST_OTHER = 0xDF, 0x58F, 0x1E00, 0x1FFF
HTTP, WWW = (np.frombuffer(word, np.uint8) for word in (b"http", b"www."))
FIRST_LEAD = 0xC3  # byte of these, and of all beyond
# Lines that have to go on from those above, and of how many lines below others one has to.
LEAST, OF_LINES = 3, 16
# Where lines may have been wrapped, as many begin so, or nearly all of so many are indented.
WRAPPED_LEAST, INDENTED = 2, 10


@inline
def _stands_at(data: Any, i: int, end: int, word: Any) -> bool:
    """Return whether some ASCII stands at byte `i`."""
    if i + len(word) > end:
        return False
    for k in range(len(word)):
        if at(data, i + k) != at(word, k):
            return False
    return True


@inline
def _begins_within(data: Any, below: int, end: int, tables: Any) -> bool:
    """Return whether a line begins as no sentence, entry or address does.

    With a single blank, too.
    """
    byte = np.int64(at(data, below))
    if byte < 0x80:
        if byte == BLANK and below + 1 < end:
            return (
                np.int64(at(data, below + 1)) > BLANK
                and kind_of(code_point(data, below + 1)[0], tables) != SPACE
                and not begins_entry(data, below + 1, end, tables)
            )
        if ord("a") <= byte <= ord("z"):
            return not (_stands_at(data, below, end, HTTP) or _stands_at(data, below, end, WWW))
        return byte == COMMA or byte == DOT or byte == BRACKET
    point, _ = code_point(data, below)
    if not (FIRST_SMALL <= point <= LAST_SMALL or FIRST_OTHER <= point <= LAST_OTHER):
        return False
    return kind_of(point, tables) == LETTER


@inline
def _is_open(data: Any, line: int, line_end: int, below: int, tables: Any) -> bool:
    """Return whether a line is no entry, and ends no sentence or number, so one may go on below."""
    if np.int64(at(data, below)) == BLANK and np.int64(at(data, line)) <= BLANK:
        return False  # all lines may have an indent of one
    text_end = printed_end(data, line, line_end, tables)
    if text_end == line or is_sentence(data, line, text_end, tables):
        return False
    last = text_end - 1
    while at(data, last) & 0xC0 == 0x80:
        last -= 1
    if kind_of(code_point(data, last)[0], tables) == DIGIT:
        return False
    return not begins_entry(data, behind_indent(data, line, line_end), line_end, tables)


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
    if below >= end or line == line_end or not _begins_within(data, below, end, tables):
        return False
    return _is_open(data, line, line_end, below, tables)


@jit
def find_fragments(data: Any, start: int, end: int, tables: Any) -> tuple[bool, bool]:
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
    """
    n_lines = n_found = n_small = n_below = n_indented = 0
    newlines_before, spaces_before, nonempty_before, filled_before = ~ZERO, ~ZERO, ZERO, ZERO
    for block in range(start, end, BLOCK):
        newlines = bytes_between(data, block, NEWLINE, NEWLINE)
        blanks = bytes_between(data, block, BLANK, BLANK)
        small = bytes_between(data, block, ord("a"), ord("z"))
        small |= bytes_between(data, block, FIRST_LEAD, 0xFF)
        begins = small | bytes_between(data, block, BRACKET, DOT)
        if end - block < BLOCK:
            newlines |= ~bits_below(end - block)
        spaces = newlines | blanks
        # Ends of lines that are not empty, and of those that do not end in a blank.
        nonempty = newlines & ~shifted(newlines, newlines_before)
        filled = newlines & ~shifted(spaces, spaces_before)
        below = shifted(nonempty, nonempty_before) & ~newlines
        n_lines += count_ones(shifted(filled, filled_before) & ~spaces)
        n_below += count_ones(below)
        n_indented += count_ones(below & blanks)
        n_small += count_ones(below & small)
        begins |= blanks & ~(spaces >> ONE)
        begins &= below
        newlines_before, spaces_before = newlines, spaces
        nonempty_before, filled_before = nonempty, filled
        while begins != ZERO:
            place = block + trailing_zeros(begins)
            begins &= begins - ONE
            if _begins_within(data, place, end, tables):
                line = find_line(data, start, place - 1)
                n_found += _is_open(data, line, place - 1, place, tables)
    has_fragments = n_found >= LEAST and n_found * OF_LINES >= n_lines
    may_be_wrapped = n_small >= WRAPPED_LEAST or (n_below - n_indented) * INDENTED < n_below
    return has_fragments, may_be_wrapped
