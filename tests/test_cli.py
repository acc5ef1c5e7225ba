"""The command: what comes out, what is said, and with which exit code it ends."""

import contextlib
import gzip
import io
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

HERE = Path(__file__).parent
COMMAND = [sys.executable, str(HERE / "doubles.py")]
PAGE = "Title\nAD buy this\n\nBody\n"
TORN = "".join(f"{i * i} " for i in range(9999))
KEPT = "Title\n\nBody\n"
RECORDS = [{"id": "a", "text": PAGE}, {"id": 2, "text": "WALL"}, {"text": "no change", "x": [1]}]


def linesift(*arguments, data=b"", cwd=None, **options):
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=data,
        capture_output=True,
        cwd=cwd,
        env=environment,
        timeout=120,
        **options,
    )


def lines_of(records):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def objects(data):
    return [json.loads(line) for line in data.splitlines()]


def said(result):
    """Message of a command that failed: one line that begins with its name."""
    message = result.stderr.decode()
    assert "Traceback" not in message
    assert message.startswith("linesift: ")
    assert message.count("\n") == 1
    return message


@pytest.fixture
def folder(tmp_path):
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    (source / "a.jsonl").write_bytes(lines_of(RECORDS))
    (source / "sub" / "b.jsonl.gz").write_bytes(
        gzip.compress(lines_of(RECORDS[:1])) + gzip.compress(lines_of(RECORDS[1:]))
    )
    (source / "sub" / "c.jsonl.zst").write_bytes(
        zstandard.compress(lines_of(RECORDS[:2])) + zstandard.compress(lines_of(RECORDS[2:]))
    )
    (source / "d.txt").write_text(PAGE)
    pq.write_table(pa.Table.from_pylist([{"text": PAGE}, {"text": "WALL"}]), source / "e.parquet")
    (source / "notes.md").write_text("left alone")
    (source / ".hidden.txt").write_text("left alone")
    return source


def test_text_passes_through_a_pipe():
    result = linesift("filter", data=PAGE.encode())
    assert (result.stdout.decode(), result.stderr, result.returncode) == (KEPT, b"", 0)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_json_lines_are_told_from_their_first_bytes(pack):
    result = linesift("filter", data=pack(lines_of(RECORDS)))
    assert objects(result.stdout) == [{"id": "a", "text": KEPT}, RECORDS[2]]


def test_folder_is_mirrored_format_by_format(folder, tmp_path):
    out = tmp_path / "out"
    assert linesift("filter", folder, "-o", out, "--workers", "2").returncode == 0
    names = {str(path.relative_to(out)) for path in out.rglob("[!.]*") if path.is_file()}
    names = {name for name in names if not name.startswith(".linesift")}
    assert names == {"a.jsonl", "d.txt", "e.parquet", "sub/b.jsonl.gz", "sub/c.jsonl.zst"}
    expected = [{"id": "a", "text": KEPT}, RECORDS[2]]
    assert objects((out / "a.jsonl").read_bytes()) == expected
    assert objects(gzip.decompress((out / "sub/b.jsonl.gz").read_bytes())) == expected
    frames = zstandard.ZstdDecompressor().stream_reader(
        io.BytesIO((out / "sub/c.jsonl.zst").read_bytes()), read_across_frames=True
    )
    assert objects(frames.read()) == expected
    assert (out / "d.txt").read_text() == KEPT
    assert pq.read_table(out / "e.parquet").to_pylist() == [{"text": KEPT}]


def test_globs_mirror_below_their_fixed_part(folder, tmp_path):
    linesift("filter", folder / "*" / "*.gz", "-o", tmp_path / "out")
    assert (tmp_path / "out/sub/b.jsonl.gz").exists()


def test_name_of_the_output_decides_its_compression(folder, tmp_path):
    linesift("filter", folder / "sub/c.jsonl.zst", "-o", tmp_path / "c.jsonl.gz")
    assert len(objects(gzip.decompress((tmp_path / "c.jsonl.gz").read_bytes()))) == 2


