"""Room for what the kernels work out on the way: `classifier.scratch` makes it.

Loads no kernel, so that modules may import it at their top.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

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
        A word, see `classifier.kernels.words`.
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
        Hashes of one document's lines, see `classifier.kernels.repeats`.
    members : ndarray of int32, shape (4 * n_lines + 4,)
        How many lines have each of `keys`.
    slots : ndarray of int32, shape (n_lines,)
        Where each line stands in `keys`.
    kin : classifier.kernels.kinship.Kin
    likelihoods : ndarray of float32, shape (n_lines, 4)
        Of the outlooks of all lines.
    columns : ndarray of uint8, shape (n_bytes,)
        Of all documents, see `classifier.kernels.context_columns`.
    cells : ndarray of int32, shape (CHUNK + 2 * n_crosses * DEPTH,)
        Of `classifier.kernels.crosses.add_crosses`.
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
