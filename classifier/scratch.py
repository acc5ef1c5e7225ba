"""Room for what the kernels work out on the way."""

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.kernels.scratch import ContextScratch, FirstScratch


def first_layer_scratch() -> FirstScratch:
    """Make room for the lines that are scored together.

    Returns
    -------
    FirstScratch
    """
    from classifier.kernels.layout import GROUP_TOKENS, N_SCORES, TOKEN_CAPACITY
    from classifier.kernels.machine.arrays import empty
    from classifier.kernels.machine.blocks import BLOCK
    from classifier.kernels.windows import FOLDED_BYTES, N_CLASSES

    return FirstScratch(
        tokens=np.empty(TOKEN_CAPACITY, np.uint64),
        token_ends=np.empty(GROUP_TOKENS, np.int64),
        sums=np.empty((TOKEN_CAPACITY + 1, N_SCORES), np.uint16),
        folded=empty((FOLDED_BYTES + 2 * BLOCK,), np.uint8),
        span=np.zeros(2, np.int64),
        seen=np.empty(BLOCK, np.uint64),
        class_masks=np.empty(N_CLASSES, np.uint64),
        stream=empty((3 * BLOCK,), np.uint8),
    )


def kin_scratch(n_lines: int) -> Any:
    """Make room for terms that lines of a document share: a `classifier.kernels.kinship.Kin`.

    Parameters
    ----------
    n_lines : int
        The most that a batch has, blank ones included.

    Returns
    -------
    Kin
        Arrays with nothing in them yet.
    """
    from classifier.kernels.kinship import MOST_PLACES, Kin
    from classifier.kernels.layout import LINE_TERMS

    n_terms = LINE_TERMS * n_lines + 1
    return Kin(
        table=np.empty(MOST_PLACES, np.uint64),
        weights=np.empty(n_terms, np.int32),
        lines=np.empty(n_terms + LINE_TERMS, np.int32),
        shared=np.empty(n_terms, np.int32),
        places=np.empty(n_terms, np.int32),
        owners=np.empty(n_terms, np.int32),
        parts=np.empty(n_terms, np.float32),
        sums=np.empty((MOST_PLACES, 4), np.float32),
        found=np.empty((n_lines, 4), np.float32),
    )


def columns_room(n_lines: int, n_documents: int) -> npt.NDArray[np.uint8]:
    """Make room for columns, see `column_stride`, the first line of which begins a cache line.

    Parameters
    ----------
    n_lines, n_documents : int
        The most that a batch has.

    Returns
    -------
    ndarray of uint8, shape (n_bytes,)
        Without values yet.
    """
    from classifier.kernels.context_layout import N_COLUMNS, WINDOW
    from classifier.kernels.machine.arrays import CACHE_LINE, aligned
    from classifier.kernels.machine.blocks import BLOCK

    most_stride = n_lines + WINDOW * (n_documents + 1) + 2 * CACHE_LINE
    n_bytes = N_COLUMNS * most_stride + 2 * BLOCK  # two blocks may be read behind the last column
    return aligned(n_bytes, CACHE_LINE, WINDOW)


def context_scratch(n_lines: int, n_documents: int, n_crosses: int) -> ContextScratch:
    """Make room for at most so many lines and documents at once.

    Parameters
    ----------
    n_lines, n_documents : int
    n_crosses : int
        Of the layer that has most.

    Returns
    -------
    ContextScratch
    """
    from classifier.kernels.context_layout import DEPTH, N_TRACES
    from classifier.kernels.crosses import CHUNK
    from classifier.kernels.machine.arrays import empty
    from classifier.kernels.surroundings import ROW_COLUMNS

    return ContextScratch(
        traces=empty((n_lines, N_TRACES), np.float32),
        mass=np.empty(n_lines, np.float32),
        steps=np.empty(N_TRACES, np.float32),
        rows=np.empty(ROW_COLUMNS * (n_lines + 8), np.uint8),
        keys=np.empty(4 * n_lines + 4, np.uint64),
        members=np.empty(4 * n_lines + 4, np.int32),
        slots=np.empty(n_lines, np.int32),
        kin=kin_scratch(n_lines),
        likelihoods=np.empty((n_lines, 4), np.float32),
        columns=columns_room(n_lines, n_documents),
        cells=empty((CHUNK + 2 * n_crosses * DEPTH,), np.int32),
        sums=np.empty((CHUNK, 4), np.int32),
    )
