"""Texts as they are read: what looks the same is, and addresses of Markdown's links are left out.

Models are fitted on texts as they are: what is read is what is usual there.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.columns import Column, read_columns
from classifier.layers import text_arguments
from classifier.lines import line_spans

# A letter with accents of their own. No more than Unicode's stream-safe format has: putting
# them in order takes the square of their number.
ACCENTED = re.compile(".[\u0300-\u036f]{1,30}")


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
    from classifier.kernels.splitting import count_newlines
    from classifier.kernels.usual_layout import MOST_ADDED, are_usual, copy_in_usual_layout

    column = as_counted(column)
    data, offsets = text_arguments(column)
    if are_usual(data, offsets):
        return column
    first, last = int(offsets[0]), int(offsets[-1])
    n_lines = count_newlines(data, first, last) + len(offsets)
    return _copied(column, copy_in_usual_layout, last - first + MOST_ADDED * n_lines)


def as_counted(column: Column) -> Column:
    """Make a copy of what counts as characters.

    Without the addresses of links and the brackets around their words, and without invisible
    characters; letters and their accents are one character, as far as there is one.

    Parameters
    ----------
    column : Column

    Returns
    -------
    Column
        The same if nothing is to change; else a copy, with as many lines, of which the same
        are blank.
    """
    from classifier.kernels.characters import load_tables
    from classifier.kernels.invisible import copy_without_invisible, find_invisible
    from classifier.kernels.links import MOST_NESTED, copy_without_addresses, find_link

    for find, copy_without, scratch in (
        (find_link, copy_without_addresses, (load_tables(), np.empty(MOST_NESTED, np.int64))),
        (find_invisible, copy_without_invisible, (load_tables(),)),
    ):
        data, offsets = text_arguments(column)
        first, last = int(offsets[0]), int(offsets[-1])
        if find(data, first, last) < last:
            column = _copied(column, copy_without, last - first, *scratch)
    return _composed(column)


def _copied(column: Column, copy_by: Callable[..., None], room: int, *scratch: Any) -> Column:
    """Copy a column by a kernel, which may fill so many bytes."""
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.machine.blocks import BLOCK

    copy = np.empty(room + BLOCK, np.uint8)
    copy_offsets = np.zeros(len(column.offsets), np.int64)
    copy_by(*text_arguments(column), *scratch, copy, copy_offsets)
    return column._replace(data=fixed(copy, np.uint8), offsets=copy_offsets)


def _composed(column: Column) -> Column:
    """Put letters and accents together that make one character."""
    from classifier.kernels.invisible import find_accent
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.machine.blocks import BLOCK

    data, offsets = text_arguments(column)
    first, last = int(offsets[0]), int(offsets[-1])
    if find_accent(data, first, last) == last:
        return column
    composed = []
    for start, end in pairwise(offsets.tolist()):
        text = data[start:end].tobytes()
        if find_accent(data, start, end) < end:
            text = ACCENTED.sub(_composed_letter, text.decode()).encode()
        composed.append(text)
    copy_offsets = np.cumsum([0, *map(len, composed)], dtype=np.int64)
    copy = np.frombuffer(b"".join([*composed, bytes(BLOCK)]), np.uint8)
    return column._replace(data=fixed(copy, np.uint8), offsets=copy_offsets)


def _composed_letter(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[0])


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
