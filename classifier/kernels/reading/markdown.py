r"""Markdown's marks of headings, emphasis and line breaks, which are not read.

"## **Terms** of _use_\" is read as "Terms of use". Models learn mostly from pages without such
marks. Links and lists have modules of their own; bars of tables are read.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, put, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, ascii_classes, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.reading.list_entries import STAR, behind_mark, is_entry
from classifier.kernels.text.byte_strings import copy_bytes
from classifier.kernels.text.masks import LAST_BIT, bits_below, shifted
from classifier.kernels.text.splitting import NEWLINE, find_newline
from classifier.kernels.text.white_space import BLANK, behind_indent, find_printed, is_blank

HASH, UNDERSCORE, ESCAPE = (ord(sign) for sign in "#_\\")
MOST_HASHES = 6
MOST_STARS = 3  # two for bold, one for italics; single ones are footnotes, too


@jit
def may_break_lines(data: Any, start: int, end: int) -> bool:
    """Tell whether a line ends with a backslash, by which Markdown breaks lines.

    In a loop of its own: that of `survey` would become much slower by one more byte to compare.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int

    Returns
    -------
    bool
        True as well where another stands before it, so that it is no mark.
    """
    for block in range(start, end, BLOCK):
        slashes = bytes_between(data, block, ESCAPE, ESCAPE)
        while slashes != ZERO:
            behind = block + trailing_zeros(slashes) + 1
            slashes &= slashes - ONE
            if behind >= end or np.int64(at(data, behind)) == NEWLINE:
                return True
    return False


@jit
def has_marks(data: Any, start: int, end: int) -> bool:
    """Tell whether something may be a mark.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int

    Returns
    -------
    bool
        True as well for some texts without any.
    """
    if may_break_lines(data, start, end):
        return True
    stars_before, spaces_before = ZERO, ~ZERO
    for block in range(start, end, BLOCK):
        inside = ~ZERO if end - block >= BLOCK else bits_below(end - block)
        stars = bytes_between(data, block, STAR, STAR) & inside
        hashes = bytes_between(data, block, HASH, HASH) & inside
        scores = bytes_between(data, block, UNDERSCORE, UNDERSCORE) & inside
        spaces = bytes_between(data, block, 0, BLANK)
        hashes &= shifted(spaces, spaces_before, ONE)
        if stars & shifted(stars, stars_before, ONE) != ZERO:
            return True
        if hashes != ZERO and _has_heading(data, block, end, hashes):
            return True
        if scores != ZERO and _is_at_edge(data, block, start, end, scores):
            return True
        stars_before, spaces_before = stars, spaces
    return False


@inline
def _is_broken(data: Any, start: int, end: int) -> bool:
    """Return whether a line ends with a single backslash, by which Markdown breaks lines."""
    return _byte_at(data, end - 1, start, end) == ESCAPE != _byte_at(data, end - 2, start, end)


@inline
def _has_heading(data: Any, block: int, end: int, hashes: Any) -> bool:
    """Return whether a blank stands behind one of some runs of "#"; they are where these begin."""
    while hashes != ZERO:
        i = block + trailing_zeros(hashes)
        hashes &= hashes - ONE
        while i < end and np.int64(at(data, i)) == HASH:
            i += 1
        if behind_mark(data, i, end) > i:
            return True
    return False


@inline
def _is_at_edge(data: Any, block: int, start: int, end: int, scores: Any) -> bool:
    """Return whether one of some underscores stands at the edge of a word."""
    small, upper, digits, _, _, leads, tails = ascii_classes(data, block)
    words = small | upper | digits | leads | tails
    before = np.uint64(_is_word(_byte_at(data, block - 1, start, end)))
    behind = np.uint64(_is_word(_byte_at(data, block + BLOCK, start, end))) << LAST_BIT
    if end - block < BLOCK:
        words &= bits_below(end - block)
    return scores & ~(((words << ONE) | before) & ((words >> ONE) | behind)) != ZERO


@inline
def _byte_at(data: Any, i: int, start: int, end: int) -> int:
    """Return the byte at `i`, or that of a blank beyond the line."""
    return np.int64(at(data, i)) if start <= i < end else BLANK


@inline
def _is_word(byte: int) -> bool:
    return (
        byte >= 0x80
        or ord("a") <= byte <= ord("z")
        or ord("A") <= byte <= ord("Z")
        or ord("0") <= byte <= ord("9")
    )


@inline
def _mark_size(data: Any, i: int, start: int, end: int) -> int:
    """Return of how many bytes the mark of emphasis is that begins at `i`; 0 if none does."""
    byte, before = np.int64(at(data, i)), _byte_at(data, i - 1, start, end)
    if before == ESCAPE or before == byte:
        return 0
    n = 1
    while i + n < end and np.int64(at(data, i + n)) == byte:
        n += 1
    behind = _byte_at(data, i + n, start, end)
    if byte == STAR:
        return n if 1 < n <= MOST_STARS and (before > BLANK or behind > BLANK) else 0
    opens = not _is_word(before) and behind > BLANK
    closes = before > BLANK and not _is_word(behind)
    return n if n == 1 and (opens or closes) else 0


@inline
def _behind_hashes(data: Any, start: int, end: int, least: int) -> tuple[int, int]:
    """Return where the marks of a heading, `least` or more, begin, and where it goes on."""
    i = behind_indent(data, start, end)
    if i < end and is_entry(data, i, end):
        i += 1
        while np.int64(at(data, i)) & 0xC0 == 0x80:
            i += 1
        i = behind_mark(data, i, end)
    hashes_end = i
    while hashes_end < end and np.int64(at(data, hashes_end)) == HASH:
        hashes_end += 1
    text = behind_mark(data, hashes_end, end)
    is_heading = least <= hashes_end - i <= MOST_HASHES and text > hashes_end
    return i, text if is_heading else i


@inline
def _copy_line(
    data: Any, start: int, end: int, least_hashes: int, tables: Any, copy: Any, n: int
) -> int:
    """Copy a line without marks; all of it if nothing is left. Return where the copy ends."""
    first = n
    hashes, i = _behind_hashes(data, start, end, least_hashes)
    n = copy_bytes(data, start, hashes, copy, n)
    text_end = end - _is_broken(data, start, end)
    while i < text_end:
        byte = np.int64(at(data, i))
        size = _mark_size(data, i, start, end) if byte == STAR or byte == UNDERSCORE else 0
        if size == 0:
            put(copy, n, byte)
            n += 1
        i += max(size, 1)
    if find_printed(copy, first, n, tables) == n:
        return copy_bytes(data, start, end, copy, first)
    return n


@jit
def copy_without_marks(data: Any, start: int, end: int, tables: Any, copy: Any) -> int:
    """Copy a document without marks.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    tables : CharacterTables
    copy : ndarray of uint8
        Output, with room for the document, and for a block more.

    Returns
    -------
    int
        Where the copy ends. It has as many lines, of which the same are blank.
    """
    n = 0
    line = start
    while line < end:
        line_end = find_newline(data, line, end)
        below = line_end + 1
        if has_marks(data, line, line_end):
            # A single one without a blank line below marks a comment in code.
            is_apart = below >= end or is_blank(data, below, find_newline(data, below, end), tables)
            n = _copy_line(data, line, line_end, 1 if is_apart else 2, tables, copy, n)
        else:
            n = copy_bytes(data, line, line_end, copy, n)
        if line_end < end:
            put(copy, n, NEWLINE)
            n += 1
        line = below
    return n
