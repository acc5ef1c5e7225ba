"""Records of a WARC file: where they begin and end."""

import re
from typing import NamedTuple

from classifier.formats.warc_beginnings import (
    BEGINNING,
    BEGINNING_BYTES,
    HEADER_END,
    NEXT_RECORD,
    VERSION,
    Data,
    KnownBeginning,
)
from classifier.formats.warc_headers import LENGTH

END = b"\r\n\r\n"
EMPTY_LINES = re.compile(rb"[\r\n]*\n")
LINE_ENDS = re.compile(rb"[\r\n]+")
TAIL = re.compile(rb"\r*\n(?:\r*\n)?")
# Headers of records found in the wild have some hundred bytes.
MAX_HEADER_BYTES = 1 << 20
# A body said to be longer has a damaged length; waiting for it would fill the memory.
MAX_BODY_BYTES = 2 << 30
MAX_LENGTH_DIGITS = 18  # Python refuses to read numbers of thousands of them
# Damage is told in pieces of this size, if no record follows it for so long.
MAX_DAMAGE_BYTES = 16 << 20
# No text has so many empty lines: a record is over, whatever follows them.
MAX_TAIL_BYTES = 1 << 16


class Record(NamedTuple):
    """Places of a record in its buffer: header without its empty line, body, tail's end."""

    start: int
    header_end: int
    body_start: int
    body_end: int
    end: int


class EmptyLines(NamedTuple):
    """Bytes ``start:end`` of a buffer are line ends that no record needs."""

    start: int
    end: int


class Damage(NamedTuple):
    """Bytes ``start:end`` of a buffer are no whole record."""

    start: int
    end: int
    reason: str


class Missing(NamedTuple):
    """More bytes are needed, to `end`: where unknown, twice as many, lest each piece search all."""

    end: int


Found = Record | EmptyLines | Damage


def next_record(data: Data, at: int, is_all: bool, known: KnownBeginning) -> Found | Missing:
    """Find the record that begins at a place.

    Parameters
    ----------
    data : bytes
        A piece of a WARC file.
    at : int
        Where the last record ended.
    is_all : bool
        Whether the file ends with `data`.
    known : KnownBeginning
        What earlier calls for `data` met.

    Returns
    -------
    Record, EmptyLines, Damage or Missing
        Damage reaches to the next record, so that no neighbour is lost;
        Missing only if not `is_all`.
    """
    if empty := EMPTY_LINES.match(data, at):
        return EmptyLines(at, empty.end())
    blank = HEADER_END.search(data, at + 1, at + MAX_HEADER_BYTES)
    if blank is None and not is_all and len(data) - at < MAX_HEADER_BYTES:
        return Missing(2 * len(data) - at)
    if not data.startswith(VERSION, at):
        return _damage(data, at, at, is_all, "no record begins where the last one ended")
    if blank is None:
        return _damage(data, at, at + 1, is_all, "its header has no end")
    if blank[1] is None:
        return Damage(at, blank.start(blank.lastindex or 0), "its header has no end")
    found = _measure(data, at, blank, is_all, known)
    if isinstance(found, str):
        return _damage(data, at, blank.start(), is_all, found)
    return found


def _measure(
    data: Data, at: int, blank: re.Match[bytes], is_all: bool, known: KnownBeginning
) -> Record | Missing | str:
    """Find where a record ends; a string says why it does not."""
    length = LENGTH.search(data, at, blank.start() + 1)
    if length is None:
        return "it has no Content-Length"
    digits = length[2].lstrip(b"0") or b"0"
    if len(digits) > MAX_LENGTH_DIGITS or int(digits) > MAX_BODY_BYTES:
        return "its Content-Length cannot be"
    body_end = blank.end() + int(digits)
    if body_end > len(data):
        return "it is shorter than its Content-Length" if is_all else Missing(body_end + len(END))
    end = _tail_end(data, blank, body_end, is_all, known)
    if isinstance(end, Missing):
        return end
    if end is None:
        return "it does not end where its Content-Length says"
    return Record(at, blank.start() + 1, blank.end(), body_end, end)


def _tail_end(
    data: Data, blank: re.Match[bytes], at: int, is_all: bool, known: KnownBeginning
) -> int | Missing | None:
    """Find where the two line ends after a body end; None if there are none."""
    if data.startswith(END, at):
        return at + len(END)
    line_ends = LINE_ENDS.match(data, at, at + MAX_TAIL_BYTES)
    stop = line_ends.end() if line_ends else at
    if is_all and stop == len(data):
        return stop
    is_followed = stop == at + MAX_TAIL_BYTES or BEGINNING.match(data, stop) is not None
    if not is_followed and not is_all and len(data) - stop < BEGINNING_BYTES:
        return Missing(stop + BEGINNING_BYTES)
    tail = TAIL.match(data, at, stop)
    # Texts are full of line ends, and a wrong length may lead to any of them, even in
    # another record: the header's own must be there or a record follow, at best both.
    n_signs = data.startswith(2 * blank[1], at) + is_followed
    # Searched last: bytes in which nothing is found are then a body, and not searched again.
    if tail is None or n_signs == 0 or (n_signs == 1 and known.is_within(data, blank.end(), at)):
        return None
    return tail.end()


def _damage(data: Data, start: int, search: int, is_all: bool, reason: str) -> Damage | Missing:
    """Find where the next record begins after damage."""
    match = NEXT_RECORD.search(data, search)
    if match is not None:
        return Damage(start, match.start(match.lastindex or 0), reason)
    if is_all:
        return Damage(start, len(data), reason)
    if len(data) - start > MAX_DAMAGE_BYTES:
        return Damage(start, len(data) - BEGINNING_BYTES, reason)
    return Missing(min(2 * len(data) - start, start + MAX_DAMAGE_BYTES + 1))
