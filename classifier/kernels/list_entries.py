"""Entries of lists: what stands behind a bullet or a dash, and dashes before what somebody says.

Spoken lines end as sentences do, and entries of lists hardly ever.
"""

from typing import Any

import numpy as np

from classifier.kernels.byte_strings import begins_with
from classifier.kernels.characters import (
    CLOSING_ENDINGS,
    PUNCTUATION,
    SENTENCE_ENDINGS,
    SPACE,
    SYMBOL,
    code_point,
    kind_of,
    place_of,
)
from classifier.kernels.machine.bits import ONE, ZERO, at, count_ones, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.masks import bits_below, shifted
from classifier.kernels.splitting import NEWLINE, count_newlines, find_newline
from classifier.kernels.survey import PLUS, STAR
from classifier.kernels.white_space import (
    BLANK,
    TAB,
    behind_indent,
    is_blank,
    is_indent,
)

DASH, CIRCLE = ord("-"), ord("o")
BULLET = np.frombuffer("•".encode(), np.uint8)
NO_BREAK, NARROW = (np.frombuffer(sign.encode(), np.uint8) for sign in "\u00a0\u202f")
MOST_DIGITS = 3  # of the number before an entry
# Indents are not those of lists from so many indented lines to an entry among them on, or where
# so many others are indented to a line that is not: all of the page is.
STRAY, WHOLE = 10, 9


@jit
def behind_mark(data: Any, i: int, end: int) -> int:
    """Return where a line goes on behind a mark that ends at byte `i`.

    Parameters
    ----------
    data : ndarray of uint8
    i, end : int

    Returns
    -------
    int
        `i` if no blank, no-break space or tab stands there, or nothing is behind it.
    """
    text = i
    while text < end:
        byte = np.int64(at(data, text))
        if byte == BLANK or byte == TAB:
            text += 1
        elif begins_with(data, text, end, NO_BREAK):
            text += len(NO_BREAK)
        elif begins_with(data, text, end, NARROW):
            text += len(NARROW)
        else:
            break
    return text if text < end and np.int64(at(data, text)) > BLANK else i


@inline
def is_entry(data: Any, i: int, end: int) -> bool:
    """Return whether the mark of an entry stands at byte `i`, and something behind it.

    Parameters
    ----------
    data : ndarray of uint8
    i, end : int
        Byte of the line, and its end.

    Returns
    -------
    bool
    """
    byte = np.int64(at(data, i))
    size = 1
    if byte == np.int64(at(BULLET, 0)):
        size = len(BULLET)
        if not begins_with(data, i, end, BULLET):
            return False
    elif byte != DASH and byte != STAR:
        return False
    return behind_mark(data, i + size, end) > i + size


@jit
def nested_depth(data: Any, line: int, i: int, end: int) -> int:
    """Return how deep an entry is, by marks of lists in lists: 1 for "*", 2 for "+", 3 for "o".

    Parameters
    ----------
    data : ndarray of uint8
    line, i, end : int
        Where the line begins, where it goes on behind its indent, and where it ends.

    Returns
    -------
    int
        0 for other lines, and those with "+" and "o" that are not indented.
    """
    byte = np.int64(at(data, i)) if i < end else 0
    depth = 0
    if byte == STAR:
        depth = 1
    elif line < i and (byte == PLUS or byte == CIRCLE):
        depth = 2 if byte == PLUS else 3
    return depth * (depth > 0 and behind_mark(data, i + 1, end) > i + 1)


@jit
def has_nested(data: Any, start: int, end: int) -> bool:
    """Tell whether lists in lists have marks of their own: "*", and "+" that is indented.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int

    Returns
    -------
    bool
    """
    has_star = has_plus = False
    line = start
    while line < end and not (has_star and has_plus):
        line_end = find_newline(data, line, end)
        depth = nested_depth(data, line, behind_indent(data, line, line_end), line_end)
        has_star |= depth == 1
        has_plus |= depth == 2
        line = line_end + 1
    return has_star and has_plus


@jit
def is_sentence(data: Any, start: int, end: int, tables: Any) -> bool:
    """Return whether a line ends as sentences do, whatever quotation or bracket it closes.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    start, end : int
        The line.
    tables : CharacterTables

    Returns
    -------
    bool
    """
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


