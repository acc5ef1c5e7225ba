"""One JSON record: read its text and identifier, and encode a new text in its style."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from classifier.formats.jsonscan import (
    DuplicateFieldError,
    Found,
    Names,
    field_names,
    find_values,
)
from classifier.formats.records import Fields, Problem

CORRECT_IT = "Correct it, or leave such records out with --on-error skip."
# Longer strings are encoded in pieces, because one sign beyond the Basic
# Multilingual Plane makes Python take four bytes for each of a string's characters.
PIECE_BYTES = 16 << 20


class Record(NamedTuple):
    """A record's text in UTF-8, the place of its JSON in the line, and its identifier."""

    text: bytes
    start: int
    end: int
    id: Any
    close: int
    """Place of the brace that ends the record."""


class BadRecord(Exception):
    """A record without a usable text."""

    def problem(self, number: int, raw: bytes) -> Problem:
        """Describe it as record `number`."""
        kind, reason, remedy = self.args
        return Problem(kind, reason, remedy, number, raw)


def wanted_paths(fields: Fields) -> tuple[Names, ...]:
    """List the paths that `read_record` looks for."""
    paths = (field_names(fields.text), field_names(fields.id))
    return (*paths, (field_names(fields.added)[0],)) if fields.added else paths


def read_record(line: memoryview, fields: Fields, paths: tuple[Names, ...]) -> Record:
    """Read a record.

    Parameters
    ----------
    line : memoryview
        The record in valid UTF-8.
    fields : Fields
        Names of the fields, for messages.
    paths : tuple of Names
        As from `wanted_paths`.

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
    text, identifier, *added = _find(record, paths)
    if text is None:
        remedy = "Name the field with --text-field, or skip such records with --on-error skip."
        raise BadRecord("no text", f"it has no field {fields.text!r}", remedy)
    if text.value is None:
        raise BadRecord("null text", f"its field {fields.text!r} is null", CORRECT_IT)
    if record[text.start] != '"':
        raise BadRecord("text is no string", f"its field {fields.text!r} is no string", CORRECT_IT)
    if added and added[0] is not None:
        reason = f"it has a field {fields.added!r} already"
        raise BadRecord("field exists", reason, "Give --add-stats another name.")
    value, start, end = text
    found_id = None
    if identifier is not None:
        found_id = json.loads(line[identifier.start : identifier.end].tobytes())
    close, is_ascii = record.rindex("}"), record.isascii()
    del record, text  # huge, if the record is
    return Record(_utf8(value, line[start:end], is_ascii, fields), start, end, found_id, close)


def encode_string(utf8: bytes, old: memoryview) -> bytes:
    """Write a text as JSON, in the escaping style of the value it replaces.

    Parameters
    ----------
    utf8 : bytes
        The text.
    old : memoryview
        JSON of the former text. If it is all ASCII, so is the new one.

    Returns
    -------
    bytes
        A JSON string with its quotes.
    """
    import orjson

    ascii_only = not utf8.isascii() and old.tobytes().isascii()
    pieces = []
    for piece in _pieces(utf8):
        text = piece.decode()
        encoded = json.dumps(text).encode() if ascii_only else orjson.dumps(text)
        pieces.append(encoded[1:-1])
    return b'"%b"' % b"".join(pieces)


def _find(record: str, paths: tuple[Names, ...]) -> list[Found | None]:
    try:
        return find_values(record, paths)
    except DuplicateFieldError as error:
        reason = f"its field {str(error)!r} stands twice"
        raise BadRecord("duplicate field", reason, CORRECT_IT) from None
    except json.JSONDecodeError as error:
        raise _not_json(error, record) from None
    except ValueError as error:
        raise BadRecord("not JSON", f"the line is no JSON ({error})", CORRECT_IT) from None
    except TypeError:
        raise BadRecord("not an object", "the line is no JSON object", CORRECT_IT) from None
    except RecursionError:
        raise BadRecord("not JSON", "it is nested too deeply to be read", CORRECT_IT) from None


def _not_json(error: json.JSONDecodeError, record: str) -> BadRecord:
    if record.strip() in ("[", "{"):
        reason = "the line is only the beginning of a JSON value"
        remedy = "JSON Lines has one object a line; jq -c (with '.[]' for an array) makes it so."
        return BadRecord("not JSON", reason, remedy)
    reason = f"the line is no JSON ({error.msg}, byte {error.pos + 1})"
    return BadRecord("not JSON", reason, CORRECT_IT)


def _utf8(value: str, raw: memoryview, is_ascii: bool, fields: Fields) -> bytes:
    """Turn a string scanned as Latin-1 into the UTF-8 of the text it stands for."""
    try:
        if is_ascii:
            return value.encode()
        json_value = raw.tobytes()
        if b"\\u" not in json_value:
            # No escape added a character of its own, so these are the bytes
            # of the text; a detour over a string could take four times the memory.
            return value.encode("latin-1")
        decoded: str = json.loads(json_value)
        return decoded.encode()
    except UnicodeEncodeError as error:
        reason = f"its field {fields.text!r} holds half a surrogate pair at character {error.start}"
        raise BadRecord("lone surrogate", reason, CORRECT_IT) from None


def _pieces(utf8: bytes) -> Iterator[bytes]:
    """Cut a text after line ends, where no character is torn."""
    start = 0
    while len(utf8) - start > PIECE_BYTES:
        cut = utf8.find(b"\n", start + PIECE_BYTES) + 1
        if not cut:
            break
        yield utf8[start:cut]
        start = cut
    yield utf8[start:] if start else utf8
