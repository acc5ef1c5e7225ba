"""`LineClassifier`: a trained model and what one does with it."""

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column, Texts, like_input, read_columns, write_column
from classifier.explanation import Explanation, explain_line
from classifier.filtering import FilterPolicy, keep_mask, line_reasons, require_policy
from classifier.labels import LABELS
from classifier.layers import label_column
from classifier.lines import batch_code_point_offsets
from classifier.results import (
    FilterResult,
    LabelledBatch,
    LabelledLine,
    ProcessedBatch,
    joined_batches,
    statistics_record,
)
from classifier.statistics import (
    DocumentStatistics,
    document_reasons,
    document_statistics,
    joined_statistics,
)
from classifier.storage import load_model, save_model
from classifier.weights import Layers, fixed_layers


class LineClassifier:
    """Labels the lines of texts with a trained linear model.

    Parameters
    ----------
    layers : Layers
        Weights.
    metadata : dict
        What is known of the model: data, date, scores, table of content losses.

    Examples
    --------
    >>> clf = LineClassifier.load()
    >>> clf.filter("Log in", FilterPolicy(min_content_chars=200)).reason
    'content_chars'
    """

    def __init__(self, layers: Layers, metadata: dict[str, Any] | None = None) -> None:
        self.layers = layers
        self.metadata = metadata or {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # A pickle or a deep copy makes arrays writable: kernels would be compiled anew.
        self.__dict__.update(state, layers=fixed_layers(state["layers"]))

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> "LineClassifier":
        """Load a model.

        Parameters
        ----------
        path : path, optional
            A model file; the bundled model if absent.

        Raises
        ------
        ModelError
            If the file is missing, damaged, no model, has other labels, or was made by an
            older or newer linesift.
        """
        return cls(*load_model(path))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save the model to `path`; the file appears when it is complete.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        save_model(path, self.layers, self.metadata)

    def label(self, text: str) -> list[LabelledLine]:
        """Label the lines of one text.

        Parameters
        ----------
        text : str

        Returns
        -------
        list of LabelledLine
            All lines that are not blank, in order.

        Raises
        ------
        ValueError
            If the text holds a lone surrogate.
        """
        (column,) = read_columns([_one_text(text)])
        return _line_objects(text, column, self._label(column))

    def filter(self, text: str, policy: FilterPolicy | None = None) -> FilterResult:
        """Filter one text.

        Parameters
        ----------
        text : str
        policy : FilterPolicy, optional
            What is dropped; everything but content if absent.

        Returns
        -------
        FilterResult

        Raises
        ------
        TypeError
            If the text is no string, or the policy no policy.
        ValueError
            If the text holds a lone surrogate, or the model cannot promise what
            the policy asks for.
        """
        policy = require_policy(policy)
        (column,) = read_columns([_one_text(text)])
        done = self._process_column(column, policy)
        lines = _line_objects(text, column, done.labels)
        codes = line_reasons(
            done.labels.labels, done.labels.probabilities, policy, self.metadata.get("loss_table")
        )
        data, offsets = done.rewritten
        kept_text = data[offsets[0] : offsets[1]].tobytes().decode("utf-8")
        return FilterResult(
            None if done.reasons[0] else kept_text,
            done.reasons[0],
            [line for line, kept in zip(lines, done.keep, strict=True) if kept],
            [line for line, kept in zip(lines, done.keep, strict=True) if not kept],
            statistics_record(done.statistics, 0),
            [LABELS[code] for code, kept in zip(codes, done.keep, strict=True) if not kept],
        )

    def label_batch(self, texts: Texts) -> LabelledBatch:
        """Label the lines of many texts.

        Parameters
        ----------
        texts : sequence of (str or None), pyarrow.Array or pyarrow.ChunkedArray
            Arrow strings are read in place; a null has no lines.

        Returns
        -------
        LabelledBatch

        Raises
        ------
        TypeError
            If `texts` is something else.
        ValueError
            If a text is no valid Unicode; the message names document and offset.
        """
        return joined_batches([self._label(column) for column in read_columns(texts)])

    def filter_batch(self, texts: Texts, policy: FilterPolicy | None = None) -> Any:
        """Filter many texts.

        Parameters
        ----------
        texts : sequence of (str or None), pyarrow.Array or pyarrow.ChunkedArray
        policy : FilterPolicy, optional
            What is dropped; everything but content if absent.

        Returns
        -------
        list, pyarrow.Array or pyarrow.ChunkedArray
            Of the type, length and order of `texts`; null where the document
            was null or is dropped.

        Raises
        ------
        TypeError, ValueError
            As in `label_batch`.
        """
        return self.process(texts, policy).texts

    def process(self, texts: Texts, policy: FilterPolicy | None = None) -> ProcessedBatch:
        """Label and filter many texts and return everything that is known of them.

        Parameters and errors are those of `filter_batch`.

        Returns
        -------
        ProcessedBatch
        """
        policy = require_policy(policy)
        columns = list(read_columns(texts))
        done = [self._process_column(column, policy) for column in columns]
        arrays = [
            write_column(*part.rewritten, column.missing | _dropped(part.reasons))
            for column, part in zip(columns, done, strict=True)
        ]
        return ProcessedBatch(
            like_input(arrays, texts),
            [reason for part in done for reason in part.reasons],
            joined_batches([part.labels for part in done]),
            np.concatenate([np.empty(0, np.bool_), *(part.keep for part in done)]),
            joined_statistics([part.statistics for part in done]),
        )

    def explain(self, text: str, index: int) -> Explanation:
        """Show what spoke for and against each label of one line.

        Parameters
        ----------
        text : str
        index : int
            Which labelled line, from 0; blank lines do not count.

        Returns
        -------
        Explanation

        Raises
        ------
        IndexError
            If the text has no such line.
        TypeError
            If `index` is no whole number.
        """
        (column,) = read_columns([_one_text(text)])
        return explain_line(column, index, self.layers)

    def _label(self, column: Column) -> LabelledBatch:
        return label_column(column, self.layers)

    def _process_column(self, column: Column, policy: FilterPolicy) -> "_ProcessedColumn":
        from classifier.kernels.rewrite import rewrite_documents

        labels = self._label(column)
        spans = (labels.starts, labels.ends, labels.document_offsets)
        keep = keep_mask(
            labels.labels, labels.probabilities, policy, self.metadata.get("loss_table")
        )
        statistics = document_statistics(column.data, column.offsets, *spans, labels.labels)
        reasons = [
            None if missing else reason
            for reason, missing in zip(
                document_reasons(statistics, policy), column.missing, strict=True
            )
        ]
        rewritten = rewrite_documents(column.data, column.offsets, *spans, keep, _dropped(reasons))
        return _ProcessedColumn(labels, keep, statistics, reasons, rewritten)


class _ProcessedColumn(NamedTuple):
    labels: LabelledBatch
    keep: npt.NDArray[np.bool_]
    statistics: DocumentStatistics
    reasons: list[str | None]
    rewritten: tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]


def _one_text(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(
            f"text is a {type(text).__name__}; give a str (for many texts, use label_batch "
            "or filter_batch)"
        )
    return text


def _dropped(reasons: Sequence[str | None]) -> npt.NDArray[np.bool_]:
    return np.array([reason is not None for reason in reasons], np.bool_)


def _line_objects(text: str, column: Column, batch: LabelledBatch) -> list[LabelledLine]:
    starts, ends = (
        batch_code_point_offsets(column.data, column.offsets, batch.document_offsets, offsets)
        for offsets in (batch.starts, batch.ends)
    )
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
