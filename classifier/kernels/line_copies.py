"""Copies of documents with the same lines, of which some are shorter or longer."""

from typing import Any

from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.splitting import find_newline


@jit
def move_lines(
    data: Any, offsets: Any, copy: Any, copy_offsets: Any, starts: Any, ends: Any, rows: Any
) -> None:
    """Move where lines begin and end from a copy with the same lines to the documents.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    offsets : ndarray of int64, shape (n_documents + 1,)
    copy : ndarray of uint8
        The same documents, with as many lines; as `data`.
    copy_offsets : ndarray of int64, shape (n_documents + 1,)
    starts, ends : ndarray of int64, shape (n_lines,)
        Bytes from where a document begins; in the copy, and then in the document.
    rows : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``d`` are ``rows[d]:rows[d + 1]``.
    """
    for d in range(len(offsets) - 1):
        begin, end = at(offsets, d), at(offsets, d + 1)
        copy_begin, copy_end = at(copy_offsets, d), at(copy_offsets, d + 1)
        i, j = begin, copy_begin
        for row in range(at(rows, d), at(rows, d + 1)):
            while j - copy_begin < at(starts, row):
                i = find_newline(data, i, end) + 1
                j = find_newline(copy, j, copy_end) + 1
            put(starts, row, i - begin)
            put(ends, row, find_newline(data, i, end) - begin)
