"""Scores of out-of-fold labels: per label, language and source, with intervals."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from classifier.adapt.labelled_pages import LabelledPages
from classifier.adapt.metrics import f1
from classifier.adapt.thresholds import loss_table
from classifier.as_read import line_characters
from classifier.labels import CONTENT, LABELS
from training.corpus import Corpus
from training.judging.dropping import dropped_at_loss
from training.judging.intervals import bootstrap, group_sums
from training.judging.reliability import calibration_scores

UNKNOWN = "not known"  # of a field that some records lack
ALL_LINES = slice(None)


def field(corpus: Corpus, key: str) -> np.ndarray:
    """Return what the pages have in a field, `UNKNOWN` where they lack it.

    Parameters
    ----------
    corpus : Corpus
    key : str

    Returns
    -------
    ndarray of str, shape (n_documents,)
    """
    return np.array([record.get(key) or UNKNOWN for record in corpus.records], str)


def page_confusions(
    corpus: Corpus, predicted: np.ndarray, chosen: np.ndarray | slice = ALL_LINES
) -> np.ndarray:
    """Return one confusion matrix a page, shape (n_documents, 4, 4).

    Parameters
    ----------
    corpus : Corpus
    predicted : ndarray, shape (n_lines,)
    chosen : ndarray of bool, shape (n_lines,), optional
        The lines that count; all, if absent.

    Returns
    -------
    ndarray of int64, shape (n_documents, 4, 4)
    """
    cells = (corpus.line_pages() * 4 + corpus.labels) * 4 + predicted
    n = len(corpus.texts)
    return np.bincount(cells[chosen], minlength=n * 16).reshape(n, 4, 4)


def as_users_pages(corpus: Corpus) -> LabelledPages:
    """Give a corpus the form of a user's pages, every line decided.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    LabelledPages
    """
    groups = [record["group"] for record in corpus.records]
    return LabelledPages(
        corpus.texts,
        corpus.labels,
        np.ones(len(corpus.labels), np.bool_),
        line_characters(corpus.texts),
        corpus.line_counts,
        np.unique(groups, return_inverse=True)[1],
    )


def scores(corpus: Corpus, probabilities: np.ndarray) -> dict:
    """Gather all figures of out-of-fold probabilities in one dictionary of plain values.

    Parameters
    ----------
    corpus : Corpus
    probabilities : ndarray, shape (n_lines, 4)

    Returns
    -------
    dict
        `macro_f1` and its interval, `macro_f1_interval`; `labels`, for each its `precision`,
        `recall`, `f1` with its `interval`, and how many `lines` have it; `confusion`, lines by
        true (rows) and predicted label; how many `groups` the pages are of, and
        `group_intervals`, those of `macro_f1` and of F1 of each label when groups are drawn in
        place of pages; `dropped`, as `dropped_at_loss` returns it;
        `languages` and `sources`, as `sliced` does; how many `pages` and `lines` there are;
        `calibration_errors`, as `calibration_scores`, and `loss_table`, as that function
        returns it. Scores and shares are 0 to 1, an interval is [low, high] of
        95 % over resampled pages, where nothing else is said.
    """
    predicted = probabilities.argmax(axis=1)
    pages = page_confusions(corpus, predicted)
    total = pages.sum(axis=0)
    groups = group_sums(pages, [record["group"] for record in corpus.records])
    interval = bootstrap(pages, f1)
    macro_interval = bootstrap(pages, lambda sums: f1(sums).mean(axis=-1))
    columns = total.sum(axis=0)
    rows = total.sum(axis=1)
    by_label = {
        label: {
            "precision": float(total[k, k] / max(columns[k], 1)),
            "recall": float(total[k, k] / max(rows[k], 1)),
            "f1": float(f1(total)[k]),
            "interval": interval[:, k].tolist(),
            "lines": int(rows[k]),
        }
        for k, label in enumerate(LABELS)
    }
    return {
        "macro_f1": float(f1(total).mean()),
        "macro_f1_interval": macro_interval.tolist(),
        "labels": by_label,
        "confusion": total.tolist(),
        "groups": len(groups),
        "group_intervals": page_f1(groups)["intervals"],
        "dropped": dropped_at_loss(corpus, probabilities),
        "languages": sliced(corpus, pages, "language", 10),
        "sources": sliced(corpus, pages, "source", 10),
        "pages": len(pages),
        "lines": int(total.sum()),
        "calibration_errors": calibration_scores(probabilities, corpus.labels, corpus.line_pages()),
        "loss_table": loss_table(as_users_pages(corpus), probabilities[:, CONTENT]),
    }


def sliced(corpus: Corpus, pages: np.ndarray, key: str, least: int) -> dict:
    """Score pages by a field of their records, where at least `least` pages share it.

    Parameters
    ----------
    corpus : Corpus
    pages : ndarray, shape (n_documents, 4, 4)
        As `page_confusions` returns it.
    key : str
        The field; pages without it count as `UNKNOWN`.
    least : int

    Returns
    -------
    dict of str to dict
        By value of the field, those with most pages first: `pages` and F1 as by `page_f1`.
    """
    values = field(corpus, key)
    return {
        value: {"pages": n_pages, **page_f1(pages[values == value])}
        for value, n_pages in frequent(values.tolist(), least)
    }


def frequent(values: Iterable[str], least: int = 0) -> list[tuple[str, int]]:
    """Count values.

    Parameters
    ----------
    values : iterable of str
    least : int, default 0
        How often a value must occur.

    Returns
    -------
    list of (str, int)
        Values with their counts, the most frequent first, equally frequent ones by name.
    """
    return [(v, n) for v, n in Counter(sorted(values)).most_common() if n >= least]


def label_f1(matrix: np.ndarray) -> dict[str, float]:
    """Return F1 of each label that lines of a confusion matrix have, and the mean of these.

    Parameters
    ----------
    matrix : ndarray, shape (4, 4)

    Returns
    -------
    dict of str to float
        `macro_f1`, the mean, and each of these labels: 0 to 1.
    """
    present = matrix.sum(axis=1) > 0
    values = f1(matrix)
    return {
        "macro_f1": float(values[present].mean()),
        **{label: float(values[k]) for k, label in enumerate(LABELS) if present[k]},
    }


def page_f1(pages: np.ndarray) -> dict:
    """Score pages together, with intervals.

    Parameters
    ----------
    pages : ndarray, shape (n_documents, 4, 4)
        As `page_confusions` returns it.

    Returns
    -------
    dict
        F1 as by `label_f1`, and by the same names `intervals`, each of two floats; draws
        without a line of a label count for nothing in its interval and in that of the mean,
        which would be one over fewer labels.
    """
    present = pages.sum(axis=(0, 2)) > 0

    def drawn_f1(sums: np.ndarray) -> np.ndarray:
        found = np.where(sums.sum(axis=-1) > 0, f1(sums), np.nan)[:, present]
        return np.concatenate([found.mean(axis=-1, keepdims=True), found], axis=-1)

    found = label_f1(pages.sum(axis=0))
    has_lines = pages.sum(axis=(1, 2)) > 0
    intervals = bootstrap(pages[has_lines], drawn_f1).T.tolist()
    return found | {"intervals": dict(zip(found, intervals, strict=True))}
