"""Parquet rows that are bad and left out, whatever stands beside the text."""

import json
from itertools import compress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from parquet_files import FIELDS, as_file, invalid, parse_only, rewrite

from classifier.formats import parquet
from classifier.formats.arrow_columns import keep_rows
from classifier.formats.arrow_rows import read_identifiers
from classifier.formats.batches import Fields


def test_null_and_undecodable_texts_are_problems_of_their_row():
    texts = pa.array([b"good", None, b"\xff", b"good too"], pa.binary()).view(pa.string())
    source = as_file(pa.table({"id": [1, 2, 3, 4], "text": texts}))
    (block,) = parquet.blocks(source, Fields())
    batch = parquet.parse(block, Fields())
    assert batch.texts.to_pylist() == ["good", "good too"]
    assert (list(batch.numbers), batch.ids) == ([1, 4], [b"1", b"4"])
    assert [(p.kind, p.record) for p in batch.problems] == [("null text", 2), ("not UTF-8", 3)]
    assert [problem.reason for problem in batch.problems] == [
        "its 'text' is null",
        "its 'text' is not valid UTF-8 at byte 1",
    ]
    assert parquet.render(batch, batch.texts).rows["id"].to_pylist() == [1, 4]


def test_undecodable_identifier_is_a_problem_of_its_row():
    rows = {"id": invalid(b"a", b"\xff", None, b"d"), "text": [None, "two", "three", "four"]}
    batch = parse_only(pa.table(rows))
    assert (batch.texts.to_pylist(), list(batch.numbers)) == (["three", "four"], [3, 4])
    assert batch.ids == [None, b'"d"']
    assert [(p.kind, p.record) for p in batch.problems] == [("null text", 1), ("not UTF-8", 2)]
    assert batch.problems[1].reason == "its 'id' is not valid UTF-8 at byte 1"
    assert b"two" in batch.problems[1].raw
    assert parquet.render(batch, batch.texts).rows["text"].to_pylist() == ["three", "four"]


def test_bad_row_is_shown_whatever_else_it_holds():
    bad = invalid(b"\xff")
    columns = {
        "text": pa.array([None], pa.string()),
        "struct": pa.StructArray.from_arrays([bad], ["x"]),
        "list": pa.ListArray.from_arrays([0, 1], bad),
        "category": pa.DictionaryArray.from_arrays(pa.array([0], pa.int32()), bad),
    }
    (problem,) = parse_only(pa.table(columns)).problems
    assert json.loads(problem.raw) == {
        "text": None,
        "struct": {"x": "\\xff"},
        "list": ["\\xff"],
        "category": "\\xff",
    }


@pytest.mark.parametrize(
    "wrap",
    [
        lambda kind: kind,
        lambda kind: pa.binary_view(),
        lambda kind: pa.struct([("inner", kind)]),
        pa.list_,
        pa.large_list,
        lambda kind: pa.list_(kind, 1),
        lambda kind: pa.map_(pa.string(), kind),
    ],
    ids=["flat", "binary", "struct", "list", "large_list", "fixed_size_list", "map"],
)
def test_rows_are_left_out_around_views_without_a_join_of_slices(wrap):
    values = {
        "struct": [{"inner": "a"}, {"inner": None}, {"inner": "c" * 20}],
        "map": [[("k", "a")], [], [("k", "c" * 20)]],
        "string_view": ["a", None, "c" * 20],
        "binary_view": [b"a", None, b"c" * 20],
    }
    kind = wrap(pa.string_view())
    name = str(kind).partition("<")[0]
    column = pa.array(values.get(name, [["a"], [None], ["c" * 20]]) * 20, kind)
    rows = pa.record_batch({"x": column, "n": range(60)})
    is_kept = np.array([True, False, True] * 20)
    kept = keep_rows(rows, is_kept)
    assert kept.schema == rows.schema
    assert kept.to_pylist() == list(compress(rows.to_pylist(), is_kept))
    assert kept.nbytes <= rows.nbytes  # joined, each slice brings the bytes of all
    assert keep_rows(rows, np.zeros(60, bool)).num_rows == 0


