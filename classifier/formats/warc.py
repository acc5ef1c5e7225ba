"""Records of a WARC file: where they begin and end."""

import re
from typing import NamedTuple

from classifier.formats.batches import BLOCK_BYTES, BLOCK_RECORDS
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


class Buffer:
    """Bytes read but not taken yet, and what was found in them so far: up to `at`."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.found: list[Found] = []
        self.at = 0
        self._needed = 0
        self._known = KnownBeginning()

    def add(self, piece: bytes) -> bool:
        """Append what was read.

        Parameters
        ----------
        piece : bytes
            The next of the file.

        Returns
        -------
        bool
            Whether there may be enough to find more.
        """
        self.data += piece
        return len(self.data) >= self._needed

    def search(self, is_all: bool) -> bool:
        """Find what is whole, at most a block of it; at the end of the file, what is there.

        Parameters
        ----------
        is_all : bool
            Whether the file ends with what was appended.

        Returns
        -------
        bool
            Whether it is a block, and to be taken before more is found.
        """
        while self.at < len(self.data) and not self._is_full():
            found = next_record(self.data, self.at, is_all, self._known)
            if isinstance(found, Missing):
                self._needed = found.end
                break
            self._append(found)
        return self._is_full()

    def break_off(self) -> None:
        """Find the last record before a place where bytes are lost, once all others are found."""
        last = next_record(self.data, self.at, True, self._known)
        # Without a line end after it, it would run into the record after the lost bytes.
        if isinstance(last, Record) and TAIL.match(self.data, last.body_end):
            self._append(last)

    def add_gap(self, reason: str) -> None:
        """Note that bytes are lost here, and what they belonged to with them; as `break_off`.

        Parameters
        ----------
        reason : str
            Why they are.
        """
        self.break_off()
        self._append(Damage(self.at, len(self.data), reason))
        self._needed = 0

    def take(self) -> tuple[bytes, list[Found]]:
        """Remove what was found, and the bytes it is in.

        Returns
        -------
        data : bytes
        found : list of (Record, EmptyLines or Damage)
            In the order of the file, one where the other ends; places count in `data`.
        """
        with memoryview(self.data) as view:
            taken = bytes(view[: self.at]), self.found
        del self.data[: self.at]
        self._needed -= self.at
        self._known.move(-self.at)
        self.at, self.found = 0, []
        return taken

    def _is_full(self) -> bool:
        """Tell whether a block can end: not before empty lines, which go with what they follow."""
        n_blocks = max(self.at / BLOCK_BYTES, len(self.found) / BLOCK_RECORDS)
        is_before_record = bool(self.data[self.at : self.at + 1].strip(b"\r\n"))
        return n_blocks >= (1 if is_before_record else 2)

    def _append(self, found: Found) -> None:
        self.found.append(found)
        self.at = found.end


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
