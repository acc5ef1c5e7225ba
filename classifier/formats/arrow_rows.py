"""What Arrow rows hold: identifiers, addresses, a whole row as JSON; and how much it is."""

import json
from math import isfinite
from typing import Any

import pyarrow as pa

from classifier.formats.arrow_columns import find_column, is_text
from classifier.formats.batches import Fields
from classifier.formats.identifiers import as_json

# What Arrow raises where Python has no value: for text that is not UTF-8, a time
# beyond the year 9999, and nanoseconds where pandas is not installed.
NO_VALUE = (ValueError, OverflowError)
LISTS = (  # the first also of maps
    pa.ListArray,
    pa.LargeListArray,
    pa.FixedSizeListArray,
    pa.ListViewArray,
    pa.LargeListViewArray,
)


def read_identifiers(
    rows: Any, fields: Fields
) -> tuple[list[bytes | None], dict[int, tuple[str, str]]]:
    """Read the identifiers of rows.

    Parameters
    ----------
    rows : pyarrow.RecordBatch
        The rows.
    fields : Fields
        Names of their columns.

    Returns
    -------
    ids : list of (bytes or None), shape (n_rows,)
        As JSON; None where there is none, or a bad one.
    bad : dict
        For the index of each that is not UTF-8: kind and reason.
    """
    column = find_column(rows, fields.id)
    if column is None:
        return [None] * rows.num_rows, {}
    if getattr(column.type, "unit", None) == "ns":
        # Of which Python has a value if pandas is installed, and of times of day a rounded one.
        column = column.cast(pa.string())
    try:
        return [_id_as_json(value) for value in column.to_pylist()], {}
    except NO_VALUE:
        ids: list[bytes | None] = []
        bad = {}
    for index, scalar in enumerate(column):
        try:
            ids.append(_id_as_json(scalar.as_py()))
        except UnicodeDecodeError as error:
            ids.append(None)
            bad[index] = ("not UTF-8", f"is not valid UTF-8 at byte {error.start + 1}")
        except NO_VALUE:
            ids.append(_id_as_json(_value(scalar)))
    return ids, bad


def read_addresses(rows: Any, fields: Fields) -> list[str | None]:
    """Read the addresses of rows, None for one that is not UTF-8; empty without such a column.

    Parameters
    ----------
    rows : pyarrow.RecordBatch
    fields : Fields

    Returns
    -------
    list of (str or None)
        One a row.
    """
    column = find_column(rows, fields.url)
    if column is None or not is_text(column.type):
        return []
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        values = (_value(scalar) for scalar in column)
        return [value if isinstance(value, str) else None for value in values]


def row_as_json(rows: Any, index: int) -> bytes:
    """Show a row that cannot be read as a text.

    Parameters
    ----------
    rows : pyarrow.RecordBatch
    index : int
        Which row, from 0.

    Returns
    -------
    bytes
        A JSON object; of values that are none in JSON their text.
    """
    values = {
        name: _value(column[index])
        for name, column in zip(rows.schema.names, rows.columns, strict=True)
    }
    return json.dumps(values, default=_readable).encode()


def own_bytes(rows: Any) -> int:
    """Measure a record batch without dictionaries, for each step of reading has all of them.

    Parameters
    ----------
    rows : pyarrow.RecordBatch

    Returns
    -------
    int
    """
    return int(rows.nbytes) - dictionary_bytes(rows)


def dictionary_bytes(rows: Any) -> int:
    """Measure the dictionaries of a record batch or of one column.

    Parameters
    ----------
    rows : pyarrow.RecordBatch or pyarrow.Array

    Returns
    -------
    int
    """
    return sum(int(column.dictionary.nbytes) for column in dictionary_columns(rows))


def dictionary_columns(rows: Any) -> list[Any]:
    """List the columns with a dictionary, also inside others, of a record batch or column.

    Parameters
    ----------
    rows : pyarrow.RecordBatch or pyarrow.Array

    Returns
    -------
    list of pyarrow.DictionaryArray
    """
    if isinstance(rows, pa.DictionaryArray):
        return [rows]
    return [found for column in _inner_columns(rows) for found in dictionary_columns(column)]


def single_values(rows: Any) -> list[Any]:
    """List the innermost columns of a record batch or column: what is in structs and lists.

    Parameters
    ----------
    rows : pyarrow.RecordBatch or pyarrow.Array

    Returns
    -------
    list of pyarrow.Array
        Of lists all values, also those before and after a slice.
    """
    inner = [single for column in _inner_columns(rows) for single in single_values(column)]
    return inner or [rows]


def _inner_columns(rows: Any) -> list[Any]:
    """List the columns directly inside a record batch or column."""
    if isinstance(rows, pa.RecordBatch):
        return list(rows.columns)
    if isinstance(rows, pa.StructArray):
        return [rows.field(i) for i in range(rows.type.num_fields)]
    return [rows.values] if isinstance(rows, LISTS) else []


def _value(scalar: Any) -> Any:
    """Give a scalar to Python: as bytes text that is not UTF-8, as text a time out of range."""
    try:
        return scalar.as_py()
    except NO_VALUE:
        if isinstance(scalar, pa.StructScalar):
            return {name: _value(inner) for name, inner in scalar.items()}
        if isinstance(scalar, pa.ListScalar):
            return [_value(inner) for inner in scalar.values]
        if isinstance(scalar, pa.DictionaryScalar):
            scalar = scalar.value
        if is_text(scalar.type):
            return scalar.as_buffer().to_pybytes()
        return scalar.cast(pa.string()).as_py()


def _readable(value: Any) -> str:
    """Show a value that JSON has no form for."""
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(value)


def _id_as_json(value: Any) -> bytes | None:
    """Write an identifier as JSON, as text what JSON has no form for; None for null."""
    return None if value is None else as_json(_in_json_terms(value))


def _in_json_terms(value: Any) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, dict):
        return {name: _in_json_terms(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):  # a map is a list of pairs
        return [_in_json_terms(inner) for inner in value]
    return _bytes_as_text(value) if isinstance(value, bytes) else str(value)


def _bytes_as_text(value: bytes) -> str:
    """Read bytes as UTF-8, or show their hexadecimal digits, as for a digest."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()
