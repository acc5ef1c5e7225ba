"""Documents that are read otherwise than they are: which, apart from the others, and back."""

from typing import Any

from classifier.kernels.invisible import find_invisible
from classifier.kernels.links import find_link
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.rewrite import copy_bytes
from classifier.kernels.usual_layout import is_usual, layout_of


@jit
def find_differing(data: Any, offsets: Any, in_layout: bool, differs: Any) -> int:
    """Find the documents of which something is read otherwise.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    offsets : ndarray of int64, shape (n_documents + 1,)
    in_layout : bool
        Whether their layout counts, too.
    differs : ndarray of bool, shape (n_documents,)
        Output.

    Returns
    -------
    int
        Their number.
    """
    n = 0
    for d in range(len(offsets) - 1):
        start, end = at(offsets, d), at(offsets, d + 1)
        is_other = (
            find_link(data, start, end) < end
            or find_invisible(data, start, end) < end
            or (in_layout and not is_usual(layout_of(data, start, end)))
        )
        differs[d] = is_other
        n += is_other
    return n


@jit
def take_differing(data: Any, offsets: Any, differs: Any, copy: Any, copy_offsets: Any) -> None:
    """Copy documents that differ, one behind the other.

    Parameters
    ----------
    data, offsets, differs
        As in `find_differing`.
    copy : ndarray of uint8
        Output, with room for all, and for 64 bytes more.
    copy_offsets : ndarray of int64, shape (n_differing + 1,)
        Output; its first element is not written.
    """
    n = k = 0
    for d in range(len(offsets) - 1):
        if differs[d]:
            n = copy_bytes(data, at(offsets, d), at(offsets, d + 1), copy, n)
            k += 1
            put(copy_offsets, k, n)


@jit
def put_back(
    data: Any,
    offsets: Any,
    differs: Any,
    others: Any,
    other_offsets: Any,
    copy: Any,
    copy_offsets: Any,
) -> None:
    """Copy all documents, those that differ from where they stand as they are read.

    Parameters
    ----------
    data, offsets, differs
        As in `find_differing`.
    others : ndarray of uint8
        As `data`.
    other_offsets : ndarray of int64, shape (n_differing + 1,)
    copy : ndarray of uint8
        Output, with room for all, and for 64 bytes more.
    copy_offsets : ndarray of int64, shape (n_documents + 1,)
        Output; its first element is not written.
    """
    n = k = 0
    for d in range(len(offsets) - 1):
        if differs[d]:
            n = copy_bytes(others, at(other_offsets, k), at(other_offsets, k + 1), copy, n)
            k += 1
        else:
            n = copy_bytes(data, at(offsets, d), at(offsets, d + 1), copy, n)
        put(copy_offsets, d + 1, n)
