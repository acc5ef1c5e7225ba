"""All layers on one column: labels and probabilities of its lines.

They run over small blocks of documents, so that what passes between them stays in the
processor's cache.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.as_read import Reading, as_read, place_lines, rows_of_lines
from classifier.columns import Column
from classifier.kernels.scored_lines import Collected
from classifier.kernels.scratch import StepScratch, context_scratch, first_layer_scratch
from classifier.layers import empty_lines, text_arguments
from classifier.pieces import Piece, cut
from classifier.results import LabelledBatch
from classifier.weights import Layers
from classifier.weights.for_kernels import all_weights


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
    return label_and_join(column, layers)[0]


def label_and_join(
    column: Column, layers: Layers, read: Callable[[Column], Reading] = as_read
) -> tuple[LabelledBatch, npt.NDArray[np.bool_]]:
    """Label every line of a column, and tell which are read as one.

    Parameters
    ----------
    column : Column
    layers : Layers
    read : callable, optional
        Tells how a piece of the column is read.

    Returns
    -------
    batch : LabelledBatch
    is_joined : ndarray of bool, shape (n_lines,)
        Whether a line is read as one with the line before.
    """
    pieces = [_planned(piece) for piece in cut(column)]
    room = sum(piece.n_lines for piece in pieces)
    found = LabelledBatch(
        labels=np.empty(room, np.uint8),
        probabilities=np.empty((room, 4), np.float32),
        starts=np.empty(room, np.int64),
        ends=np.empty(room, np.int64),
        document_offsets=np.zeros(len(column.offsets), np.int64),
    )
    scratch = _scratch(
        max((piece.most_lines for piece in pieces), default=0),
        max((piece.most_documents for piece in pieces), default=0),
        max(len(layers.second.inputs), len(layers.third.inputs)),
    )
    is_joined = np.zeros(room, np.bool_)
    n = 0
    for piece in pieces:
        before = n
        n = _label_piece(piece, read(piece.piece.column), layers, scratch, found, is_joined, n)
        if piece.piece.before:
            found.starts[before:n] += piece.piece.before
            found.ends[before:n] += piece.piece.before
    batch = LabelledBatch(
        labels=found.labels[:n],
        probabilities=found.probabilities[:n],
        starts=found.starts[:n],
        ends=found.ends[:n],
        document_offsets=found.document_offsets,
    )
    return batch, is_joined[:n]


def _scratch(n_lines: int, n_documents: int, n_crosses: int) -> StepScratch:
    """Make room for all layers, and what passes between them."""
    return StepScratch(
        lines=empty_lines(n_lines, n_documents),
        first=first_layer_scratch(),
        context=context_scratch(n_lines, n_documents, n_crosses),
        before=np.empty((n_lines, 4), np.float32),
        logits=np.empty((n_lines, 4), np.float32),
    )


class _PlannedPiece(NamedTuple):
    piece: Piece
    step_ends: npt.NDArray[np.int64]
    n_lines: int
    most_lines: int
    most_documents: int


def _planned(piece: Piece) -> _PlannedPiece:
    from classifier.kernels.machine.arrays import fixed
    from classifier.kernels.steps import plan_steps

    ends = np.empty(piece.stop - piece.start, np.int64)
    offsets = fixed(piece.column.offsets, np.int64)
    n_steps, n_lines, most_lines, most_documents = plan_steps(piece.column.data, offsets, ends)
    return _PlannedPiece(
        piece=piece,
        step_ends=ends[:n_steps],
        n_lines=n_lines,
        most_lines=most_lines,
        most_documents=most_documents,
    )


def _label_piece(
    planned: _PlannedPiece,
    reading: Reading,
    layers: Layers,
    scratch: StepScratch,
    found: LabelledBatch,
    is_joined: npt.NDArray[np.bool_],
    n_lines: int,
) -> int:
    from classifier.kernels.steps import label_steps

    column, start, stop = planned.piece.column, planned.piece.start, planned.piece.stop
    data, offsets = text_arguments(reading.column)
    n = int(
        label_steps(
            *(data, offsets, planned.step_ends, all_weights(layers), scratch),
            *(Collected(), found, start, n_lines),
        )
    )
    rows = found.document_offsets[start : stop + 1].copy()
    rows[0] = n_lines  # a part of a document begins behind the lines of those before it
    if reading.joints.any():
        row_of = rows_of_lines(column, reading, rows)
        n, rows = _spread(found, row_of, rows)
        is_joined[n_lines + 1 : n] = row_of[1:] == row_of[:-1]
        found.document_offsets[start + 1 : stop + 1] = rows[1:]
    place_lines(column, reading.column, found.starts, found.ends, rows)
    return n


def _spread(
    found: LabelledBatch, row_of: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]
) -> tuple[int, npt.NDArray[np.int64]]:
    """Give each line what was found of that which it was read as, from ``rows[0]`` on.

    Returns
    -------
    n : int
        Where the lines end then.
    rows : ndarray of int64, shape (n_documents + 1,)
        Where those of each document begin.
    """
    n = int(rows[0]) + len(row_of)
    for array in (found.labels, found.probabilities, found.starts, found.ends):
        array[rows[0] : n] = array[row_of]
    return n, rows[0] + np.searchsorted(row_of, rows)
