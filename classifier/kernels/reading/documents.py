"""Documents as they are read: which differ from how they stand, and a copy of all."""

from typing import Any

from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.reading.addresses import find_link
from classifier.kernels.reading.invisible import copy_without_invisible, find_invisible
from classifier.kernels.reading.links import copy_without_addresses, without_bracket_above
from classifier.kernels.reading.markdown import copy_without_marks, has_marks
from classifier.kernels.reading.page_layout import layout_of
from classifier.kernels.reading.survey import ANYTHING, MAY_MARK
from classifier.kernels.reading.usual_layout import MOST_ADDED, copy_in_usual_layout
from classifier.kernels.text.byte_strings import copy_bytes
from classifier.kernels.text.splitting import count_newlines, find_line, find_newline

# Whether something is left out of a document, and whether it may have marks that are not read, as
# bits below those of its layout.
LESS, MARKED = 1, 2
LAYOUT_SHIFT = 2


@jit
def plan_reading(
    data: Any, offsets: Any, in_layout: bool, signs: Any, tables: Any, changes: Any
) -> tuple[int, int]:
    """Find the documents that are read otherwise than they stand.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    offsets : ndarray of int64, shape (n_documents + 1,)
    in_layout : bool
        Whether their layout counts, too.
    signs : ndarray of int64, shape (n_documents,)
        Which rules can matter to each document if it does (`classifier.kernels.reading.survey`).
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
        is_less = find_link(data, start, end) < end or find_invisible(data, start, end) < end
        found = LESS * is_less
        if in_layout and not is_less:
            sign = at(signs, d)
            if sign & MAY_MARK:
                found = MARKED * has_marks(data, start, end)
            if found == 0:
                found = layout_of(data, start, end, sign, tables) << LAYOUT_SHIFT
        if in_layout and found != 0:
            room += MOST_ADDED * (count_newlines(data, start, end) + 1)
        put(changes, d, found)
        if found != 0:
            longest = max(longest, end - start)
    return longest, room


@jit
def _copy_what_counts(
    data: Any, start: int, end: int, tables: Any, brackets: Any, line: Any, copy: Any
) -> int:
    """Copy a document without addresses and invisible characters; return where the copy ends.

    No line goes, or becomes blank, by it. Those that have neither are copied many at once.
    """
    n = above = 0  # where links may begin that end below: each byte is looked at for one alone
    i = start
    link = invisible = start - 1  # the next ones
    while i < end:
        link = find_link(data, i, end) if link < i else link
        invisible = find_invisible(data, i, end) if invisible < i else invisible
        place = min(link, invisible)
        first = find_line(data, i, place) if place < end else end
        n = copy_bytes(data, i, first, copy, n)
        i = first
        if i < end:
            i = find_newline(data, place, end)
            size, is_from_above = copy_without_addresses(data, first, i, tables, brackets, line, 0)
            if is_from_above:
                n = above = without_bracket_above(copy, above, n, tables)
            n = copy_without_invisible(line, 0, size, tables, copy, n)
    return n


@jit
def copy_as_read(
    data: Any,
    offsets: Any,
    in_layout: bool,
    tables: Any,
    changes: Any,
    brackets: Any,
    line: Any,
    less: Any,
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
    line, less : ndarray of uint8
        Scratch, each with room for the longest document that changes, and for a block more.
    copy : ndarray of uint8
        Output, with room for all, and for a block more.
    copy_offsets : ndarray of int64, shape (n_documents + 1,)
        Output; its first element is not written.
    """
    n = 0
    for d in range(len(offsets) - 1):
        text, start, end = data, at(offsets, d), at(offsets, d + 1)
        change = at(changes, d)
        layout = change >> LAYOUT_SHIFT
        if change & LESS:
            end = _copy_what_counts(text, start, end, tables, brackets, line, less)
            text, start = less, 0
        # Whether what is left has marks, and how it is laid out, has not been looked at.
        if change & MARKED or (change & LESS and in_layout and has_marks(text, start, end)):
            end = copy_without_marks(text, start, end, tables, line)
            text, start = line, 0
        if in_layout and change & (LESS | MARKED):
            layout = layout_of(text, start, end, ANYTHING, tables)
        n = copy_in_usual_layout(text, start, end, tables, layout, copy, n)
        put(copy_offsets, d + 1, n)
