"""Documents as they are read: which differ from how they stand, and a copy of all."""

from typing import Any

from classifier.kernels.invisible import copy_without_invisible, find_invisible
from classifier.kernels.links import copy_without_addresses, find_link
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.splitting import count_newlines
from classifier.kernels.usual_layout import MOST_ADDED, copy_in_usual_layout, layout_of

# What is left out of a document, as bits below those of its layout.
ADDRESSES, INVISIBLE = 1, 2
LAYOUT_SHIFT = 2


@jit
def plan_reading(
    data: Any, offsets: Any, in_layout: bool, tables: Any, changes: Any
) -> tuple[int, int]:
    """Find the documents that are read otherwise than they stand.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    offsets : ndarray of int64, shape (n_documents + 1,)
    in_layout : bool
        Whether their layout counts, too.
    tables : CharacterTables
    changes : ndarray of int64, shape (n_documents,)
        Output: bits; 0 for a document that is read as it is.

    Returns
    -------
    longest : int
        Bytes of the longest document that is not; 0 if all are.
    room : int
        Bytes that all may take as they are read.
    """
    longest = 0
    room = at(offsets, len(offsets) - 1) - at(offsets, 0)
    for d in range(len(offsets) - 1):
        start, end = at(offsets, d), at(offsets, d + 1)
        found = ADDRESSES * (find_link(data, start, end) < end)
        found += INVISIBLE * (find_invisible(data, start, end) < end)
        if in_layout and found == 0:
            found = layout_of(data, start, end, tables) << LAYOUT_SHIFT
        if in_layout and found != 0:
            room += MOST_ADDED * (count_newlines(data, start, end) + 1)
        put(changes, d, found)
        if found != 0:
            longest = max(longest, end - start)
    return longest, room


@jit
def copy_as_read(
    data: Any,
    offsets: Any,
    in_layout: bool,
    tables: Any,
    changes: Any,
    brackets: Any,
    between: Any,
    copy: Any,
    copy_offsets: Any,
) -> None:
    """Copy documents as they are read.

    Parameters
    ----------
    data, offsets, in_layout, tables, changes
        As `plan_reading` takes and fills them.
    brackets : ndarray of int64, shape (MOST_NESTED,)
        Scratch.
    between : ndarray of uint8
        Scratch: twice the room of the longest document that changes, and of a block.
    copy : ndarray of uint8
        Output, with room for all, and for a block more.
    copy_offsets : ndarray of int64, shape (n_documents + 1,)
        Output; its first element is not written.
    """
    second = len(between) // 2
    n = 0
    for d in range(len(offsets) - 1):
        text, start, end = data, at(offsets, d), at(offsets, d + 1)
        change = at(changes, d)
        layout = change >> LAYOUT_SHIFT
        if change & ADDRESSES:
            end = copy_without_addresses(text, start, end, tables, brackets, between, 0)
            text, start = between, 0
        if change & INVISIBLE:
            end = copy_without_invisible(text, start, end, tables, between, second)
            text, start = between, second
        if in_layout and change & (ADDRESSES | INVISIBLE):
            layout = layout_of(text, start, end, tables)  # of what is left
        n = copy_in_usual_layout(text, start, end, tables, layout, copy, n)
        put(copy_offsets, d + 1, n)
