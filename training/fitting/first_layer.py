"""Fit a first layer: scikit-learn's `SGDClassifier`, logistic loss and averaged weights.

One label against the rest, and each outlook on the lines around (`training.fitting.outlooks`). On
a million hashed features it reaches in seconds what `LogisticRegression` (liblinear,
lbfgs) takes a minute for.
"""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed
from sklearn.linear_model import SGDClassifier

from classifier.adapt.offset_regression import sparse
from classifier.columns import read_columns
from classifier.features import first_layer_inputs
from classifier.files.opening import open_output
from classifier.kernels.first_layer.feature_layout import N_SCORES, N_SHAPE_FEATURES, OUTLOOK_NAMES
from classifier.labels import LABELS
from classifier.layers import ScoredLines
from classifier.weights import FirstLayer, blank_first_layer, packed_levels, token_levels
from training.fitting.material import Material
from training.fitting.outlooks import outlook_targets, outlook_weights

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


class LineFeatures(NamedTuple):
    """Lines of material with their first-layer features."""

    lines: ScoredLines
    matrix: sp.csr_matrix


def measure(material: Material, bits: int = TABLE_BITS) -> LineFeatures:
    """Measure all lines of material by themselves.

    Parameters
    ----------
    material : Material
    bits : int, default TABLE_BITS
        Of a place in the table of tokens.

    Returns
    -------
    LineFeatures
    """
    (column,) = read_columns(material.texts)
    lines, rows = first_layer_inputs(column, blank_first_layer(bits))
    return LineFeatures(lines, sparse(rows))


def fit_first_layer(features: LineFeatures, material: Material, chosen: np.ndarray) -> FirstLayer:
    """Fit the first layer on the chosen lines that count; round tokens to eight bits.

    Parameters
    ----------
    features : LineFeatures
    material : Material
    chosen : ndarray of bool, shape (n_lines,)

    Returns
    -------
    FirstLayer
    """
    n_tokens = features.matrix.shape[1] - N_SHAPE_FEATURES
    tokens = features.matrix[chosen & (material.first_weights > 0)][:, :n_tokens]
    scales = np.ones((N_SCORES, features.matrix.shape[1]), np.float32)
    scales[:, :n_tokens] = np.outer(TOKEN_SCALES, token_rarity(tokens))
    of_labels, of_outlooks = np.split(scales, [len(LABELS)])
    is_label = material.labels[:, np.newaxis] == np.arange(len(LABELS))
    models = [
        *fit_scores(features.matrix, is_label, chosen * material.first_weights, of_labels),
        *fit_scores(
            *(features.matrix, outlook_targets(material)),
            *(chosen * outlook_weights(material), of_outlooks),
        ),
    ]
    weights = np.stack([weights for weights, _ in models], axis=1)
    bias = np.array([intercept for _, intercept in models], np.float32)
    return quantised(weights.astype(np.float32), bias)


def fit_scores(
    matrix: sp.csr_matrix, targets: np.ndarray, line_weights: np.ndarray, scales: np.ndarray
) -> list[tuple[np.ndarray, float]]:
    """Fit scores, one by one, on the lines that weigh something.

    Parameters
    ----------
    matrix : csr_matrix, shape (n_lines, n_features)
    targets : ndarray of bool, shape (n_lines, n_scores)
    line_weights : ndarray of float32, shape (n_lines,)
    scales : ndarray of float32, shape (n_scores, n_features)
        What the values of features are multiplied by for each score.

    Returns
    -------
    list of tuple of ndarray and float
        Weights of features, shape (n_features,), and the intercept of each score.
    """
    taught = line_weights > 0
    rows = matrix[taught]
    # Frequent features first: their weights then stay in the processor's cache.
    order = np.argsort(-np.bincount(rows.indices, minlength=rows.shape[1]))
    place = np.empty(len(order), rows.indices.dtype)
    place[order] = np.arange(len(order))
    rows.indices = place[rows.indices]

    def fit_one(targets: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, float]:
        if len(np.unique(targets)) < 2:  # few pages, all of one kind
            return np.zeros(len(scale)), 0.0
        values = rows.data * scale[order][rows.indices]
        model = SGDClassifier(
            "log_loss",
            alpha=SGD_PENALTY,
            learning_rate="adaptive",
            eta0=SGD_RATE,
            max_iter=SGD_EPOCHS,
            tol=None,
            average=True,
            random_state=0,
        ).fit(
            sp.csr_matrix((values, rows.indices, rows.indptr), rows.shape),
            targets,
            sample_weight=line_weights[taught],
        )
        return model.coef_[0][place] * scale, model.intercept_[0]

    return Parallel(2, prefer="threads")(
        delayed(fit_one)(*each) for each in zip(targets[taught].T, scales, strict=True)
    )


