"""Texts as they are read: what looks the same is, and addresses of Markdown's links are left out.

Models are fitted on texts as they are; hardly a line of theirs differs from what is read of it.
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
    """Make a copy that is as it is read.

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
    from classifier.kernels.invisible import copy_without_invisible, find_invisible
    from classifier.kernels.links import MOST_NESTED, copy_without_addresses, find_link

    column = _rewritten(column, find_link, copy_without_addresses, np.empty(MOST_NESTED, np.int64))
    return _composed(_rewritten(column, find_invisible, copy_without_invisible))


def _rewritten(
    column: Column, find: Callable[..., int], copy_without: Callable[..., None], *scratch: Any
) -> Column:
    """Copy a column by a kernel, if it has what another finds."""
    from classifier.kernels.characters import load_tables
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.machine.blocks import BLOCK

    data, offsets = text_arguments(column)
    first, last = int(offsets[0]), int(offsets[-1])
    if find(data, first, last) == last:
        return column
    copy = np.empty(last - first + BLOCK, np.uint8)
    copy_offsets = np.zeros(len(offsets), np.int64)
    copy_without(data, offsets, load_tables(), *scratch, copy, copy_offsets)
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
    """Say where lines stand in a column of which they were found in the copy that is read.

    Parameters
    ----------
    column, read : Column
        Two with the same lines: what `as_read` was given and returned, or the reverse.
    starts, ends : ndarray of int64, shape (n_lines,)
        Byte offsets in the documents of `read`; changed in place to those in `column`.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``i`` are ``document_offsets[i]:document_offsets[i + 1]``.
    """
    if read is not column:
        from classifier.kernels.line_copies import move_lines

        texts = (*text_arguments(column), *text_arguments(read))
        arguments: tuple[Any, ...] = (*texts, starts, ends, document_offsets)
        move_lines(*arguments)


def line_characters(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Count the characters of each line that carries a label, as they are read.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    ndarray of int64, shape (n_lines,)
        Code points, as statistics have them.
    """
    (column,) = read_columns(texts)
    data, offsets, _ = as_read(column)
    read = (data[first:last].tobytes().decode() for first, last in pairwise(offsets.tolist()))
    return np.array([end - start for text in read for start, end in line_spans(text)], np.int64)
