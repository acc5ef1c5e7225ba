"""Write Parquet files like the ones they come from."""

from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

from classifier.formats.int96 import are_all_wide, fit_nanoseconds, wide_timestamps
from classifier.formats.records import Fields
from classifier.results import statistics_type

# Row groups come out as they were, but no larger than this, for they are built in memory.
ROW_GROUP_BYTES = 64 << 20
READ_BUFFER_BYTES = 1 << 20


class Payload(NamedTuple):
    """Rows to write."""

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
    """
    import pyarrow.parquet as pq

    def opened(unit: str) -> Any:
        return pq.ParquetFile(
            stream,
            buffer_size=READ_BUFFER_BYTES,
            pre_buffer=False,
            coerce_int96_timestamp_unit=unit,
        )

    file = opened("ns")
    if wide_timestamps(file) and not fit_nanoseconds(file, opened("us")):
        return opened("us")
    return file


def writer(stream: BinaryIO, sink: BinaryIO, fields: Fields) -> "_Writer":
    """Make a writer of a file like the one in `stream`."""
    return _Writer(stream, sink, fields)


class _Writer:
    """Builds row groups and writes each when it is complete."""

    def __init__(self, stream: BinaryIO, sink: BinaryIO, fields: Fields) -> None:
        import pyarrow.parquet as pq

        file = open_file(stream)
        self.schema = file.schema_arrow
        if fields.added:
            self.schema = self.schema.append(statistics_field(fields.added))
        self._file = pq.ParquetWriter(sink, self.schema, **_properties(file, fields))
        self._group: list[Any] = []
        self._n_bytes = 0

    def write(self, payload: Payload) -> None:
        self._group.append(payload.rows)
        self._n_bytes += payload.rows.nbytes
        if payload.ends_group or self._n_bytes >= ROW_GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def abandon(self) -> None:
        # pyarrow would do so by itself later, when the sink is closed, and complain.
        with suppress(Exception):
            self._file.close()
        self._file.is_open = False

    def _flush(self) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._group, self.schema)
        if table.num_rows:
            self._file.write_table(table, row_group_size=table.num_rows)
        self._group, self._n_bytes = [], 0


def _properties(file: Any, fields: Fields) -> dict[str, Any]:
    """Collect how a file was written, as far as it tells."""
    metadata = file.metadata
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)][:1]
    columns = [group.column(i) for group in groups for i in range(group.num_columns)]
    if not columns:
        return {}
    codecs = {
        column.path_in_schema: "NONE"
        if column.compression == "UNCOMPRESSED"
        else column.compression
        for column in columns
    }
    if fields.added:
        leaves = _leaves(fields.added, statistics_type())
        codecs |= dict.fromkeys(leaves, codecs.get(fields.text, "SNAPPY"))
    # Texts hardly repeat, and their least and greatest are of no use: a dictionary
    # and statistics of them would only cost five times their size in memory.
    return {
        "compression": codecs,
        "use_dictionary": [
            column.path_in_schema
            for column in columns
            if column.path_in_schema != fields.text
            and any("DICTIONARY" in encoding for encoding in column.encodings)
        ],
        "write_statistics": [
            column.path_in_schema
            for column in columns
            if column.is_stats_set and column.path_in_schema != fields.text
        ],
        "version": metadata.format_version,
        "use_deprecated_int96_timestamps": are_all_wide(file),
        # Files by older writers name the items of lists differently.
        "use_compliant_nested_type": not any(path.endswith(".list.item") for path in codecs),
    }


def _leaves(name: str, kind: Any) -> list[str]:
    """List the columns that a file keeps of a field: those without others in them."""
    inner = [kind.field(i) for i in range(kind.num_fields)]
    return [leaf for field in inner for leaf in _leaves(f"{name}.{field.name}", field.type)] or [
        name
    ]


def statistics_field(name: str) -> Any:
    """Describe the column that `--add-stats` makes.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    pyarrow.Field
        A struct.
    """
    import pyarrow as pa

    return pa.field(name, statistics_type())
