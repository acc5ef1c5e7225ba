"""Pages without line labels: a model labels them, and a second one learns from that.

Self-training teaches words: a line that its place in the page gives away (an
offer below a wall) shows what such lines say. Of some pages people marked the
main text (WCXB), which settles for most lines whether they are content.
"""

import gzip
import json
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from classifier.labels import CONTENT
from training.corpus import UNLABELLED, Corpus, fold_of
from training.material import Material, count_lines, pages

COLLECTIONS = ("wcxb-dev", "unlabelled")
SUREST = 0.6  # probability from which on a label is taught
TAUGHT_WEIGHT = 0.5
AGAINST_MARKS = (
    0.15  # how much of its probability a label keeps that the marked text speaks against
)
UNKNOWN, MAIN, OTHER = range(3)


def read_unlabelled(folder: Path, corpus: Corpus) -> list[dict]:
    """Read the pages of the collections in `folder` that are not in the corpus.

    Raises
    ------
    FileNotFoundError
        If a collection is missing.
    """
    known = set(corpus.texts)
    found = []
    for name in COLLECTIONS:
        with gzip.open(folder / name / "documents.jsonl.gz", "rt", encoding="utf-8") as file:
            records = map(json.loads, file)
            found += [record for record in records if record["text"] not in known]
    return found


def unlabelled_pages(records: Iterable[dict]) -> Material:
    """Make material of pages without labels; nothing counts before it is taught."""
    texts = [record["text"] for record in records]
    n_lines = sum(map(count_lines, texts))
    folds = np.array([fold_of(record["group"]) for record in records], np.int64)
    return pages(texts, folds, np.full(n_lines, UNLABELLED), 0, 0)


def words(text: str) -> str:
    """Return the words of a text, lower-cased, each between spaces."""
    return " ".join(["", *re.findall(r"\w+", text.lower()), ""])


def marks(records: Iterable[dict]) -> np.ndarray:
    """Say of each line whether it is in the page's marked main text, shape (n_lines,)."""
    found = []
    for record in records:
        lines = [line for line in record["text"].split("\n") if line.strip()]
        if "main_content" not in record:
            found += [UNKNOWN] * len(lines)
            continue
        main = words(record["main_content"])
        for line in map(words, lines):
            found.append(UNKNOWN if not line.strip() else MAIN if line in main else OTHER)
    return np.array(found, np.uint8)


def taught(probabilities: np.ndarray, marked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn a teacher's probabilities, and marks, into labels and weights.

    Parameters
    ----------
    probabilities : ndarray of float32, shape (n_lines, 4)
    marked : ndarray of uint8, shape (n_lines,)

    Returns
    -------
    labels : ndarray of uint8, shape (n_lines,)
    weights : ndarray of float32, shape (n_lines,)
        0 where the teacher is not sure.
    """
    is_content = np.arange(probabilities.shape[1]) == CONTENT
    against = np.where(marked == MAIN, ~is_content[:, None], is_content[:, None])
    against &= marked != UNKNOWN
    weighed = probabilities * np.where(against.T, AGAINST_MARKS, 1)
    weighed /= weighed.sum(axis=1, keepdims=True)
    sure = weighed.max(axis=1) > SUREST
    return weighed.argmax(axis=1).astype(np.uint8), (sure * TAUGHT_WEIGHT).astype(np.float32)
