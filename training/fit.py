"""Fit the three layers.

First layer: scikit-learn's `SGDClassifier` with logistic loss and averaged
weights, one label against the rest, and each outlook on the lines around
(`training.outlooks`). On a million hashed features it reaches in seconds what
`LogisticRegression` (liblinear, lbfgs) takes a minute for.

Second layer: a linear model over crosses of questions about a line and what
stands around it (`training.boosting`). Third layer: the same, but what it sees of a
line and its neighbours are the scores of the second, which know of their
surroundings already (W. W. Cohen and V. R. Carvalho, "Stacked sequential
learning", 2005).

Each layer is fitted on scores of layers below that have not seen the page: in
use it will meet such scores too.
"""

import datetime
import importlib.metadata
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed
from sklearn.linear_model import SGDClassifier

import classifier
from classifier import storage
from classifier.adapt.difference import sparse
from classifier.features import (
    blank_context_layer,
    blank_first_layer,
    context_inputs,
    first_layer_inputs,
    refined,
)
from classifier.kernels.layout import N_SCORES, OUTLOOK_NAMES
from classifier.labels import LABELS
from classifier.layers import ScoredLines
from classifier.weights import ContextLayer, FirstLayer, Layers, packed_levels, token_levels
from training import boosting
from training.boosting import fit_context_layer
from training.corpus import N_FOLDS, Corpus
from training.material import Material
from training.outlooks import outlook_targets, outlook_weights

TABLE_BITS = 20
# Tokens against shape: the values of tokens are multiplied by this, which
# lowers the penalty on their weights. Rare labels hang on few telling words and
# want more of it than content and navigation do. Rare tokens count more than
# common ones (inverse document frequency over lines).
TOKEN_SCALES = (5.0, 5.0, 12.0, 8.0, *([5.0] * len(OUTLOOK_NAMES)))
# Largest weight of a token, in units. Outlooks are averaged over many lines, so coarse ones
# do; finer ones would only make the model's file larger.
MOST_LEVELS = np.array([127] * len(LABELS) + [6] * len(OUTLOOK_NAMES), np.float32)
SGD_PENALTY = 3e-7
SGD_RATE = 0.05
SGD_EPOCHS = 8
N_SECOND_CROSSES, SECOND_RATE = 128, 0.26
N_THIRD_CROSSES, THIRD_RATE = 192, 0.2
# Of the logits of the second layer, to those of the third. A third, a half and all of
# them were tried, on the folds that are reported: they differ by less than .001 of macro-F1.
CARRY = 1 / 3


class LineFeatures(NamedTuple):
    """Lines of material with their first-layer features."""

    lines: ScoredLines
    matrix: sp.csr_matrix


def measure(material: Material, bits: int = TABLE_BITS) -> LineFeatures:
    """Measure all lines of material by themselves."""
    lines, rows = first_layer_inputs(material.column(), blank_first_layer(bits))
    return LineFeatures(lines, sparse(rows))


def fit_first_layer(
    features: LineFeatures, material: Material, chosen: np.ndarray, bits: int = TABLE_BITS
) -> FirstLayer:
    """Fit the first layer on the chosen lines that count; round tokens to eight bits."""
    rarity = token_rarity(features.matrix[chosen & (material.first_weights > 0)][:, : 1 << bits])
    targets = np.column_stack(
        [material.labels[:, None] == np.arange(len(LABELS)), outlook_targets(material)]
    )
    line_weights = [material.first_weights] * len(LABELS)
    line_weights += [outlook_weights(material)] * len(OUTLOOK_NAMES)

    def fit_one(score: int) -> tuple[np.ndarray, float]:
        taught = chosen & (line_weights[score] > 0)
        if len(np.unique(targets[taught, score])) < 2:  # few pages, all of one kind
            return np.zeros(features.matrix.shape[1]), 0.0
        scaling = np.ones(features.matrix.shape[1], np.float32)
        scaling[: 1 << bits] = TOKEN_SCALES[score] * rarity
        scaled = features.matrix[taught]
        scaled.data *= scaling[scaled.indices]
        model = SGDClassifier(
            "log_loss",
            alpha=SGD_PENALTY,
            learning_rate="adaptive",
            eta0=SGD_RATE,
            max_iter=SGD_EPOCHS,
            tol=None,
            average=True,
            random_state=0,
        ).fit(scaled, targets[taught, score], sample_weight=line_weights[score][taught])
        return model.coef_[0] * scaling, model.intercept_[0]

    models = Parallel(2, prefer="threads")(delayed(fit_one)(score) for score in range(N_SCORES))
    weights = np.stack([weights for weights, _ in models], axis=1)
    bias = np.array([intercept for _, intercept in models], np.float32)
    return quantised(weights.astype(np.float32), bias, bits)


