r"""Rewrite documents: copy kept lines to a new buffer, settle the blank lines around the rest.

Lines here are the labelled ones, so blank lines are the gaps between them. A
gap of exactly one byte is the ``"\n"`` between two neighbours; a longer one
holds at least one blank line.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.kernels.machine.arrays import fixed
from classifier.kernels.machine.blocks import BLOCK
from classifier.kernels.machine.jit import jit
from classifier.kernels.text.byte_strings import copy_bytes

NEWLINE = np.uint8(0x0A)


@jit
def _rewrite_document(
    data: Any, base: int, size: int, starts: Any, ends: Any, keep: Any, out: Any, filled: int
) -> int:
    """Rewrite the document at ``data[base:base + size]``; return the new fill of `out`."""
    # Kept neighbours are copied in one stretch with the blank lines between
    # them. `stretch` is where it begins, -1 outside of one.
    stretch = -1
    any_kept = False
    blank = False  # whether the run since the last kept line held a blank line
    for line in range(len(keep)):
        gap_is_blank = line > 0 and starts[line] - ends[line - 1] > 1
        if not keep[line]:
            if stretch >= 0:
                filled = copy_bytes(data, base + stretch, base + ends[line - 1], out, filled)
                stretch = -1
                blank = False
            blank = blank or gap_is_blank
        elif stretch < 0:
            stretch = starts[line]
            if any_kept:
                out[filled] = NEWLINE
                filled += 1
                if blank or gap_is_blank:
                    out[filled] = NEWLINE
                    filled += 1
            elif line == 0:
                stretch = 0  # blank lines at the top, none dropped among them
            any_kept = True
    if stretch >= 0:  # the last line is kept: so is all that follows it
        filled = copy_bytes(data, base + stretch, base + size, out, filled)
    elif any_kept and data[base + size - 1] == NEWLINE:
        out[filled] = NEWLINE
        filled += 1
    return filled


@jit
def _rewrite(
    data: Any,
    offsets: Any,
    starts: Any,
    ends: Any,
    document_offsets: Any,
    keep: Any,
    drop_document: Any,
    out: Any,
    out_offsets: Any,
) -> None:
    filled = 0
    out_offsets[0] = 0
    for document in range(len(document_offsets) - 1):
        base = offsets[document]
        size = offsets[document + 1] - base
        lines = slice(document_offsets[document], document_offsets[document + 1])
        if not drop_document[document]:
            if lines.start == lines.stop:  # no labelled line, so none is dropped
                filled = copy_bytes(data, base, base + size, out, filled)
            else:
                filled = _rewrite_document(
                    data, base, size, starts[lines], ends[lines], keep[lines], out, filled
                )
        out_offsets[document + 1] = filled


def rewrite_documents(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    document_offsets: npt.NDArray[np.int64],
    keep: npt.NDArray[np.bool_],
    drop_document: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    r"""Write each document anew without its dropped lines.

    Where lines were dropped, the blank lines around them shrink to one empty line, and to
    none where there were no blank ones, or at an end of the text. All other bytes stay as
    they are, and so does a ``"\n"`` at the very end, if anything is kept.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
        UTF-8 of all documents.
    offsets : ndarray of int64, shape (n_documents + 1,)
        Document ``i`` is ``data[offsets[i]:offsets[i + 1]]``.
    starts, ends : ndarray of int64, shape (n_lines,)
        Byte offsets of the labelled lines, from the start of each document;
        every line that is not blank is among them.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``i`` are ``document_offsets[i]:document_offsets[i + 1]``.
    keep : ndarray of bool, shape (n_lines,)
        Which lines stay.
    drop_document : ndarray of bool, shape (n_documents,)
        Documents that become empty whatever their lines.

    Returns
    -------
    data : ndarray of uint8, shape (n_bytes_out,)
        UTF-8 of the rewritten documents; the given array itself if nothing is dropped.
    offsets : ndarray of int64, shape (n_documents + 1,)
        Document ``i`` is ``data[offsets[i]:offsets[i + 1]]``.
    """
    if keep.all() and not drop_document.any():
        return data, offsets
    # Never longer than before: a dropped line takes its own "\n" with it. Copying
    # goes a block further at most.
    out = np.empty(offsets[-1] - offsets[0] + BLOCK, np.uint8)
    out_offsets = np.empty(len(offsets), np.int64)
    _rewrite(
        fixed(data, np.uint8),
        fixed(offsets, np.int64),
        fixed(starts, np.int64),
        fixed(ends, np.int64),
        fixed(document_offsets, np.int64),
        fixed(keep, np.bool_),
        fixed(drop_document, np.bool_),
        out,
        out_offsets,
    )
    return out[: out_offsets[-1]], out_offsets
