"""What the command says, and leaves behind, when something is wrong."""

import errno
import gzip
import json
import os
import re
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from commandline import (
    COMMAND,
    RECORDS,
    TORN,
    lines_of,
    linesift,
    objects,
    run_python,
    said,
    start,
)

from classifier.commands.endings import UNLOADABLE


@pytest.mark.parametrize("workers", [1, 2])
def test_error_names_file_record_and_remedy(tmp_path, workers):
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(lines_of(RECORDS) + b'{"text": null}\n')
    result = linesift("filter", bad, "-o", tmp_path / "out.jsonl", "--workers", workers)
    message = said(result, 1)
    assert f"{bad}, record 4: its field 'text' is null. " in message
    assert "--on-error skip" in message
    assert list(tmp_path.iterdir()) == [bad]


def test_skipped_errors_are_counted_and_their_neighbours_kept(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b'{"text": "one"}\nnonsense\n{"text": "two"}\n{"text": 3}\n')
    for quiet in ([], ["-q"]):
        skip = ["--on-error", "skip", "--stats", tmp_path / "s.json", *quiet]
        result = linesift("filter", bad, *skip)
        assert result.returncode == 0
        assert result.stdout == b'{"text": "one"}\n{"text": "two"}\n'
        assert "2 errors left out (not JSON: 1, text is no string: 1)" in said(result)
    assert json.loads((tmp_path / "s.json").read_text())["errors"]["total"] == 2
    result = linesift("filter", bad, "--on-error", "skip", "--max-errors", "1")
    assert "2 errors, more than the 1 of --max-errors" in said(result, 1)
    assert f"The first: {bad}, record 2: the line is no JSON" in said(result)
    result = linesift("filter", bad, "--max-errors", "1")  # the first error ends the run anyway
    assert "give it with --on-error skip or --on-error quarantine" in said(result, 2)


@pytest.mark.parametrize("options", [[], ["--on-error", "skip"]])
def test_a_name_breaks_no_message_and_steers_no_terminal(tmp_path, options):
    bad = tmp_path / "a\nb\x1b[1m\u202e.jsonl"
    bad.write_bytes(b"nonsense\n")
    assert "a\\x0ab\\x1b[1m\\u202e.jsonl, record 1: the line is no JSON" in said(
        linesift("filter", bad, *options)
    )


def test_a_crawl_without_texts_is_not_passed_over_in_silence(tmp_path):
    crawl = tmp_path / "crawl.warc"
    crawl.write_bytes(
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"WARC-Date: 2024-03-14T06:02:00Z\r\nContent-Length: 2\r\n\r\nab\r\n\r\n"
    )
    result = linesift("filter", crawl, "-o", tmp_path / "out.warc")
    assert f"{crawl}: no documents: only records of text" in said(result, 0)
    assert (tmp_path / "out.warc").read_bytes() == crawl.read_bytes()
    assert linesift("filter", crawl, "-o", tmp_path / "out.warc", "-q").stderr == b""


@pytest.mark.parametrize("workers", [1, 2])
def test_too_little_memory_is_told_in_one_line(tmp_path, workers):
    (tmp_path / "a.jsonl").write_bytes(lines_of([{"text": "HUGE"}]))
    result = linesift("filter", tmp_path / "a.jsonl", "--workers", workers)
    assert "there is not enough memory. Give " in said(result, 1)


def test_too_few_open_files_for_workers_are_told_in_one_line(tmp_path):
    resource = pytest.importorskip("resource")
    (tmp_path / "a.txt").write_text("The tide was high.\n")
    result = linesift(
        *("filter", tmp_path / "a.txt", "-o", tmp_path / "out.txt", "--workers", 2),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)),
    )
    assert re.fullmatch(r"linesift: .*Too many open files.*ulimit -n.*\n", said(result, 1))


