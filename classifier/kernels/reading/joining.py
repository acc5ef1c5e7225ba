"""Lines that are read as one: what was broken to fit a width, or within sentences."""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.reading.fragments import goes_on, has_fragments
from classifier.kernels.reading.list_entries import DASH
from classifier.kernels.reading.survey import ANYTHING, IS_UNCASED, MAY_BREAK, MAY_WRAP, survey
from classifier.kernels.reading.wrapping import is_wrapped, wrap_width
from classifier.kernels.text.byte_strings import copy_bytes
from classifier.kernels.text.splitting import find_newline
from classifier.kernels.text.white_space import BLANK, find_printed, printed_end

FRAGMENTS = 1  # how sentences were broken: no width is as narrow


@jit
def plan_joining(
    data: Any, offsets: Any, tables: Any, fitting: Any, joints: Any, signs: Any
) -> bool:
    """Tell which lines of documents are read as one with those below.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    offsets : ndarray of int64, shape (n_documents + 1,)
    tables : CharacterTables
    fitting : ndarray of int64, shape (WIDEST + 2,)
        Scratch.
    joints : ndarray of int64, shape (n_documents,)
        Output: the width at which lines of each document were wrapped, or `FRAGMENTS`; 0 if all
        are read as they are.
    signs : ndarray of int64, shape (n_documents,)
        Output: which rules of reading can matter to each document, once lines are read as one
        (`classifier.kernels.reading.survey`).

    Returns
    -------
    bool
        Whether any lines are read as one.
    """
    is_any = False
    for d in range(len(offsets) - 1):
        start, end = at(offsets, d), at(offsets, d + 1)
        sign = survey(data, start, end, tables)
        found = 0
        if sign & MAY_WRAP:
            found = wrap_width(data, start, end, sign & IS_UNCASED > 0, tables, fitting)
        if found == 0 and sign & MAY_BREAK:
            found = FRAGMENTS * has_fragments(data, start, end, tables)
        put(joints, d, found)
        put(signs, d, ANYTHING if found > 0 else sign)
        is_any |= found > 0
    return is_any


@jit
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
def copy_joined(
    data: Any, offsets: Any, tables: Any, joints: Any, copy: Any, copy_offsets: Any
) -> None:
    """Copy documents of which lines are read as one, with a blank where they meet.

    Parameters
    ----------
    data, offsets, tables, joints
        As `plan_joining` takes and fills them.
    copy : ndarray of uint8
        Output, with room for all, and for a block more.
    copy_offsets : ndarray of int64, shape (n_documents + 1,)
        Output; its first element is not written.
    """
    n = 0
    for d in range(len(offsets) - 1):
        line, end, own = at(offsets, d), at(offsets, d + 1), at(joints, d)
        text = line
        while own > 0 and line < end:
            line_end = find_newline(data, line, end)
            line_behind = line_end + 1
            if _is_joined(data, line, line_end, end, own, tables):
                text_end = printed_end(data, text, line_end, tables)
                n = copy_bytes(data, text, text_end, copy, n)
                if not _ends_in_hyphen(data, text, text_end):
                    put(copy, n, BLANK)
                    n += 1
                text = find_printed(data, line_behind, end, tables)
            else:
                n = copy_bytes(data, text, min(line_behind, end), copy, n)
                text = line_behind
            line = line_behind
        n = copy_bytes(data, text, max(text, end), copy, n)
        put(copy_offsets, d + 1, n)


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
        As `plan_joining` tells them.
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
