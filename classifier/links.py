"""Texts as they are read: of links as Markdown prints them the words, not the addresses.

Models are fitted on texts as they are; hardly a page of theirs has such links.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.columns import Column, read_columns
from classifier.layers import text_arguments
from classifier.lines import line_spans


def without_addresses(column: Column) -> Column:
    """Leave out the addresses of links, and the brackets around their words.

    Parameters
    ----------
    column : Column

    Returns
    -------
    Column
        The same if it has no links; else a copy, with as many lines, of which the same are blank.
    """
    from classifier.kernels.characters import load_tables
    from classifier.kernels.links import MOST_NESTED, copy_without_addresses, find_link
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.machine.blocks import BLOCK

    data, offsets = text_arguments(column)
    first, last = int(offsets[0]), int(offsets[-1])
    if find_link(data, first, last) == last:
        return column
    copy = np.empty(last - first + BLOCK, np.uint8)
    copy_offsets = np.zeros(len(offsets), np.int64)
    brackets = np.empty(MOST_NESTED, np.int64)
    copy_without_addresses(data, offsets, load_tables(), brackets, copy, copy_offsets)
    return column._replace(data=fixed(copy, np.uint8), offsets=copy_offsets)


def place_lines(
    column: Column,
    read: Column,
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    document_offsets: npt.NDArray[np.int64],
) -> None:
    """Say where lines stand in a column of which they were found in a copy without addresses.

    Parameters
    ----------
    column, read : Column
        Two with the same lines: what `without_addresses` was given and returned, or the reverse.
    starts, ends : ndarray of int64, shape (n_lines,)
        Byte offsets in the documents of `read`; changed in place to those in `column`.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``i`` are ``document_offsets[i]:document_offsets[i + 1]``.
    """
    if read is not column:
        from classifier.kernels.links import move_lines

        texts = (*text_arguments(column), *text_arguments(read))
        arguments: tuple[Any, ...] = (*texts, starts, ends, document_offsets)
        move_lines(*arguments)


def line_characters(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Count the characters of each line that carries a label, without the addresses of links.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    ndarray of int64, shape (n_lines,)
        Code points, as statistics have them.
    """
    (column,) = read_columns(texts)
    data, offsets, _ = without_addresses(column)
    read = (data[first:last].tobytes().decode() for first, last in pairwise(offsets.tolist()))
    return np.array([end - start for text in read for start, end in line_spans(text)], np.int64)