@jit
def count_dashes(data: Any, start: int, end: int, tables: Any) -> tuple[int, int]:
    """Count entries with dashes in the lines from byte `start` on, and those that are sentences.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
        `start` is where a line begins.
    tables : CharacterTables

    Returns
    -------
    n, n_sentences : int
    """
    n = n_sentences = 0
    spaces_before = ~ZERO
    for block in range(start, end, BLOCK):
        spaces = bytes_between(data, block, 0, BLANK)
        dashes = bytes_between(data, block, DASH, DASH) & shifted(spaces, spaces_before, ONE)
        spaces_before = spaces
        while dashes != ZERO:
            i = block + trailing_zeros(dashes)
            dashes &= dashes - ONE
            if i < end and is_entry(data, i, end):
                line = i
                while line > start and is_indent(np.int64(at(data, line - 1))):
                    line -= 1
                if line == start or np.int64(at(data, line - 1)) == NEWLINE:
                    n += 1
                    n_sentences += is_sentence(data, i, find_newline(data, i, end), tables)
    return n, n_sentences


@jit
def run_of_dashes(data: Any, start: int, end: int, tables: Any) -> tuple[int, int, bool, int]:
    """Look through entries with dashes, and blank lines between, from the line at `start` on.

    Parameters
    ----------
    data, start, end, tables
        As in `count_dashes`.

    Returns
    -------
    n, n_sentences : int
        How many entries there are, and how many that are sentences.
    is_indented : bool
        Whether any is.
    run_end : int
        Where a line begins that is neither, or behind `end`.
    """
    n = n_sentences = 0
    is_indented = False
    line = start
    while line < end:
        line_end = find_newline(data, line, end)
        i = behind_indent(data, line, line_end)
        if not is_blank(data, i, line_end, tables):
            if np.int64(at(data, i)) != DASH or not is_entry(data, i, line_end):
                break
            n += 1
            n_sentences += is_sentence(data, i, line_end, tables)
            is_indented |= i > line
        line = line_end + 1
    return n, n_sentences, is_indented, line


@inline
def are_spoken(n: int, n_sentences: int) -> bool:
    """Tell whether entries with dashes are what somebody says.

    Parameters
    ----------
    n, n_sentences : int
        How many there are, and how many that are sentences.

    Returns
    -------
    bool
    """
    return 2 * n_sentences >= n


@jit
def begins_entry(data: Any, i: int, end: int, tables: Any) -> bool:
    """Return whether an entry begins at byte `i`: with a number or another sign, too.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    i, end : int
        Byte of a line, before its end.
    tables : CharacterTables

    Returns
    -------
    bool
    """
    if is_entry(data, i, end):
        return True
    mark_end = i
    while mark_end < end and ord("0") <= np.int64(at(data, mark_end)) <= ord("9"):
        mark_end += 1
    if mark_end > i:
        if mark_end == end or mark_end - i > MOST_DIGITS:
            return False
        byte = np.int64(at(data, mark_end))
        if byte != ord(".") and byte != ord(")"):
            return False
        mark_end += 1
    elif np.int64(at(data, i)) >= 0x80:
        point, width = code_point(data, i)
        kind = kind_of(point, tables)
        if kind != PUNCTUATION and kind != SYMBOL:
            return False
        mark_end += width
    return i < mark_end < behind_mark(data, mark_end, end)


@jit
def are_indents_stray(data: Any, start: int, end: int, is_nested: bool, tables: Any) -> bool:
    """Tell whether hardly any line that is indented is an entry, or nearly all lines are indented.

    Indents then are those of a page's source, say, and not those of its lists. Where entries have
    "•", as the labelled pages print them, they are.

    Parameters
    ----------
    data, start, end
        As in `count_dashes`.
    is_nested : bool
        Whether lists in lists have marks of their own.
    tables : CharacterTables

    Returns
    -------
    bool
    """
    n_lines = n_flush = n_others = n_entries = 0
    has_bullets = False
    newlines_before = ~ZERO
    for block in range(start, end, BLOCK):
        newlines = bytes_between(data, block, NEWLINE, NEWLINE)
        # Of control characters, those that are no indent are found out below.
        blanks = bytes_between(data, block, 0, BLANK)
        begins = shifted(newlines, newlines_before, ONE) & ~newlines
        newlines_before = newlines
        indented = begins & blanks
        if end - block < BLOCK:
            begins &= bits_below(end - block)
        n_flush += count_ones(begins & ~blanks)
        while indented != ZERO:
            line = block + trailing_zeros(indented)
            indented &= indented - ONE
            i = behind_indent(data, line, end)
            if line < i < end and not is_blank(data, i, find_newline(data, i, end), tables):
                is_mark = begins_entry(data, i, end, tables)
                if is_nested:
                    is_mark |= nested_depth(data, line, i, end) > 0
                has_bullets |= is_mark and begins_with(data, i, end, BULLET)
                n_entries += is_mark
                n_others += not is_mark
        if has_bullets:
            if n_lines == 0:
                n_lines = count_newlines(data, start, end) + 1
            if n_entries * STRAY >= n_lines:
                return False
    is_whole = not has_bullets and n_others > WHOLE * n_flush
    return is_whole or n_entries * STRAY < n_entries + n_others
