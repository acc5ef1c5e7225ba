"""JSON Lines: what is read, what is refused, and that only the text value changes."""

import gzip
import io
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonl_records import FIELDS, parse, rewrite

from classifier.files.compression import decompress
from classifier.formats import jsonl
from classifier.formats.batches import BLOCK_BYTES, Fields
from classifier.formats.beginnings import detect_format
from classifier.formats.json_scan import DuplicateFieldError, field_paths, find_values
from classifier.formats.text_columns import changed_texts

UNUSUAL = [
    b'{"text": "a", "n": 1e400, "m": 12345678901234567890123}\n',
    b'  {"text"\t:  "\\u0041\\/"  ,"x":{"text":"inner"}}  \r\n',
    b'{"x": [{"text": "list"}, "\\"text\\": \\"fake\\""], "text": "caf\xc3\xa9 \\u00e9"}\n',
    b'{"text": "", "x": "\\ud800"}\n',
    b'{"a": "\x7f", "text": "nul \\u0000 \\ud83d\\ude00"}\n',
    b'{"text": "C:\\\\", "x": "\\"text\\": \\"fake\\""}\n',
    b'{"other": {"id": 3}, "id": null, "text": "x"}',
]


@pytest.mark.parametrize("line", UNUSUAL)
def test_record_whose_text_stays_comes_out_byte_for_byte(line):
    assert rewrite(line, lambda text: text) == line


@pytest.mark.parametrize("line", UNUSUAL)
def test_only_the_text_value_changes(line):
    changed = rewrite(line, lambda text: 'neu: ü\n"')
    old, new = (json.loads(each, parse_float=str) for each in (line, changed))
    assert new.pop("text") == 'neu: ü\n"'
    old.pop("text")
    assert new == old
    prefix = line[: line.index(b'"text"')]
    assert changed.startswith(prefix)


@pytest.mark.parametrize(
    ("lines", "written"), [(b"\n\n", b"\n\n"), (b'{"text": 1}\n', b""), (b"no JSON\n", b"")]
)
def test_a_block_without_a_text_has_nothing_to_write_anew(lines, written):
    assert parse(lines).texts.to_pylist() == []
    assert rewrite(lines, lambda text: text) == written


short = st.text("aé", max_size=2)


@given(st.lists(st.tuples(short, short | st.none())), st.integers(0, 2))
def test_texts_that_differ_are_told_from_those_that_do_not(pairs, start):
    before, after = (
        pa.array([pair[side] for pair in pairs], pa.large_string()) for side in range(2)
    )
    found = changed_texts(before[start:], after[start:])  # slices begin within their buffers
    assert found.tolist() == [old != (new or "") for old, new in pairs[start:]]


def test_bytes_around_the_value_stay():
    line = b'{ "n" : 1.50, "text":"old" , "e":"\\u00e9\\/" }\r\n'
    assert rewrite(line, lambda _: "new") == line.replace(b'"old"', b'"new"')


@pytest.mark.parametrize(
    ("old", "new"), [(b'"\\u00e9 x"', b'"\\u00e9"'), (b'"\xc3\xa9 x"', b'"\xc3\xa9"')]
)
def test_new_text_is_escaped_as_the_old_was(old, new):
    line = b'{"text":' + old + b"}\n"
    assert rewrite(line, lambda text: text[0]) == line.replace(old, new)


