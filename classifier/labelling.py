"""All layers on one column: labels and probabilities of its lines.

They run over small blocks of documents, so that what passes between them stays in the
processor's cache.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column
from classifier.layers import empty_lines, text_arguments
from classifier.links import place_lines, without_addresses
from classifier.pieces import Piece, cut
from classifier.preparation import context_weights, first_weights
from classifier.results import LabelledBatch
from classifier.scratch import context_scratch, first_layer_scratch
from classifier.weights import Layers


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
    pieces = [_planned(piece) for piece in cut(column)]
    room = sum(piece.n_lines for piece in pieces)
    found = LabelledBatch(
        np.empty(room, np.uint8),
        np.empty((room, 4), np.float32),
        np.empty(room, np.int64),
        np.empty(room, np.int64),
        np.zeros(len(column.offsets), np.int64),
    )
    scratch = _scratch(
        max((piece.most_lines for piece in pieces), default=0),
        max((piece.most_documents for piece in pieces), default=0),
        max(len(layers.second.inputs), len(layers.third.inputs)),
    )
    n = 0
    for piece in pieces:
        before = n
        n = _label_piece(piece, layers, scratch, found, n)
        if piece.piece.before:
            found.starts[before:n] += piece.piece.before
            found.ends[before:n] += piece.piece.before
    return LabelledBatch(
        found.labels[:n],
        found.probabilities[:n],
        found.starts[:n],
        found.ends[:n],
        found.document_offsets,
    )


def _scratch(n_lines: int, n_documents: int, n_crosses: int) -> tuple[Any, ...]:
    """Make room for all layers, and what passes between them, in the order of `label_steps`."""
    return (
        empty_lines(n_lines, n_documents)[2:],  # where they begin and end is part of the result
        first_layer_scratch(),
        context_scratch(n_lines, n_documents, n_crosses),
        np.empty((n_lines, 4), np.float32),
        np.empty((n_lines, 4), np.float32),
        (np.empty(0, np.uint32), np.empty(1, np.int64), np.empty((0, 0), np.uint8)),
    )


class _PlannedPiece(NamedTuple):
    piece: Piece
    step_ends: npt.NDArray[np.int64]
    n_steps: int
    n_lines: int
    most_lines: int
    most_documents: int
    has_links: bool


def _planned(piece: Piece) -> _PlannedPiece:
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.steps import plan_steps

    ends = np.empty(piece.stop - piece.start, np.int64)
    offsets = fixed(piece.column.offsets, np.int64)
    return _PlannedPiece(piece, ends, *plan_steps(piece.column.data, offsets, ends))


def _label_piece(
    planned: _PlannedPiece,
    layers: Layers,
    scratch: tuple[Any, ...],
    found: LabelledBatch,
    n_lines: int,
) -> int:
    from classifier.kernels.steps import label_steps

    start, stop, column, _ = planned.piece
    read = without_addresses(column) if planned.has_links else column
    weights = (
        first_weights(layers.first),
        context_weights(layers.second),
        context_weights(layers.third),
        layers.carry,
    )
    steps = (*text_arguments(read), planned.step_ends, planned.n_steps)
    output = (
        found.labels,
        found.probabilities,
        found.starts,
        found.ends,
        found.document_offsets[start : stop + 1],
    )
    arguments: tuple[Any, ...] = (*steps, *weights, *scratch, *output, n_lines)
    n = int(label_steps(*arguments))
    rows = found.document_offsets[start : stop + 1].copy()
    rows[0] = n_lines  # a part of a document begins behind the lines of those before it
    place_lines(column, read, found.starts, found.ends, rows)
    return n
