"""Fields of JSON Lines beside the text: identifiers, addresses, statistics, names with dots."""

import pytest
from jsonl_records import FIELDS, parse, rewrite

from classifier.formats.batches import Fields


@pytest.mark.parametrize(
    "line",
    [
        b'{"text": "outer", "a": {"x": 1, "b": "wanted"}, "m": {"id": 7}}\n',
        # A field whose own name has dots goes before a nested one.
        b'{"a": {"b": "inner"}, "a.b": "wanted", "m.id": 7, "m": {"id": 8}}\n',
    ],
)
def test_dotted_fields_are_found_and_rewritten(line):
    fields = Fields("a.b", "m.id")
    batch = parse(line, fields)
    assert (batch.texts.to_pylist(), batch.ids) == (["wanted"], [b"7"])
    assert rewrite(line, lambda _: "new", fields) == line.replace(b"wanted", b"new")


def test_addresses_are_read_and_never_make_a_record_bad():
    lines = [
        b'{"text": "a", "url": "https://a.example/\\u00fc"}',
        b'{"text": "b", "url": 7}',
        b'{"text": "c"}',
        b'{"text": "d", "url": "x", "url": "y"}',
        b'{"url": "\\ud800", "text": "e"}',
    ]
    batch = parse(b"\n".join(lines), FIELDS)
    assert batch.texts.to_pylist() == ["a", "b", "c", "d", "e"]
    assert batch.urls == ["https://a.example/ü", None, None, None, None]
    nested = parse(b'{"text": "a", "meta": {"link": "b.example"}}', Fields(url="meta.link"))
    assert nested.urls == ["b.example"]


def test_field_with_a_name_beyond_ascii_is_found():
    line = '{"größe": 1, "inhalt_ü": "Täxt"}'.encode()
    assert parse(line, Fields("inhalt_ü")).texts.to_pylist() == ["Täxt"]
    assert parse(b'{"inhalt_\\u00fc": "T"}', Fields("inhalt_ü")).texts.to_pylist() == ["T"]


def test_statistics_become_the_last_field():
    line = b'{"text": "a" }\n'
    added = rewrite(line, lambda text: text, added=("st", [{"n": 1}]))
    assert added == b'{"text": "a" ,"st":{"n":1}}\n'


def test_existing_field_is_not_overwritten_by_statistics():
    batch = parse(b'{"text": "a", "st": 1}\n{"text": "b"}', Fields(added="st"))
    assert [p.kind for p in batch.problems] == ["field exists"]
    assert batch.texts.to_pylist() == ["b"]


def test_name_of_the_field_for_statistics_is_one_name_also_with_a_dot():
    fields = Fields(added="s.t")
    taken = parse(b'{"s.t": 1, "text": "a"}\n{"s\\u002et": 1, "text": "b"}\n', fields)
    assert [p.kind for p in taken.problems] == ["field exists"] * 2
    line = b'{"s": {"t": 1}, "text": "a"}'
    added = rewrite(line, lambda text: text, fields, added=("s.t", [1]))
    assert added == line[:-1] + b',"s.t":1}'


@pytest.mark.parametrize(
    "identifier",
    [
        b"12345678901234567890123",
        b"9" * 5000,
        b"1e400",
        b"1.50",
        b'"\\ud800"',
        b'"\\u00e9\xc3\xa9"',
        b"[" * 300 + b"]" * 300,
        b'{"a": [1,\r2]}',
    ],
)
def test_identifier_is_kept_as_it_stands(identifier):
    batch = parse(b'{"id": %b, "text": "a"}\n' % identifier)
    assert (batch.ids, batch.problems) == ([identifier], [])


def test_a_null_is_no_identifier():
    assert parse(b'{"id": null, "text": "a"}\n{"text": "b"}\n').ids == [None, None]


@pytest.mark.parametrize("outer", [b"5", b"null", b"{}", b'"x"', b'[{"id": 1}]'])
def test_a_field_inside_of_what_holds_none_is_not_there(outer):
    batch = parse(b'{"meta": %b, "text": "a"}\n' % outer, Fields(id="meta.id"))
    assert (batch.texts.to_pylist(), batch.ids, batch.problems) == (["a"], [None], [])


def test_identifier_that_is_no_json_makes_a_record_bad():
    for identifier in (b'"raw\ttab"', b'"\\x"', b'"\0ab"', b"01"):
        batch = parse(b'{"id": %b, "text": "a"}\n' % identifier)
        assert [p.kind for p in batch.problems] == ["not JSON"]


def test_string_where_an_object_is_looked_for_has_to_be_json_as_well():
    batch = parse(b'{"meta": "\\x", "text": "a"}\n', Fields(id="meta.id"))
    assert [p.kind for p in batch.problems] == ["not JSON"]


def test_fields_that_cannot_be_read_are_not_listed():
    (problem,) = parse(b'{"id": "\\ud800"}\n').problems
    assert problem.reason == "it has no field 'text'"


def test_several_records_on_one_line_are_told_what_parts_them():
    (problem,) = parse(b'{"text": "a"} {"text": "b"}\n').problems
    assert problem.reason == "the line holds more than one JSON value"
    assert "jq -c" in problem.remedy
