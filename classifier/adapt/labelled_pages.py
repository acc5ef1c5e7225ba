"""Labelled pages of a user: texts, and a label or none for each of their lines."""

import hashlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from classifier.adapt.joined_logs import group_name, joined_pages
from classifier.annotate.decisions import labelled_record
from classifier.annotate.documents import every_document
from classifier.annotate.log_reader import read_pages
from classifier.as_read import line_characters
from classifier.files.locations import is_remote
from classifier.files.problems import BrokenFileError, DataError, Problem
from classifier.files.streams import open_decompressed
from classifier.formats.batches import Fields
from classifier.formats.input_paths import find_inputs
from classifier.labels import CONTENT, LABELS


class LabelledPages(NamedTuple):
    """Pages with a label on every line that somebody has decided on.

    Attributes
    ----------
    texts : list of str, length n_documents
    labels : ndarray of uint8, shape (n_lines,)
        Codes, of all lines that are not blank; content where nobody decided.
    decided : ndarray of bool, shape (n_lines,)
    characters : ndarray of int64, shape (n_lines,)
        Length of each line in code points, as it is read.
    line_counts : ndarray of int64, shape (n_documents,)
        Lines of each page.
    groups : ndarray of int64, shape (n_documents,)
        Number of each page's group, from 0: pages of one group are alike and
        are held out together.
    """

    texts: list[str]
    labels: npt.NDArray[np.uint8]
    decided: npt.NDArray[np.bool_]
    characters: npt.NDArray[np.int64]
    line_counts: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return int(self.groups.max(initial=-1)) + 1

    def line_pages(self) -> npt.NDArray[np.int64]:
        """Give the number of each line's page.

        Returns
        -------
        ndarray of int64, shape (n_lines,)
            From 0.
        """
        return np.repeat(np.arange(len(self.line_counts)), self.line_counts)

    @property
    def labels_used(self) -> set[int]:
        """Codes of the labels that some line was given."""
        return set(self.labels[self.decided].tolist())

    def n_without_content(self) -> int:
        """Count the pages of which no line is content, or may be.

        Returns
        -------
        int
            Lines that nobody has decided on may be content.
        """
        may_be = ~self.decided | (self.labels == CONTENT)
        return len(self.texts) - len(np.unique(self.line_pages()[may_be]))

    def n_partly_labelled(self) -> int:
        """Count the pages with lines that nobody has decided on.

        Returns
        -------
        int
            0 if all pages are labelled whole.
        """
        return len(np.unique(self.line_pages()[~self.decided]))

    def only(self, which: Sequence[bool]) -> "LabelledPages":
        """Give some of the pages.

        Parameters
        ----------
        which : sequence of bool, length n_documents
            At least one.

        Returns
        -------
        LabelledPages
            Groups are numbered anew.
        """
        chosen = np.array(which, np.bool_)
        lines = np.repeat(chosen, self.line_counts)
        return LabelledPages(
            [self.texts[i] for i in np.flatnonzero(chosen)],
            self.labels[lines],
            self.decided[lines],
            self.characters[lines],
            self.line_counts[chosen],
            np.unique(self.groups[chosen], return_inverse=True)[1].astype(np.int64),
        )


def read_labelled_pages(
    paths: Sequence[str], announce: Callable[[str], None] = lambda message: None
) -> LabelledPages:
    """Read labelled pages.

    Parameters
    ----------
    paths : sequence of str
        Files, folders, patterns or URLs, compressed or not: logs of `linesift annotate` (but
        through no pipe, which can be read only once); JSON Lines of objects with ``text`` and
        ``labels`` (a label or null for each line that is not blank); annotations in Label
        Studio's JSON. Pages with the same ``group`` are held out together; a page without one
        is a group of its own. Several logs count as one, in the place of the last: lines on
        which two annotators differ, or one is unsure, have no label. Of a text that comes
        several times besides, a line has the last of its labels.
    announce : callable, optional
        Told of pages without a label, of lines that were given several, and of logs that are cut
        off.

    Returns
    -------
    LabelledPages
        All pages on which something is decided.

    Raises
    ------
    DataError, PathError
        If a file cannot be read, or no line at all is decided.
    """
    records = _merged(_read_records(paths, announce), announce)
    if not records:
        problem = Problem("no labels", "no line has a label", "Label some pages first.")
        raise DataError(problem, ", ".join(paths))
    texts = [record["text"] for record in records]
    names = [name for record in records for name in record["labels"]]
    groups = [group_name(record) or f"page {i}" for i, record in enumerate(records)]
    numbers = {group: number for number, group in enumerate(sorted(set(groups)))}
    return LabelledPages(
        texts,
        np.array([CONTENT if name is None else LABELS.index(name) for name in names], np.uint8),
        np.array([name is not None for name in names], np.bool_),
        line_characters(texts),
        np.array([len(record["labels"]) for record in records], np.int64),
        np.array([numbers[group] for group in groups], np.int64),
    )


def _merged(
    records: Iterable[dict[str, Any]], announce: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Make one of records with the same text, which would stand on both sides of a split."""
    found: dict[str, dict[str, Any]] = {}
    n_unlabelled = n_changed = 0
    for record in records:
        if not any(record["labels"] or ()):
            n_unlabelled += 1
            continue
        known = found.setdefault(record["text"], record)
        if known is not record:
            pairs = list(zip(record["labels"], known["labels"], strict=True))
            n_changed += sum(bool(new and old and new != old) for new, old in pairs)
            labels = [new or old for new, old in pairs]
            group = known if group_name(known) else record
            found[record["text"]] = {**known, "labels": labels, "group": group.get("group")}
    if found and n_unlabelled:
        announce(f"pages on which nothing is decided are left out: {n_unlabelled}")
    if n_changed:
        announce(
            f"lines that were given one label and later another: {n_changed}. The last one counts; "
            "if that is not meant, give each page once"
        )
    return list(found.values())


def _read_records(
    arguments: Iterable[str], announce: Callable[[str], None]
) -> Iterator[dict[str, Any]]:
    # One after another: of a text in two of them, the later counts.
    paths = [item.path for argument in arguments for item in find_inputs([argument])[0]]
    logs = [path for path in paths if _is_log(path)]
    # Predictions are what a model said, perhaps the very one that is to be taught.
    choice: Any = {"others": ("group",), "kinds": ("annotations",), "by_identifier": False}
    for i, path in enumerate(paths):
        if path not in logs:
            for document in every_document((path,), Fields(), **choice):
                yield {**document.fields, "text": document.text, "labels": document.labels}
        elif not any(log in paths[i + 1 :] for log in logs):  # the last
            found = (read_pages(log, announce).values() for log in dict.fromkeys(logs))
            pages = joined_pages(chain.from_iterable(found), announce)
            yield from map(labelled_record, pages)


def _is_log(path: str) -> bool:
    """Tell a log of corrections by its first line; what cannot be read, or only once, is none."""
    if not is_remote(path) and not Path(path).is_file():
        return False
    try:
        with open_decompressed(path) as stream:
            line = next(filter(bytes.strip, stream), b"")
            first = orjson.loads(line.removeprefix(BOM_UTF8))
    except (OSError, EOFError, ValueError, BrokenFileError):
        return False
    if not isinstance(first, dict) or "labels" in first or "document" not in first:
        return False
    return "predicted" in first or "annotator" in first


def text_digest(text: str) -> str:
    """Return a short hash, by which a model knows the pages that taught it.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        16 hexadecimal digits, the first of its SHA-256.
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
