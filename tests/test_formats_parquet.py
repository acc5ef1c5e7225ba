"""Parquet: everything but the text column comes out as it went in."""

import io
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from doubles import until_broken
from parquet_files import FIELDS, as_file, rewrite, sizes, statistics

from classifier.files.problems import BrokenFileError
from classifier.formats import parquet, parquet_problems, parquet_writer
from classifier.formats.arrow_columns import find_column
from classifier.formats.batches import Fields

CODECS = {"id": "ZSTD", "text": "GZIP", "meta.inner": "SNAPPY", "meta.n": "UNCOMPRESSED"}


def table(n=1000, kind=None):
    texts = pa.array([f"line {i}\nAD" for i in range(n)], kind or pa.string())
    meta = [{"inner": f"in {i}", "n": i} if i % 7 else None for i in range(n)]
    columns = {
        "id": np.arange(n),
        "text": texts,
        "meta": pa.array(meta, pa.struct([("inner", pa.string()), ("n", pa.int32())])),
        "list": pa.array([[1.5], None] * (n // 2)),
        "category": pa.array(["a", "b"] * (n // 2)).dictionary_encode(),
    }
    return pa.table(columns).replace_schema_metadata({"origin": "a crawl"})


def test_what_a_file_says_of_itself_beside_its_schema_stays():
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, table().schema) as writer:
        writer.write_table(table())
        writer.add_key_value_metadata({"license": "CC-BY", "content_defined_chunking": "{}"})
    found = rewrite(io.BytesIO(sink.getvalue()), str.upper).metadata.metadata
    assert {name: found[name] for name in found if name != b"ARROW:schema"} == {
        b"origin": b"a crawl",
        b"license": b"CC-BY",
    }


@pytest.mark.parametrize("is_adjusted", [True, False])
def test_times_of_day_stay_adjusted_to_utc_or_not(is_adjusted):
    """pyarrow marked all of them so up to version 21."""
    rows = table().append_column("at", pa.array(range(1000), pa.time64("us")))
    source = as_file(rows, write_time_adjusted_to_utc=is_adjusted)
    found = rewrite(source, str.upper)
    kinds = [str(column.logical_type) for column in found.schema]
    assert [kind for kind in kinds if "Time" in kind] == [
        f"Time(isAdjustedToUTC={str(is_adjusted).lower()}, timeUnit=microseconds)"
    ]
    assert found.read()["at"].equals(rows["at"])


def test_a_type_that_arrow_lacks_is_refused_where_it_would_be_another():
    interval = SimpleNamespace(path="ttl", logical_type=SimpleNamespace(type="INTERVAL"))
    parquet_problems.check_types(parquet_writer.open_file(as_file(table())))
    with pytest.raises(BrokenFileError) as caught:
        parquet_problems.check_types(SimpleNamespace(schema=[interval]))
    assert "its column 'ttl' is INTERVAL" in caught.value.problem.reason


def test_schema_metadata_codecs_and_row_groups_stay():
    rows = table()
    compression = {**CODECS, "meta.n": "NONE", "category": "BROTLI"}
    source = as_file(rows, row_group_size=300, compression=compression)
    result = rewrite(source, lambda text: text.removesuffix("\nAD"))
    schema = pq.ParquetFile(source).schema_arrow
    assert result.schema_arrow.equals(schema, check_metadata=True)
    group = result.metadata.row_group(0)
    codecs = {group.column(i).path_in_schema: group.column(i).compression for i in range(6)}
    assert codecs.items() >= CODECS.items()
    assert codecs["category"] == "BROTLI"
    assert sizes(result.metadata) == [300, 300, 300, 100]
    data = result.read()
    assert data.drop_columns("text").equals(rows.drop_columns("text"))
    assert data["text"].to_pylist() == [f"line {i}" for i in range(1000)]


def test_older_naming_of_list_items_stays():
    source = as_file(table(10), use_compliant_nested_type=False)
    result = rewrite(source, str)
    assert result.schema.equals(pq.ParquetFile(source).schema)


LINKS = [[{"name": f"link {n % 3}", "n": n % 5} for n in range(20)]] * 200
NESTED = {
    "structs": pa.array(LINKS),
    "named": pa.array([[1, 2, 2]] * 200, pa.list_(pa.field("foo", pa.int64()))),
    "map": pa.array([[("a", 1), ("b", 2)]] * 200, pa.map_(pa.string(), pa.int64())),
    "deep": pa.array([[["x", "y"], ["x"]]] * 200),
}


@pytest.mark.parametrize("is_compliant", [True, False])
def test_what_is_inside_lists_is_written_as_it_was(is_compliant):
    rows = pa.table({"text": ["A sentence"] * 200, **NESTED})
    source = as_file(rows, use_compliant_nested_type=is_compliant, compression="GZIP")
    result, before = rewrite(source, str.upper), pq.ParquetFile(source)
    assert result.schema.equals(before.schema)
    for place in range(1, before.metadata.num_columns):
        old, new = (file.metadata.row_group(0).column(place) for file in (before, result))
        assert (new.path_in_schema, new.compression) == (old.path_in_schema, "GZIP")
        assert (new.encodings, new.is_stats_set) == (old.encodings, old.is_stats_set)


@pytest.mark.parametrize("first", [[], [None] * 200], ids=["empty", "null"])
def test_a_first_row_group_without_values_says_nothing_of_the_others(first):
    rows = pa.table({"text": ["A"] * 200, "kind": [f"kind {n % 3}" for n in range(200)]})
    kinds = pa.array(first, pa.string())
    source = io.BytesIO()
    with pq.ParquetWriter(source, rows.schema) as file:
        file.write_table(pa.table({"text": rows["text"][: len(first)], "kind": kinds}))
        file.write_table(rows)
    source.seek(0)
    result = rewrite(source, str.upper)
    last = result.metadata.row_group(result.num_row_groups - 1).column(1)
    assert last.is_stats_set
    assert any("DICTIONARY" in encoding for encoding in last.encodings)


@pytest.mark.parametrize("first", [None, [], [None]], ids=str)
@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_plain_column_stays_plain_though_its_first_row_group_is_all_null(first, is_damaged):
    kind = pa.list_(pa.dictionary(pa.int8(), pa.string()))
    rows = pa.table({"text": ["A"] * 12, "x": pa.array([first, ["a", "b"], ["c"]] * 4, kind)})
    source = as_file(rows, use_dictionary=False, row_group_size=1, compression="snappy")
    if is_damaged:  # all later row groups
        place = pq.ParquetFile(source).metadata.row_group(1).column(0).data_page_offset
        end = pq.ParquetFile(source).metadata.row_group(11).column(0).data_page_offset
        data = source.getvalue()
        source = io.BytesIO(data[:place] + b"\xff" * (end - place) + data[end:])
        (block, *_), _ = until_broken(parquet.blocks(source, FIELDS))
        assert block.content.rows.num_rows == 1
        sink = io.BytesIO()
        writer = parquet.writer(source, sink, FIELDS)
        writer.write(parquet.render(batch := parquet.parse(block, FIELDS), batch.texts))
        writer.close()
        result = pq.ParquetFile(sink)
    else:
        result = rewrite(source, str)
        assert result.read().equals(rows)
    assert result.metadata.row_group(0).column(1).encodings == ("RLE", "PLAIN")


def test_a_file_without_rows_keeps_its_schema():
    source = as_file(
        pa.table({"text": pa.array([], "string"), "x": pa.array([], pa.list_(pa.int8()))}),
        use_compliant_nested_type=False,
        version="1.0",
    )
    result = rewrite(source, str)
    assert result.metadata.format_version == "1.0"
    assert result.schema.equals(pq.ParquetFile(source).schema)


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_type_of_the_text_column_stays(kind):
    rows = table(10, pa.string())
    rows = rows.set_column(1, "text", rows["text"].cast(pa.string()).cast(kind))
    result = rewrite(as_file(rows), lambda text: text.upper())
    assert (
        result.schema_arrow.field("text").type
        == pq.ParquetFile(as_file(rows)).schema_arrow.field("text").type
    )
    assert result.read()["text"].cast(pa.string()).to_pylist()[3] == "LINE 3\nAD"


def test_text_inside_a_struct_is_rewritten_and_its_siblings_stay():
    rows = table(20)
    rows = rows.filter(rows["meta"].is_valid())
    result = rewrite(as_file(rows), lambda text: text + "!", Fields("meta.inner", "meta.n")).read()
    assert result["meta"].to_pylist()[0] == {"inner": "in 1!", "n": 1}
    assert result["text"].equals(rows["text"])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"a.b.c": "one", "a": None}, {"a.b.c": "ONE", "a": None}),
        ({"a": {"b": {"c": "one", "d": 2}}}, {"a": {"b": {"c": "ONE", "d": 2}}}),
    ],
    ids=["a column of that name", "a field in a struct in a struct"],
)
def test_a_name_with_dots_is_a_column_or_a_path(row, expected):
    result = rewrite(as_file(pa.Table.from_pylist([row])), str.upper, Fields("a.b.c"))
    assert result.read().to_pylist() == [expected]


