"""One JSON record: read its text and identifier."""

import json
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import orjson

from classifier.files.problems import Problem
from classifier.formats.batches import Fields
from classifier.formats.json_scan import (
    MORE,
    DuplicateFieldError,
    Found,
    Paths,
    field_paths,
    find_values,
)

CORRECT_IT = "Correct it, or leave such records out with --on-error skip."
DUPLICATE = "duplicate field"
# Of values that are passed over; NaN and its like are what others write for none.
NO_IDENTIFIERS = (b"null", b"NaN", b"Infinity", b"-Infinity")
NAME_IT = "Name the field with --text-field, or skip such records with --on-error skip."
# People give what they have labelled where its documents are wanted.
LOG_FIELDS = {"annotator", "document"}
FROM_A_LOG = (
    "This is a log of linesift annotate: fit and tune read it from a file, annotate -o LOG goes "
    "on with it, and annotate -o LOG --export FILE.jsonl makes documents of it."
)
MOST_NAMES, NAME_CHARS = 10, 40  # of fields that a message lists
ONE_A_LINE = "JSON Lines has one object a line; jq -c (with '.[]' for an array) makes it so."
# Longer strings are decoded and encoded in pieces, because one sign beyond the Basic
# Multilingual Plane makes Python take four bytes for each of a string's characters.
PIECE_BYTES = 16 << 20


class Record(NamedTuple):
    """A record's text in UTF-8, the place of its JSON in the line, and its identifier."""

    text: bytes
    start: int
    end: int
    id: bytes | None
    """JSON as it stood: Python has no value for some numbers and strings of JSON."""
    close: int
    """Place of the brace that ends the record."""
    url: str | None


class BadRecord(Exception):
    """A record without a usable text."""

    def problem(self, number: int, raw: bytes) -> Problem:
        """Describe it as record `number`.

        Parameters
        ----------
        number : int
            Of its line, from 1.
        raw : bytes
            The record as it was read.

        Returns
        -------
        Problem
        """
        kind, reason, remedy = self.args
        return Problem(kind, reason, remedy, number, raw)


def read_record(line: memoryview, fields: Fields) -> Record:
    """Read a record.

    Parameters
    ----------
    line : memoryview
        The record in valid UTF-8.
    fields : Fields
        Names of its fields.

    Returns
    -------
    Record
        Its places count from the start of `line`.

    Raises
    ------
    BadRecord
        If it is no JSON object or has not exactly one text that is a string.
    """
    record = str(line, "latin-1")
    paths = _wanted_paths(fields)
    try:
        text, identifier, *added, url = _find(record, paths)
    except BadRecord as error:
        if error.args[0] != DUPLICATE:
            raise
        # An address that stands twice is none; the record is as good as without.
        text, identifier, *added, url = [*_find(record, paths[:-1]), None]
    if text is None:
        names = _field_names(line)
        remedy = FROM_A_LOG if LOG_FIELDS.issubset(names) else NAME_IT
        reason = f"it has no field {fields.text!r}{_listed(names)}"
        raise BadRecord("no text", reason, remedy)
    if record[text.start] != '"':
        if record.startswith("null", text.start):
            raise BadRecord("null text", f"its field {fields.text!r} is null", CORRECT_IT)
        reason = f"its field {fields.text!r} is no string"
        raise BadRecord("text is no string", reason, CORRECT_IT)
    if added and added[0] is not None:
        reason = f"it has a field {fields.added!r} already"
        raise BadRecord("field exists", reason, "Give --add-stats another name.")
    close = record.rindex("}")
    del record  # huge, if the text is
    id_json = None
    if identifier is not None:
        id_json = _check_id(line[identifier.start : identifier.end].tobytes())
    utf8 = _decode_text(line[text.start : text.end].tobytes(), fields)
    return Record(utf8, text.start, text.end, id_json, close, _decode_url(line, url))


def ascii_only(utf8: bytes) -> bytes:
    """Write a text as JSON, without its quotes, with all but ASCII escaped.

    Parameters
    ----------
    utf8 : bytes

    Returns
    -------
    bytes
        Pairs of surrogates for signs beyond U+FFFF.
    """
    return b"".join(json.dumps(piece.decode())[1:-1].encode() for piece in _pieces(utf8))


@cache
def _wanted_paths(fields: Fields) -> tuple[Paths, ...]:
    """List the paths of text, identifier, the field to add if there is one, and address."""
    added = [((fields.added,),)] if fields.added else []  # its name may have dots
    return (field_paths(fields.text), field_paths(fields.id), *added, field_paths(fields.url))


