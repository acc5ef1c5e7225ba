"""How a Parquet file was written, so that another is written alike."""

import io
from typing import Any

from classifier.formats.batches import Fields
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
    UnicodeDecodeError
        As `first_chunks`.
    """
    chunks = first_chunks(file)
    if not chunks:
        return {}
    names = [chunk.path_in_schema for chunk in chunks]
    # Writers name what is inside lists and maps in several ways, of which pyarrow knows two.
    # Under others the columns are the same in the same order.
    is_compliant = _paths(schema, True)[: len(names)] == names
    paths = _paths(schema, is_compliant)
    codecs = {path: _codec(chunk) for path, chunk in zip(paths, chunks, strict=False)}
    of_text = [_codec(chunk) for chunk in chunks if chunk.path_in_schema == fields.text]
    codecs |= dict.fromkeys(paths[len(names) :], next(iter(of_text), "SNAPPY"))
    # Texts hardly repeat, and their least and greatest are of no use: a dictionary
    # and statistics of them would only cost five times their size in memory.
    others = [
        (path, chunk)
        for path, chunk in zip(paths, chunks, strict=False)
        if chunk.path_in_schema != fields.text
    ]
    return {
        "compression": codecs,
        "use_dictionary": [path for path, chunk in others if _has_dictionary(chunk)],
        "write_statistics": [path for path, chunk in others if chunk.is_stats_set],
        "version": "2.6" if has_modern_types(file) else file.metadata.format_version,
        "use_deprecated_int96_timestamps": are_all_wide(file),
        "store_decimal_as_integer": has_integer_decimals(file),
        "use_compliant_nested_type": is_compliant,
    }


def first_chunks(file: Any) -> list[Any]:
    """Describe the columns of the first row group that has rows, or of the first.

    Some damage, which reading the rows reports, ends the process here: read some first. So
    no other row groups are asked.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile

    Returns
    -------
    list of pyarrow.parquet.ColumnChunkMetaData
        Empty if there is no row group.

    Raises
    ------
    UnicodeDecodeError
        If a path is not UTF-8; the row group has them apart from the schema.
    """
    groups = [file.metadata.row_group(i) for i in range(file.num_row_groups)]
    if not groups:
        return []
    group = next((group for group in groups if group.num_rows), groups[0])
    chunks = [group.column(i) for i in range(group.num_columns)]
    for chunk in chunks:
        _ = chunk.path_in_schema  # raises
    return chunks


def _paths(schema: Any, is_compliant: bool) -> list[str]:
    """List the columns of a file that pyarrow makes for a schema."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.ParquetWriter(sink, schema, use_compliant_nested_type=is_compliant).close()
    columns = pq.ParquetFile(sink).schema
    return [columns.column(i).path for i in range(len(columns))]


def _codec(chunk: Any) -> str:
    return "NONE" if chunk.compression == "UNCOMPRESSED" else str(chunk.compression)


def _has_dictionary(chunk: Any) -> bool:
    """Tell whether a column has a dictionary, or would have one if it were not all null."""
    if any("DICTIONARY" in encoding for encoding in chunk.encodings):
        return True
    return bool(chunk.is_stats_set and chunk.statistics.null_count == chunk.num_values)
