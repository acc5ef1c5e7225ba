"""What commands take a file for, by its name and first bytes, and how one says otherwise."""

import gzip
import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import PAGE, RECORDS, lines_of

from classifier.formats.beginnings import HEAD_BYTES

WET = b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 4\r\n\r\nHome\r\n\r\n"


@pytest.fixture
def files(tmp_path):
    """Pages in every format, by names that say which."""
    (tmp_path / "pages.jsonl").write_bytes(lines_of(RECORDS))
    (tmp_path / "pages.jsonl.gz").write_bytes(gzip.compress(lines_of(RECORDS)))
    pq.write_table(pa.table({"text": [PAGE]}), tmp_path / "pages.parquet")
    (tmp_path / "pages.wet").write_bytes(WET)
    return tmp_path


@pytest.mark.parametrize("name", ["pages.jsonl", "pages.jsonl.gz", "pages.parquet", "pages.wet"])
def test_only_lines_of_a_text_are_explained(run, files, name):
    shutil.copy(files / name, files / "unnamed")
    for given in (name, "unnamed"):
        result = run("explain", given, "--line", "1")
        assert result.exit_code == 2
        assert f"{given}: is no text file" in result.stderr
        assert "linesift inspect" in result.stderr
    result = run("explain", "-", "--line", "1", data=(files / name).read_bytes())
    assert result.exit_code == 2


def test_a_text_is_explained_by_any_name(run, tmp_path):
    for name, pack in (("page.txt", bytes), ("page", bytes), ("page.gz", gzip.compress)):
        (tmp_path / name).write_bytes(pack(PAGE.encode()))
        assert run("explain", name, "--line", "1").stdout.startswith("Title\n")
    assert run("explain", "-", "--line", "4", data=PAGE).stdout.startswith("Body\n")
    assert run("explain", ".", "--line", "1").exit_code == 2


def test_what_is_said_to_be_text_is_explained_as_text(run, tmp_path):
    (tmp_path / "page.htm").write_text("<html><p>Title</p>\nBody\n")
    refused = run("explain", "page.htm", "--line", "2")
    assert refused.exit_code == 1
    assert "(resiliparse, html2text …)" in refused.stderr
    options = ("--input-format", "text")
    assert run("explain", "page.htm", *options, "--line", "2").stdout.startswith("Body\n")
    page = run("inspect", "page.htm", *options, "-o", "-").stdout
    assert "linesift explain page.htm --input-format text --line" in page


def test_records_by_the_name_of_a_text_are_not_filtered_as_prose(run, files):
    for source, name in (("pages.jsonl", "a.txt"), ("pages.jsonl.gz", "b.txt.gz")):
        shutil.copy(files / source, files / name)
        refused = run("filter", name)
        assert refused.exit_code == 1
        assert refused.stdout == ""
        assert "its name says text, but it begins as jsonl does" in refused.stderr
        as_it_is = run("filter", name, "--input-format", "jsonl")
        assert as_it_is.stdout == run("filter", source).stdout
    records = lines_of(RECORDS)
    for begin in (
        b"[" + records.strip().replace(b"\n", b",") + b"]",
        json.dumps(RECORDS[0], indent=2).encode(),
        '{"text": "Café"}\n'.encode("utf-16"),
        json.dumps({"text": "x " * HEAD_BYTES}).encode(),
        json.dumps([{"text": "x " * 999}] * 99).encode(),
        json.dumps([{"text": "x " * 999}] * 99, indent=2).encode(),
        json.dumps({"text": "Home"}, indent=2).encode() * 2,
    ):
        (files / "e.txt").write_bytes(begin)
        assert "it begins as jsonl does" in run("filter", "e.txt").stderr
    shutil.copy(files / "pages.wet", files / "c.txt")
    assert "it begins as wet does" in run("filter", "c.txt").stderr
    (files / "d.txt").write_text("<!doctype html>\n<p>Title</p>\n")
    assert "it is HTML" in run("filter", "d.txt").stderr
    assert run("filter", "d.txt", "--input-format", "text").exit_code == 0


