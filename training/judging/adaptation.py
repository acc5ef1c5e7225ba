"""What thirty corrected pages of a kind are worth, and what they cost elsewhere.

Of each fold there is a model that has not seen it. It is adapted to thirty pages
of a kind that it gets wrong and judged on other pages of the kind, and on all
pages of the fold that are not of the kind. Two kinds are tried: pages that we
wrote (`training.written.written_pages`), of which no model has seen any, and pages from the
fold itself, of the collection that the models do worst on among those with enough
pages in each fold.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from classifier.adapt.fitting import adapt
from classifier.adapt.metrics import f1, macro_f1
from classifier.labels import LABELS
from classifier.model import LineClassifier
from classifier.weights import Layers
from training.corpus import Corpus, chosen_pages
from training.judging.intervals import bootstrap, group_sums
from training.judging.scores import as_users_pages, page_confusions
from training.written.written_pages import OFFERS, written_corpus

N_LESSONS = 30
N_WRITTEN = 60  # written pages to judge by


class Trial(NamedTuple):
    """Pages to learn from, pages of the same kind and others to judge by.

    Attributes
    ----------
    lessons : Corpus
        To learn from.
    same_kind, elsewhere : Corpus
        To judge by.
    """

    lessons: Corpus
    same_kind: Corpus
    elsewhere: Corpus


def worst_kind(figures: dict, corpus: Corpus) -> str:
    """Choose the source with the lowest F1 of those with enough pages in each fold.

    Parameters
    ----------
    figures : dict
        Out-of-fold scores of `training.judging.scores`.
    corpus : Corpus

    Returns
    -------
    str
        A source with twice `N_LESSONS` pages in each fold.

    Raises
    ------
    ValueError
        If no source that was scored has so many.
    """
    counts = Counter(
        (record["source"], fold)
        for record, fold in zip(corpus.records, corpus.folds.tolist(), strict=True)
    )
    folds = set(corpus.folds.tolist())
    large = [
        name
        for name in figures.get("sources", ())
        if all(counts[name, fold] >= 2 * N_LESSONS for fold in folds)
    ]
    if not large:
        raise ValueError(
            f"no collection of the labelled pages has {2 * N_LESSONS} pages in each fold and a "
            "score; give more pages, or figures that `python -m training evaluate` made of them"
        )
    return min(large, key=lambda name: figures["sources"][name]["macro_f1"])


def source_trial(corpus: Corpus, source: str, fold: int) -> Trial:
    """Divide the pages of a fold; no group is on both sides, and no label is looked at.

    Parameters
    ----------
    corpus : Corpus
    source : str
    fold : int

    Returns
    -------
    Trial
    """
    inside = corpus.folds == fold
    kind = inside & np.array([record["source"] == source for record in corpus.records])
    groups = [record["group"] for record in corpus.records]
    order = sorted(np.flatnonzero(kind), key=lambda page: _shuffled(groups[page]))
    taken = {groups[page] for page in order[:N_LESSONS]}
    lessons = np.zeros(len(groups), np.bool_)
    lessons[order[:N_LESSONS]] = True
    apart = np.array([group not in taken for group in groups])
    masks = (lessons, kind & apart, inside & ~kind & apart)
    return Trial(*(chosen_pages(corpus, mask) for mask in masks))


def written_trial(corpus: Corpus, fold: int) -> Trial:
    """Take written pages; the last offer and the last pitch stand on pages to judge by only.

    Parameters
    ----------
    corpus : Corpus
    fold : int

    Returns
    -------
    Trial
    """
    return Trial(
        written_corpus(range(N_LESSONS), len(OFFERS) - 1),
        written_corpus(range(N_LESSONS, N_LESSONS + N_WRITTEN)),
        chosen_pages(corpus, corpus.folds == fold),
    )


def run_trial(layers: Layers, trial: Trial) -> tuple[float | None, list[np.ndarray]]:
    """Adapt a model that has seen no page of the trial.

    Parameters
    ----------
    layers : Layers
    trial : Trial

    Returns
    -------
    strength : float or None
        What `adapt` chose.
    confusions : list of ndarray of int64, shape (n_documents, 2, 4, 4)
        On pages of the kind and elsewhere: of each page, before and after.
    """
    found = adapt(as_users_pages(trial.lessons), layers)
    return found.strength, [
        np.stack([labelled_by(each, pages) for each in (layers, found.layers)], axis=1)
        for pages in trial[1:]
    ]


def pooled(trials: Sequence[Trial], found: Sequence[Sequence[np.ndarray]]) -> list[np.ndarray]:
    """Put the folds together; a page that several models judged, as a written one, is one page.

    Parameters
    ----------
    trials : sequence of Trial
    found : sequence of sequence of ndarray
        Of each trial the confusions that `run_trial` returns.

    Returns
    -------
    list of ndarray of int64, shape (n_documents, 2, 4, 4)
        On pages of the kind and elsewhere; a page judged twice has its lines twice.
    """
    judged = zip(*(trial[1:] for trial in trials), strict=True)
    return [
        group_sums(np.concatenate(own), [text for pages in corpora for text in pages.texts])
        for corpora, own in zip(judged, zip(*found, strict=True), strict=True)
    ]


def labelled_by(layers: Layers, corpus: Corpus) -> np.ndarray:
    """Label pages and return one confusion matrix a page, shape (n_documents, 4, 4).

    Parameters
    ----------
    layers : Layers
    corpus : Corpus

    Returns
    -------
    ndarray of int64, shape (n_documents, 4, 4)
    """
    return page_confusions(corpus, LineClassifier(layers).label_batch(corpus.texts).labels)


def gain(confusions: np.ndarray) -> np.ndarray:
    """Return macro-F1 after less that before, of summed confusions of shape (…, 2, 4, 4).

    Parameters
    ----------
    confusions : ndarray, shape (..., 2, 4, 4)
        Before and after.

    Returns
    -------
    ndarray, shape (...)
    """
    values = f1(confusions).mean(axis=-1)
    return values[..., 1] - values[..., 0]


def as_text(confusions: list[np.ndarray]) -> str:
    """Lay out F1 before and after for a terminal; `confusions` as `run_trial` returns them.

    Parameters
    ----------
    confusions : list of ndarray

    Returns
    -------
    str
    """
    rows = []
    for name, pages in zip(("same kind", "elsewhere"), confusions, strict=True):
        before, after = pages.sum(axis=0)
        rows.append(f"{name:12} {'lines':>7} {'before':>8} {'after':>8} {'gain':>8}")
        scores = [*zip(LABELS, before.sum(axis=1), f1(before), f1(after), strict=True)]
        scores.append(("mean", before.sum(), macro_f1(before), macro_f1(after)))
        rows += [f"{n:12} {k:7} {b:8.4f} {a:8.4f} {a - b:+8.4f}" for n, k, b, a in scores]
        low, high = bootstrap(pages, gain)
        rows.append(f"{'':12} gain of the mean, 95 % of resampled pages: {low:+.4f} to {high:+.4f}")
    return "\n".join(rows)


def _shuffled(group: str) -> str:
    return hashlib.sha1(f"lessons {group}".encode()).hexdigest()
