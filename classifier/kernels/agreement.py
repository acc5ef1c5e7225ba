"""Third layer: how a line's label agrees with those of the lines next to it.

The second layer adds up evidence, and a sum cannot say "paywall, *if* the line
above is one". This layer looks at products: each label's probability by the
second layer times each label's probability in the neighbouring lines.
"""

from typing import Any

import numpy as np

from classifier.kernels.activation import probabilities_of
from classifier.kernels.bits import at, put
from classifier.kernels.context_layout import N_AGREEMENT, NEIGHBOURS
from classifier.kernels.jit import inline, jit
from classifier.kernels.lanes import four, four_of, lane, put_lanes, total

NIL = np.float32(0.0)
QUARTER = np.float32(0.25)


@inline
def fill_inputs(scores: Any, logits: Any, shares: Any, row: int, i: int, inputs: Any) -> None:
    """Fill the inputs of one line: logits around their mean, own scores, products."""
    own = four(logits, 4 * row)
    put_lanes(inputs, 0, own - four_of(total(own) * QUARTER))
    put_lanes(inputs, 4, four(scores, 4 * row))
    p = four(shares, 4 * (NEIGHBOURS + i))
    for distance in range(1, NEIGHBOURS + 1):
        near = four(shares, 4 * (NEIGHBOURS + i - distance))
        near = near + four(shares, 4 * (NEIGHBOURS + i + distance))
        for k in range(4):
            put_lanes(inputs, 16 * distance - 8 + 4 * k, four_of(lane(p, k)) * near)


@jit
def read_agreement(
    document_offsets: Any,
    scores: Any,
    logits: Any,
    weights: Any,
    bias: Any,
    shares: Any,
    inputs: Any,
    refined: Any,
    collect: bool,
    collected: Any,
) -> None:
    """Refine the second layer's logits.

    Parameters
    ----------
    document_offsets : ndarray of int64, shape (n_documents + 1,)
    scores, logits : ndarray of float32, shape (n_lines, 4)
        First and second layer.
    weights : ndarray of float32, shape (N_AGREEMENT, 4)
    bias : ndarray of float32, shape (4,)
    shares : ndarray of float32, shape (longest document + 2 * NEIGHBOURS, 4)
        Scratch: probabilities of the second layer, zero beyond both ends.
    inputs : ndarray of float32, shape (N_AGREEMENT,)
        Scratch.
    refined : ndarray of float32, shape (n_lines, 4)
        Output.
    collect : bool
        Whether to copy the inputs to `collected` (n_lines, N_AGREEMENT).
    """
    for d in range(len(document_offsets) - 1):
        first = document_offsets[d]
        n = document_offsets[d + 1] - first
        for j in range(4 * NEIGHBOURS):
            put(shares, j, NIL)
            put(shares, 4 * (NEIGHBOURS + n) + j, NIL)
        for i in range(n):
            own = probabilities_of(four(logits, 4 * (first + i)))
            put_lanes(shares, 4 * (NEIGHBOURS + i), own)
        for i in range(n):
            row = first + i
            fill_inputs(scores, logits, shares, row, i, inputs)
            # Four sums, so that an addition need not wait for the one before.
            a = four(bias, 0)
            b = c = e = four_of(NIL)
            for j in range(0, N_AGREEMENT, 4):
                a = a + four_of(at(inputs, j)) * four(weights, 4 * j)
                b = b + four_of(at(inputs, j + 1)) * four(weights, 4 * j + 4)
                c = c + four_of(at(inputs, j + 2)) * four(weights, 4 * j + 8)
                e = e + four_of(at(inputs, j + 3)) * four(weights, 4 * j + 12)
            put_lanes(refined, 4 * row, (a + b) + (c + e))
            if collect:
                for j in range(N_AGREEMENT):
                    put(collected, row * N_AGREEMENT + j, at(inputs, j))
