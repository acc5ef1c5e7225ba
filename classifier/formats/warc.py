"""Records of a WARC file: where they begin and end, and how one is rewritten."""

import base64
import hashlib
import re
from typing import NamedTuple

LENGTH = re.compile(rb"\r\nContent-Length[ \t]*:[ \t]*(\d+)[ \t]*(?=\r\n)", re.IGNORECASE)
DIGEST = re.compile(
    rb"(\r\nWARC-(?:Block|Payload)-Digest[ \t]*:[ \t]*)([\w-]+):([^\r\n]+?)[ \t]*(?=\r\n)",
    re.IGNORECASE,
)
VERSION = b"WARC/"
END = b"\r\n\r\n"
NEXT_RECORD = re.compile(rb"\r?\n\r?\n(?=WARC/\d)")
# Headers of records found in the wild have some hundred bytes.
MAX_HEADER_BYTES = 1 << 20
# A body said to be longer has a damaged length; waiting for it would fill the memory.
MAX_BODY_BYTES = 2 << 30
MAX_LENGTH_DIGITS = 18  # Python refuses to read numbers of thousands of them
# Damage is told in pieces of this size, if no record follows it for so long.
MAX_DAMAGE_BYTES = 16 << 20


class Record(NamedTuple):
    """Places of a record in its buffer: header without its empty line, body, end."""

    start: int
    header_end: int
    body_start: int
    body_end: int
    end: int


class Damage(NamedTuple):
    """Bytes ``start:end`` of a buffer are no whole record."""

    start: int
    end: int
    reason: str


class Missing(NamedTuple):
    """More bytes are needed: the buffer must reach to `end`, if that is known."""

    end: int | None


def next_record(data: bytes | bytearray, at: int, is_all: bool) -> Record | Damage | Missing:
    """Find the record that begins at a place.

    Parameters
    ----------
    data : bytes
        A piece of a WARC file.
    at : int
        Where the last record ended; before the end of `data`.
    is_all : bool
        Whether the file ends with `data`.

    Returns
    -------
    Record, Damage or Missing
        Damage reaches to the next record, so that no neighbour is lost;
        Missing only if not `is_all`.
    """
    header_end = data.find(END, at, at + MAX_HEADER_BYTES)
    if header_end < 0 and not is_all and len(data) - at < MAX_HEADER_BYTES:
        return Missing(None)
    if not data.startswith(VERSION, at):
        return _damage(data, at, at, is_all, "no record begins where the last one ended")
    if header_end < 0:
        return _damage(data, at, at + 1, is_all, "its header has no end")
    length = LENGTH.search(data, at, header_end + 2)
    body_start = header_end + len(END)
    if length is None:
        return _damage(data, at, header_end, is_all, "it has no Content-Length")
    digits = length[1].lstrip(b"0") or b"0"
    if len(digits) > MAX_LENGTH_DIGITS or int(digits) > MAX_BODY_BYTES:
        return _damage(data, at, header_end, is_all, "its Content-Length cannot be")
    body_end = body_start + int(digits)
    end = body_end + len(END)
    if end > len(data):
        if not is_all:
            return Missing(end)
        if body_end <= len(data) and not data[body_end:].strip(b"\r\n"):
            return Record(at, header_end, body_start, body_end, len(data))
        return _damage(data, at, header_end, is_all, "it is shorter than its Content-Length")
    if data[body_end:end] != END:
        return _damage(
            data, at, header_end, is_all, "it does not end where its Content-Length says"
        )
    return Record(at, header_end, body_start, body_end, end)


def header_value(header: bytes, name: bytes) -> str | None:
    """Read a field of a header; None if it has none of that name."""
    pattern = rb"\r\n" + re.escape(name) + rb"[ \t]*:[ \t]*([^\r\n]*)"
    match = re.search(pattern, header, re.IGNORECASE)
    return None if match is None else match[1].decode("utf-8", "replace").strip()


def rewrite_header(header: bytes, body: bytes) -> bytes:
    """Correct length and digests of a record for a new body.

    Parameters
    ----------
    header : bytes
        Version and fields, without the empty line that ends them.
    body : bytes
        The new body.

    Returns
    -------
    bytes
        The header; all other fields, their order and spelling stay. A digest
        by an algorithm that is unknown here is left out, since it would be wrong.
    """
    header += b"\r\n"
    header = LENGTH.sub(b"\r\nContent-Length: %d" % len(body), header)
    return DIGEST.sub(lambda match: _digest(match, body), header).removesuffix(b"\r\n")


def _digest(match: re.Match[bytes], body: bytes) -> bytes:
    prefix, algorithm, old = match.groups()
    try:
        name = algorithm.decode().lower().replace("-", "")
        digest = hashlib.new(name, body, usedforsecurity=False).digest()
    except (ValueError, TypeError):  # TypeError: digests of a length that one has to ask for
        return b""
    # Base 32 by custom; some writers use base 16, which has 40 digits for SHA-1.
    if len(old) == 2 * len(digest):
        value = digest.hex().encode()
    else:
        value = base64.b32encode(digest)
    return prefix + algorithm + b":" + value


def _damage(
    data: bytes | bytearray, start: int, search: int, is_all: bool, reason: str
) -> Damage | Missing:
    """Find where the next record begins after damage."""
    match = NEXT_RECORD.search(data, search)
    if match is not None:
        return Damage(start, match.end(), reason)
    if is_all:
        return Damage(start, len(data), reason)
    if len(data) - start > MAX_DAMAGE_BYTES:
        return Damage(start, len(data) - len(END), reason)  # the next record's may have begun
    return Missing(None)
