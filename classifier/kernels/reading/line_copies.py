"""Copies of documents that have the same lines, and other things in and between them."""

from typing import Any

from classifier.kernels.machine.bits import ZERO, at, load8, put
from classifier.kernels.machine.blocks import BLOCK
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.splitting import find_newline
from classifier.kernels.text.white_space import is_blank


@inline
def _is_same(data: Any, i: int, copy: Any, j: int, n: int) -> bool:
    """Return whether the next `n` bytes are the same."""
    k = 0
    while k + BLOCK <= n:
        differing = ZERO
        for word in range(0, BLOCK, 8):
            differing |= load8(data, i + k + word) ^ load8(copy, j + k + word)
        if differing != ZERO:
            return False
        k += BLOCK
    while k < n:
        if at(data, i + k) != at(copy, j + k):
            return False
        k += 1
    return True


@jit
def move_lines(
    data: Any,
    offsets: Any,
    copy: Any,
    copy_offsets: Any,
    tables: Any,
    starts: Any,
    ends: Any,
    rows: Any,
) -> None:
    """Say where the lines of copies stand in the documents.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    offsets : ndarray of int64, shape (n_documents + 1,)
    copy : ndarray of uint8
        The same documents, with as many lines that are not blank; as `data`.
    copy_offsets : ndarray of int64, shape (n_documents + 1,)
    tables : CharacterTables
    starts, ends : ndarray of int64, shape (n_lines,)
        Bytes from where a document begins; in the copy, and then in the document.
    rows : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``d`` are ``rows[d]:rows[d + 1]``.
    """
    for d in range(len(offsets) - 1):
        begin, end = at(offsets, d), at(offsets, d + 1)
        copy_begin, size = at(copy_offsets, d), at(copy_offsets, d + 1) - at(copy_offsets, d)
        if end - begin == size and _is_same(data, begin, copy, copy_begin, size):
            continue
        i = begin
        for row in range(at(rows, d), at(rows, d + 1)):
            line_end = find_newline(data, i, end)
            while line_end < end and is_blank(data, i, line_end, tables):
                i = line_end + 1
                line_end = find_newline(data, i, end)
            put(starts, row, i - begin)
            put(ends, row, line_end - begin)
            i = line_end + 1
