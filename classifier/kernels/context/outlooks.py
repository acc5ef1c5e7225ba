"""What the words of all lines say of the lines around: see `OUTLOOK_NAMES`.

A context layer that sees scores alone knows of its neighbours what they are, not what
they announce: that content follows a byline, and none the heading of a list of links.
Such outlooks are auxiliary targets of the first layer (R. Caruana, "Multitask Learning", 1997).
"""

from typing import Any

import numpy as np

from classifier.kernels.context.columns import NIL, ONE, STEPS
from classifier.kernels.context.inputs import OUTLOOK, OUTLOOK_DECAYS, WINDOW
from classifier.kernels.first_layer.feature_layout import OUTLOOK_NAMES
from classifier.kernels.machine.jit import inline
from classifier.kernels.machine.lanes import four, four_of, put_bytes, put_columns

N = len(OUTLOOK_NAMES)
LATER, LATE = (np.float32(decay) for decay in OUTLOOK_DECAYS)


@inline
def fill_outlooks(scratch: Any, first: int, n: int, columns: Any, stride: int) -> None:
    """Fill the columns from `OUTLOOK` on, of one document.

    Parameters
    ----------
    scratch : ContextScratch
        With the likelihoods of the batch.
    first, n : int
        The document's lines in it.
    columns : ndarray of uint8
        Output.
    stride : int
        Bytes from one column to the next.
    """
    likelihoods, rows = scratch.likelihoods, scratch.rows
    sums = four_of(NIL)
    for side in range(2):
        later = late = four_of(NIL)
        for passed in range(n):
            i = n - 1 - passed if side else passed
            row = 8 * (side * (n + 8) + i)
            put_bytes(rows, row, later * four_of(STEPS))
            put_bytes(rows, row + N, late * four_of(STEPS))
            own = four(likelihoods, N * (first + i))
            later = later * four_of(LATER) + own * four_of(ONE - LATER)
            late = late * four_of(LATE) + own * four_of(ONE - LATE)
            sums = sums + own
    means = sums * four_of(STEPS / np.float32(2 * n))
    for i in range(n):
        row = 8 * (2 * (n + 8) + i)
        put_bytes(rows, row, four(likelihoods, N * (first + i)) * four_of(STEPS))
        put_bytes(rows, row + N, means)
    for group in range(3):
        for i in range(0, n, 8):
            place = (OUTLOOK + 8 * group) * stride + WINDOW + i
            put_columns(columns, place, stride, rows, 8 * (group * (n + 8) + i))
