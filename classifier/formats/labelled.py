"""What `linesift label` prints: one JSON object a document, or one row a line."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classifier.columns import read_columns
from classifier.formats.identifiers import as_json
from classifier.labels import LABELS
from classifier.results import LabelledBatch, code_point_spans


def to_json_lines(
    labelled: LabelledBatch, texts: Any, ids: Sequence[bytes], offsets: str = "code-point"
) -> bytes:
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
    import orjson

    starts, ends = labelled.starts, labelled.ends
    if offsets == "code-point":
        (column,) = read_columns(texts)
        starts, ends = code_point_spans(column, labelled)
    # Through JSON and back, for the shortest digits of single precision.
    digits = orjson.dumps(
        np.ascontiguousarray(labelled.probabilities, np.float32),
        option=orjson.OPT_SERIALIZE_NUMPY,
    )
    rows = [
        {"start": start, "end": end, "label": LABELS[label], "probabilities": probabilities}
        for start, end, label, probabilities in zip(
            starts.tolist(),
            ends.tolist(),
            labelled.labels.tolist(),
            orjson.loads(digits),
            strict=True,
        )
    ]
    bounds = labelled.document_offsets.tolist()
    return b"".join(
        orjson.dumps(
            {"id": as_json(identifier), "lines": rows[bounds[i] : bounds[i + 1]]},
            option=orjson.OPT_APPEND_NEWLINE,
        )
        for i, identifier in enumerate(ids)
    )


def to_tsv(labelled: LabelledBatch, texts: Any) -> bytes:
    """Write labels as rows of label, probability and line, for reading with the eye.

    Parameters
    ----------
    labelled : LabelledBatch
        Labels of the lines of `texts`.
    texts : pyarrow.LargeStringArray, shape (n_documents,)
        The texts.

    Returns
    -------
    bytes
        One row a labelled line, in order; tabs within a line stay as they are.
    """
    import pyarrow as pa

    best = labelled.probabilities.max(axis=1, initial=0.0)
    bounds = labelled.document_offsets.tolist()
    out = []
    for i, text in enumerate(texts.view(pa.large_binary()).to_pylist()):
        for row in range(bounds[i], bounds[i + 1]):
            line = text[labelled.starts[row] : labelled.ends[row]]
            out.append(b"%b\t%.3f\t%b\n" % (LABELS[labelled.labels[row]].encode(), best[row], line))
    return b"".join(out)
