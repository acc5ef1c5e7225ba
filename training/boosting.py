"""Fit a context layer: CatBoost finds its crosses.

Cross after cross, each where the model so far is most wrong (logistic loss):
CatBoost's symmetric trees are just such tables of weights. The first crosses tell all
labels apart at once. Their questions are those that matter for most lines, so others
follow that tell one label alone from the rest: content, and each of the rare ones.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from classifier.features import blank_context_layer
from classifier.kernels.context_layout import CELLS, DEPTH, INPUTS, PAGE_PATTERNS
from classifier.labels import CONTENT, LABELS, PAYWALL, SPONSORED
from classifier.weights import ContextLayer
from training.calibration import SMALLEST, softmax
from training.material import Material

CROSS_PENALTY = 20.0
# The rare labels weigh more: a little over-confidence in them finds more of
# their lines at the same F1 of the others.
LABEL_WEIGHTS = (1.0, 1.0, 1.5, 1.5)
CONTENT_RATE, RARE_RATE = 0.3, 0.25
# What tells pages apart: few pages have walls or advertisements, and with these inputs
# their lines were learnt by heart. So only crosses for content ask about them.
OF_PAGES = [place for place, (column, _) in enumerate(INPUTS) if column >= PAGE_PATTERNS]


class CrossPlan(NamedTuple):
    """How many crosses of which kind a context layer has.

    Attributes
    ----------
    for_all : int
        Tell all labels apart.
    rate : float
        How much of what is missing each of these makes good, 0–1.
    for_content : int
        Tell content from the rest.
    for_rare : int
        Tell paywall lines from the rest; as many more do so for sponsored lines.
    """

    for_all: int
    rate: float
    for_content: int
    for_rare: int


class Crosses(NamedTuple):
    """Crosses as CatBoost found them.

    Attributes
    ----------
    inputs, borders : ndarray
        As in `ContextLayer`.
    weights : ndarray of float64, shape (n_crosses, CELLS, 4)
    bias : ndarray of float64, shape (4,)
    """

    inputs: np.ndarray
    borders: np.ndarray
    weights: np.ndarray
    bias: np.ndarray


def fit_context_layer(
    inputs: np.ndarray, material: Material, chosen: np.ndarray, plan: CrossPlan
) -> ContextLayer:
    """Fit a context layer on the chosen lines that count.

    Parameters
    ----------
    inputs : ndarray of uint8, shape (n_lines, N_INPUTS)
        From scores of layers below that have not seen the lines.
    material : Material
    chosen : ndarray of bool, shape (n_lines,)
    plan : CrossPlan
    """
    chosen = chosen & (material.second_weights > 0)
    seen = inputs[chosen].astype(np.float32)
    labels = material.labels[chosen]
    weights = material.second_weights[chosen] * np.take(LABEL_WEIGHTS, labels)
    first = boosted(
        *(seen, labels, weights, None, plan.for_all, plan.rate),
        loss_function="MultiClass",
        ignored_features=OF_PAGES,
    )
    logits = first.predict(seen, prediction_type="RawFormulaVal")
    parts = [crosses_of(first, range(len(LABELS)))]
    for label, n_crosses, rate, unasked in (
        (CONTENT, plan.for_content, CONTENT_RATE, []),
        (SPONSORED, plan.for_rare, RARE_RATE, OF_PAGES),
        (PAYWALL, plan.for_rare, RARE_RATE, OF_PAGES),
    ):
        more = boosted(
            *(seen, labels == label, weights, odds_of(label, logits), n_crosses, rate),
            loss_function="Logloss",
            ignored_features=unasked,
        )
        logits[:, label] += more.predict(seen, prediction_type="RawFormulaVal")
        parts.append(crosses_of(more, [label]))
    return rounded(parts)


def odds_of(label: int, logits: np.ndarray) -> np.ndarray:
    """Return the logarithm of a label's odds against the rest, shape (n_lines,)."""
    probability = np.clip(softmax(logits)[:, label], SMALLEST, 1 - SMALLEST)
    return np.log(probability / (1 - probability))


def boosted(
    inputs: np.ndarray,
    targets: np.ndarray,
    weights: np.ndarray,
    scores: np.ndarray | None,
    n_crosses: int,
    rate: float,
    **options,
):
    """Let CatBoost find crosses, beginning with `scores` if there are any."""
    from catboost import CatBoost, Pool

    settings = {
        "iterations": n_crosses,
        "depth": DEPTH,
        "learning_rate": rate,
        "l2_leaf_reg": CROSS_PENALTY,
        "border_count": 64,
        "rsm": 0.3,
        "bootstrap_type": "Bernoulli",
        "subsample": 0.4,
        "leaf_estimation_iterations": 1,
        "boosting_type": "Plain",
        "score_function": "L2",
        "metric_period": n_crosses,  # nobody reads the loss of each cross
        "thread_count": 2,
        "random_seed": 0,
        "allow_writing_files": False,
        "verbose": False,
    }
    return CatBoost(settings | options).fit(Pool(inputs, targets, weight=weights, baseline=scores))


def crosses_of(model, labels: Sequence[int]) -> Crosses:
    """Take the tables out of a fitted CatBoost model that scores `labels`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crosses.json"
        model.save_model(str(path), format="json")
        stored = json.loads(path.read_text("utf-8"))
    trees = stored["oblivious_trees"]
    layer = blank_context_layer(len(trees))
    weights = np.zeros((len(trees), CELLS, len(LABELS)))
    for cross, tree in enumerate(trees):
        for question, split in enumerate(tree["splits"]):
            layer.inputs[cross, question] = split["float_feature_index"]
            layer.borders[cross, question] = int(split["border"])
        for question in range(len(tree["splits"]), DEPTH):
            layer.borders[cross, question] = 255  # never above: the answer is always no
        cells = np.array(tree["leaf_values"]).reshape(-1, len(labels))
        weights[cross][:, labels] = np.resize(cells, (CELLS, len(labels)))
    factor, own_bias = stored["scale_and_bias"]
    bias = np.zeros(len(LABELS))
    bias[labels] = own_bias
    return Crosses(layer.inputs, layer.borders, weights * factor, bias)


def rounded(parts: list[Crosses]) -> ContextLayer:
    """Put crosses together, their weights relative to content and rounded to eight bits."""
    inputs, borders, weights = map(np.concatenate, list(zip(*parts, strict=True))[:3])
    bias = sum(part.bias for part in parts)
    others = weights[:, :, 1:] - weights[:, :, :1]
    scale = np.abs(others).max(axis=(0, 1)) / np.iinfo(np.int8).max
    return ContextLayer(
        inputs,
        borders,
        np.rint(others / scale).astype(np.int8),
        scale.astype(np.float32),
        (bias[1:] - bias[0]).astype(np.float32),
    )