@given(
    st.dictionaries(st.text(max_size=5), st.text() | st.integers() | st.none()),
    st.text(),
    st.text(),
)
def test_any_record_survives_a_change(record, text, new):
    record = {**record, "text": text}
    for ascii_only in (True, False):
        line = json.dumps(record, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        batch = parse(line)
        try:
            text.encode()
        except UnicodeEncodeError:
            assert batch.problems[0].kind in ("lone surrogate", "not UTF-8")
            continue
        if batch.problems:
            assert batch.problems[0].kind == "not UTF-8"
            continue
        assert batch.texts.to_pylist() == [text]
        try:
            column = pa.array([new], pa.large_string())
        except UnicodeEncodeError:
            continue
        assert json.loads(jsonl.render(batch, column)) == {**record, "text": new}


def test_long_strings_are_decoded_and_encoded_in_pieces(monkeypatch):
    monkeypatch.setattr("classifier.formats.json_record.PIECE_BYTES", 3)
    text = 'one "two" thr\\ee \n\U0001f600 \u00e9 \\n \\" five'
    for ascii_only in (True, False):
        line = json.dumps({"text": text}, ensure_ascii=ascii_only).encode()
        assert parse(line).texts.to_pylist() == [text]
        changed = rewrite(line, lambda text: text + " end\u00fc")
        assert json.loads(changed) == {"text": text + " end\u00fc"}
        assert changed.isascii() == ascii_only


def test_half_a_surrogate_pair_is_found_by_its_character(monkeypatch):
    line = '{"text": "é b \\ud800 c"}\n'.encode()
    for size in (1 << 20, 3):
        monkeypatch.setattr("classifier.formats.json_record.PIECE_BYTES", size)
        (problem,) = parse(line).problems
        assert problem.reason == "its field 'text' holds half a surrogate pair at character 5"


def test_dropped_record_leaves_its_neighbours():
    data = b'{"text": "a"}\n\n{"text": "WALL"}\n{"text": "b"}'
    kept = rewrite(data, lambda text: None if text == "WALL" else text)
    assert kept == b'{"text": "a"}\n\n{"text": "b"}'


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"nonsense", "not JSON"),
        (b'{"text": "a"', "not JSON"),
        (b'{"text": "a', "not JSON"),
        (b'{5: "a"}', "not JSON"),
        (b'{"te\\u0078t" "a"}', "not JSON"),
        (b'{"text": "a"} x', "not JSON"),
        (b'{"text": "a",}', "not JSON"),
        (b'{"text": NaN}', "text is no string"),
        (b'{"text": "a", "x": NAN}', "not JSON"),
        (b'{"text": "raw\ttab"}', "not JSON"),
        (b'{"text": "\0abc"}', "not JSON"),
        (b'{"text": "a", "url": "raw\ttab"}', "not JSON"),
        (b'{"text": "a", "url": "\\x"}', "not JSON"),
        (b"{", "not JSON"),
        (b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not JSON"),
        (b'["text"]', "not an object"),
        (b'"text"', "not an object"),
        (b"{}", "no text"),
        (b'{"x": {"text": "a"}}', "no text"),
        (b'{"text": null}', "null text"),
        (b'{"text": 5}', "text is no string"),
        (b'{"text": ["a"]}', "text is no string"),
        (b'{"text": "\\ud800"}', "lone surrogate"),
        (b'{"text": "\xc3\xa9 \\udc00"}', "lone surrogate"),
        (b'{"text": "a", "text": "b"}', "duplicate field"),
        (b'{"text": "a", "te\\u0078t": "b"}', "duplicate field"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b'{"x": "\xff", "text": "a"}', "not UTF-8"),
    ],
)
def test_bad_line_is_one_problem_between_good_neighbours(line, kind):
    data = b'{"text": "before"}\n' + line + b'\n{"text": "after"}\n'
    batch = parse(data)
    assert batch.texts.to_pylist() == ["before", "after"]
    assert [(p.kind, p.record, p.raw) for p in batch.problems] == [(kind, 2, line + b"\n")]
    assert jsonl.render(batch, batch.texts) == b'{"text": "before"}\n{"text": "after"}\n'
    changed = pa.array(["new", None], pa.large_string())
    assert jsonl.render(batch, changed, added=("n", [1, 2])) == b'{"text": "new","n":1}\n'


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_numbers_that_only_python_writes_are_passed_over(number):
    line = b'{"score": %b, "text": "a", "id": %b, "more": [%b]}\n' % (number, number, number)
    batch = parse(line)
    assert (batch.problems, batch.ids) == ([], [None])
    assert jsonl.render(batch, pa.array(["b"], pa.large_string())) == line.replace(b'a"', b'b"')


@pytest.mark.parametrize(
    "data", [b'[{"text": "a"}, {"text": "b"}]', b'[{"text": "a"},', b"[", b"{"]
)
def test_json_that_is_no_json_lines_can_be_made_so(data):
    (problem,) = parse(data).problems
    assert "jq -c" in problem.remedy


def test_a_bad_line_is_told_with_its_place_and_its_remedy():
    syntax, string = parse(b'{"text": "a",}\n"text"\n').problems
    assert "byte 14)" in syntax.reason
    assert "jq" not in syntax.remedy + string.remedy


def test_blank_lines_of_any_length_are_passed_over():
    data = b'{"text": "a"}\n' + b" " * 500 + b"\r\n\n" + b"\t" * 80 + b'\n{"text": "b"}\n'
    batch = parse(data)
    assert (batch.texts.to_pylist(), batch.numbers, batch.problems) == (["a", "b"], [1, 5], [])
    assert jsonl.render(batch, batch.texts) == data


@pytest.mark.parametrize("line", [b"\n", b" \r\n"])
def test_records_behind_any_number_of_blank_lines_are_numbered_on(line):
    data = line * 4_000_000 + b' {"text": "a"}\n' + b" " * 1_000_000
    batch = jsonl.parse(jsonl.Block(data, 1), FIELDS)
    assert (batch.texts.to_pylist(), batch.numbers, batch.problems) == (["a"], [4_000_001], [])


def test_records_behind_a_damaged_member_are_numbered_on():
    members = [gzip.compress(b'{"text": "%d"}\n' % i) for i in range(3)]
    members[1] = members[1][:-8] + b"\0" * 8  # of its checksum and size
    stream = decompress(io.BytesIO(b"".join(members)), "gz")
    batches = [jsonl.parse(block, FIELDS) for block in jsonl.blocks(stream, FIELDS)]
    assert [problem.record for batch in batches for problem in batch.problems] == [2]
    assert [number for batch in batches for number in batch.numbers] == [1, 3]


def test_byte_order_mark_stays_in_front():
    data = b'\xef\xbb\xbf{"text": "old"}\n{"text": "old"}\n'
    assert rewrite(data, lambda _: "new") == data.replace(b"old", b"new")