def test_labels_with_offsets_in_code_points_or_bytes():
    data = lines_of([{"id": 7, "text": "Zoë\n\nAD 中\n"}, {"text": ""}])
    result = objects(linesift("label", data=data).stdout)
    assert result[0]["id"] == 7
    assert [(line["start"], line["end"], line["label"]) for line in result[0]["lines"]] == [
        (0, 3, "content"),
        (5, 9, "sponsored"),
    ]
    assert result[0]["lines"][1]["probabilities"] == [0.1, 0.1, 0.1, 0.7]
    assert result[1] == {"id": "stdin:2", "lines": []}
    result = objects(linesift("label", "--offsets", "byte", data=data).stdout)
    assert [(line["start"], line["end"]) for line in result[0]["lines"]] == [(0, 4), (6, 12)]


def test_labels_as_rows_and_in_a_folder(folder, tmp_path):
    result = linesift("label", folder / "d.txt", "--output-format", "tsv")
    assert result.stdout.decode() == (
        "content\t0.700\tTitle\nsponsored\t0.700\tAD buy this\ncontent\t0.700\tBody\n"
    )
    linesift("label", folder, "-o", tmp_path / "labels")
    assert (tmp_path / "labels/d.txt.labels.jsonl").exists()
    assert (tmp_path / "labels/sub/b.jsonl.labels.jsonl.gz").exists()


def test_nothing_is_dropped_without_a_model_when_asked_for_none(tmp_path):
    result = linesift("filter", "--drop", "none", data=lines_of(RECORDS))
    assert result.stdout == lines_of(RECORDS)


def test_statistics_excluded_and_added_field(folder, tmp_path):
    stats, excluded, out = tmp_path / "s.json", tmp_path / "excluded.jsonl.gz", tmp_path / "out"
    linesift(
        *("filter", folder / "a.jsonl", folder / "sub", "-o", out),
        *("--stats", stats, "--excluded", excluded, "--add-stats", "st"),
    )
    report = json.loads(stats.read_text())
    assert (report["documents"], report["kept_documents"]) == (9, 6)
    assert report["dropped_documents"] == {"paywalled": 3}
    assert report["lines"]["sponsored"] == 3
    assert report["errors"] == {"total": 0}
    listed = objects(gzip.decompress(excluded.read_bytes()))
    assert [(item["id"], item["reason"], item["record"]) for item in listed] == [
        (2, "paywalled", 2)
    ] * 3
    first = objects((out / "a.jsonl").read_bytes())[0]
    assert list(first) == ["id", "text", "st"]
    assert first["st"]["lines"]["content"] == 4


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


def test_lists_may_overwrite_neither_inputs_nor_outputs(folder):
    before = (folder / "a.jsonl").read_bytes()
    for options in (
        ["--stats", "a.jsonl"],
        ["--excluded", folder / "a.jsonl"],
        ["-o", "x.jsonl", "--excluded", "./x.jsonl"],
        ["--excluded", "x.json", "--stats", "sub/../x.json"],
    ):
        result = linesift("filter", "a.jsonl", *options, cwd=folder)
        assert result.returncode == 2
        assert "would overwrite an input or another output" in said(result)
    with (folder / "a.jsonl").open("ab") as stdout:
        result = subprocess.run(
            [*COMMAND, "filter", "a.jsonl"], cwd=folder, stdout=stdout, stderr=subprocess.PIPE
        )
    assert result.returncode == 1
    assert "it is also the output" in said(result)
    assert (folder / "a.jsonl").read_bytes() == before


def test_file_named_inside_the_output_folder_is_not_passed_over(folder):
    result = linesift("filter", "sub/b.jsonl.gz", "a.jsonl", "-o", "sub", cwd=folder)
    assert result.returncode == 1
    assert "sub/b.jsonl.gz: it is also the output" in said(result)


def test_devices_and_pipes_are_written_and_links_followed(folder, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE) as reader:
        assert linesift("filter", folder / "d.txt", "-o", tmp_path / "pipe").returncode == 0
        assert reader.stdout.read().decode() == KEPT
    assert (tmp_path / "pipe").is_fifo()
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "far" / "d.txt")
    assert linesift("filter", folder / "d.txt", "-o", tmp_path / "link").returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "d.txt").read_text() == KEPT


