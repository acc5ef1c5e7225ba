"""What `linesift label` prints: one JSON object a document, or one row a line."""

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from classifier.columns import read_columns
from classifier.labels import LABELS
from classifier.results import LabelledBatch, code_point_spans
from classifier.shown_text import one_line

SLICE_LINES = 4096


def to_json_lines(labelled: LabelledBatch, texts: Any, ids: Sequence[bytes], offsets: str) -> bytes:
    """Write labels as JSON Lines.

    Parameters
    ----------
    labelled : LabelledBatch
        Labels of the lines of `texts`.
    texts : pyarrow.LargeStringArray, shape (n_documents,)
        The texts.
    ids : sequence of bytes, shape (n_documents,)
        Identifier of each document as JSON.
    offsets : str
        Unit of ``start`` and ``end``: ``"code-point"`` or ``"byte"``.

    Returns
    -------
    bytes
        One object a line: ``{"id": ..., "lines": [{"start": ..., ...}]}``.
    """
    starts, ends = labelled.starts, labelled.ends
    if offsets == "code-point":
        (column,) = read_columns(texts, are_checked=True)
        starts, ends = code_point_spans(column, labelled)
    lines = _described(labelled, starts, ends)
    # Of a long text piece by piece: what orjson returns holds a kilobyte at least, and a line
    # takes as much as a dict of Python. Into a file in memory, which gives all out uncopied.
    out = io.BytesIO()
    for identifier, n_lines in zip(ids, np.diff(labelled.document_offsets).tolist(), strict=True):
        out.write(b'{"id":%b,"lines":[' % identifier)
        for first in range(0, n_lines, SLICE_LINES):
            some = list(islice(lines, min(SLICE_LINES, n_lines - first)))
            out.write(b"," if first else b"")
            out.write(memoryview(orjson.dumps(some))[1:-1])
        out.write(b"]}\n")
    return out.getvalue()


def _described(
    labelled: LabelledBatch, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> Iterator[dict[str, Any]]:
    for first in range(0, len(starts), SLICE_LINES):
        own = slice(first, first + SLICE_LINES)
        # Through JSON and back, for the shortest digits of single precision.
        digits = orjson.dumps(
            np.ascontiguousarray(labelled.probabilities[own], np.float32),
            option=orjson.OPT_SERIALIZE_NUMPY,
        )
        for start, end, label, probabilities in zip(
            starts[own].tolist(),
            ends[own].tolist(),
            labelled.labels[own].tolist(),
            orjson.loads(digits),
            strict=True,
        ):
            yield {
                "start": start,
                "end": end,
                "label": LABELS[label],
                "probabilities": probabilities,
            }


def to_tsv(labelled: LabelledBatch, texts: Any, is_shown: bool = False) -> bytes:
    """Write labels as rows of label, probability and line, for reading with the eye.

    Parameters
    ----------
    labelled : LabelledBatch
        Labels of the lines of `texts`.
    texts : pyarrow.LargeStringArray, shape (n_documents,)
        The texts.
    is_shown : bool, default False
        Whether a terminal gets them, which signs of a text may steer.

    Returns
    -------
    bytes
        One row a labelled line, in order; tabs within a line stay as they are. On a terminal
        these and other control characters are escapes, and no carriage return ends one.
    """
    best = labelled.probabilities.max(axis=1, initial=0.0)
    bounds = labelled.document_offsets.tolist()
    out = io.BytesIO()
    for i, text in enumerate(texts.view(pa.large_binary()).to_pylist()):
        for row in range(bounds[i], bounds[i + 1]):
            line = text[labelled.starts[row] : labelled.ends[row]]
            if is_shown:
                line = one_line(line.decode().removesuffix("\r")).encode()
            label = LABELS[labelled.labels[row]].encode()
            out.write(b"%b\t%.3f\t%b\n" % (label, best[row], line))
    return out.getvalue()