def test_workers_run_nothing_that_lies_in_the_working_folder(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(lines_of(RECORDS))
    for module in ("pickle", "queue", "random", "tempfile"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('run by accident')\n")
    result = linesift("filter", "a.jsonl", "--workers", 2, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, b"")


def test_quarantine_keeps_bytes_and_reason(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b'{"text": "one"}\nnonsense\n{"text": "\xff"}\n')
    linesift("filter", bad, "-o", tmp_path / "out.jsonl", "--on-error", "quarantine")
    entries = objects((tmp_path / "out.jsonl.quarantine.jsonl").read_bytes())
    assert [(entry["record"], entry["kind"]) for entry in entries] == [
        (2, "not JSON"),
        (3, "not UTF-8"),
    ]
    assert entries[0]["raw"] == "nonsense\n"
    assert entries[1]["raw_base64"] == "eyJ0ZXh0IjogIv8ifQo="
    assert (tmp_path / "out.jsonl").read_bytes() == b'{"text": "one"}\n'


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_records_before_a_cut_are_kept_when_errors_are_skipped(tmp_path, pack, workers):
    whole = pack(lines_of(RECORDS * 3000))
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(whole + pack(lines_of([{"text": TORN}]))[:-500])
    result = linesift("filter", cut, "--workers", workers)
    assert "record 9001: the compressed data ends in the middle" in said(result, 1)
    result = linesift("filter", cut, "--on-error", "skip", "--workers", workers)
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 6000


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda packed: packed[:-9], "the compressed data ends in the middle"),
        (lambda packed: packed[:40] + b"damage" + packed[46:], "the compressed data is damaged"),
    ],
)
def test_compressed_parquet_that_is_cut_or_damaged_is_explained(tmp_path, damage, reason):
    pq.write_table(pa.table({"text": [TORN]}), tmp_path / "whole.parquet")
    packed = gzip.compress((tmp_path / "whole.parquet").read_bytes())
    (tmp_path / "bad.parquet.gz").write_bytes(damage(packed))
    result = linesift("filter", "bad.parquet.gz", "-o", "out/", cwd=tmp_path)
    assert f"bad.parquet.gz: {reason}" in said(result, 1)
    result = linesift("filter", "bad.parquet.gz", "--on-error", "skip", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, b"")


def test_full_disk_for_a_copy_of_the_input_is_not_one_for_the_output(tmp_path):
    resource = pytest.importorskip("resource")
    pq.write_table(pa.table({"text": [TORN]}), tmp_path / "a.parquet", compression="none")
    result = linesift(
        *("filter", "--input-format", "parquet", "-o", tmp_path / "out.parquet"),
        data=(tmp_path / "a.parquet").read_bytes(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
    )
    assert "a temporary copy of the input cannot be written (File too large)" in said(result, 1)
    assert "TMPDIR" in said(result)


def test_unreadable_file_does_not_stop_the_others(folder, tmp_path):
    (folder / "broken.jsonl").symlink_to("nowhere")
    result = linesift("filter", folder, "-o", tmp_path / "out")
    assert "broken.jsonl: it cannot be read" in said(result, 1)
    assert not (tmp_path / "out").exists()  # it is told before hours of work, not behind them
    result = linesift("filter", folder, "-o", tmp_path / "out", "--on-error", "skip")
    assert result.returncode == 0
    assert (tmp_path / "out/sub/c.jsonl.zst").exists()
    assert not (tmp_path / "out/broken.jsonl").exists()


@pytest.mark.parametrize("choice", ["skip", "quarantine"])
def test_older_output_goes_with_the_file_that_is_left_out(tmp_path, choice):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt.gz").write_bytes(gzip.compress(TORN.encode()))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(lines_of(RECORDS)))
    pq.write_table(pa.table({"text": [TORN]}), folder / "c.parquet")
    (folder / "d.jsonl").write_bytes(lines_of(RECORDS))
    names = sorted(path.name for path in folder.iterdir())
    assert linesift("filter", folder, "-o", out).returncode == 0
    assert sorted(path.name for path in out.glob("*.*")) == [".linesift", *names]
    for name in names[:-1]:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[:12])
    result = linesift("filter", folder, "-o", out, "--on-error", choice)
    assert "3 errors" in said(result, 0)
    assert {path.name for path in out.glob("*.*")} & set(names) == {"d.jsonl"}


