"""Features as matrices for training.

A model has two sets of features. Of a line by itself: hashed tokens and its
shape. Of a line in its document: columns of small integers (scores and shape of
the line and those near it, averages of those farther away, its place, its block,
its list, its page, its kin, what all say of those around), of which crosses are made.
The kernels measure them; here they become matrices. `classifier.explaining.wording` says
what they are called.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column
from classifier.kernels.scored_lines import Collected, ScoredLines
from classifier.kernels.scratch import ContextScratch, context_scratch
from classifier.layers import count_lines, empty_lines, score_context, score_lines
from classifier.weights import ContextLayer, FirstLayer, Layers, blank_context_layer

LINES_AT_ONCE = 1024  # their columns stay in the processor's cache


class Rows(NamedTuple):
    """A sparse matrix in compressed rows, without the class (scipy is an extra).

    Attributes
    ----------
    values : ndarray of float32, shape (n_values,)
    columns : ndarray of int64, shape (n_values,)
    row_offsets : ndarray of int64, shape (n_rows + 1,)
    n_columns : int
    """

    values: npt.NDArray[np.float32]
    columns: npt.NDArray[np.int64]
    row_offsets: npt.NDArray[np.int64]
    n_columns: int


def first_layer_inputs(column: Column, layer: FirstLayer) -> tuple[ScoredLines, Rows]:
    """Measure every line by itself.

    Parameters
    ----------
    column : Column
    layer : FirstLayer
        Its table's size says how tokens are hashed; its weights score the lines.

    Returns
    -------
    lines : ScoredLines
    features : Rows
        A row a line. The first ``len(layer.table)`` columns are tokens, valued
        one over the square root of the line's number of tokens; the rest are
        shape features, valued 1.
    """
    room = count_lines(column)
    n_bytes = int(column.offsets[-1] - column.offsets[0])  # a slice's, not its buffer's
    # A token takes at least one byte of text, and up to three tokens share one.
    values = np.empty(3 * n_bytes + 16 * room, np.uint32)
    offsets = np.zeros(room + 1, np.int64)
    collected = Collected(is_wanted=True, tokens=values, token_offsets=offsets)
    lines = score_lines(column, layer, empty_lines(room, len(column.offsets) - 1), collected)
    n = len(lines.starts)
    n_tokens = np.diff(offsets[: n + 1])
    shape_columns, n_shape = _shape_columns(lines)
    n_table = len(layer.table)
    counts = n_tokens + n_shape
    row_offsets = np.concatenate([[0], np.cumsum(counts)])
    # Each row: its tokens, then its shape.
    columns = np.empty(row_offsets[-1], np.int64)
    weights = np.ones(row_offsets[-1], np.float32)
    is_token = np.repeat(np.tile([True, False], n), np.stack([n_tokens, n_shape], 1).ravel())
    columns[is_token] = values[: offsets[n]]
    columns[~is_token] = shape_columns + n_table
    weights[is_token] = np.repeat(1 / np.sqrt(n_tokens.astype(np.float32)), n_tokens)
    return lines, Rows(weights, columns, row_offsets, n_table + len(layer.shape))


def _shape_columns(lines: ScoredLines) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Columns of the shape features of all lines one after another, and how many each has."""
    from classifier.kernels.first_layer import feature_layout as layout

    facts = lines.facts.astype(np.int64)
    first, second = np.array(layout.FACT_PAIRS).T
    pairs = facts.take(first, axis=1) * np.take(layout.FACT_SIZES, second)
    pairs += facts.take(second, axis=1) + layout.PAIR_STARTS
    patterns = np.arange(layout.N_PATTERNS)
    shown = (lines.patterns[:, np.newaxis] >> patterns) & 1 == 1
    patterns = np.broadcast_to(layout.PATTERN_START + patterns, shown.shape)
    places = np.concatenate([facts + layout.FACT_STARTS, pairs, patterns], axis=1)
    present = np.ones(places.shape, bool)
    present[:, -layout.N_PATTERNS :] = shown
    return places[present], present.sum(axis=1)


