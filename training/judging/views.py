"""Scores of the same pages as other extractors print them."""

from classifier.adapt.metrics import confusion
from classifier.labels import LABELS
from classifier.weights import Layers
from training.corpus import UNLABELLED, Corpus
from training.judging.held_out import held_out_probabilities
from training.judging.scores import label_f1
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
        `pages`, `lines` and F1 as by `label_f1`; `gaps`: F1 less that of the full
        view, of labels with at least `LEAST_LINES` lines in both.
    """
    found, counts = {}, {}
    for name, view in views.items():
        predicted = held_out_probabilities(view.texts, view.folds, models).argmax(axis=1)
        known = view.labels != UNLABELLED
        matrix = confusion(view.labels[known], predicted[known])
        counts[name] = dict(zip(LABELS, matrix.sum(axis=1).tolist(), strict=True))
        found[name] = {"pages": len(view.texts), "lines": int(known.sum()), **label_f1(matrix)}
    for name, row in found.items():
        row["gaps"] = {
            label: row[label] - found[FULL_VIEW][label]
            for label in LABELS
            if min(counts[name][label], counts[FULL_VIEW][label]) >= LEAST_LINES
        }
    return found
