"""Bytes of a WARC file that were read and not taken yet, cut into blocks of whole records."""

from classifier.formats.batches import BLOCK_BYTES, BLOCK_RECORDS
from classifier.formats.warc import TAIL, Damage, Found, Missing, Record, next_record
from classifier.formats.warc_beginnings import KnownBeginning


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
