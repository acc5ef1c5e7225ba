"""Texts as they are read: what looks the same is, and addresses of Markdown's links are left out.

Models are fitted on texts as they are: what is read is what is usual there.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.columns import Column, read_columns
from classifier.layers import text_arguments
from classifier.lines import line_spans


def as_read(column: Column) -> Column:
    """Make a copy that is as it is read: what counts, in the usual layout.

    Parameters
    ----------
    column : Column

    Returns
    -------
    Column
        The same if nothing is to change; else a copy with as many lines that are not blank.
    """
    return _rewritten(column, True)


def as_counted(column: Column) -> Column:
    """Make a copy of what counts as characters.

    Without the addresses of links and the brackets around their words, and without invisible
    characters.

    Parameters
    ----------
    column : Column

    Returns
    -------
    Column
        The same if nothing is to change; else a copy, with as many lines, of which the same
        are blank.
    """
    return _rewritten(column, False)


def _rewritten(column: Column, in_layout: bool) -> Column:
    """Copy a column, if some of its documents are read otherwise; work on these alone."""
    from classifier.kernels.differing import find_differing, put_back, take_differing

    data, offsets = text_arguments(column)
    differs = np.zeros(len(offsets) - 1, np.bool_)
    n_differing = find_differing(data, offsets, in_layout, differs)
    if n_differing == 0:
        return column
    own_size = int(np.diff(offsets)[differs].sum())
    are_all = n_differing == len(differs)
    own = column if are_all else _copied(column, take_differing, n_differing, own_size, differs)
    own = _without_invisible(_without_addresses(own))
    own = _in_usual_layout(own) if in_layout else own
    if are_all:
        return own
    room = int(offsets[-1] - offsets[0]) - own_size + int(own.offsets[-1])
    return _copied(column, put_back, len(differs), room, differs, own.data, own.offsets)


def _copied(
    column: Column, copy_by: Callable[..., None], n_documents: int, room: int, *arguments: Any
) -> Column:
    """Copy a column by a kernel, which writes so many documents and bytes."""
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.machine.blocks import BLOCK

    copy = np.empty(room + BLOCK, np.uint8)
    copy_offsets = np.zeros(n_documents + 1, np.int64)
    copy_by(*text_arguments(column), *arguments, copy, copy_offsets)
    return column._replace(data=fixed(copy, np.uint8), offsets=copy_offsets)


def _without_addresses(column: Column) -> Column:
    from classifier.kernels.characters import load_tables
    from classifier.kernels.links import MOST_NESTED, copy_without_addresses, find_link

    data, offsets = text_arguments(column)
    first, last = int(offsets[0]), int(offsets[-1])
    if find_link(data, first, last) == last:
        return column
    scratch = load_tables(), np.empty(MOST_NESTED, np.int64)
    return _copied(column, copy_without_addresses, len(offsets) - 1, last - first, *scratch)


def _without_invisible(column: Column) -> Column:
    from classifier.kernels.characters import load_tables
    from classifier.kernels.invisible import copy_without_invisible, find_invisible

    data, offsets = text_arguments(column)
    first, last = int(offsets[0]), int(offsets[-1])
    if find_invisible(data, first, last) == last:
        return column
    return _copied(column, copy_without_invisible, len(offsets) - 1, last - first, load_tables())


def _in_usual_layout(column: Column) -> Column:
    from classifier.kernels.splitting import count_newlines
    from classifier.kernels.usual_layout import MOST_ADDED, copy_in_usual_layout

    data, offsets = text_arguments(column)
    first, last = int(offsets[0]), int(offsets[-1])
    n_lines = count_newlines(data, first, last) + len(offsets)
    room = last - first + MOST_ADDED * n_lines
    return _copied(column, copy_in_usual_layout, len(offsets) - 1, room)


def place_lines(
    column: Column,
    read: Column,
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    document_offsets: npt.NDArray[np.int64],
) -> None:
    """Say where lines stand in a column that were found in a copy.

    Parameters
    ----------
    column, read : Column
        Two with the same lines: what was given, and what is read of it or counts; or the reverse.
    starts, ends : ndarray of int64, shape (n_lines,)
        Byte offsets in the documents of `read`; changed in place to those in `column`.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``i`` are ``document_offsets[i]:document_offsets[i + 1]``.
    """
    if read is not column:
        from classifier.kernels.characters import load_tables
        from classifier.kernels.line_copies import move_lines

        texts = (*text_arguments(column), *text_arguments(read))
        arguments: tuple[Any, ...] = (*texts, load_tables(), starts, ends, document_offsets)
        move_lines(*arguments)


def line_characters(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Count the characters of each line that carries a label.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    ndarray of int64, shape (n_lines,)
        Code points, as statistics have them.
    """
    (column,) = read_columns(texts)
    data, offsets, _ = as_counted(column)
    read = (data[first:last].tobytes().decode() for first, last in pairwise(offsets.tolist()))
    return np.array([end - start for text in read for start, end in line_spans(text)], np.int64)
