"""Read a log of corrections: let what happened happen again.

A crash can leave the beginning of a line at the end of the file, and NUL bytes where the
disk had not yet got what the file was made longer for, never anything else: they do not count.
"""

import os
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from classifier.annotate.decisions import Page, labelled_record
from classifier.annotate.events import Event, read_event
from classifier.annotate.replay import apply_event
from classifier.files.compression import read_whole
from classifier.files.problems import BrokenFileError, DataError, Problem, unreadable
from classifier.files.streams import open_decompressed

BEGINNINGS = (b'{"annotator":"', b'{"document":"')
"""How lines of a log begin; what begins otherwise is no torn line but another file."""

REMEDY = "Correct or remove this line, or give a file that `linesift annotate` wrote."


class Restored(NamedTuple):
    """What a log holds.

    Attributes
    ----------
    pages : dict of str to Page
    last : Event or None
        The last event.
    n_bytes : int
        Length of its whole lines.
    n_torn_bytes : int
        Length of what a crash left behind them.
    """

    pages: dict[str, Page]
    last: Event | None
    n_bytes: int
    n_torn_bytes: int


def read_corrections(path: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """Read labelled documents from a log of corrections.

    Parameters
    ----------
    path : path
        What `linesift annotate` appends to; compressed or not.

    Returns
    -------
    list of dict
        ``id``, ``text`` and ``labels`` of each document, in the order of the
        file, with whatever other fields its record has. ``labels`` is a list
        of a label name for each line that is not blank; None where nobody has
        decided, where an annotator is unsure, or where two differ.

    Raises
    ------
    DataError
        If the file cannot be read or is no log; a line that a crash cut off at the end
        is passed over.
    """
    return [labelled_record(page) for page in read_pages(path).values()]


def read_pages(
    path: str | os.PathLike[str], announce: Callable[[str], None] = lambda message: None
) -> dict[str, Page]:
    """Read what was decided from a log of corrections.

    Parameters
    ----------
    path : path
        Of a log, as `linesift annotate` writes it.
    announce : callable, optional
        Told if it ends within a line, which is passed over.

    Returns
    -------
    dict of str to Page
        By identifier, in the order of their opening.

    Raises
    ------
    DataError
        If the file cannot be read or is no log.
    """
    file = os.fspath(path)
    restored = restore(_read(file), file)
    if restored.n_torn_bytes:
        announce(
            f"{file}: it ends within an action ({restored.n_torn_bytes} bytes), which does not "
            "count. A crash leaves such an end, and so does a copy that was broken off"
        )
    return restored.pages


def restore(data: bytes, file: str) -> Restored:
    """Let the events of a log happen again.

    Parameters
    ----------
    data : bytes
        Content of the log.
    file : str
        What to call it in an error.

    Returns
    -------
    Restored

    Raises
    ------
    DataError
        If a line is no event, or one that cannot have happened.
    """
    pages: dict[str, Page] = {}
    last: Event | None = None
    written = data.rstrip(b"\0")
    end = written.rfind(b"\n") + 1
    for number, line in _lines(written[:end]):
        last = _happen(pages, line, number, file)
    tail = written[end:]
    is_torn = bool(tail) and not _is_json(tail) and _is_beginning(tail)
    if tail and not is_torn:  # an editor that writes no last line end
        last = _happen(pages, tail, written.count(b"\n") + 1, file)
    n_bytes = end if is_torn else len(written)
    return Restored(pages, last, n_bytes, len(data) - n_bytes)


def _happen(pages: dict[str, Page], line: bytes, number: int, file: str) -> Event:
    try:
        # An editor may write a byte order mark, and logs may be joined behind it.
        event = read_event(orjson.loads(line.removeprefix(BOM_UTF8)))
        apply_event(pages, event)
    except ValueError as error:  # orjson's as well
        raise DataError(Problem("no event", str(error), REMEDY, number), file) from None
    return event


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield number, line


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _is_beginning(line: bytes) -> bool:
    return any(line.startswith(begin) or begin.startswith(line) for begin in BEGINNINGS)


def _read(path: str) -> bytes:
    try:
        with open_decompressed(path) as stream:
            return read_whole(stream)
    except OSError as error:
        raise DataError(unreadable(error), path) from error
    except BrokenFileError as error:
        raise DataError(error.problem, path) from None