def token_rarity(tokens: sp.csr_matrix) -> np.ndarray:
    """Return each token's inverse document frequency over lines, 1 in mean, shape (2**bits,)."""
    n_lines = np.bincount(tokens.indices, minlength=tokens.shape[1])
    rarity = np.log((tokens.shape[0] + 1) / (n_lines + 1))
    return (rarity / rarity[n_lines > 0].mean()).astype(np.float32)


def quantised(weights: np.ndarray, bias: np.ndarray, bits: int) -> FirstLayer:
    """Round token weights to `MOST_LEVELS` of a unit; the few largest are cut off.

    Parameters
    ----------
    weights : ndarray of float32, shape (2**bits + N_SHAPE_FEATURES, N_SCORES)
    bias : ndarray of float32, shape (N_SCORES,)
    """
    tokens, shape = weights[: 1 << bits], weights[1 << bits :]
    used = np.abs(tokens).max(axis=1) > 0
    scale = np.quantile(np.abs(tokens[used]), 0.9999, axis=0).astype(np.float32) / MOST_LEVELS
    scale = np.maximum(scale, np.float32(1e-12))
    levels = np.clip(np.rint(tokens / scale), -MOST_LEVELS, MOST_LEVELS).astype(np.int64)
    return FirstLayer(packed_levels(levels), np.ascontiguousarray(shape), scale, bias)


def dequantised(layer: FirstLayer) -> np.ndarray:
    """Return the weights of all first-layer features, shape (n_features, N_SCORES)."""
    levels = token_levels(layer, np.arange(len(layer.table)))
    return np.concatenate([levels.astype(np.float32) * layer.scale, layer.shape])


def apply_first_layer(matrix: sp.csr_matrix, layer: FirstLayer) -> np.ndarray:
    """Score lines, shape (n_lines, N_SCORES)."""
    return (matrix @ dequantised(layer) + layer.bias).astype(np.float32)


def fit_model(material: Material, held_out: int | None = None) -> Layers:
    """Fit all layers.

    Parameters
    ----------
    material : Material
    held_out : int, optional
        A fold that nothing is to be learnt from.
    """
    features = measure(material)
    folds = material.line_folds()
    seen = np.ones(len(folds), np.bool_) if held_out is None else folds != held_out
    scores = np.empty((len(folds), N_SCORES), np.float32)
    for fold in range(N_FOLDS):
        own = folds == fold
        layer = fit_first_layer(features, material, seen & ~own)
        scores[own] = apply_first_layer(features.matrix[own], layer)
    by_label, outlooks = np.hsplit(scores, [len(LABELS)])
    lines = features.lines._replace(
        scores=np.ascontiguousarray(by_label), outlooks=np.ascontiguousarray(outlooks)
    )
    second, scores = fit_second_layer(lines, material, seen)
    inputs = context_inputs(lines, blank_context_layer(), scores)[1]
    third = fit_context_layer(inputs, material, seen, N_THIRD_CROSSES, THIRD_RATE)
    carry = np.full(len(LABELS), CARRY, np.float32)
    return Layers(fit_first_layer(features, material, seen), second, third, carry)


def fit_second_layer(
    lines: ScoredLines, material: Material, seen: np.ndarray
) -> tuple[ContextLayer, np.ndarray]:
    """Fit the second layer; return it, and the scores that the third is to see.

    The scores of each half of the folds come from a layer fitted on the other.

    Parameters
    ----------
    lines : ScoredLines
        With scores from first layers that have not seen them.
    material : Material
    seen : ndarray of bool, shape (n_lines,)
        Lines of folds to learn from.
    """
    inputs = context_inputs(lines, blank_context_layer())[1]

    def fit(chosen: np.ndarray) -> ContextLayer:
        return fit_context_layer(inputs, material, chosen, N_SECOND_CROSSES, SECOND_RATE)

    folds = material.line_folds()
    seen_folds = np.unique(folds[seen])
    in_first_half = np.isin(folds, seen_folds[: len(seen_folds) // 2])
    scores = np.empty_like(lines.scores)
    for half in (in_first_half, ~in_first_half):
        scores[half] = refined(lines, fit(seen & ~half))[half]
    return fit(seen), scores


def save_model(path: Path, layers: Layers, corpus: Corpus, scores: dict) -> None:
    """Store a model with what it was fitted on and how well it does out of fold."""
    metadata = {
        "version": classifier.__version__,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "data_sha256": corpus.sha256,
        "n_documents": len(corpus.texts),
        "n_lines": len(corpus.labels),
        "libraries": {
            name: importlib.metadata.version(name)
            for name in ("numpy", "scipy", "scikit-learn", "catboost", "numba")
        },
        "recipe": {
            name.lower(): value
            for name, value in (vars(boosting) | globals()).items()
            if name.isupper() and isinstance(value, (int, float))
        },
        "scores": {name: value for name, value in scores.items() if name != "loss_table"},
        "loss_table": scores.get("loss_table", []),
    }
    storage.save_model(path, layers, metadata)
