"""How right the verdicts on documents are, on pages that were read for them.

``data/labels/documents.csv`` says of each page that was read whether it is
paywalled and whether it is truncated. All pages with a paywall line are among
them, but only a sample of the others: each of those stands for many and weighs
as many in every figure.
"""

import logging
from pathlib import Path
from typing import NamedTuple

import numpy as np

from classifier.columns import read_columns
from classifier.labels import PAYWALL
from classifier.layers import count_lines, empty_lines, score_lines
from classifier.statistics import document_statistics
from classifier.weights import blank_first_layer
from training.corpus import N_FOLDS, Corpus
from training.judging.intervals import BOOTSTRAPS, limits
from training.pages.check_pointers import ReadRow
from training.pages.rows import numbered_rows
from training.pages.standoff import absent_pages

logger = logging.getLogger(__name__)

VERDICTS = ("paywalled", "truncated")
MEASURES = ("precision", "recall", "f1")
CHOICE_FOLDS = (0, 1, 2)  # the rule's constants were chosen on these, so report the others
REPORTED_FOLDS = tuple(fold for fold in range(N_FOLDS) if fold not in CHOICE_FOLDS)


class ReadPages(NamedTuple):
    """Pages that were read for their verdicts.

    Attributes
    ----------
    documents : ndarray of int64, shape (n_pages,)
        Places of the pages in the corpus.
    truth : ndarray of bool, shape (n_pages, 2)
        Whether a page is paywalled, and whether it is truncated.
    """

    documents: np.ndarray
    truth: np.ndarray


def read_pages(corpus: Corpus, path: Path) -> ReadPages:
    """Read what was found of each page that was read.

    Rows of labelled pages that are not in the corpus are left out; a warning is logged
    that counts them.

    Parameters
    ----------
    corpus : Corpus
    path : Path
        Such as ``data/labels/documents.csv``.

    Returns
    -------
    ReadPages

    Raises
    ------
    ValueError
        If the file is damaged or has other columns, a row names no labelled page, or the
        same one again, or a verdict is neither 0 nor 1; the message names file and row.
    """
    places = {record["id"]: place for place, record in enumerate(corpus.records)}
    absent = {page.id for page in absent_pages(places)}
    documents, truth, n_absent = [], [], 0
    for number, row in numbered_rows(path, ReadRow):
        if row.id in absent:
            n_absent += 1
            continue
        place = places.pop(row.id, None)
        if place is None:
            raise ValueError(f"{path}: row {number}: no page {row.id!r}, or a second time")
        values = [getattr(row, verdict) for verdict in VERDICTS]
        if not {"0", "1"}.issuperset(values):
            raise ValueError(f"{path}: row {number}: a verdict is 0 or 1, not {values}")
        documents.append(place)
        truth.append([value == "1" for value in values])
    if n_absent:
        logger.warning("%s: %d pages are not there, so their rows are left out", path, n_absent)
    return ReadPages(np.array(documents, np.int64), np.array(truth, np.bool_).reshape(-1, 2))


def judged(corpus: Corpus, labels: np.ndarray) -> np.ndarray:
    """Return the classifier's verdicts on every page, given labels of all lines.

    Parameters
    ----------
    corpus : Corpus
    labels : ndarray, shape (n_lines,)

    Returns
    -------
    ndarray of bool, shape (n_documents, 2)
    """
    (column,) = read_columns(corpus.texts)
    room = empty_lines(count_lines(column), len(corpus.texts))
    lines = score_lines(column, blank_first_layer(10), room)
    statistics = document_statistics(
        column.data, column.offsets, lines.starts, lines.ends, lines.document_offsets, labels
    )
    return np.stack([statistics.paywalled, statistics.truncated], axis=1)


def with_paywall_line(corpus: Corpus) -> np.ndarray:
    """Return which pages hold a line whose gold label is paywall, shape (n_documents,).

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    ndarray of bool, shape (n_documents,)
    """
    return np.bincount(corpus.line_pages(), corpus.labels == PAYWALL, len(corpus.texts)) > 0


