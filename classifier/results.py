"""What a classifier gives back: lines, batches, filtered documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column
from classifier.labels import LABELS
from classifier.lines import code_point_offsets
from classifier.statistics import DocumentStatistics, joined_statistics


class LabelledLine(NamedTuple):
    r"""One line that is not blank, with its label.

    Attributes
    ----------
    text : str
        The line, ``document[start:end]``, without its ``"\n"``.
    start, end : int
        Offsets in the document, in code points.
    label : str
        The most probable label.
    probabilities : tuple of 4 floats
        Of content, navigation, paywall and sponsored; their sum is 1.
    """

    text: str
    start: int
    end: int
    label: str
    probabilities: tuple[float, float, float, float]


class LabelledBatch(NamedTuple):
    """Lines of many documents, a row a line that is not blank.

    Attributes
    ----------
    labels : ndarray of uint8, shape (n_lines,)
        Index in `classifier.LABELS`.
    probabilities : ndarray of float32, shape (n_lines, 4)
    starts, ends : ndarray of int64, shape (n_lines,)
        Byte offsets in the UTF-8 of the line's document.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``i`` are ``document_offsets[i]:document_offsets[i + 1]``.
    """

    labels: npt.NDArray[np.uint8]
    probabilities: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    document_offsets: npt.NDArray[np.int64]


class FilterResult(NamedTuple):
    """What became of one document.

    Attributes
    ----------
    text : str or None
        The kept text; None if the document is dropped.
    reason : str or None
        Why the document is dropped: ``"paywalled"``, ``"content_chars"`` or
        ``"content_ratio"``.
    kept, dropped : list of LabelledLine
        Its lines.
    line_reasons : sequence of str
        For each of `dropped` the label for which it went: its own, or under a
        threshold the most probable one other than content.
    stats : dict
        ``documents`` (1), ``lines`` and ``characters`` by label (not of addresses of
        links, nor invisible ones), ``content_ratio`` (0–1), ``paywalled`` and ``truncated``.
    """

    text: str | None
    reason: str | None
    kept: list[LabelledLine]
    dropped: list[LabelledLine]
    stats: dict[str, Any]
    line_reasons: Sequence[str] = ()


@dataclass(frozen=True, eq=False)  # arrays have no one answer to whether they are equal
class ProcessedBatch:
    """Everything about a batch at once, see `LineClassifier.process`.

    Attributes
    ----------
    texts : pyarrow array or list
        Filtered texts, of the type of the input; null where dropped.
    reasons : list of (str or None)
        Why each document is dropped.
    batch : LabelledBatch
    keep : ndarray of bool, shape (n_lines,)
    parts : sequence of classifier.processing.LabelledColumn
    """

    texts: Any
    reasons: list[str | None]
    batch: LabelledBatch
    keep: npt.NDArray[np.bool_]
    parts: Sequence[Any]

    @cached_property
    def statistics(self) -> DocumentStatistics:
        """Statistics of the documents, counted when they are first asked for."""
        return joined_statistics([part.statistics for part in self.parts])


def code_point_spans(
    column: Column, batch: LabelledBatch
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Convert the spans of lines to code points.

    Parameters
    ----------
    column : Column
        The texts.
    batch : LabelledBatch
        Their lines.

    Returns
    -------
    starts, ends : ndarray of int64, shape (n_lines,)
        Offsets of each line in its document's text.
    """
    # The column may be a slice of a larger buffer: count from its own start only.
    first, last = column.offsets[0], column.offsets[-1]
    own, begins = column.data[first:last], column.offsets[:-1] - first
    n_lines = np.diff(batch.document_offsets)
    before = np.repeat(code_point_offsets(own, begins), n_lines)
    places = np.repeat(begins, n_lines)
    return (
        code_point_offsets(own, places + batch.starts) - before,
        code_point_offsets(own, places + batch.ends) - before,
    )


def labelled_lines(text: str, column: Column, batch: LabelledBatch) -> list[LabelledLine]:
    """Make objects of the lines of one text.

    Parameters
    ----------
    text : str
    column : Column
        The text.
    batch : LabelledBatch
        Its lines.

    Returns
    -------
    list of LabelledLine, length n_lines
    """
    starts, ends = code_point_spans(column, batch)
    return [
        LabelledLine(text[start:end], start, end, LABELS[label], tuple(probabilities))
        for start, end, label, probabilities in zip(
            starts.tolist(),
            ends.tolist(),
            batch.labels.tolist(),
            batch.probabilities.tolist(),
            strict=True,
        )
    ]


def joined_batches(batches: Sequence[LabelledBatch]) -> LabelledBatch:
    """Put batches together, the documents of one behind those of the other.

    Parameters
    ----------
    batches : sequence of LabelledBatch
        None makes an empty batch.

    Returns
    -------
    LabelledBatch
        The only one itself if there is one.
    """
    if len(batches) == 1:
        return batches[0]
    n_before = np.cumsum([0, *(len(batch.labels) for batch in batches)])
    return LabelledBatch(
        np.concatenate([np.empty(0, np.uint8), *(b.labels for b in batches)]),
        np.concatenate([np.empty((0, 4), np.float32), *(b.probabilities for b in batches)]),
        np.concatenate([np.empty(0, np.int64), *(b.starts for b in batches)]),
        np.concatenate([np.empty(0, np.int64), *(b.ends for b in batches)]),
        np.concatenate(
            [
                np.zeros(1, np.int64),
                *(b.document_offsets[1:] + n for b, n in zip(batches, n_before[:-1], strict=True)),
            ]
        ),
    )
