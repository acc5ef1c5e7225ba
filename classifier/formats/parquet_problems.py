"""What is wrong with a Parquet file, or with one of its row groups, and what that costs."""

import re
from dataclasses import replace
from typing import Any

import pyarrow as pa

from classifier.files.problems import BrokenFileError, Problem, unreadable
from classifier.formats.arrow_columns import find_field, is_text
from classifier.formats.batches import Fields

DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError)
"""What reading raises; not each is damage: see `refuse_other_than_damage`."""

NOTHING_READ = (
    "Fetch or write the file anew, or say what it is with --input-format; "
    "--on-error skip leaves it out."
)
GROUP_LOST = "Fetch or write the file anew; --on-error skip leaves these rows out."
# What Arrow says of an encrypted footer; and of columns, whether their descriptions in the
# footer are encrypted or their pages alone.
ENCRYPTED_FILE = re.compile("read encrypted metadata")
ENCRYPTED_COLUMN = re.compile("decrypt ColumnMetadata|noted as encrypted")


def refuse_other_than_damage(error: Exception, record: int | None = None) -> None:
    """Raise what is no fault of the file: reading must not go on behind it.

    Parameters
    ----------
    error : Exception
        One of `DAMAGE`.
    record : int, optional
        Number of the record from which on nothing was read.

    Raises
    ------
    MemoryError
        If that is what it is; Arrow's is an ArrowException, too, and the file may be sound.
    BrokenFileError
        If the machine, or one far away, failed to read.
    """
    if isinstance(error, MemoryError):
        raise error
    # What Arrow raises by itself, of damage, has no number.
    if isinstance(error, OSError) and error.errno is not None:
        raise BrokenFileError(replace(unreadable(error), record=record)) from error


def file_problem(error: Exception) -> Problem:
    """Say what is wrong with a file of which nothing can be read.

    Parameters
    ----------
    error : Exception
        One of `DAMAGE`.

    Returns
    -------
    Problem
    """
    why = _why(error)
    for pattern, what in ((ENCRYPTED_FILE, "it is"), (ENCRYPTED_COLUMN, "columns of it are")):
        if pattern.search(why):
            return Problem("encrypted", f"{what} encrypted", "Write it without encryption.")
    if isinstance(error, pa.ArrowNotImplementedError):
        reason = f"it holds something that pyarrow cannot read ({why})"
        return Problem("unreadable type", reason, "Write it without that column, or as text.")
    return Problem("damaged", f"it is no Parquet file or damaged ({why})", NOTHING_READ)


def group_problem(file: Any, group: int, n_read: int, record: int, error: Exception) -> Problem:
    """Say what is wrong with a row group, where others can be read.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile
    group : int
        Its number, from 0.
    n_read : int
        How many of its rows came before.
    record : int
        Number of the first row that is lost.
    error : Exception
        One of `DAMAGE`.

    Returns
    -------
    Problem
    """
    n_lost = max(0, rows_in(file, group) - n_read)
    place = f"row group {group + 1} of {file.num_row_groups}"
    rows = "1 row is" if n_lost == 1 else f"{n_lost} rows are"
    reason = f"it is damaged in {place}, {rows} lost ({_why(error)})"
    return Problem("damaged", reason, GROUP_LOST, record)


def rows_in(file: Any, group: int) -> int:
    """Tell how many rows a row group should have.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile
    group : int
        Its number, from 0.

    Returns
    -------
    int
    """
    return int(file.metadata.row_group(group).num_rows)


def check_columns(schema: Any, fields: Fields) -> None:
    """Refuse a file without a column of text by the name, or with one by that of the added field.

    Parameters
    ----------
    schema : pyarrow.Schema
    fields : Fields

    Raises
    ------
    BrokenFileError
    """
    field = find_field(schema, fields.text)
    if field is None:
        found = "several columns" if fields.text in schema.names else "no column"
        reason = f"it has {found} {fields.text!r}; there are {', '.join(schema.names)}"
        raise BrokenFileError(Problem("no column", reason, "Name the column with --text-field."))
    if not is_text(field.type):
        reason = f"its column {fields.text!r} is {field.type}, not text"
        raise BrokenFileError(
            Problem("text is no string", reason, "Name another with --text-field.")
        )
    if fields.added and fields.added in schema.names:
        reason = f"it has a column {fields.added!r} already"
        raise BrokenFileError(Problem("field exists", reason, "Give --add-stats another name."))


def check_types(file: Any) -> None:
    """Refuse to write a file anew of which a column would become another type.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile

    Raises
    ------
    BrokenFileError
        If it has a type that Arrow lacks.
    """
    for column in file.schema:
        if column.logical_type.type == "INTERVAL":
            reason = f"its column {column.path!r} is INTERVAL, which cannot be written back"
            remedy = "Cast it to text first, or leave it out."
            raise BrokenFileError(Problem("unwritable type", reason, remedy))


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):  # texts are checked later
        return "a column's name is not valid UTF-8"
    return next(iter(str(error).splitlines()), type(error).__name__)
