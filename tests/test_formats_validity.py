"""Readers of files vouch for their texts: labelling does not check them again."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from doubles import until_broken
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.formats import load_format
from classifier.formats.batches import Fields

# Valid and broken UTF-8, surrogates as bytes, and bits of what the formats are made of.
PIECES = [b"a", b"\n", b"\r\n", b" ", b"\xc3\xa9", b"\xe8\xaa\x9e", b"\xf0\x9f\x98\x80", b"\x00"]
BROKEN = [b"\xff", b"\xc3", b"\xe8\xaa", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80"]
ESCAPES = [b"\\n", b"\\u00e9", b"\\ud83d\\ude00", b"\\ud83d", b"\\ude00", b"\\u0000", b"\\x", b'"']
any_bytes = st.lists(st.sampled_from(PIECES + BROKEN) | st.binary(max_size=4)).map(b"".join)
values = st.lists(st.sampled_from(PIECES[:1] + PIECES[4:7] + BROKEN + ESCAPES)).map(b"".join)
records = st.lists(values, max_size=5)


def assert_texts_are_sound(name: str, data: bytes) -> int:
    """Read a file as far as it goes; return how many texts it has."""
    form = load_format(name)
    blocks, _ = until_broken(form.blocks(io.BytesIO(data), Fields()))
    batches = [form.parse(block, Fields()) for block in blocks]
    for batch in batches:
        batch.texts.validate(full=True)
    return sum(len(batch.texts) for batch in batches)


@given(records)
@example([b"\\ud83d\\ude00", b"\\ud83d", b"\\ude00\\ud83d", b"\xed\xa0\x80"])
def test_texts_of_json_lines_are_sound(some):
    lines = [b'{"text": "' + value + b'", "id": 1}\n' for value in [*some, b"good"]]
    assert assert_texts_are_sound("jsonl", b"".join(lines)) >= 1


@given(any_bytes)
@example(b"\xff\xfea\x00\x00\xd8")  # UTF-16 that ends in half a character
def test_texts_of_text_files_are_sound(data):
    assert_texts_are_sound("text", data)


@given(st.lists(any_bytes, max_size=4))
def test_texts_of_wet_files_are_sound(bodies):
    header = b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
    assert_texts_are_sound("wet", b"".join(header % (len(body), body) for body in bodies))


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.string(), pa.large_string()])
@given(some=st.lists(any_bytes | st.none(), max_size=6))
def test_texts_of_parquet_are_sound(kind, some):
    # What says that it is text is not, where a careless writer wrote it.
    column = pa.array(some, pa.binary() if "large" not in str(kind) else pa.large_binary())
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": column.view(kind)}), sink)
    assert_texts_are_sound("parquet", sink.getvalue())
