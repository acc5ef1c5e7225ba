"""Count the lines, characters and bytes of each label in each document."""

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.kernels.machine.arrays import fixed
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.text.characters import count_characters

N_LABELS = 4


@jit
def _tally(
    data: Any,
    offsets: Any,
    starts: Any,
    ends: Any,
    document_offsets: Any,
    labels: Any,
    lines: Any,
    characters: Any,
    sizes: Any,
) -> None:
    for d in range(len(document_offsets) - 1):
        base = offsets[d]
        for line in range(document_offsets[d], document_offsets[d + 1]):
            start, end = at(starts, line), at(ends, line)
            cell = N_LABELS * d + np.int64(at(labels, line))
            put(lines, cell, at(lines, cell) + 1)
            put(sizes, cell, at(sizes, cell) + end - start)
            found = count_characters(data, base + start, base + end)
            put(characters, cell, at(characters, cell) + found)


def tally_labels(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    document_offsets: npt.NDArray[np.int64],
    labels: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Count what each document has of each label.

    Parameters
    ----------
    data, offsets, starts, ends, document_offsets : ndarray
        As in `classifier.kernels.rewrite.rewrite_documents`.
    labels : ndarray of uint8, shape (n_lines,)
        Label of each line, 0 to 3.

    Returns
    -------
    lines, characters, sizes : ndarray of int64, shape (n_documents, 4)
        Lines, code points and bytes of UTF-8.
    """
    shape = (len(document_offsets) - 1, N_LABELS)
    lines, characters, sizes = (np.zeros(shape, np.int64) for _ in range(3))
    _tally(
        fixed(data, np.uint8),
        fixed(offsets, np.int64),
        fixed(starts, np.int64),
        fixed(ends, np.int64),
        fixed(document_offsets, np.int64),
        fixed(labels, np.uint8),
        lines,
        characters,
        sizes,
    )
    return lines, characters, sizes
