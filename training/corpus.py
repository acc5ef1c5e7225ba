"""Labelled pages for training: texts, labels by line, and the one fold of each group."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from classifier.columns import Column, read_columns
from classifier.labels import LABELS

N_FOLDS = 5


class Corpus(NamedTuple):
    """Pages with a label on every line that is not blank.

    Attributes
    ----------
    texts : list of str, length n_documents
    labels : ndarray of uint8, shape (n_lines,)
    line_counts : ndarray of int64, shape (n_documents,)
        Labelled lines of each page.
    folds : ndarray of int64, shape (n_documents,)
        Fold of each page, 0–4, by its group.
    records : list of dict
        What else is known of each page: id, source, group, language, page_type.
    sha256 : str
        Hash of the file's bytes.
    """

    texts: list[str]
    labels: np.ndarray
    line_counts: np.ndarray
    folds: np.ndarray
    records: list[dict]
    sha256: str

    def column(self) -> Column:
        """Return the texts as one column."""
        return next(read_columns(self.texts))

    def line_folds(self) -> np.ndarray:
        """Return the fold of each line, shape (n_lines,)."""
        return np.repeat(self.folds, self.line_counts)


def fold_of(group: str) -> int:
    """Return the fixed fold of a group: the same for every set of pages and every run."""
    return int(hashlib.sha1(group.encode()).hexdigest()[:8], 16) % N_FOLDS


def read_gold(path: Path) -> Corpus:
    """Read labelled pages from JSON Lines, gzipped or not.

    Raises
    ------
    ValueError
        If a page has not one label for each line that is not blank.
    """
    raw = path.read_bytes()
    content = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    texts, labels, counts, records = [], [], [], []
    for number, line in enumerate(content.decode("utf-8").rstrip("\n").split("\n"), 1):
        record = json.loads(line)
        text = record.pop("text")
        names = record.pop("labels")
        expected = sum(bool(part.strip()) for part in text.split("\n"))
        if len(names) != expected:
            raise ValueError(
                f"{path}: page {number} ({record.get('id')}) has {expected} lines that are not "
                f"blank but {len(names)} labels"
            )
        texts.append(text)
        labels += [LABELS.index(name) for name in names]
        counts.append(len(names))
        records.append(record)
    folds = np.array([fold_of(record["group"]) for record in records])
    return Corpus(
        texts,
        np.array(labels, np.uint8),
        np.array(counts, np.int64),
        folds,
        records,
        hashlib.sha256(raw).hexdigest(),
    )
