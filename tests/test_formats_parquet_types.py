"""Parquet: how a file keeps its values stays as it was, where Arrow has one type for several."""

import io
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from parquet_files import as_file, rewritten

from classifier.formats import parquet
from classifier.formats.batches import Fields


@pytest.mark.parametrize("version", ["1.0", "2.6"])
@pytest.mark.parametrize(
    ("unit", "first"), [("us", datetime(9999, 12, 31, 1, 2, 3)), ("ns", datetime(2024, 2, 29))]
)
def test_timestamps_in_96_bits_stay(unit, first, version):
    kind = pa.timestamp(unit)
    times = [first, datetime(1970, 1, 1), None, datetime(2020, 1, 1)]
    columns = {
        "text": ["a", "b", "c", "d"],
        "at": pa.array(times, kind),
        "crawl": pa.array([{"at": time} for time in times], pa.struct([("at", kind)])),
        "seen": pa.array([[time] for time in times], pa.list_(kind)),
    }
    options = {"version": version, "use_deprecated_int96_timestamps": True}
    sink = rewritten(as_file(pa.table(columns), **options), str.upper)
    found = pq.ParquetFile(sink, coerce_int96_timestamp_unit=unit)
    assert [found.schema.column(i).physical_type for i in (1, 2, 3)] == ["INT96"] * 3
    assert found.metadata.format_version == version
    assert found.read().drop_columns("text").equals(pa.table(columns).drop_columns("text"))


@pytest.mark.parametrize("wrap", [pa.list_view, pa.large_list_view], ids=["view", "large view"])
@pytest.mark.parametrize("nanosecond", [0, 1])
def test_timestamps_in_96_bits_stay_in_list_views(wrap, nanosecond):
    columns = {
        "text": ["A", "B"],
        "at": pa.array([[10**18 + nanosecond], [None]], wrap(pa.timestamp("ns"))),
    }
    options = {"use_deprecated_int96_timestamps": True}
    found = pq.ParquetFile(rewritten(as_file(pa.table(columns), **options), str))
    assert found.schema.column(1).physical_type == "INT96"
    assert found.read().equals(pa.table(columns))


def test_late_timestamps_in_a_list_view_are_read_in_microseconds():
    at = pa.array([[datetime(9999, 12, 31)]], pa.list_view(pa.timestamp("us")))
    source = as_file(pa.table({"text": ["A"], "at": at}), use_deprecated_int96_timestamps=True)
    (block,) = parquet.blocks(source, Fields())
    assert block.content.rows["at"].to_pylist() == [[datetime(9999, 12, 31)]]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (pa.timestamp("ns"), 1234567890123456789),
        (pa.list_(pa.timestamp("ns", "UTC")), [1234567890123456789]),
        (pa.uint32(), 4_000_000_000),
    ],
    ids=str,
)
def test_types_stay_that_the_version_a_file_names_does_not_have(kind, value):
    """Other writers name the first version whatever they write."""
    columns = {"text": ["a"], "x": pa.array([value], kind)}
    data = as_file(pa.table(columns), store_schema=False).getvalue()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    assert data[footer : footer + 2] == b"\x15\x04", "the second version"
    first = io.BytesIO(data[:footer] + b"\x15\x02" + data[footer + 2 :])
    assert pq.ParquetFile(first).metadata.format_version == "1.0"
    found = pq.read_table(rewritten(first, str.upper))
    assert found.column("x").equals(pq.read_table(first).column("x"))
    assert found.column("text").to_pylist() == ["A"]


@pytest.mark.parametrize("as_integer", [True, False])
def test_decimals_are_kept_as_they_were(as_integer):
    few, many = pa.decimal128(9, 2), pa.decimal128(30, 2)
    prices = [Decimal("1.50"), None]
    columns = {"text": ["a", "b"], "few": pa.array(prices, few), "many": pa.array(prices, many)}
    sink = as_file(pa.table(columns), store_decimal_as_integer=as_integer)
    found = pq.ParquetFile(rewritten(sink, str.upper))
    kinds = ["INT32" if as_integer else "FIXED_LEN_BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"]
    assert [found.schema.column(i).physical_type for i in (1, 2)] == kinds
    assert found.read().drop_columns("text").equals(pa.table(columns).drop_columns("text"))


@pytest.mark.parametrize("kind", [pa.null(), pa.string()], ids=str)
def test_a_column_of_nulls_alone_is_one_of_null_texts(kind):
    source = as_file(pa.table({"text": pa.nulls(2, kind), "id": ["a", "b"]}))
    (block,) = parquet.blocks(source, Fields())
    batch = parquet.parse(block, Fields())
    assert [(p.kind, p.record) for p in batch.problems] == [("null text", 1), ("null text", 2)]
    found = pq.ParquetFile(rewritten(source, str.upper))
    assert found.metadata.num_rows == 0
    assert found.schema_arrow.field("text").type == kind