def test_the_remedy_for_a_damaged_file_says_what_becomes_of_it(tmp_path):
    kept, left = "--on-error skip keeps what came before", "--on-error skip leaves it out"
    pq.write_table(pa.table({"text": [TORN]}), tmp_path / "whole.parquet")
    parquet = (tmp_path / "whole.parquet").read_bytes()
    cases = [
        ("a.txt.gz", gzip.compress(TORN.encode())[:-9], left),
        ("b.jsonl.gz", gzip.compress(lines_of(RECORDS))[:-9], kept),
        ("c.parquet", parquet[:-9], left),
        ("d.parquet.gz", gzip.compress(parquet)[:-9], left),
    ]
    for name, data, remedy in cases:
        (tmp_path / name).write_bytes(data)
        result = linesift("filter", name, "-o", "out/", cwd=tmp_path)
        assert (result.returncode, remedy in said(result)) == (1, True), said(result)


@pytest.mark.parametrize("junk", [b"g", b"garbage\n", b"garbage\n" * 200])
def test_what_follows_the_last_member_of_a_gzip_file_is_called_what_it_is(tmp_path, junk):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines_of(RECORDS)) + junk)
    result = linesift("filter", path)
    assert "the compressed data is damaged (what follows is no gzip)" in said(result, 1)
    result = linesift("filter", path, "--on-error", "skip")
    assert (result.returncode, len(objects(result.stdout))) == (0, 2)


def test_damaged_rows_end_a_run_with_one_line(tmp_path):
    path = tmp_path / "bad.parquet"
    rows = pa.table({"text": [f"text {i * i}" for i in range(5000)]})
    pq.write_table(rows, path, row_group_size=1000)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 500] = bytes(500)
    path.write_bytes(data)
    result = linesift("filter", path, "-o", tmp_path / "out.parquet")
    assert "it is damaged in row group 3 of 5, 1000 rows are lost" in said(result, 1)
    assert list(tmp_path.iterdir()) == [path]


def test_closed_standard_streams_are_explained(folder):
    for stream, message in (("<&-", "standard input is closed"), (">&-", "output: it is closed")):
        script = f'"$@" {stream}'
        inputs = [] if stream == "<&-" else ["a.jsonl"]
        result = subprocess.run(
            ["sh", "-c", script, "sh", *COMMAND, "filter", *inputs, "--drop", "none"],
            cwd=folder,
            capture_output=True,
        )
        assert message in said(result, 1)


def test_library_of_a_remote_file_system_is_not_heard(tmp_path):
    program = """
import fsspec
from click.testing import CliRunner
from doubles import use_marked_lines
from classifier.commands.group import cli
use_marked_lines()

class Locked(fsspec.AbstractFileSystem):
    protocol = "locked"
    def info(self, path, **options):
        raise RuntimeError("no credentials\\nmore")
    def isdir(self, path):
        return path.endswith("dir") or self.info(path)
    def find(self, path):
        return [path + "/a.jsonl"]
    def _open(self, path, *arguments, **options):
        raise RuntimeError("no credentials")

fsspec.register_implementation("locked", Locked)
for arguments in (["locked://a.jsonl"], ["locked://dir"], ["d.txt", "-o", "locked://a"]):
    result = CliRunner().invoke(cli, ["filter", *arguments])
    assert result.exit_code in (1, 2), (arguments, result.exception)
    assert isinstance(result.exception, SystemExit), (arguments, result.exception)
    assert "(no credentials). " in result.output, result.output
    assert result.output.count("\\n") == 1, result.output
"""
    (tmp_path / "d.txt").write_text("a page")
    assert run_python(program, cwd=tmp_path).stderr.decode() == ""


