"""Second layer: what the lines around a line, and its place in the page, say about it.

One document at a time: its columns are filled, then the crosses over them are
added up, some lines at a time. Nothing is kept but a byte a line and column.
"""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, put
from classifier.kernels.context_layout import N_COLUMNS, REPETITION, WINDOW
from classifier.kernels.crosses import CHUNK, add_crosses
from classifier.kernels.jit import jit
from classifier.kernels.lanes import as_floats, four, four_counts, put_lanes
from classifier.kernels.repeats import find_repeats
from classifier.kernels.runs import fill_blocks, fill_lists
from classifier.kernels.surroundings import fill_surroundings


@jit
def read_context(
    document_offsets: Any,
    scores: Any,
    facts: Any,
    hashes: Any,
    inputs: Any,
    borders: Any,
    weights: Any,
    scale: Any,
    bias: Any,
    traces: Any,
    mass: Any,
    steps: Any,
    keys: Any,
    members: Any,
    slots: Any,
    columns: Any,
    cells: Any,
    sums: Any,
    logits: Any,
    collect: bool,
    collected: Any,
) -> None:
    """Score every line of a batch in its document.

    Parameters
    ----------
    document_offsets : ndarray of int64, shape (n_documents + 1,)
    scores : ndarray of float32, shape (n_lines, 4)
        First layer.
    facts, hashes : ndarray
        As `read_batch` filled them.
    inputs : ndarray of int16, shape (n_crosses, DEPTH, 2)
        Column and distance of each question.
    borders : ndarray of uint8, shape (n_crosses, DEPTH)
    weights : ndarray of int32, shape (n_crosses, CELLS, 4)
    scale, bias : ndarray of float32, shape (4,)
        Unit of the weights, and intercepts.
    traces … sums : ndarray
        Scratch for the longest document, see `second_layer_scratch`.
    logits : ndarray of float32, shape (n_lines, 4)
        Output.
    collect : bool
        Whether to copy the columns to `collected` (n_lines, N_COLUMNS).
    """
    for d in range(len(document_offsets) - 1):
        first = document_offsets[d]
        n = document_offsets[d + 1] - first
        if n == 0:
            continue
        stride = n + 2 * WINDOW
        fill_surroundings(scores, facts, first, n, traces, mass, steps, columns, stride)
        find_repeats(hashes, first, n, keys, members, slots, columns, REPETITION * stride + WINDOW)
        fill_blocks(traces, columns, stride, n)
        fill_lists(traces, columns, stride, n)
        for start in range(0, n, CHUNK):
            size = min(CHUNK, n - start)
            for j in range(4 * size):
                put(sums, j, np.int32(0))
            place = WINDOW + start
            add_crosses(columns, stride, place, size, inputs, borders, weights, cells, sums)
            for i in range(size):
                logit = as_floats(four_counts(sums, 4 * i)) * four(scale, 0) + four(bias, 0)
                put_lanes(logits, 4 * (first + start + i), logit)
        if collect:
            for i in range(n):
                for c in range(N_COLUMNS):
                    collected[first + i, c] = at(columns, c * stride + WINDOW + i)
