"""Parquet: streamed by row group; schema, metadata, codecs and other columns stay."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

from classifier.formats.columns import (
    find_column,
    find_field,
    is_text,
    read_texts,
    replace_column,
)
from classifier.formats.records import BLOCK_BYTES, Batch, Block, DataError, Fields, Problem
from classifier.labels import LABELS

# Read in small steps and joined to blocks: sizes of rows are only known afterwards.
STEP_ROWS = 256
# Row groups come out as they were, but no larger than this, for they are built in memory.
ROW_GROUP_BYTES = 64 << 20
READ_BUFFER_BYTES = 1 << 20
BAD_FILE = "Fetch or write the file anew; --on-error skip keeps what came before."


class _Rows(NamedTuple):
    """Rows of one row group."""

    rows: Any
    """pyarrow.RecordBatch"""
    ends_group: bool


class _Payload(NamedTuple):
    rows: Any
    ends_group: bool


def blocks(stream: BinaryIO, fields: Fields) -> Iterator[Block]:
    """Read rows, about `BLOCK_BYTES` at a time and never across row groups.

    Parameters
    ----------
    stream : binary file
        A Parquet file.
    fields : Fields
        Names of its columns; ``a.b`` for a field of a struct.

    Yields
    ------
    Block
        Rows.

    Raises
    ------
    DataError
        If the file is damaged or has no such column of text.
    """
    import pyarrow as pa

    first = 1
    try:
        file = _open(stream)
        _check_columns(file.schema_arrow, fields)
        for group in range(file.num_row_groups):
            for rows in _read_group(file, group):
                yield Block(rows, first, rows.rows.nbytes)
                first += rows.rows.num_rows
                del rows
    except (pa.ArrowException, OSError) as error:
        reason = f"it is no Parquet file or damaged ({str(error).splitlines()[0]})"
        record = None if first == 1 else first
        raise DataError(Problem("damaged", reason, BAD_FILE, record)) from error


def parse(block: Block, fields: Fields) -> Batch:
    """Take the texts and identifiers out of rows.

    Parameters
    ----------
    block : Block
        Rows.
    fields : Fields
        Names of the columns.

    Returns
    -------
    Batch
        Records are numbered by row. A null text is a problem here as it is in
        JSON Lines.
    """
    rows = block.content.rows
    texts, bad = read_texts(find_column(rows, fields.text))
    numbers = range(block.first, block.first + rows.num_rows)
    id_column = find_column(rows, fields.id)
    ids = [None] * rows.num_rows if id_column is None else id_column.to_pylist()
    problems = []
    if bad:
        import numpy as np
        import pyarrow as pa

        for index, (kind, reason) in bad.items():
            raw = json.dumps(rows.slice(index, 1).to_pylist()[0], default=_readable).encode()
            remedy = "Correct it, or leave such rows out with --on-error skip."
            problems.append(
                Problem(kind, f"its {fields.text!r} {reason}", remedy, numbers[index], raw)
            )
        good = np.setdiff1d(np.arange(rows.num_rows), list(bad))
        rows = rows.take(pa.array(good))
        numbers, ids = [numbers[i] for i in good], [ids[i] for i in good]
    context = (_Rows(rows, block.content.ends_group), fields.text)
    return Batch(texts, numbers, [_json_id(value) for value in ids], context, problems)


def render(
    batch: Batch,
    texts: Any,
    codec: str | None = None,
    added: tuple[str, Sequence[Any]] | None = None,
) -> _Payload:
    """Put new texts into the rows.

    Parameters
    ----------
    batch : Batch
        As `parse` made it.
    texts : pyarrow.LargeStringArray, shape (n_documents,)
        The new text of each row; null leaves the row out.
    codec : None
        Parquet compresses by itself.
    added : (str, sequence), optional
        A column to add: its name, and a value a row.

    Returns
    -------
    payload
        For the writer.
    """
    import pyarrow as pa

    del codec
    (rows, ends_group), column = batch.context
    rows = replace_column(rows, column, texts)
    if added is not None:
        name, values = added
        field = _statistics_field(name)
        columns = [*rows.columns, pa.array(values, field.type)]
        rows = pa.RecordBatch.from_arrays(columns, schema=rows.schema.append(field))
    if texts.null_count:
        rows = rows.filter(texts.is_valid())
    return _Payload(rows, ends_group)


def writer(stream: BinaryIO, sink: BinaryIO, fields: Fields) -> "_Writer":
    """Make a writer of a file like the one in `stream`."""
    return _Writer(stream, sink, fields)


class _Writer:
    """Builds row groups and writes each when it is complete."""

    def __init__(self, stream: BinaryIO, sink: BinaryIO, fields: Fields) -> None:
        import pyarrow.parquet as pq

        file = _open(stream)
        self.schema = file.schema_arrow
        if fields.added:
            self.schema = self.schema.append(_statistics_field(fields.added))
        self._file = pq.ParquetWriter(sink, self.schema, **_properties(file.metadata, fields))
        self._group: list[Any] = []
        self._n_bytes = 0

    def write(self, payload: _Payload) -> None:
        self._group.append(payload.rows)
        self._n_bytes += payload.rows.nbytes
        if payload.ends_group or self._n_bytes >= ROW_GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._group, self.schema)
        if table.num_rows:
            self._file.write_table(table, row_group_size=table.num_rows)
        self._group, self._n_bytes = [], 0


def _open(stream: BinaryIO) -> Any:
    import pyarrow.parquet as pq

    # Without pre-buffering, which would hold whole row groups.
    return pq.ParquetFile(stream, buffer_size=READ_BUFFER_BYTES, pre_buffer=False)


def _read_group(file: Any, group: int) -> Iterator[_Rows]:
    import pyarrow as pa

    metadata = file.metadata.row_group(group)
    row_bytes = max(metadata.total_byte_size // max(metadata.num_rows, 1), 1)
    step = max(1, min(STEP_ROWS, BLOCK_BYTES // row_bytes))
    pending: list[Any] = []
    n_rows = n_bytes = 0
    for rows in file.iter_batches(step, row_groups=[group], use_threads=False):
        pending.append(rows)
        n_rows += rows.num_rows
        n_bytes += rows.nbytes
        is_last = n_rows == metadata.num_rows
        if n_bytes >= BLOCK_BYTES or is_last:
            joined = pending[0] if len(pending) == 1 else pa.concat_batches(pending)
            pending, n_bytes = [], 0
            del rows
            yield _Rows(joined, is_last)
            del joined


def _check_columns(schema: Any, fields: Fields) -> None:
    field = find_field(schema, fields.text)
    if field is None:
        reason = f"it has no column {fields.text!r}; there are {', '.join(schema.names)}"
        raise DataError(Problem("no column", reason, "Name the column with --text-field."))
    if not is_text(field.type):
        reason = f"its column {fields.text!r} is {field.type}, not text"
        raise DataError(Problem("text is no string", reason, "Name another with --text-field."))
    if fields.added in schema.names:
        reason = f"it has a column {fields.added!r} already"
        raise DataError(Problem("field exists", reason, "Give --add-stats another name."))


def _properties(metadata: Any, fields: Fields) -> dict[str, Any]:
    """Collect how a file was written, as far as it tells."""
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)][:1]
    columns = [group.column(i) for group in groups for i in range(group.num_columns)]
    if not columns:
        return {}
    codecs = {
        column.path_in_schema: "NONE" if column.compression == "UNCOMPRESSED" else column.compression
        for column in columns
    }
    if fields.added:
        leaves = [f"{fields.added}.{leaf}" for leaf in _STATISTICS_LEAVES]
        codecs |= dict.fromkeys(leaves, codecs.get(fields.text, "SNAPPY"))
    return {
        "compression": codecs,
        "use_dictionary": [
            column.path_in_schema
            for column in columns
            if any("DICTIONARY" in encoding for encoding in column.encodings)
        ],
        "write_statistics": any(column.is_stats_set for column in columns),
        "version": metadata.format_version,
    }


_STATISTICS_LEAVES = (
    *(f"{part}.{label}" for part in ("lines", "characters") for label in LABELS),
    "content_ratio",
    "paywalled",
    "truncated",
)


def _statistics_field(name: str) -> Any:
    import pyarrow as pa

    by_label = pa.struct([(label, pa.int64()) for label in LABELS])
    return pa.field(
        name,
        pa.struct(
            [
                ("lines", by_label),
                ("characters", by_label),
                ("content_ratio", pa.float64()),
                ("paywalled", pa.bool_()),
                ("truncated", pa.bool_()),
            ]
        ),
    )


def _json_id(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _readable(value: Any) -> str:
    """Show a value that JSON has no form for."""
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(value)