def tally(truth: np.ndarray, found: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sum the weights of what is right, wrongly found and missed.

    Parameters
    ----------
    truth, found : ndarray of bool, shape (n_pages,)
    weights : ndarray, shape (..., n_pages)

    Returns
    -------
    ndarray, shape (..., 3)
    """
    return weights @ np.stack([truth & found, ~truth & found, truth & ~found], axis=1)


def ratios(tallies: np.ndarray) -> np.ndarray:
    """Return precision, recall and F1 of tallies, shape (..., 3); NaN where there was nothing.

    Parameters
    ----------
    tallies : ndarray, shape (..., 3)
        Pages judged rightly, wrongly, and missed.

    Returns
    -------
    ndarray, shape (..., 3)
    """
    right, wrong, missed = np.moveaxis(np.asarray(tallies, np.float64), -1, 0)
    return np.stack(
        [
            np.divide(part, total, out=np.full(total.shape, np.nan), where=total > 0)
            for part, total in (
                (right, right + wrong),
                (right, right + missed),
                (2 * right, 2 * right + wrong + missed),
            )
        ],
        axis=-1,
    )


def verdict_figures(corpus: Corpus, pages: ReadPages, labels: np.ndarray, folds: tuple) -> dict:
    """Score both verdicts on the read pages of some folds.

    Intervals are by bootstrap over the pages, those with and those without a
    paywall line apart.

    Parameters
    ----------
    corpus : Corpus
    pages : ReadPages
    labels : ndarray, shape (n_lines,)
        Of the whole corpus.
    folds : tuple

    Returns
    -------
    dict
        By verdict: how many `pages` were read, of how many it is `true` and of how many it was
        `found`; `precision`, `recall` and `f1`, as far as there is anything to measure, and by
        the same names `intervals`, each of two floats.
    """
    chosen = np.isin(corpus.folds[pages.documents], folds)
    documents, truth = pages.documents[chosen], pages.truth[chosen]
    found = judged(corpus, labels)[documents]
    has_line = with_paywall_line(corpus)
    parts = has_line[documents].astype(np.int64)
    in_corpus = np.bincount(has_line[np.isin(corpus.folds, folds)], minlength=2)
    weight = (in_corpus / np.maximum(np.bincount(parts, minlength=2), 1))[parts]
    rng = np.random.default_rng(0)
    draws = np.zeros((BOOTSTRAPS, len(documents)))
    for part in (0, 1):
        members = np.flatnonzero(parts == part)
        if len(members):
            shares = np.full(len(members), 1 / len(members))
            draws[:, members] = rng.multinomial(len(members), shares, BOOTSTRAPS)
    figures = {}
    for k, verdict in enumerate(VERDICTS):
        values = ratios(tally(truth[:, k], found[:, k], weight))
        spread = ratios(tally(truth[:, k], found[:, k], draws * weight))
        measured = [m for m in range(len(MEASURES)) if not np.isnan(values[m])]
        figures[verdict] = {
            "pages": len(documents),
            "true": int(truth[:, k].sum()),
            "found": int(found[:, k].sum()),
            **{MEASURES[m]: float(values[m]) for m in measured},
            "intervals": {MEASURES[m]: limits(spread[:, m]).tolist() for m in measured},
        }
    return figures


def reported_verdicts(corpus: Corpus, pages: ReadPages, labels: np.ndarray) -> dict[str, dict]:
    """Score the verdicts that follow from gold labels and from others, on `REPORTED_FOLDS`.

    Parameters
    ----------
    corpus : Corpus
    pages : ReadPages
    labels : ndarray, shape (n_lines,)
        Out of fold.

    Returns
    -------
    dict of str to dict
        `gold` and `out_of_fold`, as `verdict_figures` returns them.
    """
    ways = {"gold": corpus.labels, "out_of_fold": labels.astype(np.uint8)}
    return {name: verdict_figures(corpus, pages, own, REPORTED_FOLDS) for name, own in ways.items()}
