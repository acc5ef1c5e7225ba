"""Parquet files in memory, read and written again, for the tests of the format."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from classifier.formats import parquet
from classifier.formats.batches import Fields

FIELDS = Fields()


def as_file(rows, **options):
    sink = io.BytesIO()
    pq.write_table(rows, sink, **options)
    return io.BytesIO(sink.getvalue())


def invalid(*values):
    """Strings whose bytes are no UTF-8."""
    return pa.array(values, pa.binary()).view(pa.string())


def sizes(metadata):
    """Rows of each row group."""
    return [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]


def parse_only(rows, fields=FIELDS):
    (block,) = parquet.blocks(as_file(rows), fields)
    return parquet.parse(block, fields)


def rewritten(source, change, fields=FIELDS, added=None):
    sink = io.BytesIO()
    writer = None
    for block in parquet.blocks(source, fields):
        batch = parquet.parse(block, fields)
        texts = pa.array([change(text) for text in batch.texts.to_pylist()], pa.large_string())
        values = (added, [statistics(i) for i in range(len(texts))]) if added else None
        payload = parquet.render(batch, texts, added=values)
        writer = writer or parquet.writer(source, sink, fields)
        writer.write(payload)
    (writer or parquet.writer(source, sink, fields)).close()
    sink.seek(0)
    return sink


def statistics(i):
    counts = {"content": i, "navigation": 0, "paywall": 0, "sponsored": 0}
    return {
        "documents": 1,
        "lines": counts,
        "characters": counts,
        "content_ratio": 1.0,
        "paywalled": False,
        "truncated": False,
    }


def rewrite(*arguments, **options):
    return pq.ParquetFile(rewritten(*arguments, **options))
