"""Lines that were wrapped at some width, and the paragraphs that they are of.

Mails, browsers of terminals and html2text break a line before the first word that no longer fits.
Where a page has many breaks that one width explains, and hardly any line that is longer, these
are no ends of lines.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, highest_one, put, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.reading.list_entries import begins_entry, is_entry
from classifier.kernels.text.byte_strings import begins_with
from classifier.kernels.text.characters import count_characters
from classifier.kernels.text.masks import bits_below
from classifier.kernels.text.splitting import LONG_LINE, NEWLINE, ends_of_long_lines, find_newline
from classifier.kernels.text.white_space import (
    BLANK,
    RETURN,
    TAB,
    behind_indent,
    find_printed,
    printed_end,
)

NARROWEST, WIDEST = 50, 130  # code points of the widths that are looked for
BAR = ord("|")
# Characters of a word, where most have three bytes; longer ones are of scripts without blanks.
LONGEST = 12
ELLIPSIS, DOTS = (np.frombuffer(sign.encode(), np.uint8) for sign in ("…", "..."))
# Breaks that one width has to explain, of how many tenths of all, and how many to a longer line.
LEAST, TENTHS, TO_LONGER = 3, 3, 5
LEAST_UNCASED, TENTHS_UNCASED = 5, 5  # where small letters do not tell them from other lines
TRIED = 256  # breaks, of which the tenths have to be explained as well, for long pages


@jit
def _word_below(data: Any, line: int, line_end: int, end: int, tables: Any) -> int:
    """Return where the first word behind a break begins, -1 if there is none.

    There is no break behind short lines, nor before blank lines and entries.
    """
    below = line_end + 1
    if line_end - line < LONG_LINE or below >= end or np.int64(at(data, below)) == NEWLINE:
        return -1
    i = behind_indent(data, below, end)
    if i == end or is_entry(data, i, end):
        return -1
    if ord("a") <= np.int64(at(data, i)) | 0x20 <= ord("z"):  # as most do
        return i
    if np.int64(at(data, i)) == BAR:  # of a table
        return -1
    below_end = find_newline(data, below, end)
    word = find_printed(data, i, below_end, tables)
    if word == below_end or begins_entry(data, i, below_end, tables):
        return -1
    return word


@inline
def _word_end(data: Any, word: int, end: int) -> int:
    """Return where a word ends; white space beyond ASCII is of it, for no line is broken there."""
    for i in range(word, end, BLOCK):
        found = bytes_between(data, i, TAB, RETURN) | bytes_between(data, i, BLANK, BLANK)
        if found != ZERO:
            return min(i + trailing_zeros(found), end)
    return end


@jit
def _is_unspaced(data: Any, word: int, end: int) -> bool:
    """Return whether a word is as long as only those of scripts without blanks are."""
    n_bytes = _word_end(data, word, end) - word
    if n_bytes <= 2 * LONGEST:
        return False
    n = count_characters(data, word, word + n_bytes)
    return n > LONGEST and n_bytes > 2 * n


@inline
def _ends_in_ellipsis(data: Any, text: int, text_end: int) -> bool:
    """Return whether a text ends in "…" or "...", which have three bytes each."""
    i = text_end - len(ELLIPSIS)
    if i < text:
        return False
    return begins_with(data, i, text_end, ELLIPSIS) or begins_with(data, i, text_end, DOTS)


@jit
def _fitting_widths(
    data: Any, line: int, line_end: int, word: int, end: int, tables: Any
) -> tuple[int, int]:
    """Tell at which widths lines were wrapped, if one is broken before the word below it.

    Returns
    -------
    least, most : int
        The line's code points, and those with a blank and the word, less one; 0 and -1 if it is
        blank, or wider than any that is looked for, if it ends in an ellipsis, as what was cut
        does, or is in a script without blanks.
    """
    text_end = printed_end(data, line, line_end, tables)
    if text_end == line or text_end - line > 4 * WIDEST:  # none has more than four bytes
        return 0, -1
    least = count_characters(data, line, text_end)
    if least > WIDEST or _is_unspaced(data, word, end):
        return 0, -1
    first = find_printed(data, line, text_end, tables)
    if _is_unspaced(data, first, text_end) or _ends_in_ellipsis(data, first, text_end):
        return 0, -1
    return least, least + count_characters(data, word, _word_end(data, word, end))


@jit
def is_wrapped(data: Any, line: int, line_end: int, end: int, width: int, tables: Any) -> bool:
    """Return whether a line was wrapped where it ends.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    line, line_end : int
    end : int
        Of the document.
    width : int
        At which its lines were wrapped.
    tables : CharacterTables

    Returns
    -------
    bool
    """
    word = _word_below(data, line, line_end, end, tables)
    if word < 0:
        return False
    least, most = _fitting_widths(data, line, line_end, word, end, tables)
    return least <= width <= most


@jit
def _is_longer(data: Any, line: int, line_end: int, width: int, tables: Any) -> bool:
    """Return whether a line that is no entry is wider, and could have been wrapped."""
    if line_end - line <= width:
        return False
    text_end = printed_end(data, line, line_end, tables)
    word = find_printed(data, line, text_end, tables)
    if _word_end(data, word, text_end) == text_end:
        return False
    i = behind_indent(data, line, line_end)
    return count_characters(data, line, text_end) > width and not begins_entry(
        data, i, line_end, tables
    )


@inline
def _most_fitting(fitting: Any) -> tuple[int, int]:
    """Return the least width that most breaks fit, and how many do."""
    width = n_explained = n = 0
    for candidate in range(NARROWEST, WIDEST + 1):
        n += at(fitting, candidate)
        if n > n_explained:
            width, n_explained = candidate, n
    return width, n_explained


@jit
def wrap_width(data: Any, start: int, end: int, is_uncased: bool, tables: Any, fitting: Any) -> int:
    """Find the width at which a document's lines were wrapped.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    is_uncased : bool
        Whether it has hardly any line that begins with a small letter, as its script has none.
    tables : CharacterTables
    fitting : ndarray of int64, shape (WIDEST + 2,)
        Scratch.

    Returns
    -------
    int
        In code points, the least that explains as many breaks as any; 0 if they were not.
    """
    fitting[:] = 0
    least_explained, tenths = LEAST, TENTHS
    if is_uncased:
        least_explained, tenths = LEAST_UNCASED, TENTHS_UNCASED
    n_breaks = 0
    newline = start - 1  # the one before the block
    for block in range(start, end, BLOCK):
        newlines = bytes_between(data, block, NEWLINE, NEWLINE)
        if end - block < BLOCK:
            newlines &= bits_below(end - block)
        long_ends = ends_of_long_lines(newlines, newline - block) & ~(newlines >> ONE)
        while long_ends != ZERO:
            k = trailing_zeros(long_ends)
            long_ends &= long_ends - ONE
            above = highest_one(newlines & bits_below(k))
            line, line_end = (newline if above < 0 else block + above) + 1, block + k
            word = _word_below(data, line, line_end, end, tables)
            if word >= 0:
                least, most = _fitting_widths(data, line, line_end, word, end, tables)
                n_breaks += most > 0
                if most > 0 and n_breaks == TRIED + 1:
                    _, n_explained = _most_fitting(fitting)
                    if 10 * n_explained < tenths * TRIED:
                        return 0
                least, most = max(least, NARROWEST), min(most, WIDEST)
                if least <= most:
                    put(fitting, least, at(fitting, least) + 1)
                    put(fitting, most + 1, at(fitting, most + 1) - 1)
        newline = newline if newlines == ZERO else block + highest_one(newlines)
    width, n_explained = _most_fitting(fitting)
    if n_explained < least_explained or 10 * n_explained < tenths * n_breaks:
        return 0
    n_longer = 0
    line = start
    while line < end:
        line_end = find_newline(data, line, end)
        n_longer += _is_longer(data, line, line_end, width, tables)
        if TO_LONGER * n_longer > n_explained:
            return 0
        line = line_end + 1
    return width
