"""Columns of the context layers: numbers as bytes, and what is the same in many rows.

Columns lie one after the other, `stride` bytes apart, with `WINDOW` zeros before
and after the lines of each document, so that a neighbour is a step aside.
"""

from typing import Any

import numpy as np

from classifier.kernels.context.inputs import (
    MEAN_STEPS,
    N_COLUMNS,
    SCORE_STEPS,
    SCORE_ZERO,
    WINDOW,
)
from classifier.kernels.machine.arrays import CACHE_LINE
from classifier.kernels.machine.bits import put
from classifier.kernels.machine.jit import inline
from classifier.kernels.machine.lane_functions import floor, greatest, least
from classifier.kernels.machine.lanes import four_of

NIL = np.float32(0.0)
ONE = np.float32(1.0)
HALF = np.float32(0.5)
STEPS = np.float32(MEAN_STEPS)


@inline
def column_stride(n_lines: int, n_documents: int) -> int:
    """Return how many bytes apart columns lie.

    Whole cache lines, so that the first line of the first document begins one in every
    column if it does in one; an odd number of them, so that columns do not all
    compete for the same few places of the cache.

    Parameters
    ----------
    n_lines, n_documents : int
        Of the batch.

    Returns
    -------
    int
    """
    n_bytes = n_lines + WINDOW * (n_documents + 1)
    return CACHE_LINE * ((n_bytes + CACHE_LINE - 1) // CACHE_LINE | 1)


@inline
def score_steps(scores: Any) -> Any:
    """Return scores in eighths, from -16 (0) to just below 16 (255).

    Parameters
    ----------
    scores : 4 float32

    Returns
    -------
    4 float32
        Whole numbers, 0 to 255.
    """
    steps = floor(scores * four_of(np.float32(SCORE_STEPS)) + four_of(HALF))
    steps = steps + four_of(np.float32(SCORE_ZERO))
    return least(greatest(steps, four_of(NIL)), four_of(np.float32(255.0)))


@inline
def mean_step(mean: Any) -> Any:
    """Return a mean between 0 and 1 as 0–255.

    Parameters
    ----------
    mean : float32

    Returns
    -------
    uint8
    """
    return np.uint8(min(mean * STEPS, np.float32(255.0)))


@inline
def fill_column(columns: Any, column: int, n: int, value: Any) -> None:
    """Fill one column of a document with one value.

    Parameters
    ----------
    columns : ndarray of uint8
    column : int
        Where it begins, less `WINDOW`.
    n : int
        Lines of the document.
    value : uint8
    """
    for i in range(WINDOW, WINDOW + n):
        put(columns, column + i, value)


@inline
def blank_margins(columns: Any, stride: int, document_offsets: Any) -> None:
    """Fill with zeros what stands between the documents, and at both ends.

    Parameters
    ----------
    columns : ndarray of uint8
    stride : int
        Bytes from one column to the next.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
    """
    for c in range(N_COLUMNS):
        for d in range(len(document_offsets)):
            place = c * stride + document_offsets[d] + d * WINDOW
            for j in range(WINDOW):
                put(columns, place + j, np.uint8(0))