def test_full_disk_is_explained_and_leaves_nothing(tmp_path):
    resource = pytest.importorskip("resource")
    big = tmp_path / "big.jsonl"
    big.write_bytes(lines_of([{"text": "x" * 1000}] * 5000))
    result = linesift(
        *("filter", big, "-o", tmp_path / "out.jsonl", "--on-error", "skip"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    assert "out.jsonl: cannot be written (File too large)" in said(result, 1)
    assert list(tmp_path.iterdir()) == [big]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_closed_pipe_ends_quietly(tmp_path, workers):
    big = tmp_path / "big.jsonl"
    big.write_bytes(lines_of([{"text": "x" * 1000}] * 50_000))
    process = start(
        *("filter", big, "--workers", workers), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) == 0


def test_a_usage_error_that_nobody_reads_is_one_all_the_same():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as unread:
        assert start("filter", "--bogus", stderr=unread).wait(60) == 2


def test_labelling_counts_and_tells_of_bad_records_as_filtering_does(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b'{"text": "one"}\nnonsense\n')
    assert "record 2: the line is no JSON" in said(linesift("label", bad))
    skipped = linesift("label", bad, "--on-error", "skip", "--stats", tmp_path / "s.json")
    assert "1 error left out (not JSON: 1)" in said(skipped)
    found = json.loads((tmp_path / "s.json").read_text())
    assert (found["documents"], found["kept_documents"], found["errors"]["total"]) == (1, 1, 1)
    assert (found["text_bytes"], found["kept_text_bytes"]) == (3, 3)
    assert found["kept_length_histogram"] == found["length_histogram"]


def test_a_text_of_which_a_part_is_damaged_is_left_out(tmp_path):
    members = [gzip.compress(b"%d\n" % i * 9) for i in range(3)]
    members[1] = members[1][:-8] + b"\0" * 8  # of its checksum and size
    (tmp_path / "a.txt.gz").write_bytes(b"".join(members))
    result = linesift("filter", tmp_path / "a.txt.gz", "-o", tmp_path / "x.txt")
    assert "the compressed data is damaged" in said(result, 1)
    assert not (tmp_path / "x.txt").exists()


def test_damage_is_told_where_it_is_met_in_looking_for_the_format():
    members = [gzip.compress(lines_of(RECORDS[i:])) for i in (0, 2)]
    members[0] = members[0][:-8] + b"\0" * 8
    result = linesift("filter", data=b"".join(members))
    assert "the compressed data is damaged" in said(result, 1)


def test_commands_that_look_at_documents_say_how_to_leave_bad_ones_out(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "a"}\n{"text": 5}\n')
    for command in ("inspect", "compare default default"):
        result = linesift(*command.split(), "a.jsonl", "-o", "x.html", cwd=tmp_path)
        assert "a.jsonl, record 2: " in said(result, 1)
        assert "linesift filter --drop none --on-error skip" in said(result)


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-32"])
def test_records_in_wider_encodings_are_told_of_as_that(encoding, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n', encoding)
    assert f"it is {encoding}. Convert" in said(linesift("filter", "a.jsonl", cwd=tmp_path))


def test_where_no_process_can_be_started_the_limit_is_named(run, monkeypatch):
    def refused(*_):
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("classifier.model.LineClassifier.load", refused)
    assert "ulimit -u" in run("info").stderr


def test_a_missing_package_is_named(run, monkeypatch):
    def missing(*_):
        raise ModuleNotFoundError("No module named 'quay'", name="quay")

    monkeypatch.setattr("classifier.model.LineClassifier.load", missing)
    result = run("info")
    assert result.exit_code == 1
    assert "'quay'. Install linesift anew" in result.stderr


@pytest.mark.parametrize(
    ("kind", "reason", "said", "cause"),
    [
        (ImportError, "libquay.so.1: failed to map segment from shared object", "", None),
        (OSError, "Could not load shared object file 'libquay.so'", ". It may not be there.", None),
        # As loky raises what a worker did.
        (ImportError, "libquay.so.1: cannot be mapped", "", Exception("Traceback\n")),
    ],
)
def test_a_library_that_cannot_be_loaded_is_told_in_a_line(
    run, monkeypatch, kind, reason, said, cause
):
    def unloadable(*_):
        raise kind(reason + said) from cause

    monkeypatch.setattr("classifier.model.LineClassifier.load", unloadable)
    result = run("info")
    assert result.exit_code == 1
    assert result.stderr == f"linesift: {reason}. {UNLOADABLE}\n"
