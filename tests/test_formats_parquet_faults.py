"""Parquet files that once came out too large or were not read: dictionaries, names, bytes."""

import io
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import linesift, said
from parquet_files import FIELDS, as_file, invalid, parse_only, rewritten, sizes

from classifier.files.problems import BrokenFileError
from classifier.formats import arrow_pile, parquet, parquet_steps, parquet_writer
from classifier.formats.batches import Fields

N = 3000


@pytest.fixture
def small(monkeypatch):
    """Sizes at which a dictionary of three megabytes is a large one."""
    monkeypatch.setattr(parquet, "BLOCK_BYTES", 100_000)
    monkeypatch.setattr(parquet_writer, "ROW_GROUP_BYTES", 1_000_000)


def long_values(n=N):
    return pa.array([os.urandom(500).hex() for _ in range(n)])


def plain(column):
    return column


def in_struct(column):
    return pa.StructArray.from_arrays([column], ["inner"])


def in_list(column):
    return pa.ListArray.from_arrays(range(len(column) + 1), column)


def in_map(column):
    return pa.MapArray.from_arrays(range(len(column) + 1), column.indices.cast("string"), column)


def with_texts(column, text="A sentence"):
    return pa.table({"text": [f"{text} {i}" for i in range(N)], "u": column})


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("nested", [plain, in_struct, in_list, in_map])
def test_large_dictionary_is_written_once(nested):
    source = as_file(with_texts(nested(long_values().dictionary_encode())))
    result = rewritten(source, str)
    assert sizes(pq.read_metadata(result)) == [N]
    assert len(result.getvalue()) < 1.05 * len(source.getvalue())
    assert pq.read_table(result).equals(pq.read_table(source))