def token_rarity(tokens: sp.csr_matrix) -> np.ndarray:
    """Return each token's inverse document frequency over lines, 1 in mean, shape (2**bits,).

    Parameters
    ----------
    tokens : csr_matrix, shape (n_lines, 2**bits)

    Returns
    -------
    ndarray of float32, shape (2**bits,)
    """
    n_lines = np.bincount(tokens.indices, minlength=tokens.shape[1])
    rarity = np.log((tokens.shape[0] + 1) / (n_lines + 1))
    return (rarity / rarity[n_lines > 0].mean()).astype(np.float32)


def quantised(weights: np.ndarray, bias: np.ndarray) -> FirstLayer:
    """Round token weights to `MOST_LEVELS` of a unit; the few largest are cut off.

    Parameters
    ----------
    weights : ndarray of float32, shape (2**bits + N_SHAPE_FEATURES, N_SCORES)
    bias : ndarray of float32, shape (N_SCORES,)

    Returns
    -------
    FirstLayer
    """
    tokens, shape = np.split(weights, [-N_SHAPE_FEATURES])
    used = np.abs(tokens).max(axis=1) > 0
    scale = np.quantile(np.abs(tokens[used]), 0.9999, axis=0).astype(np.float32) / MOST_LEVELS
    scale = np.maximum(scale, np.float32(1e-12))
    levels = np.clip(np.rint(tokens / scale), -MOST_LEVELS, MOST_LEVELS).astype(np.int64)
    return FirstLayer(packed_levels(levels), np.ascontiguousarray(shape), scale, bias)


def dequantised(layer: FirstLayer) -> np.ndarray:
    """Return the weights of all first-layer features, shape (n_features, N_SCORES).

    Parameters
    ----------
    layer : FirstLayer

    Returns
    -------
    ndarray of float32, shape (n_features, N_SCORES)
    """
    levels = token_levels(layer, np.arange(len(layer.table)))
    return np.concatenate([levels.astype(np.float32) * layer.scale, layer.shape])


def apply_first_layer(matrix: sp.csr_matrix, layer: FirstLayer) -> np.ndarray:
    """Score lines, shape (n_lines, N_SCORES).

    Parameters
    ----------
    matrix : csr_matrix, shape (n_lines, n_features)
    layer : FirstLayer

    Returns
    -------
    ndarray of float32, shape (n_lines, N_SCORES)
    """
    return (matrix @ dequantised(layer) + layer.bias).astype(np.float32)


def first_layer_without(
    unseen: Collection[int], features: LineFeatures, material: Material, folder: Path | None
) -> FirstLayer:
    """Fit a first layer on all folds but some, or take the one that is kept in `folder`.

    Models that have not seen one fold or another, and the one that has seen all, need
    the same ones.

    Parameters
    ----------
    unseen : collection of int
        Folds.
    features : LineFeatures
    material : Material
    folder : Path or None
        None keeps nothing.

    Returns
    -------
    FirstLayer
    """
    names = "".join(map(str, sorted(unseen))) or "none"
    path = folder and folder / f"first-without-{names}.npz"
    if path and path.exists():
        with np.load(path, allow_pickle=False) as arrays:
            return FirstLayer(**arrays)
    layer = fit_first_layer(features, material, ~np.isin(material.line_folds(), list(unseen)))
    if path:
        with open_output(str(path)) as sink:
            np.savez(sink, **layer._asdict())
    return layer
