"""What the command says, and leaves behind, when something is wrong."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from commandline import COMMAND, HERE, RECORDS, TORN, lines_of, linesift, objects, said, start
from shards import task

from classifier.formats.places import PathError
from classifier.running.plan import make_plan


@pytest.mark.parametrize("workers", [1, 2])
def test_error_names_file_record_and_remedy(tmp_path, workers):
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(lines_of(RECORDS) + b'{"text": null}\n')
    result = linesift("filter", bad, "-o", tmp_path / "out.jsonl", "--workers", workers)
    assert result.returncode == 1
    message = said(result)
    assert f"{bad}, record 4: its field 'text' is null. " in message
    assert "--on-error skip" in message
    assert list(tmp_path.iterdir()) == [bad]


def test_skipped_errors_are_counted_and_their_neighbours_kept(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b'{"text": "one"}\nnonsense\n{"text": "two"}\n{"text": 3}\n')
    result = linesift("filter", bad, "--on-error", "skip", "--stats", tmp_path / "s.json")
    assert result.returncode == 0
    assert result.stdout == b'{"text": "one"}\n{"text": "two"}\n'
    assert "2 errors left out (not JSON: 1, text is no string: 1)" in said(result)
    assert json.loads((tmp_path / "s.json").read_text())["errors"]["total"] == 2
    result = linesift("filter", bad, "--on-error", "skip", "--max-errors", "1")
    assert result.returncode == 1
    assert "2 errors, more than the 1 of --max-errors" in said(result)
    assert f"The first: {bad}, record 2: the line is no JSON" in said(result)


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
    assert result.returncode == 1
    assert "record 9001: the compressed data ends in the middle" in said(result)
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
    assert result.returncode == 1
    assert f"bad.parquet.gz: {reason}" in said(result)
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
    assert result.returncode == 1
    assert "a temporary copy of the input cannot be written (File too large)" in said(result)
    assert "TMPDIR" in said(result)


def test_unreadable_file_does_not_stop_the_others(folder, tmp_path):
    (folder / "broken.jsonl").symlink_to("nowhere")
    result = linesift("filter", folder, "-o", tmp_path / "out")
    assert result.returncode == 1
    assert "broken.jsonl: it cannot be read" in said(result)
    result = linesift("filter", folder, "-o", tmp_path / "out", "--on-error", "skip")
    assert result.returncode == 0
    assert (tmp_path / "out/sub/c.jsonl.zst").exists()
    assert not (tmp_path / "out/broken.jsonl").exists()


def test_damaged_rows_end_a_run_with_one_line(tmp_path):
    path = tmp_path / "bad.parquet"
    rows = pa.table({"text": [f"text {i * i}" for i in range(5000)]})
    pq.write_table(rows, path, row_group_size=1000)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 500] = bytes(500)
    path.write_bytes(data)
    result = linesift("filter", path, "-o", tmp_path / "out.parquet")
    assert result.returncode == 1
    assert "it is no Parquet file or damaged" in said(result)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("options", "what", "option"),
    [
        (["--stats", "a.jsonl"], "an input", "--stats"),
        (["--excluded", "sub/../a.jsonl"], "an input", "--excluded"),
        (["-o", "x.jsonl", "--excluded", "./x.jsonl"], "another output", "--excluded"),
        (["--excluded", "x.json", "--stats", "sub/../x.json"], "another output", "--stats"),
        (["--model", "m.npz", "--stats", "./m.npz"], "the model", "--stats"),
        (["--model", "m.npz", "-o", "sub/../m.npz"], "the model", "-o"),
    ],
)
def test_nothing_that_is_read_or_written_is_overwritten(folder, options, what, option):
    (folder / "m.npz").write_bytes(b"a model")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = linesift("filter", "a.jsonl", *options, cwd=folder)
    assert result.returncode == 2
    assert f"would overwrite {what}. Give {option} another name." in said(result)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_standard_output_may_not_be_the_input(folder):
    before = (folder / "a.jsonl").read_bytes()
    with (folder / "a.jsonl").open("ab") as stdout:
        result = subprocess.run(
            [*COMMAND, "filter", "a.jsonl"], cwd=folder, stdout=stdout, stderr=subprocess.PIPE
        )
    assert result.returncode == 2
    assert "it is also the output" in said(result)
    assert (folder / "a.jsonl").read_bytes() == before


@pytest.mark.parametrize("option", ["--stats", "--excluded"])
def test_standard_output_may_not_be_a_list_as_well(folder, option):
    with (folder / "x.json").open("wb") as stdout:
        result = subprocess.run(
            [*COMMAND, "filter", "a.jsonl", option, "x.json"],
            cwd=folder,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )
    assert result.returncode == 2
    assert f"would overwrite standard output. Give {option} another name." in said(result)


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_output_may_not_be_the_input(folder, form):
    result = linesift("filter", folder / "a.jsonl", "-o", form.format(folder / "a.jsonl"))
    assert result.returncode == 2
    assert "it is also the output" in said(result)
    result = linesift("filter", folder, "-o", folder)
    assert result.returncode != 0
    assert (folder / "a.jsonl").read_bytes() == lines_of(RECORDS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.jsonl"], "no such file"),
        (["a.jsonl", "sub/b.jsonl.gz"], "need an output folder"),
        (["a.jsonl", "-o", "x.parquet"], "its name says parquet"),
        (["a.jsonl", "../in2/a.jsonl", "-o", "../out"], "would both be written to a.jsonl"),
        (["sub", "-o", "a.jsonl"], "a.jsonl: it is no folder"),
        (["a.jsonl", "sub", "-o", "/dev/null"], "/dev/null: it is no folder"),
        (["a.jsonl", "--resume"], "--resume needs an output"),
        (["a.jsonl", "--on-error", "quarantine"], "Give one with -o"),
        (["a.jsonl", "-o", "x.parquet.gz", "--input-format", "parquet"], "compressed inside only"),
        (["a.jsonl", "-o", ""], "the file of -o has an empty name"),
        (["a.jsonl", "--stats", ""], "the file of --stats has an empty name"),
        (["a.jsonl", "--stats", "-"], "--stats -: it is written to a file only"),
        (["a.jsonl", "--excluded", "-"], "--excluded -: it is written to a file only"),
        ([""], "an input has an empty name"),
        (["nosuch://bucket/a.jsonl"], "nosuch"),
        (["http://127.0.0.1:9/a.jsonl"], "http://127.0.0.1:9/a.jsonl: "),
        (["d.txt", "--add-stats", "st"], "has no fields"),
    ],
)
def test_what_cannot_be_meant_is_explained_with_code_2(folder, tmp_path, arguments, message):
    (tmp_path / "in2").mkdir()
    (tmp_path / "in2/a.jsonl").write_bytes(b"")
    result = linesift("filter", *arguments, cwd=folder)
    assert result.returncode == 2
    assert message in said(result)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--drop", "adverts"],
        ["--content-threshold", "2"],
        ["--content-threshold", ".5", "--max-content-loss", ".1"],
        ["--workers", "0"],
        ["--workers", "100000000"],
        ["--text-field", "\udcff"],
        ["--id-field", "a.\udcff"],
        ["--url-field", ""],
        ["--add-stats", ""],
        ["--unknown"],
    ],
)
def test_wrong_options_end_with_code_2(arguments):
    result = linesift("filter", *arguments)
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("name", "options"),
    [("l.parquet", []), ("l.txt", []), ("l.jsonl", ["--output-format", "tsv"])],
)
def test_labels_are_not_written_under_the_name_of_another_format(folder, name, options):
    result = linesift("label", "a.jsonl", "-o", name, *options, cwd=folder)
    assert result.returncode == 2
    assert "but labels are written as" in said(result)
    assert not (folder / name).exists()


def test_path_that_cannot_be_written_is_named_and_another_asked_for(folder):
    result = linesift("filter", "a.jsonl", "-o", "d.txt/below.jsonl", cwd=folder)
    assert result.returncode == 1
    message = r"d\.txt/below\.jsonl: cannot be written \(.*\)\. Make room or choose another path\."
    assert re.search(message, said(result))


LONG = f"{'a' * 300}.txt"


@pytest.mark.parametrize("option", ["--stats", "--excluded"])
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("sub", "sub: it is a folder. Give {} the name of a file."),
        ("new/", "new/: it is a folder. Give {} the name of a file."),
        ("d.txt/x.json", "x.json: cannot be written (Not a directory). Give {} another name."),
        (LONG, "cannot be written (File name too long). Give {} another name."),
        ("shut/new/x.json", "cannot be written (shut takes no files). Give {} another name."),
    ],
)
def test_a_list_that_could_not_be_written_in_the_end_is_refused_at_once(
    folder, monkeypatch, option, path, message
):
    (folder / "shut").mkdir()
    monkeypatch.chdir(folder)
    # Who may do everything, as in many containers, is refused nothing.
    monkeypatch.setattr(os, "access", lambda place, mode: place != Path("shut"))
    options = {option.removeprefix("--"): path}
    with pytest.raises(PathError, match=re.escape(message.format(option))):
        make_plan(["a.jsonl"], "out.jsonl", task(), {}, **options)
    assert make_plan(["a.jsonl"], None, task(), {}, **dict.fromkeys(options, "new/x.json"))


def test_a_folder_for_statistics_is_refused_before_anything_is_written(folder):
    before = sorted(folder.rglob("*"))
    result = linesift("filter", "a.jsonl", "-o", "out.jsonl", "--stats", "sub", cwd=folder)
    assert result.returncode == 2
    assert said(result).endswith("sub: it is a folder. Give --stats the name of a file.\n")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("name", [LONG, "circle.txt"])
def test_input_that_no_file_system_can_open_is_explained(folder, name):
    (folder / "circle.txt").symlink_to("circle.txt")
    result = linesift("filter", name, "-o", "x.txt", cwd=folder)
    assert result.returncode == 1
    assert f"{name}: it cannot be read (" in said(result)


def test_output_of_a_name_that_no_file_system_takes_is_explained(folder):
    result = linesift("filter", "d.txt", "-o", LONG, cwd=folder)
    assert result.returncode == 1
    assert f"{LONG}: cannot be written (" in said(result)


@pytest.mark.parametrize("option", ["--stats", "--excluded", "-o"])
def test_output_takes_the_place_of_a_link_to_itself(folder, option):
    circle = folder / "circle.jsonl"
    circle.symlink_to(circle)
    result = linesift("filter", "a.jsonl", "--drop-paywalled", option, circle, cwd=folder)
    assert result.returncode == 0
    assert circle.read_bytes().startswith(b"{")


def test_closed_standard_streams_are_explained(folder):
    for stream, message in (("<&-", "standard input is closed"), (">&-", "output: it is closed")):
        script = f'"$@" {stream}'
        inputs = [] if stream == "<&-" else ["a.jsonl"]
        result = subprocess.run(
            ["sh", "-c", script, "sh", *COMMAND, "filter", *inputs, "--drop", "none"],
            cwd=folder,
            capture_output=True,
        )
        assert result.returncode == 1
        assert message in said(result)


def test_library_of_a_remote_file_system_is_not_heard(tmp_path):
    program = """
