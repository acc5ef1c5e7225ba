"""CSV files of named tuples, one a row."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from classifier.files.whole_files import new_file
from classifier.labels import LABELS
from training.pages.text_files import read_cells

Row = TypeVar("Row", bound=NamedTuple)


def write_rows(path: Path, fields: Iterable[str], rows: Iterable[Iterable]) -> None:
    """Write a CSV file, gzipped if it is named so; equal rows give equal bytes.

    Parameters
    ----------
    path : Path
    fields : iterable of str
        Names of the columns.
    rows : iterable of iterable
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(rows)
    content = buffer.getvalue().encode()
    with new_file(path) as file:
        file.write(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)


def read_rows(path: Path, kind: type[Row]) -> Iterator[Row]:
    """Yield the rows of a CSV file, without their numbers; raises as `numbered_rows`.

    Parameters
    ----------
    path, kind
        As of `numbered_rows`.

    Yields
    ------
    kind
    """
    return (row for _, row in numbered_rows(path, kind))


def numbered_rows(path: Path, kind: type[Row]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a CSV file, gzipped or not, each with its number.

    Parameters
    ----------
    path : Path
    kind : type
        A named tuple of str and int, whose fields are the columns.

    Yields
    ------
    number : int
        From 1, the head and blank rows counted.
    row : kind

    Raises
    ------
    ValueError
        If the file is damaged, has other columns, a row more or fewer of them, or no number
        where one is due.
    """
    numbers = [at for at, name in enumerate(kind._fields) if kind.__annotations__[name] is int]
    rows = read_cells(path)
    _, head = next(rows, (1, []))
    if tuple(head) != kind._fields:
        raise ValueError(f"{path}: the columns must be {', '.join(kind._fields)}")
    for number, row in rows:
        if len(row) != len(kind._fields):
            raise ValueError(
                f"{path}: row {number} has not {len(kind._fields)} columns "
                f"({', '.join(kind._fields)}); a cell with a comma stands in quotes"
            )
        try:
            for at in numbers:
                row[at] = int(row[at])
        except ValueError as error:
            raise ValueError(f"{path}: row {number}: {error}") from None
        yield number, kind._make(row)


def read_label_rows(path: Path, kind: type[Row]) -> Iterator[Row]:
    """Yield the rows of a CSV file of labels, whose labels are known ones.

    Parameters
    ----------
    path : Path
    kind : type
        As for `read_rows`, with a field `label`.

    Yields
    ------
    kind

    Raises
    ------
    ValueError
        As of `read_rows`, or if a label is unknown; the message names file and row.
    """
    for number, row in numbered_rows(path, kind):
        if row.label not in LABELS:
            raise ValueError(
                f"{path}: row {number} has the label {row.label!r}; labels are {', '.join(LABELS)}"
            )
        yield row