@pytest.mark.usefixtures("small")
def test_dictionary_that_grows_within_a_row_group_is_written_once():
    parts = [long_values(N // 3).dictionary_encode() for _ in range(3)]
    source = as_file(with_texts(pa.chunked_array(parts)))
    result = rewritten(source, str)
    assert sizes(pq.read_metadata(result)) == [N]
    assert len(result.getvalue()) < 1.05 * len(source.getvalue())
    assert pq.read_table(result).to_pylist() == pq.read_table(source).to_pylist()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("nested", [plain, in_struct])
def test_parts_of_a_row_group_share_out_a_large_dictionary(nested):
    values = pa.concat_arrays([long_values(N - 1), pa.nulls(1, pa.string())])
    source = as_file(with_texts(nested(values.dictionary_encode()), "A long sentence " * 50))
    result = rewritten(source, str)
    metadata = pq.read_metadata(result)
    assert (metadata.num_rows, metadata.num_row_groups > 2) == (N, True)
    assert len(result.getvalue()) < 1.05 * len(source.getvalue())
    assert pq.read_table(result).to_pylist() == pq.read_table(source).to_pylist()


@pytest.mark.usefixtures("small")
def test_parts_of_a_row_group_keep_all_ordered_categories():
    encoded = long_values().dictionary_encode()
    ordered = pa.DictionaryArray.from_arrays(encoded.indices, encoded.dictionary, ordered=True)
    result = rewritten(as_file(with_texts(ordered, "A long sentence " * 50)), str)
    file = pq.ParquetFile(result)
    assert file.num_row_groups > 1
    assert file.read_row_group(0)["u"].chunk(0).dictionary.equals(encoded.dictionary)


@pytest.mark.parametrize("nested", [plain, in_struct, in_list])
def test_damaged_place_in_a_dictionary_is_noticed(nested):
    column = nested(pa.array(["q", "r", "s"] * (N // 3)).dictionary_encode())
    source = as_file(with_texts(column), compression="none", data_page_size=100)
    place = pq.ParquetFile(source).metadata.row_group(0).column(1)
    data = bytearray(source.getvalue())
    data[place.dictionary_page_offset + place.total_compressed_size - 10] = 0xFF
    with pytest.raises(BrokenFileError) as caught:
        list(parquet.blocks(io.BytesIO(data), FIELDS))
    assert caught.value.problem.kind == "damaged"


def test_copies_of_a_dictionary_are_not_held():
    encoded = long_values(100).dictionary_encode()
    pile = arrow_pile.Pile(3 * encoded.dictionary.nbytes)
    for start in range(100):
        copy = pa.array(encoded.dictionary.to_pylist())
        indices = pa.array([start], pa.int32())
        rows = pa.record_batch({"u": pa.DictionaryArray.from_arrays(indices, copy)})
        pile.add(rows, 4)
        assert len(pile.pieces) <= 4
    joined = arrow_pile.join(pile.take())
    assert joined["u"].equals(encoded)
    assert not pile.pieces


def test_texts_of_a_dictionary_count_as_long_as_they_are(monkeypatch):
    monkeypatch.setattr(parquet, "BLOCK_BYTES", 1_000_000)
    texts = pa.array(["A sentence that many pages have. " * 50] * 10_000).dictionary_encode()
    lengths = [
        parquet.parse(block, FIELDS).texts.nbytes
        for block in parquet.blocks(as_file(pa.table({"text": texts})), FIELDS)
    ]
    assert sum(lengths) > 10_000_000
    assert max(lengths) <= 1_100_000


def test_views_count_as_long_as_they_are(monkeypatch):
    monkeypatch.setattr(parquet, "BLOCK_BYTES", 100_000)
    texts = pa.array([f"A sentence of one page. {i}" * 10 for i in range(N)], pa.string_view())
    blocks = list(parquet.blocks(as_file(pa.table({"text": texts})), FIELDS))
    assert len(blocks) > 5


@pytest.mark.parametrize("kind", [pa.string(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_address_that_is_not_utf8_is_none_and_others_stay(kind):
    urls = invalid(b"https://a.example/", b"https://b.example/\xff", None, b"d.example")
    if pa.types.is_dictionary(kind):
        indices = pa.array([0, 1, None, 2], pa.int32())
        urls = pa.DictionaryArray.from_arrays(indices, urls.drop_null())
    batch = parse_only(pa.table({"text": ["a", "b", "c", "d"], "url": urls}))
    assert batch.urls == ["https://a.example/", None, None, "d.example"]
    assert not batch.problems


def with_damaged_name(n_places):
    """Bytes of a file with a column whose name has a byte that is not UTF-8.

    The last places are those of the row group, the one before is that of the schema.
    """
    rows = pa.table({"text": ["Home\nSome text."] * 3, "Zcafe": [1] * 3})
    before, *names = as_file(rows, store_schema=False).getvalue().split(b"Zcafe")
    split = len(names) - n_places
    return b"Zcafe".join([before, *names[:split]]) + b"".join(
        b"Zcaf\xe9" + n for n in names[split:]
    )


@pytest.mark.parametrize("n_places", [1, 2])
def test_damaged_name_of_a_column_is_noticed(n_places):
    with pytest.raises(BrokenFileError) as caught:
        list(parquet.blocks(io.BytesIO(with_damaged_name(n_places)), FIELDS))
    problem = caught.value.problem
    assert (problem.kind, problem.record) == ("damaged", None)
    assert "a column's name is not valid UTF-8" in problem.reason


def test_file_with_a_damaged_name_can_be_skipped(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/bad.parquet").write_bytes(with_damaged_name(2))
    pq.write_table(pa.table({"text": ["good"]}), tmp_path / "in/good.parquet")
    failed = linesift("filter", "in/bad.parquet", "-o", "out.parquet", cwd=tmp_path)
    assert said(failed, 1).startswith(
        "linesift: in/bad.parquet: it is no Parquet file or damaged ("
    )
    assert "--on-error skip" in said(failed)
    skipped = linesift("filter", "in", "-o", "out", "--on-error", "skip", cwd=tmp_path)
    assert skipped.returncode == 0
    assert [path.name for path in (tmp_path / "out").glob("*.parquet")] == ["good.parquet"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([[1, 2], [None]]), [b"[1,2]", b"[null]"]),
        (pa.array([["\u00e9", "b"], []]), ['["\u00e9","b"]'.encode(), b"[]"]),
        (pa.array([{"a": None}, {"a": [True]}]), [b'{"a":null}', b'{"a":[true]}']),
        (pa.array([[float("nan")], [1.5]]), [b'["nan"]', b"[1.5]"]),
        (pa.array([[b"\xff"], [b"x"]]), [b'["ff"]', b'["x"]']),
        (pa.array([[("k", 1)], None], pa.map_("string", "int64")), [b'[["k",1]]', None]),
        (pa.array([b"abc", "\u00e9".encode()]), [b'"abc"', '"\u00e9"'.encode()]),
        (pa.array([b"\x00\xff", None]), [b'"00ff"', None]),
        (pa.array([b"\xfe\xff", b"ab"], pa.binary(2)), [b'"feff"', b'"ab"']),
        (pa.array([19_000, 0], pa.date32()), [b'"2022-01-08"', b'"1970-01-01"']),
        (pa.array([[19_000], []], pa.list_(pa.date32())), [b'["2022-01-08"]', b"[]"]),
        (pa.array(["1.50", "2"]).cast(pa.decimal128(5, 2)), [b'"1.50"', b'"2.00"']),
        (pa.array([True, False]), [b"true", b"false"]),
    ],
    ids=lambda values: str(values.type) if isinstance(values, pa.Array) else "",
)
def test_identifiers_are_json_or_plain_text(values, expected):
    ids = parse_only(pa.table({"text": ["a", "b"], "id": values}), Fields()).ids
    assert ids == expected
    assert all(json.loads(value) is not None for value in ids if value)


def test_want_of_memory_is_no_damage_that_could_be_skipped(monkeypatch):
    def too_large(*arguments):
        raise pa.ArrowMemoryError("malloc of size 1 failed")
        yield

    monkeypatch.setattr(parquet, "_read_group", too_large)
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": ["good"]}), sink)
    with pytest.raises(MemoryError):
        list(parquet.blocks(sink, Fields()))


def test_a_file_that_was_cut_while_it_was_read_leaves_no_output(run, tmp_path, monkeypatch):
    path, output = tmp_path / "a.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"text": ["A sentence."]}), path)
    plain, opened = parquet.open_file, []

    def cut(stream):
        opened.append(stream)
        return plain(stream if len(opened) == 1 else io.BytesIO(b"PAR1"))

    monkeypatch.setattr(parquet, "open_file", cut)
    for choice, code in (("skip", 0), ("fail", 1)):
        opened.clear()
        result = run("filter", path, "-o", output, "--on-error", choice)
        assert (result.exit_code, len(opened), output.exists()) == (code, 2, False)
        assert "a.parquet: it is no Parquet file or damaged" in result.stderr


def test_damage_that_only_a_checksum_shows_is_told_of():
    table = pa.table({"text": [f"Sentence {i}" for i in range(N)]})
    options = {"compression": "NONE", "use_dictionary": False, "write_page_checksum": True}
    data = bytearray(as_file(table, **options).getvalue())
    place = data.index(b"Sentence 1234")
    data[place : place + 4] = b"XXXX"
    with pytest.raises(BrokenFileError, match="damaged") as caught:
        list(parquet.blocks(io.BytesIO(data), FIELDS))
    assert "checksum" in caught.value.problem.reason


def test_damage_of_what_is_written_is_noticed_by_who_reads_it():
    rows = pa.table({"text": [f"Sentence {i}" for i in range(N)]})
    data = bytearray(rewritten(as_file(rows, compression="NONE"), lambda text: text).getvalue())
    place = data.index(b"Sentence 1234")
    data[place : place + 4] = b"XXXX"
    with pytest.raises(OSError, match="checksum"):
        pq.read_table(io.BytesIO(data), page_checksum_verification=True)


def test_blocks_of_short_texts_have_no_more_rows_than_those_of_other_formats(monkeypatch):
    monkeypatch.setattr(parquet, "BLOCK_RECORDS", 1000)
    blocks = parquet.blocks(as_file(with_texts(pa.array(range(N)))), FIELDS)
    sizes = [block.content.rows.num_rows for block in blocks]
    assert sum(sizes) == N
    assert max(sizes) <= 1000


def test_long_values_that_a_dictionary_holds_once_are_read_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(parquet, "BLOCK_BYTES", 100_000)
    table = pa.table({"text": ["Long " * 20_000] * N})
    assert len(as_file(table).getvalue()) < 50_000
    sizes = [block.content.rows.num_rows for block in parquet.blocks(as_file(table), FIELDS)]
    assert sum(sizes) == N
    assert max(sizes) <= 4
    # One long row among short ones is no reason to read all one by one.
    assert step(pa.array(["Long " * 500, *["Short"] * N])) == parquet_steps.STEP_ROWS


def step(column, most_bytes=100_000):
    source = as_file(pa.table({"text": column}))
    file = pq.ParquetFile(source)
    encoded = parquet_steps.open_encoded(source, file)
    return parquet_steps.rows_at_once(file, encoded, 0, most_bytes)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
@pytest.mark.parametrize("wrap", [str, lambda text: [text], lambda text: {"a": text}])
def test_long_values_of_a_dictionary_behind_short_rows_are_read_a_few_at_a_time(wrap, kind):
    holds = {str: kind, list: pa.list_(kind), dict: pa.struct([("a", kind)])}[type(wrap(""))]
    values = [wrap("x")] * 4 + [wrap("Long " * 20_000)] * 300
    assert step(pa.array(values, holds)) == 8
    # What stays a dictionary when it is read is not as long as its rows.
    if holds == pa.string():
        column = pa.array(values).dictionary_encode()
        assert step(column) == parquet_steps.STEP_ROWS


def in_footer(source, old, new):
    """Change what a file says of itself."""
    data = source.getvalue()
    start = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    footer = data[start:-8]
    assert old in footer
    footer = footer.replace(old, new)
    return data[:start] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def filtered(data, folder):
    """Filter a file and a sound one in a process of its own, which damage could end."""
    (folder / "in").mkdir()
    (folder / "in/bad.parquet").write_bytes(data)
    pq.write_table(pa.table({"text": ["good"]}), folder / "in/good.parquet")
    done = linesift("filter", "in", "-o", "out", "--on-error", "skip", cwd=folder)
    return done, sorted(path.name for path in (folder / "out").glob("*.parquet"))


PLAIN = {"use_dictionary": False, "compression": "none", "store_schema": False}


def test_column_of_another_type_than_in_the_schema_is_damage(tmp_path):
    rows = pa.table({"text": ["A sentence"], "note": ["value"]})
    # Type BYTE_ARRAY, two encodings, a path of one name.
    before = b"\x15\x0c\x19\x25\x06\x00\x19\x18\x04note"
    data = in_footer(as_file(rows, **PLAIN), before, b"\x15\x7e" + before[2:])
    done, names = filtered(data, tmp_path)
    assert (done.returncode, names) == (0, ["good.parquet"])
    assert "column 'note' is UNKNOWN instead of BYTE_ARRAY" in said(done)


def test_damaged_statistics_that_reading_does_not_need_do_no_harm(tmp_path):
    rows = pa.table({"text": ["A sentence"], "x": pa.array([b"abcd"], pa.binary(4))})
    data = in_footer(as_file(rows, **PLAIN), b"\x04abcd", b"\x03abc")
    done, names = filtered(data, tmp_path)
    assert (done.returncode, names) == (0, ["bad.parquet", "good.parquet"])