def _field_names(line: memoryview) -> list[str]:
    """Give the names of the fields of a record; none if they cannot be read."""
    try:
        return [*orjson.loads(line)]
    except ValueError:  # of half a character, say
        return []


def _listed(names: list[str]) -> str:
    """Name fields for people, not all of very many; nothing if there are none."""
    shown = [repr(name if len(name) <= NAME_CHARS else f"{name[:NAME_CHARS]}…") for name in names]
    more = [f"{len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else []
    return f"; its fields are {', '.join(shown[:MOST_NAMES] + more)}" if names else ""


def _find(record: str, paths: tuple[Paths, ...]) -> list[Found | None]:
    try:
        return find_values(record, paths)
    except DuplicateFieldError as error:
        reason = f"its field {str(error)!r} stands twice"
        raise BadRecord(DUPLICATE, reason, CORRECT_IT) from None
    except json.JSONDecodeError as error:
        raise _not_json(error, record) from None
    except TypeError:
        remedy = ONE_A_LINE if record.lstrip().startswith("[") else CORRECT_IT
        raise BadRecord("not an object", "the line is no JSON object", remedy) from None
    except RecursionError:
        raise BadRecord("not JSON", "it is nested too deeply to be read", CORRECT_IT) from None


def _not_json(error: json.JSONDecodeError, record: str) -> BadRecord:
    if record.strip() == "{" or record.lstrip().startswith("["):
        reason = "the line is only the beginning of a JSON value"
        return BadRecord("not JSON", reason, ONE_A_LINE)
    if error.msg == MORE and record[error.pos :].lstrip().startswith("{"):
        return BadRecord("not JSON", "the line holds more than one JSON value", ONE_A_LINE)
    reason = f"the line is no JSON ({error.msg}, byte {error.pos + 1})"
    return BadRecord("not JSON", reason, CORRECT_IT)


def _decode_text(value: bytes, fields: Fields) -> bytes:
    """Decode a JSON string to UTF-8."""
    pieces = []
    for piece in _pieces(value[1:-1]):
        try:
            text: str = orjson.loads(b'"%b"' % piece)
            pieces.append(text.encode())
        except orjson.JSONDecodeError:
            n_before = sum(len(before.decode()) for before in pieces)
            pieces.append(_explain_string(b'"%b"' % piece, fields, n_before))
    return b"".join(pieces) if len(pieces) > 1 else pieces[0]


def _explain_string(value: bytes, fields: Fields, n_before: int) -> bytes:
    """Decode a string that orjson refuses, or say why that cannot be done.

    `n_before` characters of the text stand before it.
    """
    try:
        text: str = json.loads(value.decode())
        return text.encode()
    except json.JSONDecodeError as error:
        reason = f"its field {fields.text!r} is no JSON string ({error.msg})"
        raise BadRecord("not JSON", reason, CORRECT_IT) from None
    except UnicodeEncodeError as error:
        place = n_before + error.start + 1
        reason = f"its field {fields.text!r} holds half a surrogate pair at character {place}"
        raise BadRecord("lone surrogate", reason, CORRECT_IT) from None


def _check_id(value: bytes) -> bytes | None:
    """Give an identifier back if it is JSON; None for null, NaN and the like."""
    try:
        # All but the inside of strings has been checked when the value was found.
        if value.startswith(b'"'):
            json.loads(value.decode())
    except json.JSONDecodeError as error:
        reason = f"its identifier is no JSON ({error.msg})"
        raise BadRecord("not JSON", reason, CORRECT_IT) from None
    return None if value in NO_IDENTIFIERS else value


def _decode_url(line: memoryview, url: Found | None) -> str | None:
    """Decode an address; None for anything but a string."""
    if url is None or line[url.start] != ord('"'):
        return None
    try:
        value: str = json.loads(line[url.start : url.end].tobytes().decode())
        return value if value.encode() else None
    except json.JSONDecodeError as error:
        raise BadRecord("not JSON", f"its address is no JSON ({error.msg})", CORRECT_IT) from None
    except UnicodeEncodeError:  # half a surrogate pair
        return None


def _pieces(text: bytes) -> Iterator[bytes]:
    """Cut a text, or the JSON of one, before spaces: these part no character and no escape."""
    start = 0
    while len(text) - start > PIECE_BYTES:
        cut = text.find(b" ", start + PIECE_BYTES)
        if cut < 0:
            break
        yield text[start:cut]
        start = cut
    yield text[start:] if start else text
