"""Texts through everything: read, labelled, a policy applied, rewritten."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.as_read import as_counted, place_lines
from classifier.columns import Column, Texts, like_input, read_columns, read_text, write_column
from classifier.filtering import keep_mask, line_reasons
from classifier.labelling import label_and_join
from classifier.labels import LABELS
from classifier.policy import FilterPolicy
from classifier.results import (
    FilterResult,
    LabelledBatch,
    ProcessedBatch,
    joined_batches,
    labelled_lines,
)
from classifier.statistics import DocumentStatistics, document_reasons, document_statistics
from classifier.statistics_records import statistics_record
from classifier.weights import Layers


@dataclass(frozen=True)
class LabelledColumn:
    """A column and the labels of its lines.

    Attributes
    ----------
    column : Column
    batch : LabelledBatch
    is_joined : ndarray of bool, shape (n_lines,)
        Whether a line is read as one with the line before.
    """

    column: Column
    batch: LabelledBatch
    is_joined: npt.NDArray[np.bool_]

    @cached_property
    def statistics(self) -> DocumentStatistics:
        """Statistics of the documents, counted when they are first asked for."""
        batch, counted = self.batch, as_counted(self.column)
        spans = (batch.starts.copy(), batch.ends.copy(), batch.document_offsets)
        place_lines(counted, self.column, *spans)  # the way back
        return document_statistics(
            counted.data, counted.offsets, *spans, batch.labels, self.is_joined
        )


class _ProcessedColumn(NamedTuple):
    """A column, which of its lines stay, why documents go, and what is left of it in UTF-8."""

    labelled: LabelledColumn
    keep: npt.NDArray[np.bool_]
    reasons: list[str | None]
    """None for a document that stays, or was null."""
    is_dropped: npt.NDArray[np.bool_]
    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]


def _process_column(
    column: Column, layers: Layers, policy: FilterPolicy, threshold: float | None
) -> _ProcessedColumn:
    # Here and not above: kernels, and with them LLVM, load on first use.
    from classifier.kernels.rewrite import rewrite_documents

    batch, is_joined = label_and_join(column, layers)
    labelled = LabelledColumn(column, batch, is_joined)
    spans = (batch.starts, batch.ends, batch.document_offsets)
    keep = keep_mask(batch.labels, batch.probabilities, policy.drop, threshold)
    reasons: list[str | None] = [None] * len(column.missing)
    if policy.drops_documents:
        found = document_reasons(labelled.statistics, policy)
        reasons = [
            None if missing else reason
            for reason, missing in zip(found, column.missing, strict=True)
        ]
    is_dropped = np.array([reason is not None for reason in reasons], np.bool_)
    rewritten = rewrite_documents(column.data, column.offsets, *spans, keep, is_dropped)
    return _ProcessedColumn(labelled, keep, reasons, is_dropped, *rewritten)


def process_texts(
    texts: Texts,
    layers: Layers,
    policy: FilterPolicy,
    threshold: float | None,
    are_checked: bool,
) -> ProcessedBatch:
    """Label and filter many texts.

    Parameters
    ----------
    texts : sequence of (str or None), pyarrow.Array or pyarrow.ChunkedArray
    layers : Layers
    policy : FilterPolicy
    threshold : float or None
        What `policy` comes to with the model's table, see `FilterPolicy.threshold`.
    are_checked : bool
        As of `read_columns`.

    Returns
    -------
    ProcessedBatch

    Raises
    ------
    TypeError, ValueError
        As `read_columns`.
    """
    columns = read_columns(texts, are_checked)
    done = [_process_column(column, layers, policy, threshold) for column in columns]
    arrays = [
        write_column(part.data, part.offsets, part.labelled.column.missing | part.is_dropped)
        for part in done
    ]
    return ProcessedBatch(
        like_input(arrays, texts),
        [reason for part in done for reason in part.reasons],
        joined_batches([part.labelled.batch for part in done]),
        np.concatenate([np.empty(0, np.bool_), *(part.keep for part in done)]),
        [part.labelled for part in done],
    )


def filter_text(
    text: str, layers: Layers, policy: FilterPolicy, threshold: float | None
) -> FilterResult:
    """Label and filter one text.

    Parameters
    ----------
    text : str
    layers : Layers
    policy : FilterPolicy
    threshold : float or None
        As of `process_texts`.

    Returns
    -------
    FilterResult

    Raises
    ------
    TypeError, ValueError
        As `read_text`.
    """
    done = _process_column(read_text(text), layers, policy, threshold)
    batch = done.labelled.batch
    lines = labelled_lines(text, done.labelled.column, batch)
    codes = line_reasons(batch.labels, batch.probabilities, threshold)
    kept_text = done.data[done.offsets[0] : done.offsets[1]].tobytes().decode("utf-8")
    return FilterResult(
        None if done.reasons[0] else kept_text,
        done.reasons[0],
        [line for line, kept in zip(lines, done.keep, strict=True) if kept],
        [line for line, kept in zip(lines, done.keep, strict=True) if not kept],
        statistics_record(done.labelled.statistics, 0),
        [LABELS[code] for code, kept in zip(codes, done.keep, strict=True) if not kept],
    )
