"""All figures of held-out pages beside their scores."""

import numpy as np

from classifier.weights import Layers
from training.corpus import Corpus
from training.judging.default_policy import figures_of
from training.judging.hard_negatives import hard_negatives_dropped
from training.judging.promise import kept_promises, promised_by_kind, site_loss
from training.judging.scores import page_confusions, sliced
from training.judging.slices import bought_lines, by_line_length
from training.judging.verdicts import ReadPages, reported_verdicts
from training.judging.views import view_scores
from training.judging.wcxb import wcxb_scores
from training.phrases import Phrases
from training.views.layouts import in_layouts

LEAST_PAGES = 10  # of a page type


def judgements(
    corpus: Corpus,
    probabilities: np.ndarray,
    models: dict[int, Layers],
    views: dict[str, Corpus],
    phrases: Phrases,
    documents: list[dict],
    read_pages: ReadPages,
) -> dict:
    """Gather what is said of held-out pages beside their scores, as plain values.

    Parameters
    ----------
    corpus : Corpus
        Pages with the labels to judge by.
    probabilities : ndarray of float32, shape (n_lines, 4)
        Of their lines: out of fold, calibrated.
    models : dict of int to Layers
        By the fold that a model has not seen, calibrated without it.
    views : dict of str to Corpus
    phrases : Phrases
    documents : list of dict
        WCXB's pages, with their main content; empty to leave them out.
    read_pages : ReadPages
        Those of `corpus` that were read for their verdicts.

    Returns
    -------
    dict
        `default_policy`, as `figures_of` returns it; `default_site_loss`, as `site_loss`
        does; `verdicts`, as `reported_verdicts`. The others by the names of
        `training.reporting.tables.SECTIONS`: `page_types`, as `sliced` returns them;
        `line_lengths`, as `by_line_length`; `views` and `layouts`, as `view_scores`;
        `bought_lines`, as `bought_lines`; `promise`, as `kept_promises`; `promise_kinds`, by
        the field that tells the kind, as `promised_by_kind`; `wcxb`, as `wcxb_scores`;
        `hard_negatives`, as `hard_negatives_dropped`.
    """
    predicted = probabilities.argmax(axis=1)
    return {
        "default_policy": figures_of(corpus, predicted),
        "default_site_loss": site_loss(corpus, predicted),
        "verdicts": reported_verdicts(corpus, read_pages, predicted),
        "page_types": sliced(corpus, page_confusions(corpus, predicted), "page_type", LEAST_PAGES),
        "line_lengths": by_line_length(corpus, predicted),
        "views": view_scores(views, models),
        "layouts": view_scores(in_layouts(corpus), models),
        "bought_lines": bought_lines(corpus, predicted),
        "promise": kept_promises(corpus, probabilities),
        "promise_kinds": {
            key: promised_by_kind(corpus, probabilities, key) for key in ("page_type", "language")
        },
        **({"wcxb": wcxb_scores(documents, models)} if documents else {}),
        "hard_negatives": hard_negatives_dropped(corpus, phrases, models),
    }
