"""Room for what the kernels work out on the way.

Loads no kernel, so that modules may import it at their top.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.kernels.context.inputs import DEPTH, N_COLUMNS, N_TRACES, WINDOW
from classifier.kernels.first_layer.feature_layout import (
    GROUP_TOKENS,
    LINE_TERMS,
    N_SCORES,
    TOKEN_CAPACITY,
)
from classifier.kernels.machine.arrays import CACHE_LINE, aligned, empty
from classifier.kernels.scored_lines import ScoredLines


class FirstScratch(NamedTuple):
    """Room for the lines that are read, and then scored together.

    Attributes
    ----------
    tokens : ndarray of uint64, shape (TOKEN_CAPACITY,)
        Of the lines that are not scored yet: hashes, and then places in the table of weights.
    token_ends : ndarray of int64, shape (GROUP_TOKENS,)
        Where the tokens of each of these lines end.
    sums : ndarray of uint16, shape (TOKEN_CAPACITY + 1, N_SCORES)
        Running sums of the tokens' weights.
    folded : ndarray of uint8, shape (FOLDED_BYTES + 2 * BLOCK,)
        Bytes of the text, ASCII folded.
    span : ndarray of int64, shape (2,)
        Where `folded` begins and ends in the text.
    seen : ndarray of uint64, shape (BLOCK,)
        Of each character of a window beyond ASCII, at its first byte: place in the tables,
        length and folded code point.
    class_masks : ndarray of uint64, shape (N_CLASSES,)
        First bytes of a window's characters beyond ASCII, by class.
    stream : ndarray of uint8, shape (3 * BLOCK,)
        A word, see `classifier.kernels.first_layer.words`.
    """

    tokens: npt.NDArray[np.uint64]
    token_ends: npt.NDArray[np.int64]
    sums: npt.NDArray[np.uint16]
    folded: npt.NDArray[np.uint8]
    span: npt.NDArray[np.int64]
    seen: npt.NDArray[np.uint64]
    class_masks: npt.NDArray[np.uint64]
    stream: npt.NDArray[np.uint8]


class ContextScratch(NamedTuple):
    """Room for what is measured of lines in their documents.

    Attributes
    ----------
    traces : ndarray of float32, shape (n_lines, N_TRACES)
        What averages are taken of, of one document: probabilities, then facts.
    mass : ndarray of float32, shape (n_lines,)
        Of one document: how much content stands before each line.
    steps : ndarray of float32, shape (N_TRACES,)
        Means of one document.
    rows : ndarray of uint8, shape (ROW_COLUMNS * (n_lines + 8),)
        Columns of one document line by line, eight at a time.
    keys : ndarray of uint64, shape (4 * n_lines + 4,)
        Hashes of one document's lines, see `classifier.kernels.context.repeats`.
    members : ndarray of int32, shape (4 * n_lines + 4,)
        How many lines have each of `keys`.
    slots : ndarray of int32, shape (n_lines,)
        Where each line stands in `keys`.
    kin : classifier.kernels.context.kinship.Kin
    likelihoods : ndarray of float32, shape (n_lines, 4)
        Of the outlooks of all lines.
    columns : ndarray of uint8, shape (n_bytes,)
        Of all documents, see `classifier.kernels.context.columns`.
    cells : ndarray of int32, shape (CHUNK + 2 * n_crosses * DEPTH,)
        Of `classifier.kernels.context.crosses.add_crosses`.
    sums : ndarray of int32, shape (CHUNK, 4)
        Of the weights of some lines' crosses.
    """

    traces: npt.NDArray[np.float32]
    mass: npt.NDArray[np.float32]
    steps: npt.NDArray[np.float32]
    rows: npt.NDArray[np.uint8]
    keys: npt.NDArray[np.uint64]
    members: npt.NDArray[np.int32]
    slots: npt.NDArray[np.int32]
    kin: Any
    likelihoods: npt.NDArray[np.float32]
    columns: npt.NDArray[np.uint8]
    cells: npt.NDArray[np.int32]
    sums: npt.NDArray[np.int32]


class StepScratch(NamedTuple):
    """Room for one step of `classifier.kernels.steps.label_steps`.

    Attributes
    ----------
    lines : ScoredLines
        Between the layers. Its `starts` and `ends` are not used: they are part of the result.
    first : FirstScratch
    context : ContextScratch
    before, logits : ndarray of float32, shape (n_lines, 4)
        Logits of the second and of the third layer.
    """

    lines: ScoredLines
    first: FirstScratch
    context: ContextScratch
    before: npt.NDArray[np.float32]
    logits: npt.NDArray[np.float32]


def first_layer_scratch() -> FirstScratch:
    """Make room for the lines that are scored together.

    Returns
    -------
    FirstScratch
    """
    from classifier.kernels.first_layer.windows import FOLDED_BYTES, N_CLASSES
    from classifier.kernels.machine.blocks import BLOCK

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
    """Make room for terms that lines of a document share: a `Kin` of `context.kinship`.

    Parameters
    ----------
    n_lines : int
        The most that a batch has, blank ones included.

    Returns
    -------
    Kin
        Arrays with nothing in them yet.
    """
    from classifier.kernels.context.kinship import MOST_PLACES, Kin

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
    from classifier.kernels.context.crosses import CHUNK
    from classifier.kernels.context.surroundings import ROW_COLUMNS

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
