"""How a Parquet file was written, so that another is written alike."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from classifier.formats.arrow_rows import single_values
from classifier.formats.batches import Fields
from classifier.formats.parquet_problems import DAMAGE, refuse_other_than_damage, rows_in
from classifier.formats.parquet_steps import STEP_ROWS
from classifier.formats.physical_types import are_all_wide, has_integer_decimals, has_modern_types


def writer_properties(file: Any, schema: Any, fields: Fields) -> dict[str, Any]:
    """Collect how a file was written, as far as it tells.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile
    schema : pyarrow.Schema
        Of what is to be written: that of the file, with an added field behind it perhaps.
    fields : Fields

    Returns
    -------
    dict
        Arguments of `pyarrow.parquet.ParquetWriter`.

    Raises
    ------
    pyarrow.ArrowException, OSError, UnicodeDecodeError
        If all row groups are damaged.
    BrokenFileError
        If the machine fails to read.
    """
    chunks = _first_chunks(file)
    names = [column.path for column in file.schema]
    # Writers name what is inside lists and maps in several ways, of which pyarrow knows two.
    # Under others the columns are the same in the same order.
    is_compliant = _paths(schema, True)[: len(names)] == names
    paths = _paths(schema, is_compliant)
    codecs = {path: _codec(chunk) for path, chunk in zip(paths, chunks, strict=False)}
    of_text = [_codec(chunk) for chunk in chunks if chunk.path_in_schema == fields.text]
    codecs |= dict.fromkeys(paths[len(names) :], next(iter(of_text), "SNAPPY"))
    # Texts hardly repeat, and their least and greatest are of no use: a dictionary
    # and statistics of them would only cost five times their size in memory.
    others = [i for i, chunk in enumerate(chunks) if chunk.path_in_schema != fields.text]
    return {
        "compression": codecs,
        "use_dictionary": [paths[i] for i in others if _has_dictionary(file, i, chunks[i])],
        "write_statistics": [paths[i] for i in others if chunks[i].is_stats_set],
        "version": "2.6" if has_modern_types(file) else file.metadata.format_version,
        "use_deprecated_int96_timestamps": are_all_wide(file),
        "store_decimal_as_integer": has_integer_decimals(file),
        "use_compliant_nested_type": is_compliant,
        "write_time_adjusted_to_utc": _are_times_adjusted(file),
        "write_page_checksum": True,  # where the input has none, too: damage may look like text
    }


def _are_times_adjusted(file: Any) -> bool:
    """Tell whether times of day are marked as adjusted to UTC: all of them, if there are some."""
    types = [column.logical_type for column in file.schema]
    times = [json.loads(kind.to_json()) for kind in types if kind.type == "TIME"]
    return bool(times) and all(kind["isAdjustedToUTC"] for kind in times)


def chunks_of(file: Any, group: int) -> list[Any]:
    """Describe the columns of a row group, if they are what the schema says.

    Some damage, which reading the rows reports, ends the process here: read some first.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile
    group : int
        Its number, from 0.

    Returns
    -------
    list of pyarrow.parquet.ColumnChunkMetaData

    Raises
    ------
    UnicodeDecodeError
        If a path is not UTF-8; the row group has them apart from the schema.
    pyarrow.ArrowInvalid
        If the columns are not those of the schema.
    """
    described = file.metadata.row_group(group)
    if described.num_columns != len(file.schema):
        raise pa.ArrowInvalid(f"{described.num_columns} columns instead of {len(file.schema)}")
    chunks = [described.column(i) for i in range(described.num_columns)]
    for chunk, column in zip(chunks, file.schema, strict=True):
        path, kind = chunk.path_in_schema, column.physical_type
        if chunk.physical_type != kind:
            raise pa.ArrowInvalid(f"column {path!r} is {chunk.physical_type} instead of {kind}")
    return chunks


def _first_chunks(file: Any) -> list[Any]:
    """Describe the columns of the first sound row group with rows; of none if none has rows."""
    damage: Exception | None = None
    for group in _groups_with_rows(file):
        try:
            next(file.iter_batches(1, row_groups=[group], use_threads=False), None)
            return chunks_of(file, group)
        except DAMAGE as error:
            refuse_other_than_damage(error)
            damage = damage or error
    if damage is not None:
        raise damage
    return []


def _groups_with_rows(file: Any) -> Iterator[int]:
    return (group for group in range(file.num_row_groups) if rows_in(file, group))


def _paths(schema: Any, is_compliant: bool) -> list[str]:
    """List the columns of a file that pyarrow makes for a schema."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.ParquetWriter(sink, schema, use_compliant_nested_type=is_compliant).close()
    return [column.path for column in pq.ParquetFile(sink).schema]


def _codec(chunk: Any) -> str:
    return "NONE" if chunk.compression == "UNCOMPRESSED" else str(chunk.compression)


def _has_dictionary(file: Any, column: int, first: Any) -> bool:
    """Tell whether a column has a dictionary where it first has values.

    Some writers make none for nulls alone.
    """
    if _is_encoded(first):
        return True
    for group in _groups_with_rows(file):
        try:
            has_values = _has_values(file, group, column)
        except DAMAGE as error:
            refuse_other_than_damage(error)
            continue  # who reads all of it tells of the damage
        # Before it was read, damage would end the process here.
        if _is_encoded(file.metadata.row_group(group).column(column)):
            return True
        if has_values:
            return False
    return False


def _is_encoded(chunk: Any) -> bool:
    return any("DICTIONARY" in encoding for encoding in chunk.encodings)


def _has_values(file: Any, group: int, column: int) -> bool:
    """Look for a value that is not null; the statistics of a damaged file end the process."""
    path = file.schema.column(column).path
    steps = file.iter_batches(STEP_ROWS, row_groups=[group], columns=[path], use_threads=False)
    return any(len(v) > v.null_count for rows in steps for v in single_values(rows))
