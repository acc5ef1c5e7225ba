"""Probabilities for every page from models that have not seen its group.

The second layer needs out-of-fold scores of the first inside each training
set. With five folds that takes a first layer without each fold, and one
without each pair of folds: the one without folds i and j scores fold j for the
second layer that is judged on fold i, and the other way round. Fifteen fits.
"""

from pathlib import Path

import numpy as np
from tqdm import tqdm

from classifier.features import second_layer_inputs, third_layer_inputs
from classifier.layers import ScoredLines
from training.corpus import N_FOLDS, Corpus
from training.fit import (
    LineFeatures,
    apply_first_layer,
    fit_first_layer,
    fit_second_layer,
    fit_third_layer,
    measure,
)
from training.phrases import Phrases


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return probabilities of logits, shape (n, 4)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_fit(corpus: Corpus, phrases: Phrases, work: Path | None = None) -> np.ndarray:
    """Fit five models and label each fold with the one that has not seen it.

    Parameters
    ----------
    corpus : Corpus
    phrases : Phrases
        All of them teach each model: they come from no page.
    work : Path, optional
        Folder for finished parts; a run that was stopped goes on from there.

    Returns
    -------
    ndarray of float32, shape (n_lines, 4)
        Probabilities.
    """
    features = measure(corpus, phrases)
    scores = out_of_fold_scores(corpus, features, work)
    folds = corpus.line_folds()
    probabilities = np.empty((len(folds), 4), np.float32)
    for fold in tqdm(range(N_FOLDS), "upper layers", unit="fold"):
        held_out = folds == fold

        def judge(fold: int = fold, held_out: np.ndarray = held_out) -> np.ndarray:
            lines = features.lines._replace(scores=scores[fold])
            return softmax(upper_logits(lines, corpus.labels, corpus.folds != fold)[held_out])

        probabilities[held_out] = remembered(work, f"fold-{fold}", judge)
    return probabilities


def upper_logits(lines: ScoredLines, labels: np.ndarray, documents: np.ndarray) -> np.ndarray:
    """Fit the upper layers on some documents and return the logits of all lines."""
    second = fit_second_layer(lines, labels, documents)
    third = fit_third_layer(lines, labels, documents, second)
    logits, _, _ = second_layer_inputs(lines, second)
    return third_layer_inputs(lines, logits, third)[0]


def out_of_fold_scores(
    corpus: Corpus, features: LineFeatures, work: Path | None = None
) -> np.ndarray:
    """Score every line for each held-out fold, shape (N_FOLDS, n_lines, 4).

    ``scores[i]`` never saw fold i, and its scores of another fold j never saw
    j either.
    """
    folds = corpus.line_folds()
    scores = np.empty((N_FOLDS, len(folds), 4), np.float32)
    pairs = [(i, j) for i in range(N_FOLDS) for j in range(i + 1)]
    for i, j in tqdm(pairs, "first layer", unit="fit"):
        seen = (folds != i) & (folds != j)

        def score(seen: np.ndarray = seen) -> np.ndarray:
            layer = fit_first_layer(features, corpus.labels, seen)
            return apply_first_layer(features.matrix[~seen], layer)

        found = np.empty((len(folds), 4), np.float32)
        found[~seen] = remembered(work, f"scores-{i}-{j}", score)
        scores[i, folds == j] = found[folds == j]
        scores[j, folds == i] = found[folds == i]
    return scores


def remembered(work: Path | None, name: str, compute) -> np.ndarray:
    """Return a finished part from the folder `work`, or compute it and keep it there."""
    if work is None:
        return compute()
    path = work / f"{name}.npy"
    if path.exists():
        return np.load(path, allow_pickle=False)
    result = compute()
    work.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part.npy")
    np.save(unfinished, result)
    unfinished.replace(path)
    return result
