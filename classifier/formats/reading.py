"""Open a file of records, whatever its compression and its format."""

from contextlib import ExitStack
from typing import BinaryIO

from classifier.files.locations import PathError
from classifier.files.names import shown_name
from classifier.files.problems import BrokenFileError, Problem, unreadable
from classifier.files.streams import open_decompressed, peek, seekable
from classifier.formats import SEEKING, WITHOUT_FIELDS, format_of_name, unread_format
from classifier.formats.batches import Fields
from classifier.formats.beginnings import (
    HEAD_BYTES,
    detect_format,
    holds_archive,
    holds_records,
    unextracted,
)


def open_records(
    path: str,
    fields: Fields,
    input_format: str | None,
    stack: ExitStack,
    damaged: frozenset[int] = frozenset(),
) -> tuple[BinaryIO, str]:
    """Open an input and find out its format.

    Parameters
    ----------
    path : str
        A path, URL or ``-``.
    fields : Fields
        Names of the fields of a record.
    input_format : str or None
        One of `classifier.formats.FORMATS`; None to tell by name and content.
    stack : ExitStack
        Closes what is opened.
    damaged : set of int, optional
        What `classifier.files.streams.altered_parts` found.

    Returns
    -------
    stream : binary file
        Decompressed; can be read from any place if the format needs that.
    format : str
        One of `classifier.formats.FORMATS`.

    Raises
    ------
    BrokenFileError
        If it cannot be opened, or is HTML, or begins as another format than its name says, and
        nobody said what it is.
    PathError
        If statistics are to be added to a format that has no fields.
    """
    try:
        stream = stack.enter_context(open_decompressed(path, damaged))
    except OSError as error:
        raise BrokenFileError(unreadable(error)) from error
    known = input_format or format_of_name(path)
    beginning = b""
    if input_format is None and known not in SEEKING:  # these are read from their end
        beginning, stream = peek(stream, HEAD_BYTES)
        if known in (None, "text"):
            _refuse_no_text(path, beginning)
        _refuse_misnamed(beginning, known)
    name = known or detect_format(beginning)
    refuse_added(path, name, fields)
    return (seekable(stream) if name in SEEKING else stream), name


def _refuse_no_text(path: str, beginning: bytes) -> None:
    """Refuse what would be filtered as prose and is none, going by its name and first bytes."""
    unread = unread_format(path)
    if unread and detect_format(beginning) == "text":
        reason = f"it is {unread} by its name, which cannot be read"
        way = " (pandas.read_csv(…).to_parquet(…))" if unread == "CSV" else ""
        forced = "" if b"\0" in beginning else "; --input-format text takes it as one page of text"
        remedy = f"Convert it to JSON Lines or Parquet{way}{forced}."
        raise BrokenFileError(Problem("other format", reason, remedy))
    if holds_archive(beginning):  # its pages would be filtered as one, with the headers between
        remedy = "Unpack it, or name a file in it by a URL (tar://page.txt::pages.tar)."
        raise BrokenFileError(Problem("tar", "it is a tar archive, which is not read", remedy))
    source = unextracted(beginning)
    if source:
        reason = f"it is {source}, and lines of plain text are what can be labelled"
        remedy = (
            "Give the text that an extractor prints (resiliparse, html2text …); "
            "--input-format text takes it as it is."
        )
        raise BrokenFileError(Problem(source.lower(), reason, remedy))


def _refuse_misnamed(beginning: bytes, known: str | None) -> None:
    """Refuse what its name takes for records of another format, or records for text."""
    found = detect_format(beginning)
    if known == "text" and holds_records(beginning):
        remedy = f"Give it a fitting name, or say what it is: --input-format {found} or text."
    elif known in (None, "text", found):
        return
    elif found != "text":
        remedy = f"Give it a fitting name, or say what it is: --input-format {found} or {known}."
    elif source := unextracted(beginning):
        found = source
        remedy = f"Fetch it anew, if a server sent its error page, or give --input-format {known}."
    else:  # its reader tells what is wrong
        return
    reason = f"its name says {known}, but it begins as {found} does"
    raise BrokenFileError(Problem("other format", reason, remedy))


def refuse_added(path: str, name: str | None, fields: Fields) -> None:
    """Refuse to add statistics to a format that has no fields.

    Parameters
    ----------
    path : str
        The input.
    name : str or None
        Its format; None if it is not known before it is read.
    fields : Fields

    Raises
    ------
    PathError
        If they are to be added to such a one.
    """
    if fields.added and name in WITHOUT_FIELDS:
        raise PathError(f"{shown_name(path)}: {name} has no fields. Leave out --add-stats.")
