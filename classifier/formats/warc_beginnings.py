"""How records of a WARC file begin, and whether one begins within another."""

import re

VERSION = b"WARC/"
BEGINNING = re.compile(rb"WARC/\d")
# As nearly all writers begin: a record wherever a header or damage holds it, not only after
# an empty line, for the bytes before may be lost.
SURE_BEGINNING = re.compile(rb"WARC/\d\.\d{1,2}\r?\nWARC-Type[ \t]?:")
# The record is the group or else all: were that a lookahead, searches would take far longer.
NEXT_RECORD = re.compile(rb"\n\r?\n(WARC/\d)|%b" % SURE_BEGINNING.pattern)
HEADER_END = re.compile(rb"\n(?:(\r?\n)|(WARC/\d))|%b" % SURE_BEGINNING.pattern)
"""The first group is the empty line after a header; without it, a record begins before that."""
# How much of the next record may have been read without being known for one.
BEGINNING_BYTES = len(b"\r\n\r\nWARC/0.18\r\nWARC-Type :")

Data = bytes | bytearray


class KnownBeginning:
    """The sure beginning in a buffer that was found last.

    Any number of records may say lengths that lead over the same one, as somebody may make
    them up. Were it looked for anew from each, time would grow with the square of the file.
    """

    def __init__(self) -> None:
        self._start = self._end = -1

    def is_within(self, data: Data, start: int, end: int) -> bool:
        """Tell whether a record surely begins in bytes ``start:end``.

        Parameters
        ----------
        data : bytes
            The buffer; only its end may have changed since the last call, by more bytes.
        start, end : int

        Returns
        -------
        bool
        """
        if start <= self._start and self._end <= end:
            return True
        match = SURE_BEGINNING.search(data, start, end)
        if match is not None:
            self._start, self._end = match.span()
        return match is not None

    def move(self, n_bytes: int) -> None:
        """Follow bytes that moved within the buffer, as the first ones were taken.

        Parameters
        ----------
        n_bytes : int
            Negative if to its start.
        """
        self._start += n_bytes
        self._end += n_bytes
