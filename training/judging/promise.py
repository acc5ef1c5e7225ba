"""Whether `max_content_loss` keeps its promise on groups of sites that it was not fitted on."""

from collections.abc import Sequence

import numpy as np

from classifier import FilterPolicy
from classifier.adapt.labelled_pages import LabelledPages
from classifier.adapt.thresholds import group_losses, label_losses, loss_table
from classifier.labels import CONTENT, NAVIGATION
from training.corpus import Corpus, chosen_pages
from training.judging.intervals import mean_interval
from training.judging.scores import as_users_pages, field, frequent

LIMITS = (0.005, 0.01, 0.02, 0.05)
SLICE_LIMIT = 0.01  # what kinds of pages are compared by
LEAST_PAGES = 10  # of a kind


def site_loss(corpus: Corpus, predicted: np.ndarray) -> float:
    """Return what lines that are not called content cost, as a promise counts it.

    Parameters
    ----------
    corpus : Corpus
    predicted : ndarray of int, shape (n_lines,)
        Labels.

    Returns
    -------
    float
        Mean over groups of sites of the share of a page's content characters, 0–1.
    """
    return float(label_losses(as_users_pages(corpus), predicted).mean())


def setting_losses(
    corpus: Corpus, probabilities: np.ndarray, table: Sequence[Sequence[float]]
) -> list[dict]:
    """Measure what the default policy and promised losses cost on pages of other kinds.

    Parameters
    ----------
    corpus : Corpus
        That the model has not learnt from.
    probabilities : ndarray of float32, shape (n_lines, 4)
    table : sequence of (float, float, float)
        The model's own, which its promises rest on; empty for a model that promises nothing.

    Returns
    -------
    list of dict
        For the labels alone, with a `limit` of None, and, where there is a table, for each of
        `LIMITS`: `loss`, the mean over groups, and its `interval`; `boilerplate`, share of its
        lines dropped.
    """
    pages, content = as_users_pages(corpus), probabilities[:, CONTENT]
    labels = probabilities.argmax(axis=1)
    settings = [(None, label_losses(pages, labels), labels != CONTENT)]
    for limit in LIMITS if table else ():
        threshold = FilterPolicy(max_content_loss=limit).threshold(table)
        losses = group_losses(pages, content, threshold)
        settings.append((limit, losses, content.astype(np.float64) < threshold))
    return [
        {
            "limit": limit,
            "loss": float(losses.mean()),
            "interval": mean_interval(losses),
            "boilerplate": float(goes[corpus.labels != CONTENT].mean()),
        }
        for limit, losses, goes in settings
    ]


def kept_promises(corpus: Corpus, probabilities: np.ndarray) -> list[dict]:
    """Measure the loss of each fold's groups at the threshold that the other folds give.

    That threshold rests on labels of the other folds alone; but what models say of these
    folds they have learnt, and been calibrated, with labels of this one among others.

    Parameters
    ----------
    corpus : Corpus
    probabilities : ndarray of float32, shape (n_lines, 4)
        Out of fold, calibrated.

    Returns
    -------
    list of dict
        For each limit: `limit`; `loss`, the mean over all groups, and its `interval`;
        `worst_fold`, the largest mean of a fold; `boilerplate`, share of its lines dropped;
        `thresholds`, by fold.
    """
    content = probabilities[:, CONTENT]
    line_folds = corpus.line_folds()
    folds = np.unique(corpus.folds).tolist()

    def pages_of(chosen: np.ndarray) -> LabelledPages:
        return as_users_pages(chosen_pages(corpus, chosen))

    held_out = {fold: pages_of(corpus.folds == fold) for fold in folds}
    tables = _tables(corpus, content)
    found = []
    for limit in LIMITS:
        policy = FilterPolicy(max_content_loss=limit)
        thresholds = {fold: policy.threshold(tables[fold]) for fold in folds}
        losses = [
            group_losses(held_out[fold], content[line_folds == fold], thresholds[fold])
            for fold in folds
        ]
        at_line = np.array([thresholds.get(fold) for fold in range(max(folds) + 1)], np.float64)
        goes = content.astype(np.float64) < at_line[line_folds]
        found.append(
            {
                "limit": limit,
                "loss": float(np.concatenate(losses).mean()),
                "interval": mean_interval(np.concatenate(losses)),
                "worst_fold": float(max(own.mean() for own in losses)),
                "boilerplate": float(goes[corpus.labels != CONTENT].mean()),
                "thresholds": list(thresholds.values()),
            }
        )
    return found


def promised_by_kind(corpus: Corpus, probabilities: np.ndarray, key: str) -> dict[str, dict]:
    """Measure what a promise, which is of the mean over all groups, costs each kind of pages.

    Thresholds are those of `kept_promises`, for `SLICE_LIMIT`.

    Parameters
    ----------
    corpus : Corpus
    probabilities : ndarray of float32, shape (n_lines, 4)
        Out of fold, calibrated.
    key : str
        The field of records that tells the kind.

    Returns
    -------
    dict of str to dict
        By kind with at least `LEAST_PAGES`, those with most pages first: `pages`; `loss`, the
        mean over their groups, and its `interval`; `boilerplate`, share of its lines dropped.
    """
    content = probabilities[:, CONTENT]
    policy = FilterPolicy(max_content_loss=SLICE_LIMIT)
    thresholds = np.zeros(len(corpus.labels))
    for fold, table in _tables(corpus, content).items():
        thresholds[corpus.line_folds() == fold] = policy.threshold(table)
    labels = np.where(content.astype(np.float64) < thresholds, NAVIGATION, CONTENT)
    values, found = field(corpus, key), {}
    for value, n_pages in frequent(values.tolist(), LEAST_PAGES):
        own = chosen_pages(corpus, values == value)
        lines = np.repeat(values == value, corpus.line_counts)
        losses = label_losses(as_users_pages(own), labels[lines])
        found[value] = {
            "pages": n_pages,
            "loss": float(losses.mean()),
            "interval": mean_interval(losses),
            "boilerplate": float((labels[lines] != CONTENT)[own.labels != CONTENT].mean()),
        }
    return found


def _tables(corpus: Corpus, content: np.ndarray) -> dict[int, list[list[float]]]:
    """Return for each fold the table of thresholds that the other folds give."""
    tables = {}
    for fold in np.unique(corpus.folds).tolist():
        others = corpus.folds != fold
        pages = as_users_pages(chosen_pages(corpus, others))
        tables[fold] = loss_table(pages, content[np.repeat(others, corpus.line_counts)])
    return tables
