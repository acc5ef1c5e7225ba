"""Blocks and lists: runs of lines of one document, and what each line's run is like."""

from typing import Any

import numpy as np

from classifier.kernels.context.columns import NIL, ONE, fill_column, mean_step
from classifier.kernels.context.inputs import BLOCK, FACTS, LIST, N_TRACES, SCORES, WINDOW
from classifier.kernels.first_layer.feature_layout import BEGINNING, BLANK_BEFORE, INDENT
from classifier.kernels.first_layer.measures import count_bucket
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import inline
from classifier.kernels.machine.lane_functions import greatest, lane
from classifier.kernels.machine.lanes import four, four_of


@inline
def fill_run(
    traces: Any, columns: Any, stride: int, own: int, start: int, stop: int, head: int
) -> Any:
    """Fill the columns of one run, lines `start` to `stop`, from column `own` on.

    Place, number of lines, scores of line `head` (-1 for none) and means of
    probabilities. Returns the highest probabilities.

    Parameters
    ----------
    traces : ndarray of float32, shape (n_lines, N_TRACES)
    columns : ndarray of uint8
    stride : int
        Bytes from one column to the next.
    own, start, stop, head : int

    Returns
    -------
    4 float32
        The highest probability of each label.
    """
    sums = most = four_of(NIL)
    for i in range(start, stop):
        p = four(traces, i * N_TRACES)
        sums = sums + p
        most = greatest(most, p)
    n = stop - start
    lines = np.uint8(count_bucket(n))
    means = sums * four_of(ONE / np.float32(n))
    a, b = mean_step(lane(means, 0)), mean_step(lane(means, 1))
    c, d = mean_step(lane(means, 2)), mean_step(lane(means, 3))
    e = f = g = h = np.uint8(0)
    if head >= 0:
        score = SCORES * stride + WINDOW + head
        e, f = at(columns, score), at(columns, score + stride)
        g, h = at(columns, score + 2 * stride), at(columns, score + 3 * stride)
    # Line by line: most runs are too short for loops of their own for each column.
    for i in range(start, stop):
        place = own * stride + WINDOW + i
        put(columns, place, np.uint8(count_bucket(i - start + 1)))
        put(columns, place + stride, lines)
        put(columns, place + 2 * stride, e)
        put(columns, place + 3 * stride, f)
        put(columns, place + 4 * stride, g)
        put(columns, place + 5 * stride, h)
        put(columns, place + 6 * stride, a)
        put(columns, place + 7 * stride, b)
        put(columns, place + 8 * stride, c)
        put(columns, place + 9 * stride, d)
    return most


@inline
def fill_blocks(traces: Any, columns: Any, stride: int, n: int) -> None:
    """Fill the columns of blocks: lines without a blank line between them.

    Parameters
    ----------
    traces, columns, stride
        As in `fill_run`.
    n : int
        Lines of the document.
    """
    blanks = (FACTS + BLANK_BEFORE) * stride + WINDOW
    start = 0
    while start < n:
        stop = start + 1
        while stop < n and at(columns, blanks + stop) == 0:
            stop += 1
        most = fill_run(traces, columns, stride, BLOCK, start, stop, start)
        for k in range(2):
            highest = (BLOCK + 10 + k) * stride + start
            fill_column(columns, highest, stop - start, mean_step(lane(most, 2 + k)))
        start = stop


@inline
def fill_lists(traces: Any, columns: Any, stride: int, n: int) -> None:
    """Fill the columns of lists: lines that begin and are indented alike.

    Parameters
    ----------
    traces, columns, stride
        As in `fill_run`.
    n : int
        Lines of the document.
    """
    beginnings = (FACTS + BEGINNING) * stride + WINDOW
    indents = (FACTS + INDENT) * stride + WINDOW
    start = 0
    while start < n:
        beginning, indent = at(columns, beginnings + start), at(columns, indents + start)
        stop = start + 1
        while (
            stop < n
            and at(columns, beginnings + stop) == beginning
            and at(columns, indents + stop) == indent
        ):
            stop += 1
        fill_run(traces, columns, stride, LIST, start, stop, start - 1)
        start = stop