@pytest.mark.parametrize("first", ['{"text": "drop"}', "nonsense", '{"text": null}'])
def test_byte_order_mark_stays_where_the_first_record_goes(first):
    data = f'\ufeff{first}\n{{"text": "old"}}\n'.encode()
    kept = rewrite(data, lambda text: None if text == "drop" else text)
    assert kept == '\ufeff{"text": "old"}\n'.encode()


def test_blocks_are_cut_between_lines_and_numbered_on(monkeypatch):
    monkeypatch.setattr(jsonl, "BLOCK_BYTES", 100)
    monkeypatch.setattr("classifier.files.compression.PIECE_BYTES", 64)
    lines = [json.dumps({"id": i, "text": "x" * (i % 70)}).encode() + b"\n" for i in range(300)]
    blocks = list(jsonl.blocks(io.BytesIO(b"".join(lines)), Fields()))
    assert len(blocks) > 50
    assert b"".join(block.content for block in blocks) == b"".join(lines)
    numbers = [n for block in blocks for n in jsonl.parse(block, Fields()).numbers]
    assert numbers == list(range(1, 301))


def test_damaged_gzip_member_costs_its_records_and_no_others():
    lines = [b'{"text": "%d"}\n' % i for i in range(6)]
    members = [gzip.compress(b"".join(lines[i : i + 2])) for i in (0, 2, 4)]
    members[1] = members[1][:-8] + b"\0" * 8  # of its checksum and size
    stream = decompress(io.BytesIO(b"".join(members)), "gz")
    batches = [jsonl.parse(block, FIELDS) for block in jsonl.blocks(stream, FIELDS)]
    texts = [text for batch in batches for text in batch.texts.to_pylist()]
    assert (texts[:2], texts[-2:]) == (["0", "1"], ["4", "5"])
    (problem,) = [problem for batch in batches for problem in batch.problems]
    assert (problem.kind, problem.record) == ("damaged", len(texts) - 1)
    assert b"".join(jsonl.render(batch, batch.texts) for batch in batches).endswith(lines[5])


def test_scanner_finds_what_the_standard_library_finds():
    record = '{"a": {"b": [1, {"c": "]}"}], "d": "e"}, "t": "\\u00fc"}'
    found = find_values(record, (field_paths("a.d"), field_paths("t"), field_paths("a.x")))
    values = [place and json.loads(record[place.start : place.end]) for place in found]
    assert values == ["e", "ü", None]


def scanned(record: bytes, name: str):
    (found,) = find_values(record.decode("latin-1"), (field_paths(name),))
    return found and json.loads(record[found.start : found.end])


def test_names_of_fields_are_compared_as_the_characters_that_they_are():
    assert scanned('{"täxt": 1}'.encode(), "täxt") == 1
    assert scanned('{"ö\\u0061": 1, "öa.b": 2}'.encode(), "öa") == 1
    assert scanned('{"\\u00c3\\u00a4": 1, "ä": 2}'.encode(), "ä") == 2  # no mojibake of it
    for record in ('{"täxt": 1, "t\\u00e4xt": 2}', '{"täxt": 1, "täxt": 2}'):
        with pytest.raises(DuplicateFieldError, match=r"^täxt$"):
            scanned(record.encode(), "täxt")


def test_a_value_that_another_goes_before_is_checked_as_well():
    assert scanned(b'{"a.b": "x", "a": {"b": "y"}}', "a.b") == "x"
    with pytest.raises(json.JSONDecodeError, match="escape"):
        scanned(b'{"a.b": "x", "a": {"b": "\\q"}}', "a.b")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'{"text": "x"}\n', "jsonl"),
        (b'\xef\xbb\xbf\n {"text": "x"}\n', "jsonl"),
        (b'{"n": ' + b"9" * 5000 + b', "text": "x"}\n', "jsonl"),
        (b'{"text": "cut off', "jsonl"),
        (b'{"text": "one too many",}\n', "jsonl"),
        (b'{\n  "text": "over lines"\n}\n', "jsonl"),
        (b'[\n  {"text": "in an array"}\n]\n', "jsonl"),
        (b"{}\n", "jsonl"),
        (b"{{ template }}\n", "text"),
        (b"{ margin: 0 }\n", "text"),
        (b"[1] A footnote\n", "text"),
        (b"", "text"),
        (b"PAR1\x15\x04\x00", "parquet"),
        (b"PAR1 begins such a file.\n", "text"),
        (b"WARC/1.0\r\n", "wet"),
        (b"WARC/1.0 is a format.\n", "text"),
    ],
)
def test_what_begins_like_json_is_read_as_json_lines(head, name):
    assert detect_format(head) == name


def test_short_records_make_more_batches_than_their_bytes_would():
    data = b'{"text":"a"}\n' * 300_000
    found = list(jsonl.blocks(io.BytesIO(data), Fields()))
    assert len(data) < BLOCK_BYTES
    assert len(found) > 1
    assert b"".join(block.content for block in found) == data
    assert [block.first for block in found[1:]] == [
        1 + sum(block.content.count(b"\n") for block in found[:i]) for i in range(1, len(found))
    ]
