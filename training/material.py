"""What models are fitted on: pages, the label and weight of each line, and whose fold it is.

Labelled pages come as they are, as other extractors print them, and with
phrases placed into them; phrases also stand alone. A page keeps the fold of its
group in all of these, and a phrase is placed into pages of its own fold only:
no first layer that scores a line for the second has seen it.
"""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from classifier.columns import Column, read_columns
from classifier.labels import LABELS
from training.compose import placed, small_pages
from training.corpus import N_FOLDS, Corpus, fold_of
from training.phrases import Phrases, chosen_phrases

NO_LABEL = 255
VIEW_WEIGHT = 0.5
PLACED_SHARE = 0.35
PLACED_WEIGHT = 1.0  # of a phrase placed into a page; the lines around it repeat the page
REPEATED_WEIGHT = 0.25


class Material(NamedTuple):
    """Pages to fit on.

    Attributes
    ----------
    texts : list of str, length n_documents
    folds : ndarray of int64, shape (n_documents,)
        0–4.
    labels : ndarray of uint8, shape (n_lines,)
        `NO_LABEL` for lines that nothing is known of; they are only context.
    first_weights, second_weights : ndarray of float32, shape (n_lines,)
        How much a line counts in fitting each layer; 0 leaves it out.
    line_counts : ndarray of int64, shape (n_documents,)
    """

    texts: list[str]
    folds: np.ndarray
    labels: np.ndarray
    first_weights: np.ndarray
    second_weights: np.ndarray
    line_counts: np.ndarray

    def column(self) -> Column:
        """Return the texts as one column."""
        return next(read_columns(self.texts))

    def line_folds(self) -> np.ndarray:
        """Return the fold of each line, shape (n_lines,)."""
        return np.repeat(self.folds, self.line_counts)


def count_lines(text: str) -> int:
    """Count the lines of a text that are not blank."""
    return sum(bool(line.strip()) for line in text.split("\n"))


def pages(
    texts: Iterable[str],
    folds: np.ndarray,
    labels: np.ndarray,
    first: float | np.ndarray,
    second: float | np.ndarray,
) -> Material:
    """Make material of pages; weights for all lines, or one for each."""
    texts = list(texts)
    known = labels != NO_LABEL
    return Material(
        texts,
        np.asarray(folds, np.int64),
        np.asarray(labels, np.uint8),
        (known * np.float32(1) * first).astype(np.float32),
        (known * np.float32(1) * second).astype(np.float32),
        np.array([count_lines(text) for text in texts], np.int64),
    )


def joined(parts: Iterable[Material]) -> Material:
    """Put material together."""
    texts, *arrays = zip(*parts, strict=True)
    return Material(sum(texts, []), *(np.concatenate(array) for array in arrays))


def gold_pages(corpus: Corpus) -> Material:
    """Take labelled pages as they are."""
    return pages(corpus.texts, corpus.folds, corpus.labels, 1, 1)


def phrase_folds(phrases: Phrases) -> np.ndarray:
    """Return the fold of each phrase, by its text."""
    return np.array([fold_of(text) for text in phrases.texts], np.int64)


def single_phrases(phrases: Phrases) -> Material:
    """Take each phrase as a page of one line, for the first layer."""
    return pages(phrases.texts, phrase_folds(phrases), phrases.labels, 1, 0)


def placed_phrases(corpus: Corpus, phrases: Phrases, seed: int = 0) -> Material:
    """Take copies of labelled pages with phrases placed into them, for the second layer."""
    languages = [record["language"] for record in corpus.records]
    parts = []
    for fold in range(N_FOLDS):
        own = chosen_phrases(phrases, phrase_folds(phrases) == fold)
        texts, labels, is_placed = placed(
            corpus.texts, corpus.labels, languages, own, seed, PLACED_SHARE
        )
        changed = np.array([new != old for new, old in zip(texts, corpus.texts, strict=True)])
        changed &= corpus.folds == fold
        lines = np.repeat(changed, [count_lines(text) for text in texts])
        parts.append(
            pages(
                [text for text, is_changed in zip(texts, changed, strict=True) if is_changed],
                corpus.folds[changed],
                labels[lines],
                0,
                np.where(is_placed, PLACED_WEIGHT, REPEATED_WEIGHT)[lines],
            )
        )
    return joined(parts)


def composed_pages(corpus: Corpus, phrases: Phrases) -> Material:
    """Compose pages in languages of the bank that no labelled page is in, for the second layer."""
    known = {record["language"] for record in corpus.records}
    languages = sorted(set(phrases.languages) - known)
    parts = []
    for fold in range(N_FOLDS):
        own = chosen_phrases(phrases, phrase_folds(phrases) == fold)
        texts, labels, _ = small_pages(own, languages, 1, fold)
        parts.append(pages(texts, np.full(len(texts), fold), labels, 0, VIEW_WEIGHT))
    return joined(parts)


def read_views(folder: Path) -> dict[str, list[dict]]:
    """Read the views of the labelled pages, by name (`python -m training views build`)."""
    found = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found[path.name.removesuffix(".jsonl.gz")] = [json.loads(line) for line in file]
    return found


def view_labels(record: dict) -> np.ndarray:
    """Return the labels of one page of a view, `NO_LABEL` where none was carried over."""
    codes = {None: NO_LABEL, **{name: code for code, name in enumerate(LABELS)}}
    return np.array([codes[name] for name in record["labels"]], np.uint8)


def viewed_pages(views: dict[str, list[dict]], seed: int = 0) -> Material:
    """Take each page once more, in a view drawn for it, for the second layer."""
    by_page: dict[str, list[dict]] = {}
    for name, records in views.items():
        for record in records:
            if name != "full":
                by_page.setdefault(record["id"], []).append(record)
    rng = np.random.default_rng(seed)
    drawn = [records[rng.integers(len(records))] for records in by_page.values()]
    return pages(
        [record["text"] for record in drawn],
        np.array([fold_of(record["group"]) for record in drawn]),
        np.concatenate([view_labels(record) for record in drawn]),
        0,
        VIEW_WEIGHT,
    )
