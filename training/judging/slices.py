"""Scores by the length of a line, and what becomes of bought lines in each language."""

import numpy as np

from classifier.adapt.metrics import confusion
from classifier.labels import CONTENT, PAYWALL, SPONSORED
from training.corpus import Corpus
from training.judging.scores import frequent, label_f1, line_characters

LENGTHS = (10, 25, 50, 100, 200)  # code points: the last of each class but one
LEAST_PAGES = 15  # of a language


def by_line_length(corpus: Corpus, predicted: np.ndarray) -> dict[str, dict]:
    """Score lines by their length in code points.

    Parameters
    ----------
    corpus : Corpus
    predicted : ndarray, shape (n_lines,)

    Returns
    -------
    dict of str to dict
        By length: `lines` and F1 as by `label_f1`.
    """
    bins = np.searchsorted(LENGTHS, line_characters(corpus))
    firsts = (1, *(last + 1 for last in LENGTHS))
    names = [*(f"{a}–{b}" for a, b in zip(firsts, LENGTHS, strict=False)), f"from {firsts[-1]}"]
    found = {}
    for number, name in enumerate(names):
        own = bins == number
        if own.any():
            matrix = confusion(corpus.labels[own], predicted[own])
            found[name] = {"lines": int(own.sum()), **label_f1(matrix)}
    return found


def bought_lines(corpus: Corpus, predicted: np.ndarray, least: int = LEAST_PAGES) -> dict:
    """Say for each language which share of its paywall and sponsored lines is not called content.

    Parameters
    ----------
    corpus : Corpus
    predicted : ndarray of uint8, shape (n_lines,)
    least : int, default LEAST_PAGES
        Pages that a language must have.

    Returns
    -------
    dict of str to dict
        `pages`, `lines` and `not_content` (0–1; None without such a line).
    """
    languages = np.array([record["language"] for record in corpus.records])
    line_languages = np.repeat(languages, corpus.line_counts)
    is_bought = np.isin(corpus.labels, (PAYWALL, SPONSORED))
    found = {}
    for language, pages in frequent(languages.tolist(), least):
        own = predicted[is_bought & (line_languages == language)]
        share = float((own != CONTENT).mean()) if len(own) else None
        found[language] = {"pages": pages, "lines": len(own), "not_content": share}
    return found
