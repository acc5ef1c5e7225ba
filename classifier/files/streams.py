"""Open a packed file, look ahead in a stream, and go back in one that cannot."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from classifier.files.compressed_members import Parts
from classifier.files.compression import BEGINNING_BYTES, codec_of_bytes, decompress, whole_pieces
from classifier.files.opening import OutputError, open_input
from classifier.files.problems import BrokenFileError, unreadable


@contextmanager
def open_decompressed(path: str, damaged: frozenset[int] = frozenset()) -> Iterator[BinaryIO]:
    """Open a file or standard input; what its first bytes call packed comes unpacked.

    Parameters
    ----------
    path : str
        "-" is standard input.
    damaged : set of int, optional
        What `altered_parts` found.

    Yields
    ------
    binary file

    Raises
    ------
    OSError
        If it cannot be opened or read.
    BrokenFileError
        If it is packed in a way that is not read.
    """
    with open_input(path) as raw:
        head, raw = peek(raw, BEGINNING_BYTES)
        yield decompress(raw, codec_of_bytes(head), damaged)


def altered_parts(path: str) -> frozenset[int]:
    """Find damaged members or frames of a file so large that something came out of them.

    Parameters
    ----------
    path : str
        Of a file that can be read again.

    Returns
    -------
    frozenset of int
        Where they begin, in bytes of the packed file.

    Raises
    ------
    BrokenFileError
        If it cannot be read any more.
    """
    try:
        with open_input(path) as raw:
            head, raw = peek(raw, BEGINNING_BYTES)
            codec = codec_of_bytes(head)
            return frozenset() if codec is None else Parts(raw, codec).altered()
    except OSError as error:
        raise BrokenFileError(unreadable(error)) from error


def peek(stream: BinaryIO, n_bytes: int) -> tuple[bytes, BinaryIO]:
    """Look at what comes next in a stream.

    Parameters
    ----------
    stream : binary file
        Where it stands; of standard input, a shell may have read a part already.
    n_bytes : int
        How much to look at.

    Returns
    -------
    bytes
        The next `n_bytes`, or all there is before an end or damage.
    binary file
        Reads them again, and meets the same damage.
    """
    start = stream.tell() if stream.seekable() else None
    head = b""
    rest = stream
    error: Exception | None = None
    try:
        # read1, for read would lose what came before damage.
        read = getattr(stream, "read1", stream.read)
        while len(head) < n_bytes:
            piece = read(n_bytes - len(head))
            if not piece:  # of a terminal there may be more behind an end
                rest = io.BytesIO()
                break
            head += piece
    except (OSError, EOFError, ValueError) as damage:
        error = damage
    if error is None and start is not None:
        stream.seek(start)
        return head, stream
    return head, cast(BinaryIO, io.BufferedReader(_Rejoined(head, error, rest), 1 << 20))


def seekable(stream: BinaryIO) -> BinaryIO:
    """Give a stream that can be read from any place: a copy on disk if need be.

    Parameters
    ----------
    stream : binary file
        Decompressed.

    Returns
    -------
    binary file
        At its beginning.

    Raises
    ------
    BrokenFileError
        If the stream cannot be read to its end.
    OutputError
        If the copy cannot be written.
    """
    if stream.seekable():
        stream.seek(0)
        return stream
    copy: Any = None
    try:
        copy = tempfile.TemporaryFile()  # noqa: SIM115 (gone with its last user)
        for piece in whole_pieces(stream):
            copy.write(piece)
        copy.seek(0)
    except OSError as error:
        if copy is not None:
            # Closed behind its buffer's back, which would be written again at its end:
            # since Python 3.14, that this fails is told beside the message.
            copy.raw.close()
        raise OutputError(
            f"a temporary copy of the input cannot be written ({error.strerror or error}). "
            "Make room, or name another folder for temporary files in TMPDIR."
        ) from error
    return cast(BinaryIO, copy)


class _Rejoined(io.RawIOBase):
    """A stream with what was read of it put back in front."""

    def __init__(self, head: bytes, error: Exception | None, stream: BinaryIO) -> None:
        self.head, self.error, self.stream = memoryview(head), error, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.head:
            n_bytes = min(len(buffer), len(self.head))
            buffer[:n_bytes] = self.head[:n_bytes]
            self.head = self.head[n_bytes:]
            return n_bytes
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        read = getattr(self.stream, "read1", self.stream.read)
        piece = read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
