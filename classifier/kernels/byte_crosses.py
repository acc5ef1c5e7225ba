"""What `crosses` offers, for 64 lines at once.

The six answers of a line make a number below 64, and the weights of a label in
one cross are 64: as bytes, they fill one register, out of which the processor
takes 64 of them at once. So a weight is kept as two bytes in two tables, and the
bytes are summed apart.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.kernels.arrays import fixed
from classifier.kernels.bits import at, put
from classifier.kernels.byte_lanes import (
    BYTES,
    add_sums,
    even_bytes,
    flagged,
    looked_up,
    no_bytes,
    no_sums,
    odd_bytes,
)
from classifier.kernels.context_layout import CELLS, DEPTH
from classifier.kernels.jit import inline, jit

TABLES = 8  # of a cross: low and high byte for each of four labels
MOST_ADDED = 256  # bytes whose sum fits 16 bits
ABOVE_ZERO = 1 << 15  # added to weights, so that their bytes have no sign


@jit
def fill_tables(weights: Any, tables: Any) -> None:
    """Spread weights (n_crosses, CELLS, 4) over tables (n_crosses, TABLES, CELLS) of bytes."""
    for cross in range(len(weights)):
        for cell in range(CELLS):
            for k in range(4):
                weight = np.int64(weights[cross, cell, k]) + ABOVE_ZERO
                tables[cross, 2 * k, cell] = weight & 0xFF
                tables[cross, 2 * k + 1, cell] = weight >> 8


def prepared_weights(weights: npt.NDArray[np.int16]) -> npt.NDArray[np.uint8]:
    """Lay out weights, shape (n_crosses, CELLS, 4), as `add_crosses` takes them."""
    tables = np.empty((len(weights), TABLES, CELLS), np.uint8)
    fill_tables(fixed(weights, np.int16), tables)
    return fixed(tables, np.uint8)


@inline
def answered(
    cells: Any, columns: Any, stride: int, start: int, inputs: Any, borders: Any, q: int, bit: int
) -> Any:
    """Set a bit in the cells of 64 lines whose answer to question `q` is yes."""
    place = np.int64(at(inputs, 2 * q)) * stride + start + np.int64(at(inputs, 2 * q + 1))
    return flagged(cells, columns, place, at(borders, q), np.uint8(bit))


@inline
def cells_of(columns: Any, stride: int, start: int, inputs: Any, borders: Any, cross: int) -> Any:
    """Return for 64 lines which row of weights of a cross the six answers lead to."""
    cells = no_bytes()
    for k in range(DEPTH):
        q = cross * DEPTH + k
        cells = answered(cells, columns, stride, start, inputs, borders, q, 1 << k)
    return cells


@inline
def add_block(
    columns: Any,
    stride: int,
    start: int,
    inputs: Any,
    borders: Any,
    tables: Any,
    first: int,
    stop: int,
    halves: Any,
) -> None:
    """Add the weights of crosses `first` to `stop` to `halves`, the sums of 64 lines."""
    # A name for each register: numba has no arrays of them.
    a = b = c = d = e = f = g = h = no_sums()  # of even lines
    i = j = k = m = n = o = p = q = no_sums()  # of odd lines
    for cross in range(first, stop):
        cells = cells_of(columns, stride, start, inputs, borders, cross)
        own = cross * TABLES * CELLS
        found = looked_up(tables, own, cells)
        a = a + even_bytes(found)
        i = i + odd_bytes(found)
        found = looked_up(tables, own + CELLS, cells)
        b = b + even_bytes(found)
        j = j + odd_bytes(found)
        found = looked_up(tables, own + 2 * CELLS, cells)
        c = c + even_bytes(found)
        k = k + odd_bytes(found)
        found = looked_up(tables, own + 3 * CELLS, cells)
        d = d + even_bytes(found)
        m = m + odd_bytes(found)
        found = looked_up(tables, own + 4 * CELLS, cells)
        e = e + even_bytes(found)
        n = n + odd_bytes(found)
        found = looked_up(tables, own + 5 * CELLS, cells)
        f = f + even_bytes(found)
        o = o + odd_bytes(found)
        found = looked_up(tables, own + 6 * CELLS, cells)
        g = g + even_bytes(found)
        p = p + odd_bytes(found)
        found = looked_up(tables, own + 7 * CELLS, cells)
        h = h + even_bytes(found)
        q = q + odd_bytes(found)
    add_sums(halves, 0, a, b)
    add_sums(halves, 32, i, j)
    add_sums(halves, 64, c, d)
    add_sums(halves, 96, k, m)
    add_sums(halves, 128, e, f)
    add_sums(halves, 160, n, o)
    add_sums(halves, 192, g, h)
    add_sums(halves, 224, p, q)


@inline
def add_crosses(
    columns: Any,
    stride: int,
    start: int,
    n: int,
    inputs: Any,
    borders: Any,
    tables: Any,
    scratch: Any,
    sums: Any,
) -> None:
    """Fill the sums of `n` lines with the weights of all crosses.

    Parameters
    ----------
    columns : ndarray of uint8
        `stride` bytes apart, and 64 bytes of anything behind; line `i` stands
        at ``start + i``.
    inputs : ndarray of int16, shape (n_crosses, DEPTH, 2)
        Column and distance of each question.
    borders : ndarray of uint8, shape (n_crosses, DEPTH)
    tables : ndarray of uint8, shape (n_crosses, TABLES, CELLS)
        As `prepared_weights` makes them.
    scratch : ndarray of int32, shape (CHUNK,)
    sums : ndarray of int32, shape (CHUNK, 4)
    """
    n_crosses = len(borders)
    for block in range(0, n, BYTES):
        for j in range(4 * BYTES):
            put(scratch, j, np.int32(0))
        for first in range(0, n_crosses, MOST_ADDED):
            stop = min(first + MOST_ADDED, n_crosses)
            add_block(columns, stride, start + block, inputs, borders, tables, first, stop, scratch)
        for i in range(min(BYTES, n - block)):
            for k in range(4):
                total = at(scratch, BYTES * k + (i & 1) * (BYTES // 2) + (i >> 1))
                put(sums, 4 * (block + i) + k, np.int32(total - ABOVE_ZERO * n_crosses))
