"""Each layer by itself on one column: arrays in, arrays out, whatever the weights.

For training, which asks for the inputs of a layer (`classifier.features`), and for explaining.
Labelling runs all of them at once (`classifier.labelling`): the same kernels, with the same
features.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column
from classifier.preparation import context_weights, first_weights
from classifier.scratch import first_layer_scratch
from classifier.weights import ContextLayer, FirstLayer


class ScoredLines(NamedTuple):
    """Lines of a column after the first layer, a row a labelled line.

    Attributes
    ----------
    starts, ends : ndarray of int64, shape (n_lines,)
        Byte offsets in the UTF-8 of the line's document.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``i`` are ``document_offsets[i]:document_offsets[i + 1]``.
    scores : ndarray of float32, shape (n_lines, 4)
        A column a label.
    outlooks : ndarray of float32, shape (n_lines, 4)
        What a line says of the lines around it, a column for each of
        `classifier.kernels.layout.OUTLOOK_NAMES`.
    facts : ndarray of uint8, shape (n_lines, N_FACTS)
        Buckets, see `classifier.kernels.layout.FACT_NAMES`.
    patterns : ndarray of int64, shape (n_lines,)
        A bit for each of `classifier.kernels.layout.PATTERN_NAMES`.
    hashes : ndarray of uint64, shape (n_lines,)
        Equal for lines that differ only in case, digits and white space.
    terms : ndarray of uint32, shape (n_terms,)
        What lines are compared by, see `classifier.kernels.units`.
    term_offsets : ndarray of int64, shape (n_lines + 1,)
        Terms of line ``i`` are ``terms[term_offsets[i]:term_offsets[i + 1]]``.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    document_offsets: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    outlooks: npt.NDArray[np.float32]
    facts: npt.NDArray[np.uint8]
    patterns: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint64]
    terms: npt.NDArray[np.uint32]
    term_offsets: npt.NDArray[np.int64]


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
    from classifier.kernels.splitting import count_newlines

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
    from classifier.kernels import layout

    return ScoredLines(
        np.empty(n_lines, np.int64),
        np.empty(n_lines, np.int64),
        np.zeros(n_documents + 1, np.int64),
        np.empty((n_lines, 4), np.float32),
        np.empty((n_lines, len(layout.OUTLOOK_NAMES)), np.float32),
        np.empty((n_lines, layout.N_FACTS), np.uint8),
        np.empty(n_lines, np.int64),
        np.empty(n_lines, np.uint64),
        # Behind those that count a line may write one for each of its bytes.
        np.empty(layout.LINE_TERMS * n_lines + layout.HEAD_BYTES + layout.TAIL_BYTES, np.uint32),
        np.empty(n_lines + 1, np.int64),
    )


def score_lines(
    column: Column,
    layer: FirstLayer,
    lines: ScoredLines,
    tokens: tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]] | None = None,
) -> ScoredLines:
    """Run the first layer over `column` into `lines`; return what was filled.

    With `tokens`, the places of all tokens in the table are written to the first of
    the two arrays and to the second, which has room for one more than lines, where
    the tokens of each line begin.

    Parameters
    ----------
    column : Column
    layer : FirstLayer
    lines : ScoredLines
        Room for at least as many lines as the column holds, blank ones included.
    tokens : tuple of ndarray of uint32 and ndarray of int64, optional
        Where the places of tokens go, and where those of each line begin.

    Returns
    -------
    ScoredLines
        Views of `lines`, as long as there are lines that are not blank.
    """
    from classifier.kernels.first_layer import read_batch

    values, value_offsets = tokens or (np.empty(0, np.uint32), np.empty(1, np.int64))
    room: tuple[Any, ...] = (*lines, *first_layer_scratch())
    collected = (tokens is not None, values, value_offsets)
    arguments: tuple[Any, ...] = (*text_arguments(column), *first_weights(layer), *room, *collected)
    n = read_batch(*arguments)
    return ScoredLines(
        lines.starts[:n],
        lines.ends[:n],
        lines.document_offsets,
        lines.scores[:n],
        lines.outlooks[:n],
        lines.facts[:n],
        lines.patterns[:n],
        lines.hashes[:n],
        lines.terms[: lines.term_offsets[n]],
        lines.term_offsets[: n + 1],
    )


def score_context(
    lines: ScoredLines,
    layer: ContextLayer,
    scratch: tuple[npt.NDArray[Any], ...],
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
    scratch : tuple of ndarray
        Room, as `classifier.scratch.context_scratch` makes it.
    logits : ndarray of float32, shape (n_lines, 4)
        Filled.
    scores : ndarray of float32, shape (n_lines, 4), optional
    columns : ndarray of uint8, shape (n_lines, N_COLUMNS), optional
        Filled, if given.
    """
    from classifier.kernels.context import read_context

    collected = np.empty((0, 0), np.uint8) if columns is None else columns
    scratch_and_output: tuple[Any, ...] = (*scratch, logits, columns is not None, collected)
    read_context(
        lines.document_offsets,
        lines.scores if scores is None else scores,
        lines.outlooks,
        lines.facts,
        lines.hashes,
        lines.terms,
        lines.term_offsets,
        scores is not None,
        *context_weights(layer),
        *scratch_and_output,
    )


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
