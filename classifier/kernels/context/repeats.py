"""Lines that stand more than once in their document."""

from typing import Any

import numpy as np

from classifier.kernels.first_layer.measures import count_bucket
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import inline


@inline
def find_repeats(hashes: Any, first: int, n: int, scratch: Any, columns: Any, repeats: int) -> None:
    """Count for each line how often it stands in its document: open addressing, double hashing.

    ``columns[repeats + i]`` becomes the bucket of the count (0–5), doubled, plus
    one if an equal line stands before.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_lines,)
        Of the batch.
    first, n : int
        The document's lines in it.
    scratch : ContextScratch
    columns : ndarray of uint8
        Output.
    repeats : int
        Where the column begins.
    """
    keys, members, slots = scratch.keys, scratch.members, scratch.slots
    size = 4
    while size < 2 * n:
        size *= 2
    for j in range(size):
        put(members, j, 0)
    for i in range(n):
        key = at(hashes, first + i)
        j = np.int64(key & np.uint64(size - 1))
        # By other bits than the first place: whoever makes lines up can make these equal.
        step = np.int64(key >> np.uint64(40)) | 1
        while at(members, j) > 0 and at(keys, j) != key:
            j = (j + step) & (size - 1)
        before = at(members, j)
        put(columns, repeats + i, np.uint8(before > 0))
        put(slots, i, j)
        put(keys, j, key)
        put(members, j, before + 1)
    for i in range(n):
        count = np.int64(at(members, np.int64(at(slots, i))))
        bucket = np.int64(at(columns, repeats + i)) + 2 * min(count_bucket(count) - 1, 5)
        put(columns, repeats + i, np.uint8(bucket))
