"""Members of a gzip file or frames of a zstd file, one after the other, whatever their damage."""

import io
from typing import Any, BinaryIO

import zstandard
from isal import isal_zlib

READ_BYTES = 1 << 20
# How a part that holds data begins.
START = {"gz": b"\x1f\x8b\x08", "zst": b"\x28\xb5\x2f\xfd"}
# zstd --long=31, as far as the format goes.
ZSTD_MAX_WINDOW = 1 << 31
# isal's type information calls its exception an instance.
DAMAGE: tuple[type[Exception], ...] = (isal_zlib.error, zstandard.ZstdError)  # type: ignore[assignment]
# Window of 32 kB, with a gzip header and checksum.
GZIP_WINDOW = 16 + 15
# One call may decompress to thousands of times its input; small bites bound that.
BITE_BYTES = 1 << 14
# Of what comes out of a part, until its checksum is known: a record of a crawl fits.
HELD_BYTES = 1 << 20
# Enough for a block of zstd, which comes out whole or not at all.
PROOF_BYTES = 1 << 18


class DamagedPartError(ValueError):
    """A gzip member or zstd frame that cannot be decompressed.

    Attributes
    ----------
    is_last : bool
        Whether no other follows; else reading goes on with that.
    """

    is_last = False


class Parts(io.RawIOBase):
    """Reads as the decompressed content of all parts, noticing one that is cut off.

    The libraries' own readers take a cut-off zstd frame for the end of the
    data, and lose what they had decompressed of a cut-off gzip member. They
    also give up at the first damage, where one page of a crawl is damaged and
    thousands follow. Of a damaged part nothing comes out, unless it is a large one.

    Parameters
    ----------
    stream : binary file
        The file as it is.
    codec : str
        ``"gz"`` or ``"zst"``.
    """

    def __init__(self, stream: BinaryIO, codec: str) -> None:
        self.stream = stream
        self.codec = codec
        self.part: Any = None
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
                self.compressed = memoryview(self.stream.read(READ_BYTES))
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

    def _step(self) -> None:
        bite = self.compressed[:BITE_BYTES]
        is_first = self.part is None
        if is_first and self.codec == "gz":
            if bite[0] == 0:
                # Zeros may follow a member: tapes and disk images pad with them.
                n_zeros = len(bite) - len(bite.tobytes().lstrip(b"\0"))
                self.compressed = self.compressed[n_zeros:]
                return
            if not START["gz"].startswith(bite[:3].tobytes()):
                # The library would wait for more of a header before it says so.
                raise self._damaged("what follows is no gzip", 1)
        if is_first:
            self.part = _decompressor(self.codec)
        try:
            found = self.part.decompress(bite)
        except DAMAGE as error:
            # Decompressing may have run on into the next part: search this bite again.
            raise self._damaged(error, 1 if is_first else 0) from None
        self.held.append(found)
        self.n_part_bytes += len(found)
        n_used = len(bite)
        if self.part.eof:
            n_used -= len(self.part.unused_data)
            self.part = None
        if self.part is None or self.n_part_bytes > HELD_BYTES:
            self._release()
        self.compressed = self.compressed[n_used:]

    def _release(self) -> None:
        self.output, self.held = memoryview(b"".join(self.held)), []
        if self.part is None:
            self.n_part_bytes = 0

    def _damaged(self, reason: object, start: int) -> DamagedPartError:
        """Go to the next part, from `start` of what is read; return what to raise before."""
        error = DamagedPartError(reason)
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
                more = self.stream.read(READ_BYTES)
                if not more:
                    self.compressed = memoryview(b"")
                    return False
                start = 0
                data = data[-len(magic) + 1 :] + more
            elif len(data) - start < PROOF_BYTES and (more := self.stream.read(READ_BYTES)):
                data, start = data[start:] + more, 0
            elif self._is_part(data[start : start + PROOF_BYTES]):
                self.compressed = memoryview(data)[start:]
                return True
            else:
                start += 1

    def _is_part(self, data: bytes) -> bool:
        """Tell whether a part begins here; its first bytes may stand anywhere by chance."""
        part = _decompressor(self.codec)
        try:
            return bool(part.decompress(data)) or part.eof
        except DAMAGE:
            return False


def _decompressor(codec: str) -> Any:
    if codec == "gz":
        return isal_zlib.decompressobj(GZIP_WINDOW)
    return zstandard.ZstdDecompressor(max_window_size=ZSTD_MAX_WINDOW).decompressobj()
