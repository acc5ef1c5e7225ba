"""Files of labelled pages: JSON Lines, gzipped or not, checked as they are read."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from classifier.labels import LABELS
from training.corpus import Corpus, corpus_of, lines_of
from training.pages.corrections import Correction, correct


def read_records(path: Path) -> Iterator[dict]:
    """Read JSON Lines, gzipped or not.

    Parameters
    ----------
    path : Path

    Yields
    ------
    dict
        A page: `text`, perhaps `labels`, and what else is known of it.

    Raises
    ------
    ValueError
        If the file is damaged, or a line is no page with a text and, where it has labels,
        known ones.
    """
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    number = 0
    with (gzip.open if is_packed else open)(path, "rb") as file:
        try:
            for line in file:
                number += 1
                yield _checked(json.loads(line))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ValueError(f"{path}: ends or is damaged after line {number} ({error})") from None
        except ValueError as error:
            raise ValueError(f"{path}: line {number} is no page ({error})") from None


def read_documents(path: Path, needed: Sequence[str] = ("id", "group")) -> list[dict]:
    """Read labelled documents from JSON Lines, gzipped or not, as they were written.

    Parameters
    ----------
    path : Path
    needed : sequence of str, optional
        What else must be known of each page, as text.

    Returns
    -------
    list of dict
        As `read_records` reads them, each with `labels`.

    Raises
    ------
    ValueError
        If a page has not one label for each line that is not blank, or lacks what is needed.
    """
    records = list(read_records(path))
    for number, record in enumerate(records, 1):
        expected = len(lines_of(record["text"]))
        n_labels = len(record.get("labels", ()))
        if n_labels != expected:
            raise ValueError(
                f"{path}: page {number} ({record.get('id')}) has {expected} lines that are not "
                f"blank but {n_labels} labels"
            )
        if lacking := [name for name in needed if not isinstance(record.get(name), str)]:
            raise ValueError(
                f"{path}: page {number} ({record.get('id')}) has no {' and no '.join(lacking)}; "
                "`python -m training corpus build` makes records that have"
            )
    return records


def read_gold(path: Path, corrections: Iterable[Correction] = ()) -> Corpus:
    """Read labelled pages, and correct their labels.

    Parameters
    ----------
    path : Path
        JSON Lines, gzipped or not.
    corrections : iterable of Correction, optional
        `read_corrections()` to train on; nothing to judge by the labels as
        they were made.

    Returns
    -------
    Corpus

    Raises
    ------
    ValueError
        If there is no page, a page has not one label for each line that is not blank (null,
        as views have, is none), or a correction fits no line.
    """
    corrections = list(corrections)
    # By which a correction names its page.
    named_by = ("source", "path") if corrections else ()
    records = read_documents(path, ("id", "group", *named_by))
    if not records:
        raise ValueError(f"{path}: holds no page; `python -m training corpus build` fills one")
    for number, record in enumerate(records, 1):
        if None in record["labels"]:
            raise ValueError(
                f"{path}: page {number} ({record['id']}) has a line without a label; label each "
                "line that is not blank, or take the page out"
            )
    return corpus_of(correct(records, corrections))


def _checked(record: object) -> dict:
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ValueError("no object with a text")
    labels = record.get("labels", [])
    if not isinstance(labels, list):
        raise ValueError("its labels are no list")
    unknown = [label for label in labels if label not in (*LABELS, None)]
    if unknown:
        raise ValueError(f"unknown label {unknown[0]!r}; there are {', '.join(LABELS)}")
    return record
