"""Pages that we labelled ourselves, beside gold: to learn from, never to judge by.

Pages of the other collections that the model was least sure of were read under
the guideline, line by line. Their labels stand in ``data/labels/additions``, one
file a collection; they point at lines, as all labels do. Their groups keep the
folds they have everywhere.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from classifier.labels import LABELS
from classifier.lines import numbered_lines
from training.corpus import Corpus, corpus_of, joined_corpora
from training.pages.files import read_records
from training.pages.rows import read_label_rows
from training.pages.standoff import LABELS_FOLDER, line_hash

ADDITIONS = LABELS_FOLDER / "additions"


class AddedRow(NamedTuple):
    """The label of one line; see `standoff.LabelRow`. A line without a row is not labelled.

    Attributes
    ----------
    id : str
        Of the page.
    line : int
        From 1, blank lines counted.
    hash, label : str
    """

    id: str
    line: int
    hash: str
    label: str


def read_rows_by_page(path: Path) -> dict[str, dict[int, AddedRow]]:
    """Read the label rows of a collection, by page and line.

    Parameters
    ----------
    path : Path
        ``<collection>.csv.gz``.

    Returns
    -------
    dict of str to dict of int to AddedRow

    Raises
    ------
    ValueError
        If a label is unknown; the message names file and row.
    """
    found: dict[str, dict[int, AddedRow]] = {}
    for row in read_label_rows(path, AddedRow):
        found.setdefault(row.id, {})[row.line] = row
    return found


def labelled_collections(
    folders: Sequence[Path], rows_folder: Path
) -> Iterator[tuple[str, Path, Path | None]]:
    """Yield each collection with label rows, and its documents in the first folder with them.

    Parameters
    ----------
    folders : sequence of Path
        Hold ``<collection>/documents.jsonl.gz``.
    rows_folder : Path
        Label rows, ``<collection>.csv.gz``.

    Yields
    ------
    collection : str
    rows : Path
        As `read_rows_by_page` takes it.
    documents : Path or None
        None if they are in no folder.
    """
    for path in sorted(rows_folder.glob("*.csv.gz")):
        collection = path.name.removesuffix(".csv.gz")
        places = (folder / collection / "documents.jsonl.gz" for folder in folders)
        documents = next((place for place in places if place.exists()), None)
        yield collection, path, documents


def added_counts(rows_folder: Path) -> dict[str, dict[str, int]]:
    """Count the pages, and the lines of each label, that were labelled of each collection.

    Parameters
    ----------
    rows_folder : Path

    Returns
    -------
    dict of str to dict of str to int
        By collection: `pages`, and lines by label.
    """
    found = {}
    for collection, path, _ in labelled_collections((), rows_folder):
        pages = read_rows_by_page(path)
        labels = Counter(row.label for page in pages.values() for row in page.values())
        counts = {label: labels[label] for label in LABELS}
        found[collection] = {"pages": len(pages), **counts}
    return found


def labelled(record: dict, rows: dict[int, AddedRow]) -> dict:
    """Return a page with its labels, None for lines without one.

    Parameters
    ----------
    record : dict
        With `id` and `text`.
    rows : dict of int to AddedRow
        By number of the line, from 1.

    Returns
    -------
    dict
        With `labels`, one for each line that is not blank.

    Raises
    ------
    ValueError
        If a row points at another line than it was made for.
    """
    labels = []
    for number, line in numbered_lines(record["text"]):
        row = rows.get(number)
        if row and row.hash != line_hash(line):
            raise ValueError(f"line {number} of page {record['id']} is not the one that was read")
        labels.append(row.label if row else None)
    return {**record, "labels": labels}


def read_additions(
    folders: Sequence[Path], rows_folder: Path
) -> Iterator[tuple[str, dict, dict[int, AddedRow]]]:
    """Yield collection, document and label rows of each page, of the collections that are there.

    Parameters
    ----------
    folders, rows_folder : sequence of Path
        As in `labelled_collections`.

    Yields
    ------
    collection : str
    record : dict
    rows : dict of int to AddedRow
        By number of the line, from 1.
    """
    for collection, path, documents in labelled_collections(folders, rows_folder):
        if documents is None:
            continue
        rows = read_rows_by_page(path)
        for record in read_records(documents):
            if record["id"] in rows:
                yield collection, record, rows[record["id"]]


def labelled_pages(folders: Sequence[Path], rows_folder: Path = ADDITIONS) -> Iterator[dict]:
    """Yield the pages of all collections that are there, labelled.

    Parameters
    ----------
    folders : sequence of Path
        As in `labelled_collections`.
    rows_folder : Path, default ADDITIONS

    Yields
    ------
    dict
        As `labelled` returns it, with its collection as `source` where it has none.

    Raises
    ------
    ValueError
        If a row points at another line than it was made for.
    """
    for collection, record, rows in read_additions(folders, rows_folder):
        yield labelled({"source": collection, **record}, rows)


def missing_pages(folders: Sequence[Path], rows_folder: Path = ADDITIONS) -> dict[str, set[str]]:
    """Name the pages with label rows that are not there, by collection.

    Parameters
    ----------
    folders : sequence of Path
        As in `labelled_collections`.
    rows_folder : Path, default ADDITIONS

    Returns
    -------
    dict of str to set of str
    """
    found = {}
    for collection, path, documents in labelled_collections(folders, rows_folder):
        there = {record["id"] for record in read_records(documents)} if documents else set()
        if missing := read_rows_by_page(path).keys() - there:
            found[collection] = missing
    return found


def with_additions(
    corpus: Corpus, folders: Sequence[Path], rows_folder: Path = ADDITIONS
) -> Corpus:
    """Add the pages that we labelled to a corpus to learn from.

    Parameters
    ----------
    corpus : Corpus
    folders : sequence of Path
        Hold ``<collection>/documents.jsonl.gz``. A collection that is in none of them
        is left out, so that the model can be fitted from gold alone.
    rows_folder : Path, default ADDITIONS
        Label rows, ``<collection>.csv.gz``.

    Returns
    -------
    Corpus

    Raises
    ------
    ValueError
        If a row points at another line than it was made for.
    """
    known = {record["id"] for record in corpus.records}
    added = [page for page in labelled_pages(folders, rows_folder) if page["id"] not in known]
    return joined_corpora((corpus, corpus_of(added))) if added else corpus
