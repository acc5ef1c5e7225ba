"""gzip and zstd: whole streams of members and frames in, one a batch out."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import zstandard
from isal import igzip, isal_zlib

from classifier.formats.records import BrokenFileError, Problem

PIECE_BYTES = 1 << 20
MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst"}
# ISA-L's level 2 is about zlib's level 3 in size, at some five times the speed.
GZIP_LEVEL = 2
ZSTD_LEVEL = 3
# zstd --long=31, as far as the format goes.
ZSTD_MAX_WINDOW = 1 << 31
# isal's type information calls its exception an instance.
DAMAGE: tuple[type[Exception], ...] = (isal_zlib.error, zstandard.ZstdError)  # type: ignore[assignment]
# Window of 32 kB, with a gzip header and checksum.
GZIP_WINDOW = 16 + 15
# One call may decompress to thousands of times its input; small bites bound that.
BITE_BYTES = 1 << 14


def codec_of_bytes(head: bytes) -> str | None:
    """Tell how a file is compressed from its first four bytes: "gz", "zst" or None."""
    return next((codec for magic, codec in MAGIC.items() if head.startswith(magic)), None)


def codec_of_name(name: str) -> str | None:
    """Tell how a file is to be compressed from its name: "gz", "zst" or None."""
    return next((codec for codec in MAGIC.values() if name.lower().endswith(f".{codec}")), None)


def decompress(stream: BinaryIO, codec: str | None) -> BinaryIO:
    """Wrap a stream so that it reads as decompressed.

    Parameters
    ----------
    stream : binary file
        The file as it is.
    codec : str or None
        ``"gz"`` (any number of members), ``"zst"`` (any number of frames) or None.

    Returns
    -------
    binary file
        Read it with `read_pieces`, which explains damage.
    """
    return stream if codec is None else io.BufferedReader(_Parts(stream, codec), PIECE_BYTES)


def read_pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Read a stream of `decompress` to its end, in pieces.

    Parameters
    ----------
    stream : binary file
        A stream.

    Yields
    ------
    bytes
        At most about a megabyte; all that could be read before any damage.

    Raises
    ------
    BrokenFileError
        If the compressed data is cut off or damaged, or the file cannot be read.
    """
    read = getattr(stream, "read1", stream.read)
    while True:
        try:
            piece = read(PIECE_BYTES)
        except EOFError:
            remedy = "Fetch the file anew; --on-error skip keeps what came before."
            reason = "the compressed data ends in the middle"
            raise BrokenFileError(Problem("truncated", reason, remedy)) from None
        except (OSError, ValueError) as error:
            raise BrokenFileError(_damage(error)) from error
        if not piece:
            return
        yield piece


def compress(data: bytes, codec: str | None) -> bytes:
    """Compress a batch as one gzip member or zstd frame.

    Parameters
    ----------
    data : bytes
        The batch.
    codec : str or None
        ``"gz"``, ``"zst"`` or None.

    Returns
    -------
    bytes
        The same for the same data, whenever and wherever it is made. Nothing
        for nothing, so that no empty members pile up.
    """
    return _compress(data, codec) if data else b""


def empty_stream(codec: str | None) -> bytes:
    """Give what a file without content must hold to be valid: an empty member or frame."""
    return _compress(b"", codec)


def _compress(data: bytes, codec: str | None) -> bytes:
    if codec == "gz":
        member: bytes = igzip.compress(data, GZIP_LEVEL, mtime=0)
        return member
    if codec == "zst":
        frame: bytes = zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(data)
        return frame
    return data


def _damage(error: Exception) -> Problem:
    if isinstance(error, OSError) and error.errno is not None:
        return Problem("unreadable", f"it cannot be read ({error.strerror})", "Check the file.")
    reason = f"the compressed data is damaged ({error})"
    remedy = "Fetch the file anew; --on-error skip keeps what came before."
    return Problem("damaged", reason, remedy)


class _Parts(io.RawIOBase):
    """Members or frames of a stream, one after the other, noticing one that is cut off.

    The libraries' own readers take a cut-off zstd frame for the end of the
    data, and lose what they had decompressed of a cut-off gzip member.
    """

    def __init__(self, stream: BinaryIO, codec: str) -> None:
        self.stream = stream
        self.codec = codec
        self.part: Any = None
        self.compressed = memoryview(b"")
        self.output = memoryview(b"")

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as one step of decompression goes."""
        while not self.output:
            if not self.compressed:
                self.compressed = memoryview(self.stream.read(PIECE_BYTES))
                if not self.compressed:
                    if self.part is not None:
                        raise EOFError
                    return 0
            self._step()
        n_bytes = min(len(buffer), len(self.output))
        buffer[:n_bytes] = self.output[:n_bytes]
        self.output = self.output[n_bytes:]
        return n_bytes

    def _step(self) -> None:
        bite = self.compressed[:BITE_BYTES]
        if self.part is None and self.codec == "gz" and bite[0] == 0:
            # Zeros may follow a member: tapes and disk images pad with them.
            n_zeros = len(bite) - len(bite.tobytes().lstrip(b"\0"))
            self.compressed = self.compressed[n_zeros:]
            return
        if self.part is None:
            self.part = _decompressor(self.codec)
        try:
            self.output = memoryview(self.part.decompress(bite))
        except DAMAGE as error:
            raise ValueError(error) from None
        n_unused = 0
        if self.part.eof:
            n_unused = len(self.part.unused_data)
            self.part = None
        self.compressed = self.compressed[min(BITE_BYTES, len(self.compressed)) - n_unused :]


def _decompressor(codec: str) -> Any:
    if codec == "gz":
        return isal_zlib.decompressobj(GZIP_WINDOW)
    return zstandard.ZstdDecompressor(max_window_size=ZSTD_MAX_WINDOW).decompressobj()
