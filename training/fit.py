"""Fit the three layers with scikit-learn.

First layer: `SGDClassifier` with logistic loss and averaged weights, one label
against the rest. On half a million hashed features it reaches in two seconds
what `LogisticRegression` (liblinear, lbfgs) takes a minute for.

Second layer: multinomial `LogisticRegression` on some thousand features,
whose probabilities come out calibrated. It is fitted on scores of first layers
that have not seen the page (out of fold): in use it will meet such scores too.

Third layer: the same on forty features, most of them products of probabilities
of neighbouring lines. It sees the second layer's own training pages; that layer
has so few weights that out-of-fold logits would hardly differ.
"""

import datetime
import importlib.metadata
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression, SGDClassifier

import classifier
from classifier import storage
from classifier.columns import read_columns
from classifier.features import (
    Rows,
    blank_first_layer,
    blank_second_layer,
    blank_third_layer,
    first_layer_inputs,
    second_layer_inputs,
    third_layer_inputs,
)
from classifier.kernels import context_layout
from classifier.kernels.layout import FACT_SIZES, FACT_STARTS, N_FACTS, N_PATTERNS, PATTERN_START
from classifier.layers import ScoredLines
from classifier.weights import FirstLayer, Layers, SecondLayer, ThirdLayer
from training.corpus import N_FOLDS, Corpus
from training.phrases import Phrases
from training.views import View, select_documents, thinned, view_of

TABLE_BITS = 19
# Tokens against shape: the values of tokens are multiplied by this, which
# lowers the penalty on their weights. Rare labels hang on few telling words and
# want more of it than content and navigation do. Rare tokens count more than
# common ones (inverse document frequency over lines).
TOKEN_SCALES = (5.0, 5.0, 12.0, 8.0)
SGD_PENALTY = 3e-7
SGD_RATE = 0.05
SGD_EPOCHS = 8
PENALTY_INVERSE = 0.1
ITERATIONS = 80
LEAST_DEVIATION = 0.05
# The rare labels weigh more: a little over-confidence in them finds more of
# their lines at the same F1 of the others.
LABEL_WEIGHTS = (1.0, 1.0, 1.5, 1.5)
THINNED_WEIGHT = 0.5  # of a line in a thinned page, against 1 in the page as it is
FACTS_END = PATTERN_START  # facts take the columns before the patterns


class LineFeatures(NamedTuple):
    """Lines of a corpus with their first-layer features, and those of the phrase bank."""

    lines: ScoredLines
    matrix: sp.csr_matrix
    phrase_matrix: sp.csr_matrix
    phrase_labels: np.ndarray


def sparse(rows: Rows) -> sp.csr_matrix:
    """Make a scipy matrix of `rows`."""
    shape = (len(rows.row_offsets) - 1, rows.n_columns)
    matrix = sp.csr_matrix((rows.values, rows.columns, rows.row_offsets), shape=shape)
    matrix.sum_duplicates()
    return matrix


def measure(corpus: Corpus, phrases: Phrases, bits: int = TABLE_BITS) -> LineFeatures:
    """Measure all lines of a corpus, and the phrases, by themselves."""
    layer = blank_first_layer(bits)
    lines, rows = first_layer_inputs(corpus.column(), layer)
    _, phrase_rows = first_layer_inputs(next(read_columns(phrases.texts)), layer)
    return LineFeatures(lines, sparse(rows), sparse(phrase_rows), phrases.labels)


def fit_first_layer(
    features: LineFeatures, labels: np.ndarray, chosen: np.ndarray, bits: int = TABLE_BITS
) -> FirstLayer:
    """Fit the first layer on the chosen lines and all phrases; round tokens to eight bits."""
    matrix = sp.vstack([features.matrix[chosen], features.phrase_matrix]).tocsr()
    targets = np.concatenate([labels[chosen], features.phrase_labels])
    rarity = token_rarity(matrix[:, : 1 << bits])

    def fit_one(label: int) -> tuple[np.ndarray, float]:
        scaling = np.ones(matrix.shape[1], np.float32)
        scaling[: 1 << bits] = TOKEN_SCALES[label] * rarity
        scaled = matrix.copy()
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
        ).fit(scaled, targets == label)
        return model.coef_[0] * scaling, model.intercept_[0]

    models = Parallel(2, prefer="threads")(delayed(fit_one)(label) for label in range(4))
    weights = np.stack([weights for weights, _ in models], axis=1)
    bias = np.array([intercept for _, intercept in models], np.float32)
    return quantised(weights.astype(np.float32), bias, bits)


