"""What can happen in a session of correcting: the lines of its log.

A log is JSON Lines, one event a line, and needs nothing beside it:

- ``{"document": id, "text": ..., "predicted": [label, ...]}``: a document was
  opened; ``predicted`` has one label for each line that is not blank. Other
  fields of its record may stand in ``"fields"``.
- ``{"annotator": name, "document": id, "lines": [first, last], "label": label}``:
  these labelled lines (from 0, both included) got a label, or ``"unsure"``.
- ``{"annotator": name, "document": id, "accept": "rest"}``: every line still
  undecided got the predicted label.
- ``{"annotator": name, "document": id, "undo": "last"}``: the annotator's last
  action on this document did not happen.
"""

from typing import Any, NamedTuple

from classifier.annotate.log_limits import require_writable
from classifier.labels import LABELS

UNSURE = "unsure"
MARKS = (*LABELS, UNSURE)
"""What an annotator can say of a line."""

MAX_NAME_CHARS = 100


class Opened(NamedTuple):
    """A document as the annotators saw it first.

    Attributes
    ----------
    document : str
        Its identifier.
    text : str
    predicted : list of str
        A label for each line that is not blank.
    fields : dict
        Other fields of its record.
    """

    document: str
    text: str
    predicted: list[str]
    fields: dict[str, Any]


class Marked(NamedTuple):
    """A range of lines got a label; `first` and `last` both belong to it.

    Attributes
    ----------
    annotator, document : str
    first, last : int
        Counted from 0 over the lines that are not blank.
    label : str
        One of `MARKS`.
    """

    annotator: str
    document: str
    first: int
    last: int
    label: str


class Accepted(NamedTuple):
    """Lines still undecided got the predicted labels.

    Attributes
    ----------
    annotator, document : str
    """

    annotator: str
    document: str


class Undone(NamedTuple):
    """The annotator's last action on the document was taken back.

    Attributes
    ----------
    annotator, document : str
    """

    annotator: str
    document: str


Action = Marked | Accepted | Undone
Event = Opened | Action


def read_event(record: object) -> Event:
    """Make an event of a parsed line.

    Parameters
    ----------
    record : object
        A JSON value.

    Returns
    -------
    Event

    Raises
    ------
    ValueError
        If it is none of the four forms, exactly.

    Examples
    --------
    >>> read_event({"annotator": "ada", "document": "1", "lines": [0, 4], "label": "paywall"})
    Marked(annotator='ada', document='1', first=0, last=4, label='paywall')
    """
    if not isinstance(record, dict):
        raise ValueError("it is no JSON object")
    if "annotator" in record:
        return read_action(
            {key: value for key, value in record.items() if key not in ("annotator", "document")},
            annotator_name(record["annotator"]),
            _document_id(record),
        )
    if set(record) - {"fields"} != {"document", "text", "predicted"}:
        raise ValueError(f"no event has just the fields {', '.join(map(repr, record)) or 'none'}")
    text, predicted, fields = record["text"], record["predicted"], record.get("fields", {})
    if not isinstance(text, str):
        raise ValueError("'text' is no string")
    if not isinstance(predicted, list) or not all(label in LABELS for label in predicted):
        raise ValueError(f"'predicted' is no list of {', '.join(LABELS)}")
    if not isinstance(fields, dict):
        raise ValueError("'fields' is no object")
    try:
        require_writable(fields)
    except ValueError as error:
        raise ValueError(f"'fields' cannot be written again ({error})") from None
    return Opened(_document_id(record), text, predicted, fields)


def read_action(record: object, annotator: str, document: str) -> Action:
    """Make an action of a parsed line, without its annotator and document.

    Parameters
    ----------
    record : object
        What stands in the line, parsed from JSON.
    annotator, document : str
        Whose it is, and on what.

    Returns
    -------
    Marked, Accepted or Undone

    Raises
    ------
    ValueError
        If it is no action.

    Examples
    --------
    >>> read_action({"undo": "last"}, "ada", "page 1")
    Undone(annotator='ada', document='page 1')
    """
    if record == {"accept": "rest"}:
        return Accepted(annotator, document)
    if record == {"undo": "last"}:
        return Undone(annotator, document)
    if not isinstance(record, dict) or set(record) != {"lines", "label"}:
        raise ValueError("it is no action: lines with a label, accept or undo")
    lines, label = record["lines"], record["label"]
    if not (
        isinstance(lines, list)
        and len(lines) == 2
        and all(type(line) is int for line in lines)
        and 0 <= lines[0] <= lines[1]
    ):
        raise ValueError("'lines' is no pair [first, last] of numbers from 0")
    if not isinstance(label, str) or label not in MARKS:
        raise ValueError(f"'label' is none of {', '.join(MARKS)}")
    return Marked(annotator, document, lines[0], lines[1], label)


def write_event(event: Event) -> dict[str, Any]:
    """Make a JSON object of an event, the reverse of `read_event`.

    Parameters
    ----------
    event : Event

    Returns
    -------
    dict
        What JSON has values for.
    """
    if isinstance(event, Opened):
        record = {"document": event.document, "text": event.text, "predicted": event.predicted}
        return {**record, "fields": event.fields} if event.fields else record
    record = {"annotator": event.annotator, "document": event.document}
    if isinstance(event, Marked):
        return {**record, "lines": [event.first, event.last], "label": event.label}
    return (
        {**record, "accept": "rest"} if isinstance(event, Accepted) else {**record, "undo": "last"}
    )


def annotator_name(name: object) -> str:
    """Check an annotator's name: one line that is not blank and not too long.

    Parameters
    ----------
    name : object

    Returns
    -------
    str
        The name itself.

    Raises
    ------
    ValueError
        If it is not.
    """
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise ValueError("an annotator's name is a line of text")
    if len(name) > MAX_NAME_CHARS:
        raise ValueError(f"an annotator's name has more than {MAX_NAME_CHARS} characters")
    return name


def _document_id(record: dict[str, Any]) -> str:
    document = record.get("document")
    if not isinstance(document, str):
        raise ValueError("'document' is no string")
    return document
