"""Dashes before what somebody says, and how they are told from those of lists.

Spoken lines end as sentences do, and entries of lists hardly ever.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.reading.list_entries import DASH, is_entry
from classifier.kernels.reading.sentences import is_sentence
from classifier.kernels.text.masks import shifted
from classifier.kernels.text.splitting import NEWLINE, find_newline
from classifier.kernels.text.white_space import BLANK, behind_indent, is_blank, is_indent


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
