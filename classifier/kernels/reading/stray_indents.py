"""Indents that are those of a page's source, say, and not those of its lists."""

from typing import Any

from classifier.kernels.machine.bits import ONE, ZERO, count_ones, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import jit
from classifier.kernels.reading.list_entries import BULLET, begins_entry
from classifier.kernels.reading.nested_lists import nested_depth
from classifier.kernels.text.byte_strings import begins_with
from classifier.kernels.text.masks import bits_below, shifted
from classifier.kernels.text.splitting import NEWLINE, count_newlines, find_newline
from classifier.kernels.text.white_space import BLANK, behind_indent, is_blank

# Indents are not those of lists from so many indented lines to an entry among them on, or where
# so many others are indented to a line that is not: all of the page is.
STRAY, WHOLE = 10, 9


@jit
def are_indents_stray(data: Any, start: int, end: int, is_nested: bool, tables: Any) -> bool:
    """Tell whether hardly any line that is indented is an entry, or nearly all lines are indented.

    Indents then are those of a page's source, say, and not those of its lists. Where entries have
    "•", as the labelled pages print them, they are.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
        `start` is where a line begins.
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
