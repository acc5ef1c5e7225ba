"""How right the verdicts on documents are, on pages that were read for them.

``data/labels/documents.csv`` says of each page that was read whether it is
paywalled and whether it is truncated. All pages with a paywall line are among
them, but only a sample of the others: each of those stands for many and weighs
as many in every figure.
"""

import csv
import logging
from pathlib import Path
from typing import NamedTuple

import numpy as np

from classifier.columns import read_columns
from classifier.labels import PAYWALL
from classifier.layers import count_lines, empty_lines, score_lines
from classifier.statistics import document_statistics
from classifier.weights import blank_first_layer
from training.corpus import Corpus
from training.judging.intervals import BOOTSTRAPS, limits
from training.pages.standoff import absent_pages

logger = logging.getLogger(__name__)

VERDICTS = ("paywalled", "truncated")
CHOICE_FOLDS = (0, 1, 2)  # the rule's constants were chosen on these, so report the others


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
        If a row names no labelled page, or the same one again, or a
        verdict is neither 0 nor 1; the message names file and row.
    """
    places = {record["id"]: place for place, record in enumerate(corpus.records)}
    absent = {page.id for page in absent_pages(places)}
    documents, truth, n_absent = [], [], 0
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            if row["id"] in absent:
                n_absent += 1
                continue
            place = places.pop(row["id"], None)
            if place is None:
                raise ValueError(f"{path}: row {number}: no page {row['id']!r}, or a second time")
            values = [row[verdict] for verdict in VERDICTS]
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
    """Return precision, recall and F1 of tallies, shape (..., 3); 1 where there was nothing.

    Parameters
    ----------
    tallies : ndarray, shape (..., 3)
        Pages judged rightly, wrongly, and missed.

    Returns
    -------
    ndarray, shape (..., 3)
    """
    right, wrong, missed = np.moveaxis(tallies, -1, 0)
    return np.stack(
        [
            (right / np.maximum(total, 1e-12)) + (total == 0)
            for right, total in (
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
        By verdict: ``"pages"``, ``"positives"``, and ``"precision"``,
        ``"recall"`` and ``"f1"``, each as [value, low, high].
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
        value = ratios(tally(truth[:, k], found[:, k], weight))
        spread = ratios(tally(truth[:, k], found[:, k], draws * weight))
        low, high = limits(spread)
        figures[verdict] = {
            "pages": len(documents),
            "positives": int(truth[:, k].sum()),
            **{
                name: [float(value[m]), float(low[m]), float(high[m])]
                for m, name in enumerate(("precision", "recall", "f1"))
            },
        }
    return figures


def as_text(figures: dict[str, dict]) -> str:
    """Lay out several results of `verdict_figures`, by what they are called.

    Parameters
    ----------
    figures : dict of str to dict

    Returns
    -------
    str
    """
    names = ("precision", "recall", "f1")
    out = [f"{'':34}{'pages':>6} {'true':>5}  " + "".join(f"{name:24}" for name in names).rstrip()]
    for title, verdicts in figures.items():
        for verdict, row in verdicts.items():
            cells = [
                f"{row[name][0]:.3f} [{row[name][1]:.3f}, {row[name][2]:.3f}]" for name in names
            ]
            out.append(
                f"{title:24}{verdict:10}{row['pages']:>6} {row['positives']:>5}  "
                + "".join(f"{cell:24}" for cell in cells).rstrip()
            )
    return "\n".join(out)
