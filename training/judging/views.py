"""Scores of the same pages as other extractors print them."""

from itertools import compress

import numpy as np

from classifier.adapt.metrics import f1
from classifier.labels import LABELS
from classifier.weights import Layers
from training.corpus import UNLABELLED, Corpus
from training.judging.held_out import held_out_probabilities
from training.judging.intervals import bootstrap
from training.judging.scores import page_confusions, page_f1
from training.views.reading import FULL_VIEW

LEAST_LINES = 100  # of a label in both views that are compared


def view_scores(views: dict[str, Corpus], models: dict[int, Layers]) -> dict[str, dict]:
    """Score each view of the pages, and tell how far its F1 is from that of the full text.

    Lines of a view without a counterpart in gold are context only.

    Parameters
    ----------
    views : dict of str to Corpus
        `FULL_VIEW` among them.
    models : dict of int to Layers
        By the fold that a model has not seen.

    Returns
    -------
    dict of str to dict
        `pages`, `lines` and F1 as by `page_f1`; `gaps`: F1 less that of the full
        view, of labels with at least `LEAST_LINES` lines in both; `gap_intervals`, by the
        same labels.

    Raises
    ------
    KeyError
        If a view has a page that the full one has not.
    """
    full = views[FULL_VIEW]
    numbers = {record["id"]: number for number, record in enumerate(full.records)}
    confusions, found = {}, {}
    for name, view in views.items():
        predicted = held_out_probabilities(view.texts, view.folds, models).argmax(axis=1)
        known = view.labels != UNLABELLED
        pages = page_confusions(view, predicted, known)
        found[name] = {"pages": len(view.texts), "lines": int(known.sum()), **page_f1(pages)}
        confusions[name] = np.zeros((len(full.texts), *pages.shape[1:]), np.int64)
        confusions[name][[numbers[record["id"]] for record in view.records]] = pages
    for name, row in found.items():
        both = np.stack([confusions[name], confusions[FULL_VIEW]], axis=1)
        compared = both.sum(axis=(0, 3)).min(axis=0) >= LEAST_LINES
        intervals = bootstrap(both, lambda sums: f1(sums[:, 0]) - f1(sums[:, 1])).T.tolist()
        row["gaps"] = {
            label: row[label] - found[FULL_VIEW][label] for label in compress(LABELS, compared)
        }
        row["gap_intervals"] = dict(zip(row["gaps"], compress(intervals, compared), strict=True))
    return found
