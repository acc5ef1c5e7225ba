"""Formats told by the first bytes of a file, and what is none that can be read."""

import codecs
import json
import re

HEAD_BYTES = 1 << 16
"""What `detect_format` should see of a file."""

# More than the beginning is not asked for: records that are damaged, or JSON in another
# layout than a record a line, are to be told of by the reader, not filtered as prose.
JSON_BEGINNING = re.compile(rb'\s*(\[\s*)?\{\s*("|\})')

WARC_BEGINNING = re.compile(rb"WARC/\d\.\d+\r?\n")
PARQUET_BEGINNING = re.compile(rb"PAR[1E].*?\0", re.DOTALL)  # the latter if encrypted

TAR_MARK = 257  # where the header of tar's first file has its mark, behind a name and numbers

# Of what is called text more is asked: prose may begin with a brace.
RECORD_BEGINNING = re.compile(r'(\[\s*)?\{\s*"(?:[^"\\]|\\.)*"\s*:')

# Browsers put a comment before pages that they save, XHTML has a declaration. Both are taken
# whole or not at all, or many comments would be tried in every combination. Text may well
# begin with other tags, as many a README does, or be about these.
MARKUP_BEGINNING = re.compile(
    rb"\s*(?P<xml>(?=<\?xml\s))?(?>(?:<!--.*?-->|<\?.*?\?>)\s*)*+"
    rb"(?P<html><(?:!doctype\s+html|html[\s>]|"
    rb"(?:head|title|meta|link|script|style|body)(?:\s[^<>]*)?>(?!\s*:|\s+\w)))?",
    re.IGNORECASE | re.DOTALL,
)


def detect_format(head: bytes) -> str:
    """Tell the format from the first bytes of a file, once decompressed.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES`, or all.

    Returns
    -------
    str
        One of `classifier.formats.FORMATS`; whatever is none of the others is text.

    Examples
    --------
    >>> detect_format(b'{"text": "Hello"}'), detect_format(b"Hello")
    ('jsonl', 'text')

    JSON Lines in UTF-16 are told of as what they are, though they cannot be read:

    >>> detect_format('{"text": "Hello"}'.encode("utf-16"))
    'jsonl'
    """
    if PARQUET_BEGINNING.match(head):
        return "parquet"
    if WARC_BEGINNING.match(head):
        return "wet"
    return "jsonl" if JSON_BEGINNING.match(_ascii_of(head)) else "text"


def holds_records(head: bytes) -> bool:
    """Tell whether a file that is called text begins with records all the same.

    More is asked than by `detect_format`: a page of text may well begin with a brace.

    Parameters
    ----------
    head : bytes
        As of `detect_format`.

    Returns
    -------
    bool

    Examples
    --------
    >>> holds_records(b'{"text": "Hello"}'), holds_records(b'{"text" is the field}')
    (True, False)
    """
    found = detect_format(head)
    if found != "jsonl":
        return found != "text"
    text = _ascii_of(head).decode("utf-8", "replace").strip()
    is_cut = len(head) >= HEAD_BYTES
    rest = _behind_record(text, is_cut)
    # Of a page with data for machines on top only the first line is a record.
    return rest is not None and (not rest or _behind_record(rest, is_cut) is not None)


def _behind_record(text: str, is_cut: bool) -> str | None:
    """Give what follows a record, or a list of some, at the beginning; None if there is none."""
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return "" if is_cut and RECORD_BEGINNING.match(text) else None
    first = value[0] if isinstance(value, list) and value else value
    return text[end:].strip() if isinstance(first, dict) else None


def holds_archive(head: bytes) -> bool:
    r"""Tell whether a file begins as those of tar do.

    Parameters
    ----------
    head : bytes
        As of `detect_format`.

    Returns
    -------
    bool

    Examples
    --------
    >>> holds_archive(b"page.txt".ljust(257, b"\0") + b"ustar"), holds_archive(b"ustar")
    (True, False)
    """
    return b"\0" in head[:TAR_MARK] and head.startswith(b"ustar", TAR_MARK)


def unextracted(head: bytes) -> str | None:
    """Tell whether a file begins as those do that text has yet to be extracted from.

    Parameters
    ----------
    head : bytes
        As of `detect_format`.

    Returns
    -------
    str or None
        HTML, XML or PDF; None for what is none of these.

    Examples
    --------
    >>> unextracted(b"<!-- saved --><html>"), unextracted(b"The <html> element")
    ('HTML', None)
    """
    if head.startswith(b"%PDF-"):
        return "PDF"
    found = MARKUP_BEGINNING.match(_ascii_of(head))
    if found and found["html"]:
        return "HTML"
    return "XML" if found and found["xml"] is not None else None


def _ascii_of(head: bytes) -> bytes:
    """Leave out what UTF-16 has beside ASCII signs, and byte order marks: what begins with them."""
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")
