"""The two layers on one column: arrays in, arrays out, whatever the weights.

Labelling runs all layers over small blocks of documents, so that what passes
between them stays in the processor's cache. Training asks for the inputs of
a layer instead (`classifier.features`): the same kernels, with the same
features.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column
from classifier.pieces import cut
from classifier.preparation import (
    cross_inputs,
    cross_weights,
    prepared,
)
from classifier.results import LabelledBatch
from classifier.weights import FirstLayer, Layers, SecondLayer


class ScoredLines(NamedTuple):
    """Lines of a column after the first layer, a row a labelled line."""

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    document_offsets: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    facts: npt.NDArray[np.uint8]
    patterns: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint64]


def most_lines(column: Column) -> int:
    """Return how many lines `column` has, blank ones included."""
    from classifier.kernels.splitting import count_newlines

    n_newlines = count_newlines(column.data, column.offsets[0], column.offsets[-1])
    return int(n_newlines) + len(column.offsets) - 1


def empty_lines(n_lines: int, n_documents: int) -> ScoredLines:
    """Make room for `n_lines` scored lines."""
    from classifier.kernels.layout import N_FACTS

    return ScoredLines(
        np.empty(n_lines, np.int64),
        np.empty(n_lines, np.int64),
        np.zeros(n_documents + 1, np.int64),
        np.empty((n_lines, 4), np.float32),
        np.empty((n_lines, N_FACTS), np.uint8),
        np.empty(n_lines, np.int64),
        np.empty(n_lines, np.uint64),
    )


def score_lines(
    column: Column,
    layer: FirstLayer,
    lines: ScoredLines,
    tokens: tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]] | None = None,
) -> ScoredLines:
    """Run the first layer over `column` into `lines`; return what was filled.

    With `tokens` (values, and offsets with room for one more than lines) the
    hashed features are copied there.
    """
    from classifier.kernels.arrays import fixed
    from classifier.kernels.blocks import BLOCK
    from classifier.kernels.characters import load_tables
    from classifier.kernels.first_layer import read_batch
    from classifier.kernels.layout import GROUP_TOKENS, TOKEN_CAPACITY
    from classifier.kernels.windows import N_CLASSES

    data, offsets = column.data, fixed(column.offsets, np.int64)
    if offsets[-1] + BLOCK > len(data):  # the kernel looks at so many bytes at once
        text = data[offsets[0] : offsets[-1]]
        data = fixed(np.concatenate([text, np.zeros(BLOCK, np.uint8)]), np.uint8)
        offsets = fixed(offsets - offsets[0], np.int64)
    values, value_offsets = tokens or (np.empty(0, np.uint32), np.empty(1, np.int64))
    bits = len(layer.table).bit_length() - 1
    n = read_batch(
        data,
        offsets,
        load_tables(),
        np.uint64(64 - bits),
        layer.table,
        layer.shape,
        layer.scale,
        layer.bias,
        *lines,
        np.empty(TOKEN_CAPACITY, np.uint64),
        np.empty(GROUP_TOKENS, np.int64),
        np.empty((TOKEN_CAPACITY + 1, 4), np.int32),
        (
            np.zeros(2 * BLOCK, np.uint8),
            np.empty(BLOCK, np.uint64),
            np.empty(N_CLASSES, np.uint64),
            np.zeros(3 * BLOCK, np.uint8),
        ),
        tokens is not None,
        values,
        value_offsets,
    )
    return ScoredLines(
        lines.starts[:n],
        lines.ends[:n],
        lines.document_offsets,
        lines.scores[:n],
        lines.facts[:n],
        lines.patterns[:n],
        lines.hashes[:n],
    )


def second_layer_scratch(n_lines: int, n_documents: int) -> tuple[npt.NDArray[Any], ...]:
    """Make room for at most so many lines and documents at once."""
    from classifier.kernels.blocks import BLOCK
    from classifier.kernels.context_layout import N_COLUMNS, N_TRACES, WINDOW
    from classifier.kernels.crosses import CHUNK
    from classifier.kernels.surroundings import ROW_COLUMNS

    return (
        np.empty((n_lines, N_TRACES), np.float32),
        np.empty(n_lines, np.float32),
        np.empty(N_TRACES, np.float32),
        np.empty(ROW_COLUMNS * (n_lines + 8), np.uint8),
        np.empty(4 * n_lines + 4, np.uint64),
        np.empty(4 * n_lines + 4, np.int32),
        np.empty(n_lines, np.int32),
        np.empty(N_COLUMNS * (n_lines + (n_documents + 1) * WINDOW) + BLOCK, np.uint8),
        np.empty(CHUNK, np.int32),
        np.empty((CHUNK, 4), np.int32),
    )


def score_context(
    lines: ScoredLines,
    layer: SecondLayer,
    scratch: tuple[npt.NDArray[Any], ...],
    logits: npt.NDArray[np.float32],
    columns: npt.NDArray[np.uint8] | None = None,
) -> None:
    """Run the second layer over `lines` into `logits`; with `columns`, copy its columns there."""
    from classifier.kernels.context import read_context

    collected = np.empty((0, 0), np.uint8) if columns is None else columns
    scratch_and_output: tuple[Any, ...] = (*scratch, logits, columns is not None, collected)
    read_context(
        lines.document_offsets,
        lines.scores,
        lines.facts,
        lines.hashes,
        prepared(cross_inputs, layer.inputs),
        layer.borders,
        prepared(cross_weights, layer.weights),
        layer.scale,
        layer.bias,
        *scratch_and_output,
    )


def label_column(column: Column, layers: Layers) -> LabelledBatch:
    """Label every line of a column.

    Parameters
    ----------
    column : Column
    layers : Layers

    Returns
    -------
    LabelledBatch
    """
    from classifier.kernels.activation import softmax

    pieces = list(cut(column))
    sizes = [most_lines(piece.column) for piece in pieces]
    n_documents = len(column.offsets) - 1
    found = LabelledBatch(
        np.empty(sum(sizes), np.uint8),
        np.empty((sum(sizes), 4), np.float32),
        np.empty(sum(sizes), np.int64),
        np.empty(sum(sizes), np.int64),
        np.zeros(n_documents + 1, np.int64),
    )
    room = max(sizes, default=0)
    most_documents = max((piece.stop - piece.start for piece in pieces), default=0)
    lines = empty_lines(room, most_documents)
    scratch = second_layer_scratch(room, most_documents)
    logits = np.empty((room, 4), np.float32)
    filled = 0
    for piece in pieces:
        scored = score_lines(
            piece.column,
            layers.first,
            lines._replace(
                starts=found.starts[filled:],
                ends=found.ends[filled:],
                document_offsets=lines.document_offsets[: piece.stop - piece.start + 1],
            ),
        )
        n = len(scored.starts)
        score_context(scored, layers.second, scratch, logits)
        softmax(logits[:n], found.probabilities[filled:], found.labels[filled:])
        if piece.before:
            scored.starts[:] += piece.before
            scored.ends[:] += piece.before
        found.document_offsets[piece.start + 1 : piece.stop + 1] = (
            scored.document_offsets[1:] + filled
        )
        filled += n
    return LabelledBatch(
        found.labels[:filled],
        found.probabilities[:filled],
        found.starts[:filled],
        found.ends[:filled],
        found.document_offsets,
    )
