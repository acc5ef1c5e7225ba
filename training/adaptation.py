"""What thirty corrected pages of a kind are worth, and what they cost elsewhere.

For each fold, a model that has not seen it is adapted on thirty of its pages
that are of one kind. It is then judged on the other pages of the kind there, and
on all pages there that are not of the kind.
"""

import hashlib
from collections import Counter
from typing import NamedTuple

import numpy as np

from classifier.adapt.fitting import adapt
from classifier.adapt.judging import confusion, f1, macro_f1
from classifier.labels import LABELS
from classifier.model import LineClassifier
from classifier.weights import Layers
from training.corpus import Corpus
from training.evaluate import labelled_pages

N_LESSONS = 30


class Trial(NamedTuple):
    """Pages of one fold, as masks over all documents, shape (n_documents,)."""

    lessons: np.ndarray
    same_kind: np.ndarray
    elsewhere: np.ndarray


def worst_kind(figures: dict, corpus: Corpus) -> str:
    """Choose the source with the lowest F1 of those with enough pages in each fold.

    Parameters
    ----------
    figures : dict
        Out-of-fold scores of `training.evaluate`.
    corpus : Corpus

    Returns
    -------
    str
        A source with twice `N_LESSONS` pages in each fold.
    """
    counts = Counter(
        (record["source"], fold)
        for record, fold in zip(corpus.records, corpus.folds.tolist(), strict=True)
    )
    folds = set(corpus.folds.tolist())
    large = [
        name
        for name in figures["sources"]
        if all(counts[name, fold] >= 2 * N_LESSONS for fold in folds)
    ]
    return min(large, key=lambda name: figures["sources"][name]["macro_f1"])


def make_trial(corpus: Corpus, source: str, fold: int) -> Trial:
    """Divide the pages of a fold; no group is on both sides, and no label is looked at."""
    inside = corpus.folds == fold
    kind = inside & np.array([record["source"] == source for record in corpus.records])
    groups = [record["group"] for record in corpus.records]
    order = sorted(np.flatnonzero(kind), key=lambda page: _shuffled(groups[page]))
    taken = {groups[page] for page in order[:N_LESSONS]}
    lessons = np.zeros(len(groups), np.bool_)
    lessons[order[:N_LESSONS]] = True
    apart = np.array([group not in taken for group in groups])
    return Trial(lessons, kind & apart, inside & ~kind & apart)


def run_trial(corpus: Corpus, layers: Layers, trial: Trial) -> tuple[float | None, np.ndarray]:
    """Adapt a model that has not seen the fold.

    Returns
    -------
    strength : float or None
        What `adapt` chose.
    confusions : ndarray of int64, shape (2, 2, 4, 4)
        On pages of the kind and elsewhere, before and after.
    """
    found = adapt(labelled_pages(corpus, trial.lessons), layers)
    return found.strength, np.array(
        [
            [_confusion(corpus, chosen, model) for model in (layers, found.layers)]
            for chosen in (trial.same_kind, trial.elsewhere)
        ]
    )


def as_text(confusions: np.ndarray) -> str:
    """Lay out F1 before and after for a terminal; `confusions` as `run_trial` returns them."""
    rows = []
    for name, (before, after) in zip(("same kind", "elsewhere"), confusions, strict=True):
        rows.append(f"{name:12} {'lines':>7} {'before':>8} {'after':>8} {'gain':>8}")
        scores = [*zip(LABELS, before.sum(axis=1), f1(before), f1(after), strict=True)]
        scores.append(("mean", before.sum(), macro_f1(before), macro_f1(after)))
        rows += [f"{n:12} {k:7} {b:8.4f} {a:8.4f} {a - b:+8.4f}" for n, k, b, a in scores]
    return "\n".join(rows)


def _confusion(corpus: Corpus, chosen: np.ndarray, layers: Layers) -> np.ndarray:
    pages = labelled_pages(corpus, chosen)
    return confusion(pages.labels, LineClassifier(layers).label_batch(pages.texts).labels)


def _shuffled(group: str) -> str:
    return hashlib.sha1(f"lessons {group}".encode()).hexdigest()
