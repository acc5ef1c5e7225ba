"""Markdown's marks of headings, emphasis and tables, which are not read.

"## **Terms** of _use_" is read as "Terms of use". Models learn mostly from pages without such
marks; links and lists have modules of their own.
"""

from typing import Any

import numpy as np

from classifier.kernels.list_entries import DASH, STAR, behind_indent, is_entry
from classifier.kernels.machine.bits import ONE, ZERO, at, put
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.rewrite import copy_bytes
from classifier.kernels.splitting import BLANK, NEWLINE, RETURN, TAB, find_newline, find_printed

HASH, UNDERSCORE, BAR, ESCAPE, COLON = ord("#"), ord("_"), ord("|"), ord("\\"), ord(":")
MOST_HASHES = 6
MOST_STARS = 3  # two for bold, one for italics; single ones are footnotes, too
RULE_DASHES = 3  # in a row below the head of a table


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
    hashes = stars = bars = dashes = ZERO  # of the block before
    for block in range(start, end, BLOCK):
        inside = ~ZERO if end - block >= BLOCK else (ONE << np.uint64(end - block)) - ONE
        before = hashes, stars
        hashes = bytes_between(data, block, HASH, HASH) & inside
        stars = bytes_between(data, block, STAR, STAR) & inside
        bars |= bytes_between(data, block, BAR, BAR) & inside
        scores = bytes_between(data, block, UNDERSCORE, UNDERSCORE) & inside
        if hashes | before[0] != ZERO:
            spaces = bytes_between(data, block, BLANK, BLANK) | bytes_between(data, block, TAB, TAB)
            if _shifted(hashes, before[0]) & spaces & inside != ZERO:
                return True
        if stars & _shifted(stars, before[1]) != ZERO:
            return True
        if scores != ZERO and _may_be_mark(data, block, scores):
            return True
        if bars != ZERO:
            own = bytes_between(data, block, DASH, DASH) & inside
            two = own & _shifted(own, dashes)
            if two & _shifted(two, dashes & (dashes << ONE)) != ZERO:
                return True
            dashes = own
    return False


@inline
def _shifted(mask: Any, before: Any) -> Any:
    """Move a mask by one byte, and into it the last byte of the block before."""
    return (mask << ONE) | (before >> np.uint64(BLOCK - 1))


@inline
def _may_be_mark(data: Any, block: int, scores: Any) -> bool:
    """Return whether one of some underscores stands at the edge of a block, or of a word."""
    words = bytes_between(data, block, 0x80, 0xFF) | bytes_between(data, block, ord("0"), ord("9"))
    words |= bytes_between(data, block, ord("a"), ord("z"))
    words |= bytes_between(data, block, ord("A"), ord("Z"))
    return scores & ~((words << ONE) & (words >> ONE)) != ZERO


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
def _behind_hashes(data: Any, start: int, end: int) -> tuple[int, int]:
    """Return where the marks of a heading begin in a line, and where it goes on behind them."""
    i = behind_indent(data, start, end)
    if i < end and is_entry(data, i, end):
        i += 1
        while np.int64(at(data, i)) & 0xC0 == 0x80:
            i += 1
        while np.int64(at(data, i)) == BLANK or np.int64(at(data, i)) == TAB:
            i += 1
    text = i
    while text < end and np.int64(at(data, text)) == HASH:
        text += 1
    n = text - i
    while text < end and (np.int64(at(data, text)) == BLANK or np.int64(at(data, text)) == TAB):
        text += 1
    if 0 < n <= MOST_HASHES and i + n < text < end and np.int64(at(data, text)) > BLANK:
        return i, text
    return i, i


@inline
def _copy_line(
    data: Any, start: int, end: int, in_table: bool, tables: Any, copy: Any, n: int
) -> int:
    """Copy a line without marks; all of it if nothing is left. Return where the copy ends."""
    first = n
    hashes, i = _behind_hashes(data, start, end)
    n = copy_bytes(data, start, hashes, copy, n)
    was_bar = False
    while i < end:
        byte = np.int64(at(data, i))
        size = _mark_size(data, i, start, end) if byte == STAR or byte == UNDERSCORE else 0
        if in_table and byte == BAR:  # becomes a blank, with those around it
            while n > first and np.int64(at(copy, n - 1)) == BLANK:
                n -= 1
            was_bar = True
        elif size == 0 and not (was_bar and byte == BLANK):
            if was_bar and n > first:
                put(copy, n, BLANK)
                n += 1
            was_bar = False
            put(copy, n, byte)
            n += 1
        i += max(size, 1)
    if find_printed(copy, first, n, tables) == n:
        return copy_bytes(data, start, end, copy, first)
    return n


@inline
def _is_rule(data: Any, start: int, end: int) -> bool:
    """Return whether a line is the row of dashes below the head of a table."""
    n_bars = n_dashes = most_dashes = 0
    for i in range(start, end):
        byte = np.int64(at(data, i))
        n_dashes = n_dashes + 1 if byte == DASH else 0
        most_dashes = max(most_dashes, n_dashes)
        n_bars += byte == BAR
        is_other = byte != DASH and byte != BAR and byte != COLON and byte != BLANK
        if is_other and byte != TAB and byte != RETURN:
            return False
    return n_bars > 0 and most_dashes >= RULE_DASHES


@inline
def _has_bar(data: Any, start: int, end: int) -> bool:
    for i in range(start, end, BLOCK):
        bars = bytes_between(data, i, BAR, BAR)
        if end - i < BLOCK:
            bars &= (ONE << np.uint64(end - i)) - ONE
        if bars != ZERO:
            return True
    return False


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
    in_table = False
    line = start
    while line < end:
        line_end = find_newline(data, line, end)
        below = line_end + 1
        if not _has_bar(data, line, line_end):
            in_table = False
        elif below < end:
            in_table |= _is_rule(data, below, find_newline(data, below, end))
        if in_table and _is_rule(data, line, line_end):
            n = copy_bytes(data, line, line_end, copy, n)
        else:
            n = _copy_line(data, line, line_end, in_table, tables, copy, n)
        if line_end < end:
            put(copy, n, NEWLINE)
            n += 1
        line = below
    return n
