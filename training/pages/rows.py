"""CSV files of named tuples, one a row."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from classifier.files.whole_files import new_file

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
    """Yield the rows of a CSV file, gzipped or not.

    Parameters
    ----------
    path : Path
    kind : type
        A named tuple of str and int, whose fields are the columns.

    Yields
    ------
    kind

    Raises
    ------
    ValueError
        If the file has other columns, a row more or fewer of them, or no number where one is due.
    """
    numbers = [at for at, name in enumerate(kind._fields) if kind.__annotations__[name] is int]
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != kind._fields:
            raise ValueError(f"{path}: the columns must be {', '.join(kind._fields)}")
        for number, row in enumerate(filter(None, reader), 2):
            if len(row) != len(kind._fields):
                raise ValueError(f"{path}: row {number} has not {len(kind._fields)} columns")
            try:
                for at in numbers:
                    row[at] = int(row[at])
            except ValueError as error:
                raise ValueError(f"{path}: row {number}: {error}") from None
            yield kind._make(row)
