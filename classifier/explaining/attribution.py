"""What every word and reason added to the final scores of lines, as arrays.

What surroundings added in a layer are its steps (`classifier.explaining.steps`). Of the
second layer, a part also goes straight to the final scores (`Layers.carry`). What a
line's own scores added is handed down to what they were made of, each part as
much as it made of the score: those of the third layer to the surroundings and scores
that the second saw, those of the second to the line's words.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.as_read import as_read, rows_of_lines
from classifier.columns import Column
from classifier.explaining.contributions import Ledger, Values
from classifier.explaining.parts import require_lines
from classifier.explaining.steps import ModelSteps, Steps, added_by_inputs
from classifier.explaining.wording import (
    PAGE,
    SCORE,
    TOGETHER,
    WORDS,
    Reason,
    input_reasons,
    shape_reasons,
)
from classifier.features import Rows, context_inputs, first_layer_inputs, refined
from classifier.kernels.context.inputs import SCORES, WORD_SCORES
from classifier.kernels.scored_lines import ScoredLines
from classifier.labels import LABELS
from classifier.weights import ContextLayer, FirstLayer, Layers, token_levels


class Evidence(NamedTuple):
    """What was added to the scores of some lines of a column.

    Attributes
    ----------
    column : Column
        As it is read.
    lines : ScoredLines
        All lines that are read.
    rows : ndarray of int64, shape (n_chosen,)
        Which of these the chosen lines are read as.
    is_part : ndarray of bool, shape (n_chosen,)
        Whether others are read as the same.
    reasons : list of Reason
    values : ndarray of float64, shape (n_chosen, n_reasons, 4)
        What each reason other than a word added to the score of each label.
    tokens : ndarray of int64, shape (n_tokens,)
        Places in the table of the chosen lines' words, line after line.
    token_values : ndarray of float64, shape (n_tokens, 4)
    token_offsets : ndarray of int64, shape (n_chosen + 1,)
        Tokens of chosen line ``i`` are ``token_offsets[i]:token_offsets[i + 1]``.
    """

    column: Column
    lines: ScoredLines
    rows: npt.NDArray[np.int64]
    is_part: npt.NDArray[np.bool_]
    reasons: list[Reason]
    values: Values
    tokens: npt.NDArray[np.int64]
    token_values: Values
    token_offsets: npt.NDArray[np.int64]


def gather_evidence(
    column: Column, layers: Layers, steps: ModelSteps, chosen: Sequence[int]
) -> Evidence:
    """Follow every feature of some lines to the final scores.

    Parameters
    ----------
    column : Column
    layers : Layers
    steps : ModelSteps
        Those of `layers`.
    chosen : sequence of int, shape (n_chosen,)
        Indices of labelled lines.

    Returns
    -------
    Evidence

    Raises
    ------
    IndexError
        If there is no such line.
    """
    first, second, third, carry = layers
    reading = as_read(column)
    lines, rows = first_layer_inputs(reading.column, first)
    row_of = rows_of_lines(column, reading, lines.document_offsets)
    require_lines(chosen, len(row_of))
    picked = row_of[np.asarray(chosen, np.int64)]
    by_words = _context_parts(lines, second, steps.second, None, picked)
    by_second = _context_parts(lines, third, steps.third, refined(lines, second), picked)
    own, of_words = (slice(first, first + len(LABELS)) for first in (SCORES, WORD_SCORES))

    of_scores = by_second.inputs[:, own]
    points, _ = _handed_down(of_scores, by_second.own_scores)
    passed_on = _through_odds(points, by_second.own_scores)
    rest = of_scores.sum(axis=1) - np.einsum("nl,nlk->nk", by_words.logits, passed_on)
    parts = np.einsum("nil,nlk->nik", by_words.inputs, passed_on)
    parts += by_words.inputs * carry
    parts[:, of_words] += parts[:, own]  # the second layer sees them twice
    parts += by_second.inputs
    from_words, rest_of_words = _handed_down(parts[:, of_words], by_words.own_scores)

    ledger = Ledger(len(picked))
    ledger.add(PAGE, steps.third.always + steps.second.always * carry)
    ledger.add(PAGE, np.einsum("l,nlk->nk", steps.second.always, passed_on))
    ledger.add(TOGETHER, rest)
    ledger.add(WORDS, rest_of_words)
    ledger.add(
        WORDS, np.einsum("j,njk->nk", first.bias[: len(LABELS)].astype(np.float64), from_words)
    )
    for place, reason in enumerate(input_reasons()):
        if reason != SCORE:
            ledger.add(reason, parts[:, place])

    line_of, columns, of_features = _first_layer_parts(rows, first, picked)
    of_features = np.einsum("vj,vjk->vk", of_features, from_words[line_of])
    is_token = columns < len(first.table)
    ledger.add_each(
        line_of[~is_token],
        shape_reasons(),
        columns[~is_token] - len(first.table),
        of_features[~is_token],
    )
    token_offsets = np.searchsorted(line_of[is_token], np.arange(len(picked) + 1))
    return Evidence(
        reading.column,
        lines,
        picked,
        np.bincount(row_of)[picked] > 1,
        list(ledger.values),
        np.stack(list(ledger.values.values()), axis=1),
        columns[is_token],
        of_features[is_token],
        token_offsets,
    )


class _ContextParts(NamedTuple):
    """What a context layer added to the scores of some lines.

    Attributes
    ----------
    inputs : ndarray of float64, shape (n_chosen, n_inputs, 4)
    own_scores : ndarray of float64, shape (n_chosen, 4)
        Scores of the lines by the layer before.
    logits : ndarray of float32, shape (n_chosen, 4)
        The sums, as the kernels add them up.
    """

    inputs: Values
    own_scores: Values
    logits: npt.NDArray[np.float32]


def _context_parts(
    lines: ScoredLines,
    layer: ContextLayer,
    steps: Steps,
    scores: npt.NDArray[np.float32] | None,
    picked: npt.NDArray[np.int64],
) -> _ContextParts:
    logits, inputs = context_inputs(lines, layer, scores, picked)
    own_scores = (lines.scores if scores is None else scores)[picked]
    return _ContextParts(
        added_by_inputs(inputs, layer, steps),
        own_scores.astype(np.float64),
        logits[picked],
    )


def _handed_down(of_scores: Values, scores: Values) -> tuple[Values, Values]:
    """Split what a line's scores added among the points of these scores.

    Returns
    -------
    ndarray of float64, shape (n_chosen, 4, 4)
        What one point of each score adds to each final score: never more than a point.
    ndarray of float64, shape (n_chosen, 4)
        What that leaves.
    """
    points = np.zeros_like(of_scores)
    np.divide(of_scores, scores[:, :, None], out=points, where=scores[:, :, None] != 0)
    points = np.clip(points, -1, 1)
    return points, (of_scores - points * scores[:, :, None]).sum(axis=1)


def _through_odds(points: Values, scores: Values) -> Values:
    """Turn what one point of each log odds adds into what one point of each logit does.

    The logarithm of a label's odds is its logit less the mean of the others', weighed
    by their probabilities, but for a part that cannot be told apart.

    Parameters
    ----------
    points : ndarray of float64, shape (n_lines, 4, 4)
        What one point of each score adds to each final score.
    scores : ndarray of float64, shape (n_lines, 4)
    """
    odds = np.exp(np.clip(scores, -30, 30))
    probabilities = odds / (1 + odds)
    weights = probabilities[:, None, :] * (1 - np.eye(len(LABELS)))
    shares = weights / weights.sum(axis=2, keepdims=True)
    passed_on: Values = points - np.einsum("njl,njk->nlk", shares, points)
    return passed_on


def _first_layer_parts(
    rows: Rows, layer: FirstLayer, picked: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Values]:
    """List tokens and shape features of lines: number in `picked`, column, what it added."""
    counts = np.diff(rows.row_offsets)[picked]
    line_of = np.repeat(np.arange(len(picked)), counts)
    within = np.arange(len(line_of)) - np.repeat(np.cumsum(counts) - counts, counts)
    places = rows.row_offsets[picked][line_of] + within
    columns, values = rows.columns[places], rows.values[places].astype(np.float64)
    weights = np.empty((len(columns), 4))
    is_token = columns < len(layer.table)
    own = slice(len(LABELS))  # what a line says of others is theirs to explain
    levels = token_levels(layer, columns[is_token])[:, own]
    weights[is_token] = levels * layer.scale[own].astype(np.float64)
    weights[~is_token] = layer.shape[columns[~is_token] - len(layer.table), own]
    return line_of, columns, weights * values[:, None]