def test_a_path_through_a_column_that_holds_no_fields_leads_to_nothing():
    assert find_column(pa.record_batch({"text": ["one"]}), "text.inner") is None


def test_a_column_without_a_name_passes_through():
    rows = pa.table({"text": ["one"], "": [1]})
    assert rewrite(as_file(rows), str).read().equals(rows)


def test_dropped_rows_go_and_an_emptied_file_is_valid():
    source = as_file(table(100), row_group_size=10)
    result = rewrite(source, lambda text: text if "line 5\n" in text else None)
    assert result.read()["id"].to_pylist() == [5]
    emptied = rewrite(source, lambda text: None)
    assert (emptied.metadata.num_rows, emptied.schema_arrow) == (0, table().schema)
    assert rewrite(as_file(table(0)), str).metadata.num_rows == 0


def test_statistics_become_a_column_of_structs():
    result = rewrite(as_file(table(10)), str, Fields(added="st"), added="st").read()
    assert result["st"].to_pylist()[3] == statistics(3)


def test_spark_sees_the_column_of_statistics():
    """It reads its own schema in place of the file's, if there is one."""
    metadata = {"org.apache.spark.sql.parquet.row.metadata": "{}", "mine": "stays"}
    source = as_file(table(10).replace_schema_metadata(metadata))
    assert rewrite(source, str).schema_arrow.metadata.keys() >= {
        b"mine",
        parquet_writer.SPARK_SCHEMA,
    }
    kept = rewrite(source, str, Fields(added="st"), added="st").schema_arrow.metadata
    assert kept[b"mine"] == b"stays"
    assert parquet_writer.SPARK_SCHEMA not in kept


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (Fields("body"), "no column"),
        (Fields("meta.x"), "no column"),
        (Fields("id"), "text is no string"),
        (Fields(added="list"), "field exists"),
    ],
)
def test_column_that_does_not_fit_is_explained(fields, kind):
    with pytest.raises(BrokenFileError) as caught:
        list(parquet.blocks(as_file(table(10)), fields))
    assert caught.value.problem.kind == kind