def test_a_file_that_begins_as_another_format_is_not_taken_for_damaged_records(run, files):
    for source, name, found in (
        ("pages.parquet", "a.jsonl", "parquet"),
        ("pages.parquet", "a.warc", "parquet"),
        ("pages.wet", "b.json", "wet"),
        ("pages.jsonl", "b.wet", "jsonl"),
        ("pages.jsonl.gz", "b.wet.gz", "jsonl"),
    ):
        shutil.copy(files / source, files / name)
        refused = run("filter", name)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert f"but it begins as {found} does" in refused.stderr
        as_it_is = run("filter", name, "--input-format", found)
        assert as_it_is.stdout_bytes == run("filter", source).stdout_bytes
    for page, found in (("<?xml version='1.0'?><Error/>", "XML"), ("<html>404</html>", "HTML")):
        (files / "c.jsonl").write_text(page)
        assert f"but it begins as {found} does. Fetch it anew" in run("filter", "c.jsonl").stderr
        named = run("filter", "c.jsonl", "--input-format", "jsonl")
        assert "c.jsonl, record 1: the line is no JSON" in named.stderr


def test_a_file_that_begins_as_another_format_is_left_out_and_the_others_are_read(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_text("<html>404</html>\n")
    (tmp_path / "in/b.jsonl").write_bytes(b"<damaged>\n" + lines_of(RECORDS))
    done = run("filter", "in", "-o", "out", "--on-error", "skip")
    assert done.exit_code == 0
    assert "2 errors left out (not JSON: 1, other format: 1)" in done.stderr
    assert [path.name for path in (tmp_path / "out").glob("*.jsonl")] == ["b.jsonl"]


@pytest.mark.parametrize("name", ["a.arrow", "a.feather"])
def test_arrow_is_to_be_converted_and_not_to_be_taken_for_text(run, tmp_path, name):
    table = pa.table({"text": ["Log in", "The ferry is late."]})
    with pa.ipc.new_stream(tmp_path / name, table.schema) as stream:
        stream.write_table(table)
    message = run("filter", name).stderr
    assert "it is Arrow by its name, which cannot be read. Convert it to JSON Lines" in message
    assert "--input-format" not in message


def test_tables_and_markup_are_no_pages_by_their_names(run, tmp_path):
    for name, kind in (("a.csv", "CSV"), ("b.TSV", "TSV"), ("c.xml", "XML")):
        (tmp_path / name).write_text("id,text\n1,Log in\n")
        refused = run("filter", name)
        assert refused.exit_code == 1
        assert f"it is {kind} by its name" in refused.stderr
        taken = run("filter", name, "--drop", "none", "--input-format", "text")
        assert taken.stdout == "id,text\n1,Log in\n"


def test_what_is_said_goes_before_the_name(run, tmp_path):
    (tmp_path / "a.txt").write_text('{"text": "Home"}\n')
    options = ("--input-format", "jsonl", "--add-stats", "s")
    assert run("filter", "a.txt", *options).exit_code == 0


def test_prose_may_begin_as_records_do(run, tmp_path):
    for text in (
        '{"id"} is how templates name it.\nBody\n',
        f'{{"id"}} is how templates name it. {"word " * 20_000}\n',
        "[{ }]\nBody\n",
        '{"@context": "https://schema.org"}\nHome\nThe ferry sails again.\n',
        '{"@context": "https://schema.org"}\n{{ page.title }}\nThe ferry sails again.\n',
        "PAR1 is a receptor that thrombin cleaves.\n",
        "WARC/1.0 is the first line of every record in such files.\n",
    ):
        (tmp_path / "page.txt").write_text(text)
        assert run("filter", "page.txt", "--drop", "none").stdout == text


def test_records_in_utf16_are_no_page_of_text(run):
    for encoding in ("utf-16", "utf-16-le"):
        refused = run("filter", data='{"text": "Log in"}\n'.encode(encoding))
        assert refused.exit_code == 1
        assert refused.stdout == ""


def test_what_is_taken_for_another_format_can_be_named(run):
    for data in (b"WARC/1.0\nSubscribe now\n", b"PAR1\0Subscribe now\n"):
        refused = run("filter", data=data)
        assert refused.exit_code == 1
        assert "say what it is with --input-format" in refused.stderr
        assert run("filter", "--drop", "none", "--input-format", "text", data=data).exit_code == 0