def token_rarity(tokens: sp.csr_matrix) -> np.ndarray:
    """Return each token's inverse document frequency over lines, 1 in mean, shape (2**bits,)."""
    n_lines = np.bincount(tokens.indices, minlength=tokens.shape[1])
    rarity = np.log((tokens.shape[0] + 1) / (n_lines + 1))
    return (rarity / rarity[n_lines > 0].mean()).astype(np.float32)


def quantised(weights: np.ndarray, bias: np.ndarray, bits: int) -> FirstLayer:
    """Round token weights to eight bits; the few largest are cut off.

    Parameters
    ----------
    weights : ndarray of float32, shape (2**bits + N_SHAPE_FEATURES, 4)
    bias : ndarray of float32, shape (4,)
    """
    tokens, shape = weights[: 1 << bits], weights[1 << bits :]
    used = np.abs(tokens).max(axis=1) > 0
    scale = np.quantile(np.abs(tokens[used]), 0.9999, axis=0).astype(np.float32) / 127
    scale = np.maximum(scale, np.float32(1e-12))
    levels = np.clip(np.rint(tokens / scale), -127, 127).astype(np.int16) + 128
    table = np.ascontiguousarray(levels.astype(np.uint8)).view("<u4").ravel()
    return FirstLayer(table.astype(np.uint32), np.ascontiguousarray(shape), scale, bias)


def dequantised(layer: FirstLayer) -> np.ndarray:
    """Return the weights of all first-layer features, shape (n_features, 4)."""
    levels = layer.table.astype("<u4").view(np.uint8).reshape(-1, 4).astype(np.float32) - 128
    return np.concatenate([levels * layer.scale, layer.shape])


def apply_first_layer(matrix: sp.csr_matrix, layer: FirstLayer) -> np.ndarray:
    """Score lines, shape (n_lines, 4)."""
    return (matrix @ dequantised(layer) + layer.bias).astype(np.float32)


def fit_second_layer(lines: ScoredLines, labels: np.ndarray, documents: np.ndarray) -> SecondLayer:
    """Fit the second layer on the chosen documents, as they are and thinned.

    Parameters
    ----------
    lines : ScoredLines
        Lines of all documents, with scores from first layers that have not
        seen them.
    labels : ndarray of uint8, shape (n_lines,)
    documents : ndarray of bool, shape (n_documents,)
        Which documents to fit on.
    """
    views = training_views(lines, labels, documents)
    matrix = np.concatenate([second_layer_matrix(view_of(lines, view)) for view in views])
    return unfolded(*fit_logistic(matrix, views, labels))


def fit_third_layer(
    lines: ScoredLines, labels: np.ndarray, documents: np.ndarray, second: SecondLayer
) -> ThirdLayer:
    """Fit the third layer on the chosen documents, as they are and thinned.

    Parameters are those of `fit_second_layer`, and the fitted second layer.
    """
    views = training_views(lines, labels, documents)
    parts = []
    for view in views:
        own = view_of(lines, view)
        logits, _, _ = second_layer_inputs(own, second)
        parts.append(third_layer_inputs(own, logits, blank_third_layer())[1])
    coefficients, bias = fit_logistic(np.concatenate(parts), views, labels)
    return ThirdLayer(np.ascontiguousarray(coefficients.T, np.float32), bias.astype(np.float32))


def training_views(lines: ScoredLines, labels: np.ndarray, documents: np.ndarray) -> list[View]:
    """Return the views that the upper layers are fitted on: whole pages, then thinned ones."""
    return [select_documents(lines, documents), thinned(lines, labels, documents)]


