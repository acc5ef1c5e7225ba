"""Lines that are read as one: what was broken to fit a width, or within sentences."""

from typing import Any

import numpy as np

from classifier.kernels.fragments import find_fragments, goes_on
from classifier.kernels.list_entries import DASH
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.rewrite import copy_bytes
from classifier.kernels.splitting import BLANK, NEWLINE, find_newline, find_printed, printed_end
from classifier.kernels.wrapping import is_wrapped, wrap_width

FRAGMENTS = 1  # how sentences were broken: no width is as narrow


@inline
def joints_of(data: Any, start: int, end: int, tables: Any, fitting: Any) -> int:
    """Tell which lines of a document are read as one with those below.

    Parameters
    ----------
    data, start, end, tables, fitting
        As `wrap_width` takes them.

    Returns
    -------
    int
        The width at which lines were wrapped, or `FRAGMENTS`; 0 if all are read as they are.
    """
    has_fragments, may_be_wrapped = find_fragments(data, start, end, tables)
    width = wrap_width(data, start, end, tables, fitting) if may_be_wrapped else 0
    return width if width > 0 else FRAGMENTS * has_fragments


@inline
def _is_joined(data: Any, line: int, line_end: int, end: int, joints: int, tables: Any) -> bool:
    """Return whether a line is read as one with that below."""
    if joints == FRAGMENTS:
        return goes_on(data, line, line_end, end, tables)
    return is_wrapped(data, line, line_end, end, joints, tables)


@inline
def _ends_in_hyphen(data: Any, text: int, text_end: int) -> bool:
    """Return whether a hyphen ends a text behind a letter, where words are broken as well."""
    if text_end - text < 2 or np.int64(at(data, text_end - 1)) != DASH:
        return False
    return np.int64(at(data, text_end - 2)) > DASH


@jit
def copy_joined(data: Any, start: int, end: int, tables: Any, joints: int, copy: Any) -> int:
    """Copy a document of which lines are read as one, with a blank where they meet.

    Parameters
    ----------
    data, start, end, tables
        As in `joints_of`.
    joints : int
        As they have been told.
    copy : ndarray of uint8
        Output, with room for the document and a block more.

    Returns
    -------
    int
        Where the copy ends.
    """
    n = 0
    line = text = start
    while line < end:
        line_end = find_newline(data, line, end)
        line_behind = line_end + 1
        if _is_joined(data, line, line_end, end, joints, tables):
            text_end = printed_end(data, text, line_end, tables)
            n = copy_bytes(data, text, text_end, copy, n)
            if not _ends_in_hyphen(data, text, text_end):
                put(copy, n, BLANK)
                n += 1
            text = find_printed(data, line_behind, end, tables)
        else:
            n = copy_bytes(data, text, line_end, copy, n)
            if line_end < end:
                put(copy, n, NEWLINE)
                n += 1
            text = line_behind
        line = line_behind
    return n


@jit
def find_rows(
    data: Any, offsets: Any, tables: Any, joints: Any, document_rows: Any, rows: Any
) -> int:
    """Find what each line is read as.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    offsets : ndarray of int64, shape (n_documents + 1,)
    tables : CharacterTables
    joints : ndarray of int64, shape (n_documents,)
        As `joints_of` tells them.
    document_rows : ndarray of int64, shape (n_documents + 1,)
        What is read of document ``d`` are rows ``document_rows[d]:document_rows[d + 1]``.
    rows : ndarray of int64, shape (n_lines,)
        Output: of each line that is not blank, its own or that of the lines it is joined to.

    Returns
    -------
    int
        How many lines there are.
    """
    n = 0
    for d in range(len(offsets) - 1):
        row, own = at(document_rows, d), at(joints, d)
        if own == 0:
            while row < at(document_rows, d + 1):
                put(rows, n, row)
                n += 1
                row += 1
            continue
        line, end = at(offsets, d), at(offsets, d + 1)
        while line < end:
            line_end = find_newline(data, line, end)
            if find_printed(data, line, line_end, tables) < line_end:
                put(rows, n, row)
                n += 1
                row += not _is_joined(data, line, line_end, end, own, tables)
            line = line_end + 1
    return n
