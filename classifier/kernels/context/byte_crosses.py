"""What `crosses` offers, for as many lines at once as a register has bytes, or two.

The six answers of a line make a number below 64, and the weights of a label in one cross
are 64 bytes, out of which the processor takes those of all lines at once. With AVX-512
VBMI one instruction does that for 64 lines, and registers are enough for 128: what is
read of a cross, borders and weights, serves both. With AVX2 and NEON it is some
instructions for 32.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.kernels.context.inputs import CELLS, DEPTH, N_COLUMNS
from classifier.kernels.context.plain_crosses import CHUNK
from classifier.kernels.machine.arrays import fixed
from classifier.kernels.machine.bits import at, prefetch, put
from classifier.kernels.machine.byte_lanes import (
    BYTES,
    add_sums,
    bytes_at,
    even_sums,
    flagged,
    looked_up,
    no_sums,
    odd_bytes,
    pairs,
)
from classifier.kernels.machine.jit import inline
from classifier.kernels.machine.lanes import four_counts, put_turned

HAS_ROOM = BYTES == 64  # for the sums of a second register of lines
LINES = 2 * BYTES if HAS_ROOM else BYTES
TABLES = 4  # of a cross: one for each label
MOST_ADDED = 256  # bytes whose sum fits 16 bits
FOUR_TIMES = np.uint32(0x01010101)
NEAR_BYTES = 1 << 19  # of columns that stay in the second cache until they are read
ABOVE_ZERO = 1 << 7  # added to weights, so that they have no sign
NOTHING = CHUNK - BYTES // 4  # where a register of zeros stands in the scratch


def prepared_weights(weights: npt.NDArray[np.int8]) -> npt.NDArray[np.uint8]:
    """Lay out weights, shape (n_crosses, CELLS, 4), as `add_crosses` takes them.

    Parameters
    ----------
    weights : ndarray of int8, shape (n_crosses, CELLS, 4)

    Returns
    -------
    ndarray of uint8, shape (n_crosses, TABLES, CELLS)
        128 added to each.
    """
    tables = weights.transpose(0, 2, 1).astype(np.int16) + ABOVE_ZERO
    return fixed(tables.astype(np.uint8), np.uint8)


@inline
def _place_questions(inputs: Any, borders: Any, stride: int, places: Any) -> None:
    """Work out where each question's column begins, and its border four times.

    Once for many lines: a sum less for each question and line. In `places`, the scratch of
    `add_crosses`, they are filled behind the first `CHUNK`, with zeros before them.
    """
    for j in range(NOTHING, CHUNK):
        put(places, j, np.int32(0))
    n = len(borders) * DEPTH
    for q in range(n):
        column = np.int32(at(inputs, 2 * q)) * np.int32(stride)
        put(places, CHUNK + q, np.int32(column + np.int32(at(inputs, 2 * q + 1))))
    for q in range(n):
        put(places, CHUNK + n + q, np.int32(np.uint32(at(borders, q)) * FOUR_TIMES))


@inline
def _cells_of(columns: Any, start: int, places: Any, n_crosses: int, cross: int) -> Any:
    """Return for each of `BYTES` lines which row of weights the six answers of a cross lead to.

    A byte each, of which the lowest six bits count. The cells begin as nothing read from memory,
    and the first question's bit has a second one beside it, which looking up does not see: LLVM
    would turn additions of one, or to what it knows to be nothing, into two instructions each.
    """
    cells = bytes_at(places, NOTHING)
    for k in range(DEPTH):
        q = CHUNK + cross * DEPTH + k
        place = start + np.int64(at(places, q))
        border = at(places, q + n_crosses * DEPTH)
        cells = flagged(cells, columns, place, border, np.uint8(1 << k | (0 if k else CELLS)))
    return cells


@inline
def _with_weights(sums: Any, tables: Any, own: int, cells: Any) -> Any:
    """Return the sums of lines, by pairs and of odd ones, with the weights of a table added.

    It begins at ``tables[own]``.
    """
    found = looked_up(tables, own, cells)
    return sums[0] + pairs(found), sums[1] + odd_bytes(found)


@inline
def _add_lines(halves: Any, place: int, sums: Any) -> None:
    """Add the sums of lines to those from ``halves[place]`` on: even lines, then odd ones."""
    add_sums(halves, place, even_sums(sums[0], sums[1]))
    add_sums(halves, place + BYTES // 2, sums[1])


@inline
def _add_block(
    columns: Any,
    start: int,
    places: Any,
    n_crosses: int,
    tables: Any,
    first: int,
    stop: int,
    halves: Any,
) -> None:
    """Add the weights of crosses `first` to `stop` to `halves`, the sums of `BYTES` lines."""
    # A name for the sums of each label: numba has no arrays of registers.
    a = b = c = d = (no_sums(), no_sums())
    for cross in range(first, stop):
        cells = _cells_of(columns, start, places, n_crosses, cross)
        own = cross * TABLES * CELLS
        a = _with_weights(a, tables, own, cells)
        b = _with_weights(b, tables, own + CELLS, cells)
        c = _with_weights(c, tables, own + 2 * CELLS, cells)
        d = _with_weights(d, tables, own + 3 * CELLS, cells)
    for k, sums in enumerate((a, b, c, d)):
        _add_lines(halves, BYTES * k, sums)


@inline
def _add_two_blocks(
    columns: Any,
    start: int,
    places: Any,
    n_crosses: int,
    tables: Any,
    first: int,
    stop: int,
    halves: Any,
) -> None:
    """Do for twice as many lines what `_add_block` does, reading borders and weights once."""
    a = b = c = d = e = f = g = h = (no_sums(), no_sums())
    for cross in range(first, stop):
        one = _cells_of(columns, start, places, n_crosses, cross)
        other = _cells_of(columns, start + BYTES, places, n_crosses, cross)
        own = cross * TABLES * CELLS
        a, e = _with_weights(a, tables, own, one), _with_weights(e, tables, own, other)
        own += CELLS
        b, f = _with_weights(b, tables, own, one), _with_weights(f, tables, own, other)
        own += CELLS
        c, g = _with_weights(c, tables, own, one), _with_weights(g, tables, own, other)
        own += CELLS
        d, h = _with_weights(d, tables, own, one), _with_weights(h, tables, own, other)
    for k, sums in enumerate((a, b, c, d, e, f, g, h)):
        _add_lines(halves, BYTES * k, sums)


@inline
def _turn_sums(halves: Any, n: int, sums: Any, row: int) -> None:
    """Write `halves`, which go label by label, as rows of `sums` from `row` on: one a line.

    Of `BYTES` lines, or of `LINES` if `n` are more.
    """
    for half in range(0, LINES if n > BYTES else BYTES, BYTES):
        for j in range(0, BYTES, BYTES // 2):  # even lines, then odd ones
            for i in range(0, BYTES // 2, 4):
                place = 4 * half + j + i
                put_turned(
                    *(sums, 4 * (row + half + 2 * i + (j > 0)), 8),
                    *(four_counts(halves, place), four_counts(halves, place + BYTES)),
                    *(
                        four_counts(halves, place + 2 * BYTES),
                        four_counts(halves, place + 3 * BYTES),
                    ),
                )


@inline
def _ask_for_columns(columns: Any, stride: int, start: int, n: int) -> None:
    """Start to load `n` lines of all columns."""
    for c in range(N_COLUMNS):
        for j in range(start, start + n, BYTES):
            prefetch(columns, c * stride + j)


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
    """Fill the sums of `n` lines, of however many documents, with the weights of all crosses.

    Parameters
    ----------
    columns : ndarray of uint8
        `stride` bytes apart, and 128 bytes of anything behind; line `i` stands
        at ``start + i``. Between documents stand zeros, for which sums are
        filled, too. Fastest where line 0 of every column begins a cache line.
    stride, start : int
        In bytes.
    n : int
        At most `CHUNK`.
    inputs : ndarray of int16, shape (n_crosses, DEPTH, 2)
        Column and distance of each question.
    borders : ndarray of uint8, shape (n_crosses, DEPTH)
    tables : ndarray of uint8, shape (n_crosses, TABLES, CELLS)
        As `prepared_weights` makes them.
    scratch : ndarray of int32, shape (CHUNK + 2 * n_crosses * DEPTH,)
        Sums of `LINES` lines, then places and borders of all questions.
    sums : ndarray of int32, shape (CHUNK, 4)
        Output, in units of the layer's scale. Rows behind the last line are written, too.
    """
    n_crosses = len(borders)
    _place_questions(inputs, borders, stride, scratch)
    if N_COLUMNS * stride > NEAR_BYTES:
        _ask_for_columns(columns, stride, start, n)
    for block in range(0, n, LINES):
        for j in range(4 * LINES):
            put(scratch, j, np.int32(-ABOVE_ZERO * n_crosses))
        for first in range(0, n_crosses, MOST_ADDED):
            stop = min(first + MOST_ADDED, n_crosses)
            own = columns, start + block, scratch, n_crosses, tables, first, stop, scratch
            if HAS_ROOM and n - block > BYTES:
                _add_two_blocks(*own)
            else:
                _add_block(*own)
        _turn_sums(scratch, n - block, sums, block)