@pytest.mark.parametrize("first", [0, 2])
@pytest.mark.parametrize("holds", [pa.record_batch, pa.table])
def test_rows_are_left_out_where_views_stand_beside_run_ends(holds, first):
    runs = pc.run_end_encode(pa.array([0, 0, 0, 1, 1, 1, 2, 2, 2]))
    views = pa.array(list("abcdefghi"), pa.string_view())
    both = pa.StructArray.from_arrays([views, runs], names=["view", "run"])
    rows = holds({"runs": runs, "views": views, "both": both}).slice(first)
    is_kept = np.array([1, 0, 1, 1, 1, 0, 1, 1, 1], bool)[first:]
    kept = keep_rows(rows, is_kept)
    kept.validate(full=True)
    assert kept.schema == rows.schema
    assert kept.to_pylist() == list(compress(rows.to_pylist(), is_kept))


def test_rows_that_are_run_end_encoded_are_left_out():
    column = pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array(["a", "b"]))
    rows = pa.record_batch({"x": column})
    assert keep_rows(rows, np.array([True, False, True])).to_pydict() == {"x": ["a", "b"]}
    assert keep_rows(rows, np.zeros(3, bool)).to_pydict() == {"x": []}


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (pa.timestamp("ns", "UTC"), [b'"1970-01-01 00:00:00.000000001Z"', None]),
        (pa.time64("ns"), [b'"00:00:00.000000001"', None]),
        (pa.duration("ns"), [b'"1"', None]),
    ],
    ids=str,
)
def test_identifiers_in_nanoseconds_are_whole_with_pandas_and_without(kind, written):
    rows = pa.record_batch({"id": pa.array([1, None], kind)})
    assert read_identifiers(rows, FIELDS) == (written, {})


@pytest.mark.parametrize("values", [["a", None, "c" * 20, "d"], [b"a", b"", None, b"d" * 20]])
@pytest.mark.parametrize("is_nested", [False, True])
def test_rows_of_views_can_be_left_out(values, is_nested):
    kind = pa.string_view() if isinstance(values[0], str) else pa.binary_view()
    column = pa.array(values, kind)
    if is_nested:
        column = pa.StructArray.from_arrays([column], ["inner"])
    rows = pa.table({"text": pa.array(["one", "AD", None, "two"], pa.string_view()), "x": column})
    batch = parquet.parse(next(parquet.blocks(as_file(rows), FIELDS)), FIELDS)
    assert batch.numbers == [1, 2, 4]
    file = rewrite(as_file(rows), lambda text: None if text == "AD" else text)
    assert file.read().to_pylist() == [rows.to_pylist()[0], rows.to_pylist()[3]]
    assert file.schema_arrow == rows.schema
    assert not rewrite(as_file(rows), lambda text: None).read().num_rows


@pytest.mark.parametrize(
    ("kind", "number"),
    [(pa.timestamp("us"), 2**62), (pa.duration("s"), 2**62), (pa.date32(), 2**30)],
)
def test_times_that_python_has_no_value_for_are_read(kind, number):
    ids = pa.array([number, None, 0], kind)
    rows = pa.table({"text": ["one", "two", None], "id": ids, "list": [[i] for i in ids]})
    batch = parquet.parse(next(parquet.blocks(as_file(rows), FIELDS)), FIELDS)
    assert str(number).encode() in batch.ids[0]
    assert batch.ids[1] is None
    (problem,) = batch.problems
    assert json.loads(problem.raw)["id"]


def test_identifiers_that_json_has_no_number_for_are_text():
    rows = pa.table({"id": [1.5, float("nan"), float("inf"), None], "text": ["x"] * 4})
    assert parse_only(rows).ids == [b"1.5", b'"nan"', b'"inf"', None]
