"""gzip and zstd: whole streams of members and frames in, one a batch out."""

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

import zstandard
from isal import igzip

from classifier.files.compressed_members import DamagedPartError, Parts
from classifier.files.compressed_part import START
from classifier.files.problems import BrokenFileError, Problem, unreadable

PIECE_BYTES = 1 << 20
KEPT_BEFORE = "Fetch the file anew; --on-error skip keeps what came before."
KEPT_UNDAMAGED = "Fetch the file anew; --on-error skip keeps what is undamaged."
LEFT_OUT = "Fetch the file anew; --on-error skip leaves it out."
MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst"}
# pzstd begins its files with one of the frames that readers pass over.
MAGIC |= {bytes([first]) + b"\x2a\x4d\x18": "zst" for first in range(0x50, 0x60)}
# What others pack with; none of these beginnings is one of a text.
FOREIGN = {
    "bzip2": re.compile(rb"BZh[1-9](1AY&SY|\x17\x72\x45\x38\x50\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "zip": re.compile(rb"PK\x03\x04"),
    "7-Zip": re.compile(rb"7z\xbc\xaf\x27\x1c"),
    "LZ4": re.compile(rb"\x04\x22\x4d\x18"),
}
BEGINNING_BYTES = 10  # of the longest
# ISA-L's level 3 is about zlib's level 3 in size, and several times as fast. Not its levels 1
# and 2: what they make hangs on where the stack lies, which is elsewhere in each process; now
# and then one packs the same data into some bytes more.
GZIP_LEVEL = 3
ZSTD_LEVEL = 3


def codec_of_bytes(head: bytes) -> str | None:
    """Tell how a file is compressed from its first bytes: "gz", "zst" or None.

    Parameters
    ----------
    head : bytes
        `BEGINNING_BYTES` of them, or all there are.

    Returns
    -------
    str or None

    Raises
    ------
    BrokenFileError
        If it is packed in a way that is not read.
    """
    for name, magic in FOREIGN.items():
        if magic.match(head):
            reason = f"it is packed by {name}, which is not read"
            raise BrokenFileError(
                Problem("packed", reason, "Unpack it, or pack it as .gz or .zst.")
            )
    return next((codec for magic, codec in MAGIC.items() if head.startswith(magic)), None)


def codec_of_name(name: str) -> str | None:
    """Tell how a file is to be compressed from its name: "gz", "zst" or None.

    Parameters
    ----------
    name : str
        Its case does not matter.

    Returns
    -------
    str or None
    """
    return next((codec for codec in START if name.lower().endswith(f".{codec}")), None)


def decompress(
    stream: BinaryIO, codec: str | None, damaged: frozenset[int] = frozenset()
) -> BinaryIO:
    """Wrap a stream so that it reads as decompressed.

    Parameters
    ----------
    stream : binary file
        The file as it is.
    codec : str or None
        ``"gz"`` (any number of members), ``"zst"`` (any number of frames) or None.
    damaged : set of int, optional
        Where members or frames begin of which nothing is to come out.

    Returns
    -------
    binary file
        Read it with `read_pieces`, which explains damage.
    """
    if codec is None:
        return stream
    return io.BufferedReader(Parts(stream, codec, damaged), PIECE_BYTES)


def read_pieces(stream: BinaryIO, remedy: str = KEPT_BEFORE) -> Iterator[bytes | Problem]:
    """Read a stream of `decompress` to its end, in pieces.

    Parameters
    ----------
    stream : binary file
        A stream.
    remedy : str, default KEPT_BEFORE
        What to do about data that is cut off or damaged.

    Yields
    ------
    bytes or Problem
        At most about a megabyte; all that could be read before any damage. A
        problem where a gzip member or zstd frame is damaged and another follows.

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
            reason = "the compressed data ends in the middle"
            raise BrokenFileError(Problem("truncated", reason, remedy)) from None
        except DamagedPartError as error:
            if error.is_last:
                raise BrokenFileError(_damage(error, remedy)) from error
            yield _damage(error, remedy)
            continue
        except (OSError, ValueError) as error:
            raise BrokenFileError(_damage(error, remedy)) from error
        if not piece:
            return
        yield piece


def whole_pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Read a stream of `decompress` of which a part is of no use, in pieces.

    Parameters
    ----------
    stream : binary file

    Yields
    ------
    bytes

    Raises
    ------
    BrokenFileError
        If any of it is missing.
    """
    for piece in read_pieces(stream, LEFT_OUT):
        if isinstance(piece, Problem):
            raise BrokenFileError(piece)
        yield piece


def read_whole(stream: BinaryIO) -> bytes:
    """Read a stream of `decompress` to its end, all at once; raises as `whole_pieces`.

    Parameters
    ----------
    stream : binary file

    Returns
    -------
    bytes
    """
    return b"".join(whole_pieces(stream))


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
        The same for the same data, whichever process makes it; other processors and
        versions of the libraries may pack it differently. Nothing for nothing, so that
        no empty members pile up.
    """
    return _compress(data, codec) if data else b""


def empty_stream(codec: str | None) -> bytes:
    """Give what a file without content must hold to be valid: an empty member or frame.

    Parameters
    ----------
    codec : str or None
        "gz", "zst" or None.

    Returns
    -------
    bytes
        Nothing if it is not to be compressed.
    """
    return _compress(b"", codec)


def _compress(data: bytes, codec: str | None) -> bytes:
    if codec == "gz":
        member: bytes = igzip.compress(data, GZIP_LEVEL, mtime=0)
        return member
    if codec == "zst":
        # With a checksum, as gzip and the zstd command have it: damage may look like text.
        compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True)
        frame: bytes = compressor.compress(data)
        return frame
    return data


def _damage(error: Exception, remedy: str) -> Problem:
    if isinstance(error, OSError) and error.errno is not None:
        return unreadable(error)
    if "Dictionary mismatch" in str(error):
        reason = "it is packed with a dictionary, which is not at hand"
        return Problem("needs a dictionary", reason, "Unpack it with zstd -d -D DICTIONARY.")
    reason = f"the compressed data is damaged ({error})"
    if remedy != KEPT_BEFORE:
        return Problem("damaged", reason, remedy)
    is_altered = isinstance(error, DamagedPartError) and error.is_altered
    if is_altered:
        reason += ", and texts before it may be altered"
    return Problem("damaged", reason, KEPT_UNDAMAGED, is_altered=is_altered)
