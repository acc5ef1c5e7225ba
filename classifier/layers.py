"""Each layer by itself on one column: arrays in, arrays out, whatever the weights.

For training, which asks for the inputs of a layer (`classifier.features`), and for explaining.
Labelling runs all of them at once (`classifier.labelling`): the same kernels, with the same
features.
"""

import numpy as np
import numpy.typing as npt

from classifier.columns import Column
from classifier.kernels.scored_lines import Collected, ScoredLines
from classifier.kernels.scratch import ContextScratch, first_layer_scratch
from classifier.weights import ContextLayer, FirstLayer
from classifier.weights.for_kernels import context_weights, first_weights


def count_lines(column: Column) -> int:
    """Count the lines of a column, blank ones included.

    Parameters
    ----------
    column : Column

    Returns
    -------
    int
        At least the number of documents.
    """
    from classifier.kernels.text.splitting import count_newlines

    n_newlines = count_newlines(column.data, column.offsets[0], column.offsets[-1])
    return int(n_newlines) + len(column.offsets) - 1


def empty_lines(n_lines: int, n_documents: int) -> ScoredLines:
    """Make room for scored lines.

    Parameters
    ----------
    n_lines, n_documents : int

    Returns
    -------
    ScoredLines
        Holding anything, but for ``document_offsets``, which are 0.
    """
    from classifier.kernels.first_layer import feature_layout as layout

    # Behind those that count a line may write one for each of its bytes.
    n_terms = layout.LINE_TERMS * n_lines + layout.HEAD_BYTES + layout.TAIL_BYTES
    return ScoredLines(
        starts=np.empty(n_lines, np.int64),
        ends=np.empty(n_lines, np.int64),
        document_offsets=np.zeros(n_documents + 1, np.int64),
        scores=np.empty((n_lines, 4), np.float32),
        outlooks=np.empty((n_lines, len(layout.OUTLOOK_NAMES)), np.float32),
        facts=np.empty((n_lines, layout.N_FACTS), np.uint8),
        patterns=np.empty(n_lines, np.int64),
        hashes=np.empty(n_lines, np.uint64),
        terms=np.empty(n_terms, np.uint32),
        term_offsets=np.empty(n_lines + 1, np.int64),
    )


def score_lines(
    column: Column,
    layer: FirstLayer,
    lines: ScoredLines,
    collected: Collected | None = None,
) -> ScoredLines:
    """Run the first layer over `column` into `lines`; return what was filled.

    Parameters
    ----------
    column : Column
    layer : FirstLayer
    lines : ScoredLines
        Room for at least as many lines as the column holds, blank ones included.
    collected : Collected, optional
        Where tokens go, if they are wanted.

    Returns
    -------
    ScoredLines
        Views of `lines`, as long as there are lines that are not blank.
    """
    from classifier.kernels.first_layer.layer import read_batch

    data, offsets = text_arguments(column)
    weights, scratch = first_weights(layer), first_layer_scratch()
    n = read_batch(data, offsets, weights, lines, scratch, collected or Collected())
    return ScoredLines(
        starts=lines.starts[:n],
        ends=lines.ends[:n],
        document_offsets=lines.document_offsets,
        scores=lines.scores[:n],
        outlooks=lines.outlooks[:n],
        facts=lines.facts[:n],
        patterns=lines.patterns[:n],
        hashes=lines.hashes[:n],
        terms=lines.terms[: lines.term_offsets[n]],
        term_offsets=lines.term_offsets[: n + 1],
    )


def score_context(
    lines: ScoredLines,
    layer: ContextLayer,
    scratch: ContextScratch,
    logits: npt.NDArray[np.float32],
    scores: npt.NDArray[np.float32] | None = None,
    columns: npt.NDArray[np.uint8] | None = None,
) -> None:
    """Run a context layer over `lines` into `logits`, shape (n_lines, 4).

    `scores`, of the same shape, are those of the layer before, if that is not the first: then
    `scratch` holds what was measured on the same lines by those of the first, and stays in part.
    What the layer measures is copied to `columns`, shape (n_lines, N_COLUMNS), if given.

    Parameters
    ----------
    lines : ScoredLines
    layer : ContextLayer
    scratch : ContextScratch
        As `classifier.kernels.scratch.context_scratch` makes it.
    logits : ndarray of float32, shape (n_lines, 4)
        Filled.
    scores : ndarray of float32, shape (n_lines, 4), optional
    columns : ndarray of uint8, shape (n_lines, N_COLUMNS), optional
        Filled, if given.
    """
    from classifier.kernels.context.layers import read_context

    collected = Collected() if columns is None else Collected(is_wanted=True, columns=columns)
    own = lines if scores is None else lines._replace(scores=scores)
    read_context(own, scores is not None, context_weights(layer), scratch, logits, collected)


def probabilities(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the probabilities of logits: their softmax, shape (n_lines, 4).

    Parameters
    ----------
    logits : ndarray of float32, shape (n_lines, 4)

    Returns
    -------
    ndarray of float32, shape (n_lines, 4)
        Each row adds up to 1.
    """
    from classifier.kernels.activation import softmax

    found = np.empty_like(logits)
    softmax(logits, found, np.empty(len(logits), np.uint8))
    return found


def text_arguments(column: Column) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return what kernels take of a text: bytes, with some behind the last, and offsets.

    Parameters
    ----------
    column : Column

    Returns
    -------
    data : ndarray of uint8
        At least 64 bytes longer than the text.
    offsets : ndarray of int64, shape (n_documents + 1,)
        Where each document begins in `data`.
    """
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.machine.blocks import BLOCK

    data, offsets = column.data, fixed(column.offsets, np.int64)
    if offsets[-1] + BLOCK > len(data):  # the kernel looks at so many bytes at once
        text = data[offsets[0] : offsets[-1]]
        data = fixed(np.concatenate([text, np.zeros(BLOCK, np.uint8)]), np.uint8)
        offsets = fixed(offsets - offsets[0], np.int64)
    return data, offsets