@pytest.mark.parametrize("cut", [1, 100, 10_000])
def test_damaged_footer_is_noticed(cut):
    data = as_file(table()).getvalue()[:-cut]
    with pytest.raises(BrokenFileError) as caught:
        list(parquet.blocks(io.BytesIO(data), Fields()))
    assert caught.value.problem.kind == "damaged"


def test_blocks_stay_small_whatever_the_row_group(monkeypatch):
    monkeypatch.setattr(parquet, "BLOCK_BYTES", 50_000)
    rows = pa.table({"text": ["the same text again and again " * 10] * 20_000})
    source = as_file(rows)
    assert pq.ParquetFile(source).metadata.row_group(0).total_byte_size < 50_000
    sizes = [block.content.rows.nbytes for block in parquet.blocks(source, Fields())]
    assert max(sizes) < 200_000
    assert sum(sizes) > 20_000 * 300


def test_addresses_are_read_where_there_is_a_column_of_text():
    rows = pa.table(
        {"text": ["a", None, "b"], "url": ["x.example", "y.example", None], "n": [1, 2, 3]}
    )
    for column, urls in (("url", ["x.example", None]), ("n", []), ("none", [])):
        fields = Fields(url=column)
        (block,) = parquet.blocks(as_file(rows), fields)
        assert parquet.parse(block, fields).urls == urls
