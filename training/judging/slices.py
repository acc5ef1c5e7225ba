"""Scores by the length of a line, and what becomes of bought lines in each language."""

import numpy as np

from classifier.as_read import line_characters
from classifier.labels import CONTENT, PAYWALL, SPONSORED
from training.corpus import Corpus
from training.judging.intervals import share_interval
from training.judging.scores import field, frequent, page_confusions, page_f1

LENGTHS = (10, 25, 50, 100, 200)  # code points: the last of each class but one
LEAST_PAGES = 15  # of a language
BOUGHT = (PAYWALL, SPONSORED)


def by_line_length(corpus: Corpus, predicted: np.ndarray) -> dict[str, dict]:
    """Score lines by their length in code points.

    Parameters
    ----------
    corpus : Corpus
    predicted : ndarray, shape (n_lines,)

    Returns
    -------
    dict of str to dict
        By length: `lines` and F1 as by `page_f1`.
    """
    bins = np.searchsorted(LENGTHS, line_characters(corpus.texts))
    firsts = (1, *(last + 1 for last in LENGTHS))
    names = [*(f"{a}–{b}" for a, b in zip(firsts, LENGTHS, strict=False)), f"from {firsts[-1]}"]
    found = {}
    for number, name in enumerate(names):
        own = bins == number
        if own.any():
            pages = page_confusions(corpus, predicted, own)
            found[name] = {"lines": int(own.sum()), **page_f1(pages)}
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
        `pages`, `lines`, and what `bought_share` returns.
    """
    languages = field(corpus, "language")
    confusions, found = page_confusions(corpus, predicted), {}
    for language, n_pages in frequent(languages.tolist(), least):
        pages = confusions[languages == language]
        n_lines = int(pages[:, BOUGHT].sum())
        found[language] = {"pages": n_pages, "lines": n_lines, **bought_share(pages)}
    return found


def bought_share(pages: np.ndarray) -> dict:
    """Say which share of paywall and sponsored lines is not called content.

    Parameters
    ----------
    pages : ndarray, shape (n_documents, 4, 4)
        As `page_confusions` returns it.

    Returns
    -------
    dict
        `not_content` (0–1) and its `interval`; nothing without such a line.
    """
    lines = pages[:, BOUGHT].sum(axis=1)
    parts = np.stack([lines.sum(axis=1) - lines[:, CONTENT], lines.sum(axis=1)], axis=1)
    away, total = parts.sum(axis=0)
    if not total:
        return {}
    return {"not_content": float(away / total), "interval": share_interval(parts)}