def fit_logistic(
    matrix: np.ndarray, views: list[View], labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fit a multinomial logistic regression on the rows of views; `matrix` is used up.

    Returns
    -------
    coefficients : ndarray of float64, shape (4, n_columns)
    bias : ndarray of float64, shape (4,)
    """
    targets = np.concatenate([labels[view.rows] for view in views])
    weights = np.repeat([1.0, THINNED_WEIGHT], [len(view.rows) for view in views])
    weights *= np.take(LABEL_WEIGHTS, targets)
    # Centred and scaled, or lbfgs would need many more steps.
    mean = matrix.mean(axis=0, dtype=np.float64)
    deviation = np.maximum(matrix.std(axis=0, dtype=np.float64), LEAST_DEVIATION)
    matrix -= mean.astype(np.float32)
    matrix /= deviation.astype(np.float32)
    model = LogisticRegression(C=PENALTY_INVERSE, max_iter=ITERATIONS, tol=1e-3).fit(
        matrix, targets, sample_weight=weights.astype(np.float32)
    )
    coefficients = model.coef_.astype(np.float64) / deviation
    return coefficients, model.intercept_ - coefficients @ mean


def second_layer_matrix(lines: ScoredLines) -> np.ndarray:
    """Return the second layer's inputs as columns: dense, bins, facts, patterns.

    The kernel looks facts up in pairs and patterns eight at a time, to save
    look-ups; here each is a column of its own, for there are no data for more.
    """
    _, dense, bins = second_layer_inputs(lines, blank_second_layer())
    n, n_dense = dense.shape
    n_bins = context_layout.BIN_STARTS[len(context_layout.BINS)]
    matrix = np.zeros((n, n_dense + n_bins + FACTS_END + N_PATTERNS), np.float32)
    matrix[:, :n_dense] = dense
    rows = np.arange(n)
    for b in range(len(context_layout.BINS)):
        matrix[rows, n_dense + bins[:, b]] = 1
    for f in range(N_FACTS):
        matrix[rows, n_dense + n_bins + FACT_STARTS[f] + lines.facts[:, f].astype(np.int64)] = 1
    matrix[:, -N_PATTERNS:] = (lines.patterns[:, None] >> np.arange(N_PATTERNS)) & 1
    return matrix


def unfolded(coefficients: np.ndarray, bias: np.ndarray) -> SecondLayer:
    """Turn weights of the columns of `second_layer_matrix` into the kernel's tables.

    Parameters
    ----------
    coefficients : ndarray of float64, shape (4, n_columns)
    bias : ndarray of float64, shape (4,)
    """
    n_bins = context_layout.BIN_STARTS[len(context_layout.BINS)]
    cuts = np.cumsum(
        [
            context_layout.N_WINDOW,
            2 * context_layout.N_RECENT,
            context_layout.N_SUMMARY,
            n_bins,
            FACTS_END,
        ]
    )
    window, recent, summary, bins, facts, patterns = np.split(coefficients, cuts, axis=1)
    pairs = [
        (
            facts[:, FACT_STARTS[a] : FACT_STARTS[a] + FACT_SIZES[a], None]
            + facts[:, None, FACT_STARTS[b] : FACT_STARTS[b] + FACT_SIZES[b]]
        ).reshape(4, -1)
        for a, b in context_layout.BIN_FACT_PAIRS
    ]
    bits = (np.arange(256)[:, None] >> np.arange(8)) & 1
    groups = [patterns[:, :8] @ bits.T, patterns[:, 8:] @ bits.T]
    return SecondLayer(
        *(np.ascontiguousarray(part, np.float32) for part in (window, recent, summary)),
        np.ascontiguousarray(np.concatenate([bins, *pairs, *groups], axis=1).T, np.float32),
        bias.astype(np.float32),
    )


def fit_model(corpus: Corpus, phrases: Phrases) -> Layers:
    """Fit all layers on a whole corpus and the phrase bank."""
    features = measure(corpus, phrases)
    folds = corpus.line_folds()
    scores = np.empty((len(folds), 4), np.float32)
    for fold in range(N_FOLDS):
        held_out = folds == fold
        layer = fit_first_layer(features, corpus.labels, ~held_out)
        scores[held_out] = apply_first_layer(features.matrix[held_out], layer)
    everything = np.ones(len(corpus.texts), np.bool_)
    lines = features.lines._replace(scores=scores)
    second = fit_second_layer(lines, corpus.labels, everything)
    return Layers(
        fit_first_layer(features, corpus.labels, np.ones(len(folds), np.bool_)),
        second,
        fit_third_layer(lines, corpus.labels, everything, second),
    )


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
            for name in ("numpy", "scipy", "scikit-learn", "numba")
        },
        "recipe": {
            name.lower(): value
            for name, value in globals().items()
            if name.isupper() and isinstance(value, (int, float))
        },
        "scores": {name: value for name, value in scores.items() if name != "loss_table"},
        "loss_table": scores.get("loss_table", []),
    }
    storage.save_model(path, layers, metadata)
