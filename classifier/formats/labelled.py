"""What `linesift label` prints: one JSON object a document, or one row a line."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from classifier.formats.identifiers import as_json
from classifier.labels import LABELS


class Labelled(Protocol):
    """The arrays of a labelled batch that are printed."""

    labels: npt.NDArray[np.uint8]
    probabilities: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    document_offsets: npt.NDArray[np.int64]


def to_json_lines(
    labelled: Labelled, texts: Any, ids: Sequence[bytes], offsets: str = "code-point"
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
        starts, ends = _in_code_points(labelled, texts)
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


def to_tsv(labelled: Labelled, texts: Any) -> bytes:
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


def _in_code_points(labelled: Labelled, texts: Any) -> tuple[Any, Any]:
    """Convert byte offsets to code points."""
    from classifier.lines import batch_code_point_offsets

    _, offsets, data = texts.buffers()
    text_offsets = np.frombuffer(offsets, np.int64, len(texts) + 1, texts.offset * 8)
    column = np.frombuffer(data or b"", np.uint8)
    starts, ends = (
        batch_code_point_offsets(column, text_offsets, labelled.document_offsets, places)
        for places in (labelled.starts, labelled.ends)
    )
    return starts, ends
