"""Formats in which texts are kept: one module each, found by the names of files.

Where a name does not tell, first bytes may: see `classifier.formats.beginnings`.
"""

import importlib
import re
from typing import cast

from classifier.formats.batches import Format

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".json": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".wet": "wet",
    ".warc": "wet",
}
"""File name endings and the formats they stand for; ``.gz`` or ``.zst`` may follow."""

SEEKING = frozenset({"parquet"})
"""Formats that are not read in one pass."""

NOT_READ = {
    ".csv": "CSV",
    ".tsv": "TSV",
    ".xml": "XML",
    ".npz": "a model",
    ".arrow": "Arrow",
    ".feather": "Arrow",
    ".orc": "ORC",
    ".avro": "Avro",
}
"""Endings of what is no text of a page, and cannot be read: its lines are no lines."""

WITHOUT_FIELDS = frozenset({"text", "wet"})
"""Formats whose records can hold nothing but their text."""

FORMATS = ("text", "jsonl", "parquet", "wet")


def load_format(name: str) -> Format:
    """Import the module of a format.

    Parameters
    ----------
    name : str
        One of `FORMATS`.

    Returns
    -------
    module
        With the functions of `classifier.formats.batches.Format`.
    """
    return cast(Format, importlib.import_module(f"classifier.formats.{name}"))


def format_of_name(name: str) -> str | None:
    """Tell the format that a file name stands for.

    Parameters
    ----------
    name : str
        A path or URL.

    Returns
    -------
    str or None
        One of `FORMATS`; None if the ending is unknown.

    Examples
    --------
    >>> format_of_name("pages/00.jsonl.gz"), format_of_name("notes.md")
    ('jsonl', None)
    """
    return _by_ending(name, SUFFIXES)


def unread_format(name: str) -> str | None:
    """Tell a format that cannot be read by a file's name.

    Parameters
    ----------
    name : str
        A path or URL.

    Returns
    -------
    str or None
        None if the ending is of no such.

    Examples
    --------
    >>> unread_format("pages.csv.gz"), unread_format("pages.txt")
    ('CSV', None)
    """
    return _by_ending(name, NOT_READ)


def _by_ending(name: str, endings: dict[str, str]) -> str | None:
    bare = re.sub(r"\.(gz|zst)$", "", name.lower())
    return next((found for end, found in endings.items() if bare.endswith(end)), None)
