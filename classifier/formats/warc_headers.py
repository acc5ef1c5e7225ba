"""Headers of the records of a WARC file: read, and corrected for another body."""

import base64
import hashlib
import re

# Lines end with CRLF by the standard, with LF alone once a tool took the file for text.
# Between a name and its value there may be some: a line that begins with white space goes on.
COLON = rb"[ \t]*:(?:\r?\n[ \t]++|[ \t])*+"
LENGTH = re.compile(rb"(\nContent-Length" + COLON + rb")(\d+)(?=[ \t]*(?:\r?\n|\Z))", re.IGNORECASE)
DIGEST = re.compile(
    rb"(?<=\n)(WARC-(?:Block|Payload)-Digest" + COLON + rb")([\w-]+):([^\r\n]*[^\r\n \t])"
    rb"([ \t]*(?:\r?\n|\Z))",
    re.IGNORECASE,
)


def header_value(header: bytes, name: bytes) -> str | None:
    """Read a field of a header.

    Parameters
    ----------
    header : bytes
        As of `rewrite_header`.
    name : bytes
        Its case does not matter.

    Returns
    -------
    str or None
        The value, without white space around it; None if there is no such field.
    """
    pattern = rb"\n" + re.escape(name) + COLON + rb"([^\r\n]*)"
    match = re.search(pattern, header, re.IGNORECASE)
    return None if match is None else match[1].decode("utf-8", "replace").strip()


def rewrite_header(header: bytes, body: bytes) -> bytes:
    """Correct length and digests of a record for a new body.

    Parameters
    ----------
    header : bytes
        Version and fields, without the empty line that follows them.
    body : bytes
        The new body.

    Returns
    -------
    bytes
        The header; all other fields, their order and spelling stay, and the line
        ends. A digest by an algorithm unknown here is left out: it would be wrong.
    """
    header = LENGTH.sub(rb"\g<1>%d" % len(body), header)
    return DIGEST.sub(lambda match: _digest(match, body), header)


def _digest(match: re.Match[bytes], body: bytes) -> bytes:
    prefix, algorithm, old, line_end = match.groups()
    try:
        name = algorithm.decode().lower().replace("-", "")
        digest = hashlib.new(name, body, usedforsecurity=False).digest()
    except (ValueError, TypeError):  # TypeError: digests of a length that one has to ask for
        return b""
    # Base 32 by custom; some writers use base 16, which has 40 digits for SHA-1.
    is_hex = len(old) == 2 * len(digest)
    value = digest.hex().encode() if is_hex else base64.b32encode(digest)
    return prefix + algorithm + b":" + value + line_end