def test_output_may_not_be_the_input(folder):
    result = linesift("filter", folder / "a.jsonl", "-o", folder / "a.jsonl")
    assert result.returncode == 1
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
        (["a.jsonl", "--resume"], "--resume needs an output"),
        (["a.jsonl", "--on-error", "quarantine"], "Give one with -o"),
        (["nosuch://bucket/a.jsonl"], "nosuch"),
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
        ["--unknown"],
    ],
)
def test_wrong_options_end_with_code_2(arguments):
    result = linesift("filter", *arguments)
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.txt", "empty.jsonl.gz", "empty.wet"])
def test_empty_file_gives_an_empty_valid_file(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    out = tmp_path / "out" / name
    assert linesift("filter", tmp_path / name, "-o", out).returncode == 0
    data = out.read_bytes()
    assert (gzip.decompress(data) if name.endswith(".gz") else data) == b""


def test_dropped_text_file_leaves_no_file_and_no_older_one(tmp_path):
    (tmp_path / "page.txt").write_text("WALL")
    (tmp_path / "out.txt").write_text("older")
    assert linesift("filter", tmp_path / "page.txt", "-o", tmp_path / "out.txt").returncode == 0
    assert not (tmp_path / "out.txt").exists()


def test_several_texts_go_to_standard_output_one_after_the_other(tmp_path):
    for name in ("1.txt", "2.txt"):
        (tmp_path / name).write_text(f"{name}\nAD\n")
    result = linesift("filter", tmp_path, "--workers", "2")
    assert result.stdout == b"1.txt\n2.txt\n"


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


def start(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    # Shells start what runs in the background deaf to Ctrl-C, and children inherit that.
    heard = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return subprocess.Popen([*COMMAND, *map(str, arguments)], env=environment, **options)
    finally:
        signal.signal(signal.SIGINT, heard)


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


def test_long_work_shows_its_progress_on_a_terminal_only(tmp_path):
    for i in range(40):
        (tmp_path / f"{i}.txt").write_text("SLOW\nAD\n")
    ours, theirs = os.openpty()  # of size 0 x 0, which some tools give
    process = start("filter", tmp_path, "-o", tmp_path / "out", stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # how Linux ends a terminal
        while piece := os.read(ours, 1 << 16):
            shown += piece
    os.close(ours)
    assert process.wait(30) == 0
    assert re.search(rb"\d+/40 files: .* documents/s, .* MB/s, 3\d% dropped", shown)
    assert linesift("filter", tmp_path, "-o", tmp_path / "out2").stderr == b""


def test_help_is_quick_and_shows_an_example_of_every_command():
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = linesift("--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Of the processor, for the clock also tells what else is going on.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5
    for command in ("filter", "label", "inspect", "explain", "info", "warm"):
        assert command.encode() in result.stdout
        assert f"\n  Example:  linesift {command}".encode() in linesift(command, "--help").stdout


def test_heavy_libraries_are_not_loaded_for_help():
    program = (
        "import sys, classifier.cli; "
        "print([m for m in ('numba', 'pyarrow', 'numpy', 'joblib') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=environment, check=True
    )
    assert result.stdout.strip() in (b"[]", b"['numpy']")


def test_version_and_info():
    assert linesift("--version").stdout.startswith(b"linesift ")
    assert json.loads(linesift("info").stdout)["name"] == "marked lines"


def test_remote_paths_are_read_and_written():
    program = """
import fsspec
from click.testing import CliRunner
from doubles import use_marked_lines
from classifier.cli import cli
use_marked_lines()
memory = fsspec.filesystem("memory")
for name in ("a", "sub/b"):
    memory.pipe(f"/in/{name}.jsonl", b'{"text": "one\\\\nAD"}\\n{"text": "WALL"}\\n')
arguments = ["memory://in", "-o", "memory://out", "--excluded", "memory://excluded.jsonl"]
for extra in ([], ["--resume"]):
    result = CliRunner().invoke(cli, ["filter", *arguments, *extra])
    assert result.exit_code == 0, (result.output, result.exception)
    assert memory.cat("/out/sub/b.jsonl") == b'{"text": "one"}\\n'
    assert memory.cat("/excluded.jsonl").count(b"paywalled") == 2
result = CliRunner().invoke(cli, ["filter", "memory://in/*.jsonl", "-o", "memory://glob"])
assert memory.exists("/glob/a.jsonl"), result.output
memory.pipe("/bad/a.jsonl", b"x")
result = CliRunner().invoke(cli, ["filter", "memory://bad/a.jsonl", "-o", "memory://bad/out.jsonl"])
assert result.exit_code == 1
assert memory.find("/bad") == ["/bad/a.jsonl"], memory.find("/bad")
"""
    environment = {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}"}
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=environment, check=False
    )
    assert result.stderr == b""