import fsspec
from click.testing import CliRunner
from doubles import use_marked_lines
from classifier.cli import cli
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
    paths = os.pathsep.join(map(str, (HERE, HERE.parent)))
    environment = {**os.environ, "PYTHONPATH": paths}
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment)
    assert result.stderr.decode() == ""


def test_full_disk_is_explained_and_leaves_nothing(tmp_path):
    resource = pytest.importorskip("resource")
    big = tmp_path / "big.jsonl"
    big.write_bytes(lines_of([{"text": "x" * 1000}] * 5000))
    result = linesift(
        *("filter", big, "-o", tmp_path / "out.jsonl", "--on-error", "skip"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    assert result.returncode == 1
    assert "out.jsonl: cannot be written (File too large)" in said(result)
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


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_leaves_no_half_file(tmp_path, workers, number):
    source = tmp_path / "in"
    source.mkdir()
    for i in range(20):
        (source / f"{i}.jsonl").write_bytes(lines_of([{"text": "SLOW"}] * 10))
    out = tmp_path / "out"
    process = start("filter", source, "-o", out, "--workers", workers, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not list(out.glob("*.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(30) == 130
    assert b"linesift: interrupted" in process.stderr.read()
    assert not list(out.rglob("*.linesift-part"))
    assert 0 < len(list(out.glob("*.jsonl"))) < 20
