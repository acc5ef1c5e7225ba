"""What every word and reason added to the final scores of lines, as arrays.

The three layers are linear, so what a feature adds to one score is followed
through the layers above to the final scores. The words of a line enter twice:
as its scores in the third layer, and squashed in the second. Squashing
multiplies all that made a score by one factor, so that each word keeps its
share and the sum stays exact.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column
from classifier.features import (
    Rows,
    agreement_feature_names,
    bin_feature_names,
    dense_feature_names,
    first_layer_inputs,
    second_layer_inputs,
    shape_feature_names,
    third_layer_inputs,
)
from classifier.labels import LABELS
from classifier.layers import ScoredLines
from classifier.weights import FirstLayer, Layers
from classifier.wording import PAGE, Reason, reason_of

Values = npt.NDArray[np.float64]


class Evidence(NamedTuple):
    """What was added to the scores of some lines of a column.

    Attributes
    ----------
    lines : ScoredLines
        All lines of the column.
    reasons : list of Reason
    values : ndarray of float64, shape (n_chosen, n_reasons, 4)
        What each reason other than a word added to the score of each label.
    tokens : ndarray of int64, shape (n_tokens,)
        Places in the table of the chosen lines' words, line after line.
    token_values : ndarray of float64, shape (n_tokens, 4)
    token_offsets : ndarray of int64, shape (n_chosen + 1,)
        Tokens of chosen line ``i`` are ``token_offsets[i]:token_offsets[i + 1]``.
    scores : ndarray of float32, shape (n_chosen, 4)
        Final scores, as the kernels add them up.
    """

    lines: ScoredLines
    reasons: list[Reason]
    values: Values
    tokens: npt.NDArray[np.int64]
    token_values: Values
    token_offsets: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]


def gather_evidence(column: Column, layers: Layers, chosen: Sequence[int]) -> Evidence:
    """Follow every feature of some lines to the final scores.

    Parameters
    ----------
    column : Column
    layers : Layers
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
    first, second, third = layers
    lines, rows = first_layer_inputs(column, first)
    n_lines = len(lines.starts)
    if chosen and not 0 <= min(chosen) <= max(chosen) < n_lines:
        raise IndexError(f"the text has {n_lines} lines with a label, so no index {max(chosen)}")
    logits, dense, bins = second_layer_inputs(lines, second)
    scores, products = third_layer_inputs(lines, logits, third)
    picked = np.asarray(chosen, np.int64)
    dense, bins, products = dense[picked], bins[picked], products[picked].astype(np.float64)

    third_names = agreement_feature_names()
    in_place = [third_names.index(f"{label} in its place") for label in LABELS]
    by_words = [third_names.index(f"{label} by its own words") for label in LABELS]
    third_weights = third.weights.astype(np.float64)
    # The third layer takes the second's scores around their mean.
    upwards = third_weights[in_place] - third_weights[in_place].mean(axis=0)
    dense_weights = np.concatenate([second.window, second.recent, second.summary], axis=1).T
    dense_weights = dense_weights.astype(np.float64) @ upwards
    bin_weights = second.bins.astype(np.float64) @ upwards

    dense_names = dense_feature_names()
    own = [dense_names.index(f"{label} of this line") for label in LABELS]
    word_scores = lines.scores[picked].astype(np.float64)
    squashing = np.zeros_like(word_scores)
    np.divide(dense[:, own], word_scores, out=squashing, where=word_scores != 0)
    # What one point of each first-layer score adds to each final score, by line.
    from_words = third_weights[by_words] + squashing[:, :, None] * dense_weights[own]

    ledger = _Ledger(len(picked))
    ledger.add_always(second.bias @ upwards + third.bias)
    ledger.add_always(np.einsum("j,njk->nk", first.bias.astype(np.float64), from_words))
    ledger.add_products(dense_names, dense, dense_weights, leave_out=own)
    ledger.add_products(third_names, products, third_weights, leave_out=in_place + by_words)
    bin_names = bin_feature_names()
    everyone = np.arange(len(picked))
    for bin_rows in bins.T:
        ledger.add_each(everyone, bin_names, bin_rows, bin_weights[bin_rows])

    line_of, columns, parts = _first_layer_parts(rows, first, picked)
    parts = np.einsum("vj,vjk->vk", parts, from_words[line_of])
    is_token = columns < len(first.table)
    ledger.add_each(
        line_of[~is_token],
        shape_feature_names(),
        columns[~is_token] - len(first.table),
        parts[~is_token],
    )
    token_offsets = np.searchsorted(line_of[is_token], np.arange(len(picked) + 1))
    return Evidence(
        lines,
        list(ledger.values),
        np.stack(list(ledger.values.values()), axis=1),
        columns[is_token],
        parts[is_token],
        token_offsets,
        scores[picked],
    )


class _Ledger:
    """Sums up what features added to the scores of lines, by reason."""

    def __init__(self, n_lines: int) -> None:
        self.n_lines = n_lines
        self.values: dict[Reason, Values] = {}

    def of(self, reason: Reason) -> Values:
        return self.values.setdefault(reason, np.zeros((self.n_lines, 4)))

    def add_always(self, values: Values) -> None:
        self.of(PAGE)[:] += values

    def add_products(
        self,
        names: list[str],
        inputs: npt.NDArray[np.floating],
        weights: Values,
        leave_out: list[int],
    ) -> None:
        """Add features that every line has: inputs (n_lines, n_features) times weights."""
        columns: dict[Reason, list[int]] = {}
        for place, name in enumerate(names):
            if place not in leave_out:
                columns.setdefault(reason_of(name), []).append(place)
        for reason, places in columns.items():
            self.of(reason)[:] += inputs[:, places].astype(np.float64) @ weights[places]

    def add_each(
        self,
        lines: npt.NDArray[np.int64],
        names: list[str],
        features: npt.NDArray[np.integer],
        values: Values,
    ) -> None:
        """Add single features: of which line, which of `names`, and what it adds."""
        used, which = np.unique(features, return_inverse=True)
        reasons = [reason_of(names[feature]) for feature in used.tolist()]
        for reason in dict.fromkeys(reasons):
            here = np.array([other == reason for other in reasons])[which]
            np.add.at(self.of(reason), lines[here], values[here])


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
    levels = layer.table.astype("<u4").view(np.uint8).reshape(-1, 4)
    weights[is_token] = (levels[columns[is_token]].astype(np.float64) - 128) * layer.scale
    weights[~is_token] = layer.shape[columns[~is_token] - len(layer.table)]
    return line_of, columns, weights * values[:, None]
