"""Write Parquet files like the ones they come from."""

from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa

from classifier.formats.arrow_pile import Pile
from classifier.formats.arrow_rows import dictionary_bytes, own_bytes
from classifier.formats.batches import Fields, Writer
from classifier.formats.parquet_problems import DAMAGE, refuse_other_than_damage
from classifier.formats.physical_types import fit_nanoseconds, wide_timestamps
from classifier.statistics_records import statistics_type

# Row groups come out as they were, but no larger than this, for they are built in memory.
ROW_GROUP_BYTES = 64 << 20
READ_BUFFER_BYTES = 1 << 20
# Smaller ones stay whole in each part of a row group: all categories, in their order.
DICTIONARY_BYTES = 1 << 20
SPARK_SCHEMA = b"org.apache.spark.sql.parquet.row.metadata"
CUT_BY_CONTENT = b"content_defined_chunking"  # of Hugging Face datasets


class Rows(NamedTuple):
    """Rows of one row group, as they are read or to be written."""

    rows: Any
    """pyarrow.RecordBatch"""
    ends_group: bool
    """Whether a row group of the input ended with them."""


def open_file(stream: BinaryIO) -> Any:
    """Open a Parquet file for streaming.

    Parameters
    ----------
    stream : binary file
        Can be read from any place.

    Returns
    -------
    pyarrow.parquet.ParquetFile
        It reads without pre-buffering, which would hold whole row groups. Wide
        timestamps are in nanoseconds, or in microseconds if one of them lies too far;
        what others have below a microsecond is lost then.

    Raises
    ------
    UnicodeDecodeError
        If the schema has a name that is not UTF-8.
    BrokenFileError
        If the machine fails to read.
    """
    import pyarrow.parquet as pq

    def opened(unit: str) -> Any:
        return pq.ParquetFile(
            stream,
            buffer_size=READ_BUFFER_BYTES,
            pre_buffer=False,
            coerce_int96_timestamp_unit=unit,
            page_checksum_verification=True,
        )

    file = opened("ns")
    if wide_timestamps(file) and not _fit_nanoseconds(file, opened("us")):
        return opened("us")
    return file


def _fit_nanoseconds(file: Any, in_microseconds: Any) -> bool:
    try:
        return fit_nanoseconds(file, in_microseconds)
    except DAMAGE as error:
        refuse_other_than_damage(error)
        return False  # rows before and behind the damage, which were not looked at, may not fit


def output_schema(file: Any, fields: Fields) -> Any:
    """Give the schema of what is to be written: that of the input, with an added field perhaps.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile
        The input, as `open_file` opens it.
    fields : Fields

    Returns
    -------
    pyarrow.Schema
    """
    schema = file.schema_arrow
    if not fields.added:
        return schema
    # Spark's own schema lacks the column, and where there is one it reads no other.
    metadata = {key: text for key, text in (schema.metadata or {}).items() if key != SPARK_SCHEMA}
    added = pa.field(fields.added, statistics_type())
    return schema.append(added).with_metadata(metadata or None)


def other_metadata(file: Any) -> dict[bytes, bytes]:
    """Give what a file says of itself that does not stand in its schema as Arrow stores it.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile

    Returns
    -------
    dict of bytes to bytes
        Without what is told of how the file was cut, which the new one is not.
    """
    known = {b"ARROW:schema", SPARK_SCHEMA, CUT_BY_CONTENT, *(file.schema_arrow.metadata or {})}
    metadata = file.metadata.metadata or {}
    return {name: value for name, value in metadata.items() if name not in known}


class RowWriter(Writer):
    """Builds row groups like those of the input, and writes each when it is complete.

    Parameters
    ----------
    schema : pyarrow.Schema
        As `output_schema` gives it.
    properties : dict
        As `classifier.formats.parquet_properties.writer_properties` gives them.
    metadata : dict of bytes to bytes
        What the file says of itself beside the metadata of the schema.
    sink : binary file
        Where the output goes.
    """

    def __init__(
        self,
        schema: Any,
        properties: dict[str, Any],
        metadata: dict[bytes, bytes],
        sink: BinaryIO,
    ) -> None:
        import pyarrow.parquet as pq

        self.schema = schema
        self._file = pq.ParquetWriter(sink, schema, **properties)
        if metadata:
            self._file.add_key_value_metadata(metadata)
        self._group = Pile(ROW_GROUP_BYTES)
        self._is_part = False

    def write(self, payload: Rows) -> None:
        """Append rows.

        Parameters
        ----------
        payload : Rows
        """
        self._group.add(payload.rows, own_bytes(payload.rows))
        if payload.ends_group or self._group.n_bytes >= ROW_GROUP_BYTES:
            self._is_part |= not payload.ends_group
            self._flush()
            self._is_part = not payload.ends_group

    def close(self) -> None:
        """Write the last row group, and what ends the file."""
        self._flush()
        self._file.close()

    def abandon(self) -> None:
        """Let go of a file that will not be completed."""
        # pyarrow would do so by itself later, when the sink is closed, and complain.
        with suppress(Exception):
            self._file.close()
        self._file.is_open = False

    def _flush(self) -> None:
        pieces = self._group.take()
        if self._is_part:
            pieces = [_with_used_values(rows) for rows in pieces]
        # With several dictionaries Parquet would give up the first and write values plainly.
        table = pa.Table.from_batches(pieces, self.schema).unify_dictionaries()
        if table.num_rows:
            self._file.write_table(table, row_group_size=table.num_rows)


def _with_used_values(rows: Any) -> Any:
    """Leave out of dictionaries what no row uses: a part of a row group would repeat it all."""
    columns = [_only_used(column) for column in rows.columns]
    return pa.RecordBatch.from_arrays(columns, schema=rows.schema)


def _only_used(column: Any) -> Any:
    import pyarrow.compute as pc

    if isinstance(column, pa.StructArray):
        if not dictionary_bytes(column):
            return column
        inner = [_only_used(column.field(i)) for i in range(column.type.num_fields)]
        fields = list(column.type)
        return pa.StructArray.from_arrays(inner, fields=fields, mask=column.is_null())
    if not isinstance(column, pa.DictionaryArray) or column.type.ordered:
        return column
    if column.dictionary.nbytes < DICTIONARY_BYTES:
        return column
    used = pc.unique(column.indices).drop_null().sort()
    indices = pc.index_in(column.indices, used).cast(column.type.index_type)
    return pa.DictionaryArray.from_arrays(indices, column.dictionary.take(used))
