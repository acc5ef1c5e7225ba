"""What a session leaves: documents that are done, as labelled records or for Label Studio."""

from collections.abc import Iterable

import orjson

from classifier.annotate.decisions import Page, labelled_record
from classifier.annotate.labelstudio import write_task

NAMES = ("gold.jsonl", "label-studio.json")
"""File names of the two formats."""


def export_pages(pages: Iterable[Page], name: str) -> tuple[bytes, int]:
    """Write labelled documents in the format that a file name asks for.

    Parameters
    ----------
    pages : iterable of Page
    name : str
        Ends in ``.jsonl`` for labelled records: documents of which every line has
        one label that nobody disputes; others are left out, since gold has no
        gaps. Ends in ``.json`` for Label Studio: all documents, with what
        each annotator has decided so far.

    Returns
    -------
    bytes
        The file.
    int
        Number of documents in it.

    Raises
    ------
    ValueError
        If the name ends otherwise.

    Examples
    --------
    >>> export_pages([], "gold.jsonl"), export_pages([], "tasks.json")
    ((b'', 0), (b'[]', 0))
    """
    if name.endswith(".jsonl"):
        records = [labelled_record(page) for page in pages]
        whole = [record for record in records if None not in record["labels"]]
        lines = [orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in whole]
        return b"".join(lines), len(whole)
    if name.endswith(".json"):
        tasks = [write_task(page) for page in pages]
        return orjson.dumps(tasks, option=orjson.OPT_INDENT_2), len(tasks)
    raise ValueError(f"{name}: end it in .jsonl for labelled records or .json for Label Studio")
