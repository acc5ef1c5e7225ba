"""Five models, each of which has not seen the groups of one fold.

The second layer needs out-of-fold scores of the first inside each training
set. With five folds that takes a first layer without each fold, and one
without each pair of folds: the one without folds i and j scores fold j for the
second layer that is judged on fold i, and the other way round. Fifteen fits.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from classifier.columns import read_columns
from classifier.labels import LABELS
from classifier.layers import label_column
from classifier.storage import load_model, save_model
from classifier.weights import Layers
from training.corpus import N_FOLDS
from training.fit import (
    LineFeatures,
    apply_first_layer,
    fit_first_layer,
    fit_second_layer,
    measure,
)
from training.material import Material


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return probabilities of logits, shape (n, 4)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_fit(material: Material, work: Path) -> list[Layers]:
    """Fit five models, number ``i`` without fold ``i``.

    Parameters
    ----------
    material : Material
    work : Path
        Folder for finished parts; a run that was stopped goes on from there.
    """
    paths = [work / f"fold-{fold}.npz" for fold in range(N_FOLDS)]
    if not all(path.exists() for path in paths):
        work.mkdir(parents=True, exist_ok=True)
        features = measure(material)
        scores = out_of_fold_scores(material, features, work)
        folds = material.line_folds()
        for fold in tqdm(range(N_FOLDS), "second layer", unit="fit"):
            if not paths[fold].exists():
                lines = features.lines._replace(scores=scores[fold])
                layers = Layers(
                    fit_first_layer(features, material, folds != fold),
                    fit_second_layer(lines, material, folds != fold),
                )
                save_model(paths[fold], layers, {})
    return [load_model(path)[0] for path in paths]


def out_of_fold_scores(material: Material, features: LineFeatures, work: Path) -> np.ndarray:
    """Score every line for each held-out fold, shape (N_FOLDS, n_lines, 4).

    ``scores[i]`` never saw fold i, and its scores of another fold j never saw
    j either.
    """
    folds = material.line_folds()
    scores = np.empty((N_FOLDS, len(folds), len(LABELS)), np.float32)
    pairs = [(i, j) for i in range(N_FOLDS) for j in range(i + 1)]
    for i, j in tqdm(pairs, "first layer", unit="fit"):
        seen = (folds != i) & (folds != j)

        def score(seen: np.ndarray = seen) -> np.ndarray:
            layer = fit_first_layer(features, material, seen)
            return apply_first_layer(features.matrix[~seen], layer)

        found = np.empty((len(folds), len(LABELS)), np.float32)
        found[~seen] = remembered(work, f"scores-{i}-{j}", score)
        scores[i, folds == j] = found[folds == j]
        scores[j, folds == i] = found[folds == i]
    return scores


def remembered(work: Path, name: str, compute: Callable[[], np.ndarray]) -> np.ndarray:
    """Return a finished part from the folder `work`, or compute it and keep it there."""
    path = work / f"{name}.npy"
    if path.exists():
        return np.load(path, allow_pickle=False)
    result = compute()
    unfinished = path.with_suffix(".part.npy")
    np.save(unfinished, result)
    unfinished.replace(path)
    return result


def held_out_probabilities(
    texts: Sequence[str], folds: np.ndarray, models: Sequence[Layers]
) -> np.ndarray:
    """Label pages, each with the model that has not seen its fold.

    Parameters
    ----------
    texts : sequence of str, length n_documents
    folds : ndarray of int64, shape (n_documents,)
    models : sequence of Layers, length N_FOLDS

    Returns
    -------
    ndarray of float32, shape (n_lines, 4)
        Of all lines that are not blank, page after page.
    """
    pages: dict[int, np.ndarray] = {}
    for fold, layers in enumerate(models):
        own = np.flatnonzero(folds == fold)
        (column,) = read_columns([texts[page] for page in own])
        found = label_column(column, layers)
        for place, page in enumerate(own.tolist()):
            rows = slice(*found.document_offsets[place : place + 2])
            pages[page] = found.probabilities[rows]
    empty = np.empty((0, len(LABELS)), np.float32)
    return np.concatenate([empty, *(pages[page] for page in range(len(texts)))])