def context_inputs(
    lines: ScoredLines,
    layer: ContextLayer,
    scores: npt.NDArray[np.float32] | None = None,
    picked: npt.NDArray[np.int64] | None = None,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
    """Measure lines in their documents, from the scores of the layer before.

    Parameters
    ----------
    lines : ScoredLines
        With first-layer scores; in training these come from models that have
        not seen the line.
    layer : ContextLayer
        Its weights score the lines.
    scores : ndarray of float32, shape (n_lines, 4), optional
        Those of the layer before, if that is not the first: see `refined`. Blocks, lists and
        kin are measured by those of the first all the same.
    picked : ndarray of int64, shape (n_picked,), optional
        Lines whose inputs are wanted; absent for all.

    Returns
    -------
    logits : ndarray of float32, shape (n_lines, 4)
        Of all lines.
    inputs : ndarray of uint8, shape (n_lines or n_picked, N_INPUTS)
        What questions can be asked about, see `classifier.kernels.context.inputs.INPUTS`.
    """
    from classifier.kernels.context.inputs import INPUTS, N_COLUMNS, N_INPUTS

    n = len(lines.starts)
    columns = np.empty((n, N_COLUMNS), np.uint8)
    logits = _logits(lines, layer, scores, columns)
    sizes = np.diff(lines.document_offsets)
    document = np.repeat(np.arange(len(sizes)), sizes)
    here = np.arange(n) if picked is None else picked
    inputs = np.empty((len(here), N_INPUTS), np.uint8)
    asked, distances = np.array(INPUTS).T
    for start in range(0, len(here), LINES_AT_ONCE):
        own = here[start : start + LINES_AT_ONCE]
        for distance in np.unique(distances):
            there = np.clip(own + distance, 0, n - 1)
            same = (there == own + distance) & (document[there] == document[own])
            places = np.flatnonzero(distances == distance)
            found = columns[there].take(asked[places], axis=1) * same[:, np.newaxis]
            inputs[start : start + len(own), places] = found  # 0 beyond the document's ends
    return logits, inputs


def refined(lines: ScoredLines, layer: ContextLayer) -> npt.NDArray[np.float32]:
    """Return the scores of the second layer that the third looks at: the log of odds.

    Parameters
    ----------
    lines : ScoredLines
        With first-layer scores.
    layer : ContextLayer
        The second.

    Returns
    -------
    ndarray of float32, shape (n_lines, 4)
        Of each label against the other three.
    """
    return _odds(_logits(lines, layer))


def _odds(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    from classifier.kernels.activation import log_odds

    scores = np.empty_like(logits)
    log_odds(logits, scores)
    return scores


def final_logits(lines: ScoredLines, layers: Layers) -> npt.NDArray[np.float32]:
    """Run second and third layer over first-layer scores.

    Parameters
    ----------
    lines : ScoredLines
        As the first layer scored them.
    layers : Layers
        The first is not looked at.

    Returns
    -------
    ndarray of float32, shape (n_lines, 4)
        Logits; their softmax are the probabilities.
    """
    from classifier.kernels.activation import carry_over

    scratch = _room(lines, max(len(layers.second.inputs), len(layers.third.inputs)))
    before, logits = np.empty((2, len(lines.starts), 4), np.float32)
    score_context(lines, layers.second, scratch, before)
    score_context(lines, layers.third, scratch, logits, _odds(before))
    carry_over(layers.carry, before, logits)
    return logits


def _logits(
    lines: ScoredLines,
    layer: ContextLayer,
    scores: npt.NDArray[np.float32] | None = None,
    columns: npt.NDArray[np.uint8] | None = None,
) -> npt.NDArray[np.float32]:
    """Run a context layer over all lines at once; see `score_context`."""
    # A layer with one cross runs before that of another, which may have none.
    scratch = _room(lines, max(len(layer.inputs), 1))
    logits = np.empty((len(lines.starts), 4), np.float32)
    if scores is not None:
        # What the third layer takes over from the second, whatever the second's crosses.
        score_context(lines, blank_context_layer(), scratch, logits)
    score_context(lines, layer, scratch, logits, scores, columns)
    return logits


def _room(lines: ScoredLines, n_crosses: int) -> ContextScratch:
    return context_scratch(len(lines.starts), len(lines.document_offsets) - 1, n_crosses)


def cross_cells(inputs: npt.NDArray[np.uint8], layer: ContextLayer) -> npt.NDArray[np.uint8]:
    """Find which row of weights of each cross a line adds.

    Parameters
    ----------
    inputs : ndarray of uint8, shape (n_lines, N_INPUTS)
        As `context_inputs` measures them.
    layer : ContextLayer

    Returns
    -------
    ndarray of uint8, shape (n_lines, n_crosses)
        0 to ``CELLS - 1``: its answers as bits, that to the first question the lowest.
    """
    cells = np.empty((len(inputs), len(layer.inputs)), np.uint8)
    for start in range(0, len(inputs), LINES_AT_ONCE):
        columns = np.ascontiguousarray(inputs[start : start + LINES_AT_ONCE].T)
        own = np.zeros((len(layer.inputs), columns.shape[1]), np.uint8)
        for question in range(layer.inputs.shape[1]):
            above = columns[layer.inputs[:, question]] > layer.borders[:, question, np.newaxis]
            own |= above.view(np.uint8) << np.uint8(question)
        cells[start : start + LINES_AT_ONCE] = own.T
    return cells
