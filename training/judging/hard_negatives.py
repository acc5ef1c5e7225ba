"""How many hard negatives go: content that resembles a paywall, an advertisement or furniture.

Phrases of the bank, placed into pages of each fold and labelled by the model of
that fold. It has not seen the page, and not the phrases that are of the fold by
their text (`training.fitting.gathering.phrase_folds`); the other phrases it has seen, and
of all phrases the language and others of the same template. So the figure for
unseen phrases says what becomes of a new wording of a known matter, not of a
matter or a language that is new.
"""

import numpy as np

from classifier import LineClassifier
from classifier.labels import CONTENT
from classifier.weights import Layers
from training.corpus import Corpus, chosen_pages, fold_of, lines_of
from training.judging.intervals import share_interval
from training.phrases import Phrases
from training.written.compose import hard_negative_pages
from training.written.layout import BULLET_MARK


def hard_negatives_dropped(corpus: Corpus, phrases: Phrases, models: dict[int, Layers]) -> dict:
    """Measure which share of placed hard negatives the default policy drops.

    Parameters
    ----------
    corpus : Corpus
    phrases : Phrases
    models : dict of int to Layers
        By the fold that a model has not seen.

    Returns
    -------
    dict of str to dict
        `all` and `unseen`: `lines`, and, if there are any, `dropped`, 0–1, and its `interval`.
    """
    pages = []  # of each, how many stand there and how many go; then those of unseen wording
    for fold, layers in models.items():
        own = chosen_pages(corpus, corpus.folds == fold)
        texts, _, is_placed = hard_negative_pages(own, phrases, fold)
        lines = [line for text in texts for line in lines_of(text)]
        goes = LineClassifier(layers).label_batch(texts).labels != CONTENT
        page_of = np.repeat(np.arange(len(texts)), [len(lines_of(text)) for text in texts])
        is_new = np.array([is_of(line, fold) for line in lines], np.bool_)
        pages.append(
            [
                np.bincount(page_of[own], minlength=len(texts))
                for some in (is_placed, is_placed & is_new)
                for own in (some & goes, some)
            ]
        )
    counts = np.concatenate(pages, axis=1).T
    return {"all": _share_dropped(counts[:, :2]), "unseen": _share_dropped(counts[:, 2:])}


def _share_dropped(parts: np.ndarray) -> dict:
    """Say of how many lines which share goes; `parts` are as `share_interval` takes them."""
    dropped, lines = parts.sum(axis=0).tolist()
    if not lines:
        return {"lines": 0}
    return {"lines": lines, "dropped": dropped / lines, "interval": share_interval(parts)}


def is_of(line: str, fold: int) -> bool:
    """Say whether a phrase, printed with a bullet or without, is of a fold by its text.

    Parameters
    ----------
    line : str
    fold : int

    Returns
    -------
    bool
    """
    return fold_of(BULLET_MARK.sub("", line)) == fold
