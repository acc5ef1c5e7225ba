"""What `crosses` offers, on any processor.

Cross after cross over many lines, so that a question is asked of a whole vector
register of lines and the weights of one cross stay in the first-level cache. The
weights are integers: sums are exact, in whatever order.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.kernels.context.inputs import CELLS, DEPTH
from classifier.kernels.machine.arrays import fixed
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import inline
from classifier.kernels.machine.lanes import four_counts, put_lanes

CHUNK = 1024  # lines whose sums stay in the first-level cache


def prepared_weights(weights: npt.NDArray[np.int8]) -> npt.NDArray[np.int32]:
    """Lay out weights, shape (n_crosses, CELLS, 4), as `add_crosses` takes them.

    Parameters
    ----------
    weights : ndarray of int8, shape (n_crosses, CELLS, 4)

    Returns
    -------
    ndarray of int32, shape (n_crosses, CELLS, 4)
    """
    return fixed(weights, np.int32)


@inline
def question(stride: int, start: int, inputs: Any, borders: Any, q: int) -> Any:
    """Return where the column of question `q` begins, and its border.

    Parameters
    ----------
    stride : int
        Bytes from one column to the next.
    start : int
        The first line's place in a column.
    inputs, borders
        Of `ContextWeights`.
    q : int
        Counted over all crosses.

    Returns
    -------
    place : int
    border : uint8
    """
    column = np.int64(at(inputs, 2 * q)) * stride + start
    return column + np.int64(at(inputs, 2 * q + 1)), at(borders, q)


@inline
def fill_cells(
    columns: Any, stride: int, start: int, n: int, inputs: Any, borders: Any, q: int, cells: Any
) -> None:
    """Fill for `n` lines which row of weights the six questions from `q` on lead to.

    Parameters
    ----------
    columns : ndarray of uint8
    stride, start : int
        As in `question`.
    n : int
    inputs, borders, q
        As in `question`.
    cells : ndarray of int32
        Filled with numbers from 0 to 63.
    """
    a, above_a = question(stride, start, inputs, borders, q)
    b, above_b = question(stride, start, inputs, borders, q + 1)
    c, above_c = question(stride, start, inputs, borders, q + 2)
    d, above_d = question(stride, start, inputs, borders, q + 3)
    e, above_e = question(stride, start, inputs, borders, q + 4)
    f, above_f = question(stride, start, inputs, borders, q + 5)
    for i in range(n):
        cell = np.int64(at(columns, a + i) > above_a)
        cell |= np.int64(at(columns, b + i) > above_b) << 1
        cell |= np.int64(at(columns, c + i) > above_c) << 2
        cell |= np.int64(at(columns, d + i) > above_d) << 3
        cell |= np.int64(at(columns, e + i) > above_e) << 4
        cell |= np.int64(at(columns, f + i) > above_f) << 5
        put(cells, i, np.int32(cell))


@inline
def add_crosses(
    columns: Any,
    stride: int,
    start: int,
    n: int,
    inputs: Any,
    borders: Any,
    weights: Any,
    cells: Any,
    sums: Any,
) -> None:
    """Fill the sums of `n` lines, of however many documents, with the weights of all crosses.

    Parameters
    ----------
    columns : ndarray of uint8
        `stride` bytes apart; line `i` stands at ``start + i``. Between documents
        stand zeros, for which sums are filled, too.
    stride, start : int
        In bytes.
    n : int
        At most `CHUNK`.
    inputs : ndarray of int16, shape (n_crosses, DEPTH, 2)
        Column and distance of each question.
    borders : ndarray of uint8, shape (n_crosses, DEPTH)
    weights : ndarray of int32, shape (n_crosses, CELLS, 4)
        As `prepared_weights` lays them out.
    cells : ndarray of int32, shape (CHUNK + 2 * n_crosses * DEPTH,)
        Scratch, of which the first `CHUNK` are used here.
    sums : ndarray of int32, shape (CHUNK, 4)
        Output, in units of the layer's scale.
    """
    for j in range(4 * n):
        put(sums, j, np.int32(0))
    for cross in range(len(borders)):
        fill_cells(columns, stride, start, n, inputs, borders, cross * DEPTH, cells)
        own = cross * CELLS
        for i in range(n):
            row = 4 * (own + np.int64(at(cells, i)))
            put_lanes(sums, 4 * i, four_counts(sums, 4 * i) + four_counts(weights, row))
