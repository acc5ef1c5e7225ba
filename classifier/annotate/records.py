"""Labelled records, the format of gold data: a text and one label a line."""

from typing import Any

from classifier.labels import LABELS
from classifier.lines import encode_text, line_spans


def read_record(record: object) -> dict[str, Any]:
    """Check a labelled record.

    Parameters
    ----------
    record : object
        A JSON value: an object with ``id``, ``text`` and ``labels``, and any
        other fields.

    Returns
    -------
    dict
        The record, its ``id`` a string.

    Raises
    ------
    ValueError
        If it has not, for each line that is not blank, a label's name or None.
    """
    if not isinstance(record, dict):
        raise ValueError("it is no JSON object")
    identifier, text, labels = (record.get(name) for name in ("id", "text", "labels"))
    if type(identifier) not in (str, int):
        raise ValueError("'id' is no string or number")
    if not isinstance(text, str):
        raise ValueError("'text' is no string")
    encode_text(text, "'text'")
    if not isinstance(labels, list):
        raise ValueError("'labels' is no list")
    for position, label in enumerate(labels):
        if label is not None and label not in LABELS:
            raise ValueError(
                f"label {label!r} at position {position} is none of {', '.join(LABELS)}"
            )
    n_lines = len(line_spans(text))
    if len(labels) != n_lines:
        raise ValueError(f"it has {n_lines} lines that are not blank but {len(labels)} labels")
    return {**record, "id": str(identifier)}
