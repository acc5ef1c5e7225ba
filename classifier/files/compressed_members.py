"""Members of a gzip file or frames of a zstd file, one after the other, whatever their damage."""

import io
from typing import Any, BinaryIO

from classifier.files.compressed_part import (
    BITE_BYTES,
    DAMAGE,
    HEADER_BYTES,
    PROOF_BYTES,
    START,
    GzipMember,
    ZstdFrame,
    is_part,
    part_starter,
)

READ_BYTES = 1 << 20
# Of what comes out of a part, until its checksum is known: a record of a crawl fits.
HELD_BYTES = 1 << 20


class DamagedPartError(ValueError):
    """A gzip member or zstd frame that cannot be decompressed.

    Attributes
    ----------
    place : int
        Where it begins in the file, in bytes.
    is_altered : bool
        Whether something came out of it before, which may be anything.
    is_last : bool
        Whether no other follows; else reading goes on with that.
    """

    place = 0
    is_altered = is_last = False


class Parts(io.RawIOBase):
    """Reads as the decompressed content of all parts, noticing one that is cut off.

    The libraries' own readers take a cut-off zstd frame for the end of the
    data, and lose what they had decompressed of a cut-off gzip member. They
    also give up at the first damage, where one page of a crawl is damaged and
    thousands follow. Of a damaged part nothing comes out, unless it is a large one
    and not known to be damaged.

    Parameters
    ----------
    stream : binary file
        The file as it is.
    codec : str
        ``"gz"`` or ``"zst"``.
    damaged : set of int, optional
        Where parts begin of which nothing is to come out, as `altered` found them.
    """

    def __init__(self, stream: BinaryIO, codec: str, damaged: frozenset[int] = frozenset()) -> None:
        self.stream = stream
        self.codec = codec
        self.start_part = part_starter(codec)
        self.damaged = damaged
        self.part: GzipMember | ZstdFrame | None = None
        self.place = 0  # where that begins
        self.n_read = 0
        self.compressed = memoryview(b"")
        self.held: list[bytes] = []
        self.n_part_bytes = 0
        self.output = memoryview(b"")

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as one step of decompression goes.

        Parameters
        ----------
        buffer : writable bytes-like

        Returns
        -------
        int
            Number of bytes; 0 at the end of the file.

        Raises
        ------
        EOFError
            If the file ends within a member.
        DamagedPartError
            If a member is damaged.
        """
        while not self.output:
            if not self.compressed:
                self.compressed = memoryview(self._read())
                if not self.compressed:
                    if self.part is None:
                        return 0
                    if not self.held:
                        raise EOFError
                    self._release()  # what a cut-off part holds is all that there is
                    continue
            self._step()
        n_bytes = min(len(buffer), len(self.output))
        buffer[:n_bytes] = self.output[:n_bytes]
        self.output = self.output[n_bytes:]
        return n_bytes

    def altered(self) -> frozenset[int]:
        """Read to the end, to know what a second reading must not give out.

        Returns
        -------
        frozenset of int
            Where damaged parts begin of which something came out before that was known.
        """
        places = set()
        buffer = bytearray(READ_BYTES)
        while True:
            try:
                if not self.readinto(buffer):
                    break
            except DamagedPartError as error:
                if error.is_altered:
                    places.add(error.place)
            except EOFError:
                break
        return frozenset(places)

    def _read(self) -> bytes:
        data = self.stream.read(READ_BYTES)
        self.n_read += len(data)
        return data

    def _step(self) -> None:
        data = self.compressed
        is_first = self.part is None or not self.part.is_begun
        if is_first and self.codec == "gz":
            if data[0] == 0:
                # Zeros may follow a member: tapes and disk images pad with them.
                bite = data[:BITE_BYTES].tobytes()
                self.compressed = data[len(bite) - len(bite.lstrip(b"\0")) :]
                return
            if not START["gz"].startswith(data[:3].tobytes()):
                # The library would wait for more of a header before it says so.
                raise self._damaged("what follows is no gzip", 1)
        if self.part is None:
            self.part = self.start_part()
            self.place = self.n_read - len(data)
        n_bytes = self.part.bite(data)
        if n_bytes == 0:
            # A header lies across what was read. Where the file ends within it, the rest goes in.
            more = self._read() if len(data) < HEADER_BYTES else b""
            if more:
                self.compressed = memoryview(data.tobytes() + more)
                return
            n_bytes = min(len(data), BITE_BYTES)
        decoder = self.part.decoder
        try:
            found = decoder.decompress(data[:n_bytes])
        except DAMAGE as error:
            # Decompressing may have run on into the next part: search this bite again.
            raise self._damaged(error, 1 if is_first else 0) from None
        if self.place not in self.damaged:
            self.held.append(found)
            self.n_part_bytes += len(found)
        if decoder.eof:
            n_bytes -= len(decoder.unused_data)
            self.part = None
        if self.part is None or self.n_part_bytes > HELD_BYTES:
            self._release()
        self.compressed = data[n_bytes:]

    def _release(self) -> None:
        self.output, self.held = memoryview(b"".join(self.held)), []
        if self.part is None:
            self.n_part_bytes = 0

    def _damaged(self, reason: object, start: int) -> DamagedPartError:
        """Go to the next part, from `start` of what is read; return what to raise before."""
        error = DamagedPartError(reason)
        error.place, error.is_altered = self.place, self.n_part_bytes > HELD_BYTES
        self.held, self.n_part_bytes = [], 0
        error.is_last = not self._find_next(start)
        return error

    def _find_next(self, start: int) -> bool:
        """Go to the next part, from `start` of what is read; tell whether there is one."""
        self.part, magic = None, START[self.codec]
        data = self.compressed.tobytes()
        while True:
            start = data.find(magic, start)
            if start < 0:
                more = self._read()
                if not more:
                    self.compressed = memoryview(b"")
                    return False
                start = 0
                data = data[-len(magic) + 1 :] + more
            elif len(data) - start < PROOF_BYTES and (more := self._read()):
                data, start = data[start:] + more, 0
            elif is_part(self.start_part(), memoryview(data)[start : start + PROOF_BYTES]):
                self.compressed = memoryview(data)[start:]
                return True
            else:
                start += 1
