"""Labels without texts: rows that point at lines of public pages.

The pages belong to their publishers, so only pointers are committed:
``data/labels/sources.json`` (repositories), ``pages.csv`` (one row a page) and
one ``<source>.csv.gz`` of label rows for each source. A row names a line of the
page as resiliparse prints it and the first digits of its SHA-256, so that a
print that differs is noticed.
"""

import hashlib
import json
from collections.abc import Container
from pathlib import Path
from typing import NamedTuple

from classifier.lines import numbered_lines
from training.pages.rows import read_rows, write_rows
from training.pages.text_files import read_text

LABELS_FOLDER = Path(__file__).parents[2] / "data" / "labels"
HASH_DIGITS = 8  # 32 bits: by chance a wrong line passes once in four thousand million


class Page(NamedTuple):
    """What is known of a page, without its text; see `data/README.md`."""

    id: str
    source: str
    commit: str
    path: str
    url: str
    host: str
    site: str
    group: str
    language: str
    page_type: str
    n_lines: int
    html_sha256: str

    def is_from(self, html: bytes) -> bool:
        """Tell whether these bytes are the page's HTML.

        Parameters
        ----------
        html : bytes

        Returns
        -------
        bool
        """
        return hashlib.sha256(html).hexdigest() == self.html_sha256


class LabelRow(NamedTuple):
    """The label of one line.

    Attributes
    ----------
    id, source, path : str
        The page; some paths hold several pages, from several commits.
    line : int
        Number of the line in the page's text, from 1, blank lines counted.
    hash : str
        First `HASH_DIGITS` hexadecimal digits of the SHA-256 of the line.
    label : str
    """

    id: str
    source: str
    path: str
    line: int
    hash: str
    label: str


def line_hash(line: str) -> str:
    """Return the short hash of a line, taken as printed, without its line break.

    Parameters
    ----------
    line : str

    Returns
    -------
    str
        `HASH_DIGITS` hexadecimal digits.
    """
    return hashlib.sha256(line.encode()).hexdigest()[:HASH_DIGITS]


def rows_of(record: dict) -> list[LabelRow]:
    """Return the label rows of a labelled document.

    Parameters
    ----------
    record : dict
        As `training.pages.rebuild.labelled_document` returns it.

    Returns
    -------
    list of LabelRow
    """
    return [
        LabelRow(record["id"], record["source"], record["path"], n, line_hash(line), label)
        for (n, line), label in zip(numbered_lines(record["text"]), record["labels"], strict=True)
    ]


def page_of(record: dict, html: bytes) -> Page:
    """Return the page row of a labelled document and its HTML.

    Parameters
    ----------
    record : dict
        As `training.pages.rebuild.labelled_document` returns it.
    html : bytes

    Returns
    -------
    Page
    """
    known = {name: record[name] or "" for name in Page._fields if name in record}
    digest = hashlib.sha256(html).hexdigest()
    return Page(**known, n_lines=len(record["labels"]), html_sha256=digest)


def read_sources(folder: Path = LABELS_FOLDER) -> dict[str, dict[str, str]]:
    """Read the public repositories and packages that pages come from.

    Parameters
    ----------
    folder : Path, default LABELS_FOLDER

    Returns
    -------
    dict of str to dict of str to str
        By the name of the source: its `repo`, `commit` and `licence`; of a package, in place
        of a commit, what `training.pages.packages.fetch` takes.

    Raises
    ------
    ValueError
        If the file is damaged; the message names it.
    """
    path = folder / "sources.json"
    text = read_text(path)
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"{path}: is no JSON ({error})") from None


def read_pages(folder: Path = LABELS_FOLDER) -> list[Page]:
    """Read the page rows, in the order of the corpus.

    Parameters
    ----------
    folder : Path, default LABELS_FOLDER

    Returns
    -------
    list of Page
    """
    return list(read_rows(folder / "pages.csv", Page))


def read_labels(folder: Path = LABELS_FOLDER) -> dict[str, list[LabelRow]]:
    """Read the label rows of each page, in the order of its lines, by the page's id.

    Parameters
    ----------
    folder : Path, default LABELS_FOLDER

    Returns
    -------
    dict of str to list of LabelRow
    """
    found: dict[str, list[LabelRow]] = {}
    for path in sorted(folder.glob("*.csv.gz")):
        for row in read_rows(path, LabelRow):
            found.setdefault(row.id, []).append(row)
    return found


def absent_pages(ids: Container[str]) -> list[Page]:
    """Return the labelled pages that are not among these identifiers.

    Parameters
    ----------
    ids : container of str

    Returns
    -------
    list of Page
    """
    return [page for page in read_pages() if page.id not in ids]


def write_labels(folder: Path, records: list[dict], pages: list[Page]) -> None:
    """Write `pages.csv` and the label files of labelled documents.

    Parameters
    ----------
    folder : Path
    records : list of dict
        As `training.pages.rebuild.labelled_document` returns them.
    pages : list of Page
    """
    write_rows(folder / "pages.csv", Page._fields, pages)
    for source in sorted({page.source for page in pages}):
        rows = (row for r in records if r["source"] == source for row in rows_of(r))
        write_rows(folder / f"{source}.csv.gz", LabelRow._fields, rows)
