"""Texts as they are read: what looks the same is, and addresses of links are left out.

Models are fitted on texts as they are: what is read is what is usual there.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column, read_columns
from classifier.layers import count_lines, text_arguments
from classifier.lines import line_spans


class Reading(NamedTuple):
    """A column as it is read.

    Attributes
    ----------
    column : Column
        The same if nothing is to change, else a copy.
    joints : ndarray of int64, shape (n_documents,)
        Which lines of each document are read as one, as `plan_joining` of
        `classifier.kernels.reading.joining` tells; 0 if none are.
    """

    column: Column
    joints: npt.NDArray[np.int64]


def as_read(column: Column) -> Reading:
    """Make a copy that is as it is read: what counts, in the usual layout.

    Parameters
    ----------
    column : Column

    Returns
    -------
    Reading
        With as many lines that are not blank, or fewer where some are read as one.
    """
    joined, joints, signs = _joined(column)
    return Reading(_rewritten(joined, True, signs), joints)


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
    return _rewritten(column, False, np.zeros(len(column.offsets) - 1, np.int64))


def _joined(column: Column) -> tuple[Column, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Copy a column with as one what is read as one, if there is such.

    Returns
    -------
    column : Column
    joints, signs : ndarray of int64, shape (n_documents,)
        What is read as one, and which rules can matter then.
    """
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.machine.blocks import BLOCK
    from classifier.kernels.reading.joining import copy_joined, plan_joining
    from classifier.kernels.reading.wrapping import WIDEST
    from classifier.kernels.text.characters import load_tables

    data, offsets = text_arguments(column)
    joints, signs = (np.empty(len(offsets) - 1, np.int64) for _ in range(2))
    fitting = np.empty(WIDEST + 2, np.int64)
    if not plan_joining(data, offsets, load_tables(), fitting, joints, signs):
        return column, joints, signs
    copy = np.empty(offsets[-1] - offsets[0] + BLOCK, np.uint8)
    copy_offsets = np.zeros(len(offsets), np.int64)
    copy_joined(data, offsets, load_tables(), joints, copy, copy_offsets)
    return column._replace(data=fixed(copy, np.uint8), offsets=copy_offsets), joints, signs


def _rewritten(column: Column, in_layout: bool, signs: npt.NDArray[np.int64]) -> Column:
    """Copy a column, if some of its documents are read otherwise than they stand.

    If their layout counts, `signs` tells which of its rules can matter to each.
    """
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.machine.blocks import BLOCK
    from classifier.kernels.reading.documents import copy_as_read, plan_reading
    from classifier.kernels.reading.links import MOST_NESTED
    from classifier.kernels.text.characters import load_tables

    texts, tables = (*text_arguments(column), in_layout), load_tables()
    changes = np.empty(len(column.offsets) - 1, np.int64)
    longest, room = plan_reading(*texts, signs, tables, changes)
    if longest == 0:
        return column
    brackets = np.empty(MOST_NESTED, np.int64)
    line, less, copy = (np.empty(n + BLOCK, np.uint8) for n in (longest, longest, room))
    copy_offsets = np.zeros(len(column.offsets), np.int64)
    copy_as_read(*texts, tables, changes, brackets, line, less, copy, copy_offsets)
    return column._replace(data=fixed(copy, np.uint8), offsets=copy_offsets)


def rows_of_lines(
    column: Column, reading: Reading, document_rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Find the line that is read for each line of a column.

    Parameters
    ----------
    column : Column
    reading : Reading
        Of the column.
    document_rows : ndarray of int64, shape (n_documents + 1,)
        Lines that are read of document ``i`` are ``document_rows[i]:document_rows[i + 1]``.

    Returns
    -------
    ndarray of int64, shape (n_lines,)
        Of lines that are not blank; the same for all that are read as one.
    """
    from classifier.kernels.reading.joining import find_rows
    from classifier.kernels.text.characters import load_tables

    if not reading.joints.any():
        return np.arange(document_rows[0], document_rows[-1])
    rows = np.empty(count_lines(column), np.int64)
    texts = (*text_arguments(column), load_tables(), reading.joints)
    arguments: tuple[Any, ...] = (*texts, document_rows, rows)
    return rows[: find_rows(*arguments)]


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
        from classifier.kernels.reading.line_copies import move_lines
        from classifier.kernels.text.characters import load_tables

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
