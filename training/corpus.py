"""Labelled pages for training: texts, labels by line, and the one fold of each group."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain, compress
from typing import NamedTuple

import numpy as np

from classifier.labels import LABELS
from classifier.lines import is_blank, split_lines

N_FOLDS = 5
UNLABELLED = 255  # code of a line without a label: left out of training and scores


class Corpus(NamedTuple):
    """Pages with a label on every line that is not blank.

    Attributes
    ----------
    texts : list of str, length n_documents
    labels : ndarray of uint8, shape (n_lines,)
        `UNLABELLED` where a view's line has no counterpart in gold.
    line_counts : ndarray of int64, shape (n_documents,)
        Labelled lines of each page.
    folds : ndarray of int64, shape (n_documents,)
        Fold of each page, 0–4, by its group.
    records : list of dict
        What else is known of each page: id, source, group, language, page_type.
    sha256 : str
        Hash of texts, groups and labels, corrected as they are.
    """

    texts: list[str]
    labels: np.ndarray
    line_counts: np.ndarray
    folds: np.ndarray
    records: list[dict]
    sha256: str

    def lines(self) -> list[str]:
        """Return all lines that are not blank, page after page.

        Returns
        -------
        list of str, length n_lines
        """
        return [line for text in self.texts for line in lines_of(text)]

    def line_folds(self) -> np.ndarray:
        """Return the fold of each line.

        Returns
        -------
        ndarray of int64, shape (n_lines,)
        """
        return np.repeat(self.folds, self.line_counts)

    def line_pages(self) -> np.ndarray:
        """Return the place of each line's page.

        Returns
        -------
        ndarray of int64, shape (n_lines,)
            From 0.
        """
        return np.repeat(np.arange(len(self.texts)), self.line_counts)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that are not blank: those that carry a label.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        Without their line breaks.
    """
    return [line for line in split_lines(text) if not is_blank(line)]


def fold_of(group: str) -> int:
    """Return the fixed fold of a group: the same for every set of pages and every run.

    Parameters
    ----------
    group : str

    Returns
    -------
    int
        0 to 4.
    """
    return int(hashlib.sha1(group.encode()).hexdigest()[:8], 16) % N_FOLDS


def corpus_of(records: Iterable[dict]) -> Corpus:
    """Make a corpus of labelled documents, each with one label, or None, a line.

    Parameters
    ----------
    records : iterable of dict
        With `text`, `labels` and `group`; they stay as they are.

    Returns
    -------
    Corpus
    """
    records = [dict(record) for record in records]
    texts = [record.pop("text") for record in records]
    names = [record.pop("labels") for record in records]
    codes = [UNLABELLED if name is None else LABELS.index(name) for name in chain(*names)]
    labels = np.array(codes, np.uint8)
    digest = hashlib.sha256(labels.tobytes())
    for text, record in zip(texts, records, strict=True):
        digest.update(f"{text}\0{record['group']}\0".encode("utf-8", "surrogatepass"))
    return Corpus(
        texts,
        labels,
        np.array([len(page) for page in names], np.int64),
        np.array([fold_of(record["group"]) for record in records], np.int64),
        records,
        digest.hexdigest(),
    )


def joined_corpora(parts: Iterable[Corpus]) -> Corpus:
    """Put corpora together, page after page.

    Parameters
    ----------
    parts : iterable of Corpus
        One at least.

    Returns
    -------
    Corpus
    """
    texts, labels, line_counts, folds, records, digests = zip(*parts, strict=True)
    return Corpus(
        list(chain(*texts)),
        np.concatenate(labels),
        np.concatenate(line_counts),
        np.concatenate(folds),
        list(chain(*records)),
        hashlib.sha256("".join(digests).encode()).hexdigest(),
    )


def chosen_pages(corpus: Corpus, chosen: Sequence[bool] | np.ndarray) -> Corpus:
    """Take some pages.

    Parameters
    ----------
    corpus : Corpus
    chosen : sequence of bool, length n_documents

    Returns
    -------
    Corpus
    """
    chosen = np.asarray(chosen, np.bool_)
    lines = np.repeat(chosen, corpus.line_counts)
    return Corpus(
        list(compress(corpus.texts, chosen)),
        corpus.labels[lines],
        corpus.line_counts[chosen],
        corpus.folds[chosen],
        list(compress(corpus.records, chosen)),
        hashlib.sha256(corpus.sha256.encode() + chosen.tobytes()).hexdigest(),
    )
