"""Labelled pages of a user: texts, and a label or none for each of their lines."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.formats.records import DataError, Fields, Problem
from classifier.labels import CONTENT, LABELS
from classifier.lines import line_spans


class LabelledPages(NamedTuple):
    """Pages with a label on every line that somebody has decided on.

    Attributes
    ----------
    texts : list of str, length n_documents
    labels : ndarray of uint8, shape (n_lines,)
        Codes, of all lines that are not blank; content where nobody decided.
    decided : ndarray of bool, shape (n_lines,)
    characters : ndarray of int64, shape (n_lines,)
        Length of each line in code points.
    line_counts : ndarray of int64, shape (n_documents,)
        Lines of each page.
    groups : ndarray of int64, shape (n_documents,)
        Number of each page's group, from 0: pages of one group are alike and
        are held out together.
    """

    texts: list[str]
    labels: npt.NDArray[np.uint8]
    decided: npt.NDArray[np.bool_]
    characters: npt.NDArray[np.int64]
    line_counts: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]


def read_labelled_pages(paths: Sequence[str]) -> LabelledPages:
    """Read labelled pages.

    Parameters
    ----------
    paths : sequence of str
        Logs of `linesift annotate`; JSON Lines, compressed or not, of objects
        with ``text`` and ``labels`` (a label or null for each line that is not
        blank); annotations in Label Studio's JSON. Pages with the same ``group`` are held out
        together; a page without one is a group of its own.

    Returns
    -------
    LabelledPages
        All pages on which something is decided.

    Raises
    ------
    DataError, PathError
        If a file cannot be read, or no line at all is decided.
    """
    records = [record for path in paths for record in _read_records(path)]
    records = [record for record in records if any(record["labels"] or ())]
    if not records:
        problem = Problem("no labels", "no line has a label", "Label some pages first.")
        raise DataError(problem, ", ".join(paths))
    texts = [record["text"] for record in records]
    names = [name for record in records for name in record["labels"]]
    groups = [str(record.get("group") or f"page {i}") for i, record in enumerate(records)]
    return LabelledPages(
        texts,
        np.array([CONTENT if name is None else LABELS.index(name) for name in names], np.uint8),
        np.array([name is not None for name in names], np.bool_),
        np.array([end - start for text in texts for start, end in line_spans(text)], np.int64),
        np.array([len(record["labels"]) for record in records], np.int64),
        np.unique(groups, return_inverse=True)[1].astype(np.int64),
    )


def _read_records(path: str) -> list[dict[str, Any]]:
    from classifier.annotate.documents import read_documents
    from classifier.annotate.log import read_corrections

    if _is_log(path):
        return read_corrections(path)
    return [
        {**document.fields, "text": document.text, "labels": document.labels}
        # Predictions are what a model said, perhaps the very one that is to be taught.
        for document in read_documents((path,), Fields(), others=("group",), kinds=("annotations",))
    ]


def _is_log(path: str) -> bool:
    """Tell a log of corrections by its first line; what cannot be read is none."""
    import orjson

    try:
        with Path(path).open("rb") as file:
            first = orjson.loads(file.readline())
    except (OSError, orjson.JSONDecodeError):
        return False
    return isinstance(first, dict) and ("predicted" in first or "annotator" in first)


def text_digest(text: str) -> str:
    """Return a short hash, by which a model knows the pages that taught it."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
