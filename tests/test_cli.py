"""The command: what comes out, what is said, and with which exit code it ends."""

import gzip
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard
from commandline import (
    KEPT,
    PAGE,
    RECORDS,
    lines_of,
    linesift,
    objects,
    read_terminal,
    run_python,
    said,
    start,
)
from standby import environment


def test_text_passes_through_a_pipe():
    result = linesift("filter", data=PAGE.encode())
    assert (result.stdout.decode(), result.stderr, result.returncode) == (KEPT, b"", 0)


def test_the_package_runs_as_the_command():
    command = [sys.executable, "-m", "classifier", "--version"]
    assert subprocess.check_output(command, env=environment(), text=True).startswith("linesift")


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


def test_identifiers_are_written_as_they_were_read(tmp_path):
    identifiers = [b"12345678901234567890123", b"9" * 5000, b'"\\ud800"', b"1e400", b"[" * 300]
    identifiers[-1] += b"]" * 300
    source, listed = tmp_path / "a.jsonl", tmp_path / "excluded.jsonl"
    source.write_bytes(b"".join(b'{"id": %b, "text": "WALL"}\n' % each for each in identifiers))
    labelled = linesift("label", source).stdout.splitlines()
    assert linesift("filter", source, "--excluded", listed).returncode == 0
    for lines in (labelled, listed.read_bytes().splitlines()):
        for line, identifier in zip(lines, identifiers, strict=True):
            assert line.startswith(b'{"id":%b,' % identifier)


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


def test_what_was_not_labelled_cannot_be_counted_afterwards(folder):
    options = ["filter", "sub", "-o", "out", "--drop", "none"]
    assert linesift(*options, cwd=folder).returncode == 0
    assert linesift(*options, "--resume", cwd=folder).returncode == 0
    result = linesift(*options, "--resume", "--stats", "s.json", cwd=folder)
    assert "labels for --stats False → True" in said(result, 2)
    assert not (folder / "s.json").exists()


def test_statistics_and_lists_tell_what_was_dropped(folder, tmp_path):
    stats, excluded, out = tmp_path / "s.json", tmp_path / "excluded.jsonl.gz", tmp_path / "out"
    linesift(
        *("filter", folder / "a.jsonl", folder / "sub", "-o", out),
        *("--stats", stats, "--excluded", excluded, "--add-stats", "st"),
    )
    report = json.loads(stats.read_text())
    assert (report["documents"], report["kept_documents"]) == (9, 6)
    assert report["dropped_documents"] == {"paywalled": 3}
    assert report["lines"]["sponsored"] == 3
    assert (report["content_ratio"], report["paywalled"], report["truncated"]) == (
        report["characters"]["content"] / sum(report["characters"].values()),
        3,
        3,
    )
    assert report["errors"] == {"total": 0}
    listed = objects(gzip.decompress(excluded.read_bytes()))
    assert [(item["id"], item["reason"], item["record"]) for item in listed] == [
        (2, "paywalled", 2)
    ] * 3
    first = objects((out / "a.jsonl").read_bytes())[0]
    assert list(first) == ["id", "text", "st"]
    assert (first["st"]["documents"], first["st"]["lines"]["content"]) == (1, 4)


def test_file_named_inside_the_output_folder_is_not_passed_over(folder):
    result = linesift("filter", "sub/b.jsonl.gz", "a.jsonl", "-o", "sub", cwd=folder)
    assert "sub/b.jsonl.gz: would overwrite an input" in said(result, 2)


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


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
@pytest.mark.parametrize("source", ["d.txt", "sub"])
def test_empty_list_of_excluded_documents_is_a_valid_file(folder, tmp_path, ending, source):
    listed = tmp_path / f"excluded.jsonl{ending}"
    data = lines_of([RECORDS[0]])
    (folder / "sub/b.jsonl.gz").write_bytes(gzip.compress(data))
    (folder / "sub/c.jsonl.zst").write_bytes(zstandard.compress(data))
    out = tmp_path / "out"
    assert linesift("filter", folder / source, "-o", out, "--excluded", listed).returncode == 0
    unpack = {"": bytes, ".gz": gzip.decompress, ".zst": zstandard.decompress}[ending]
    data = listed.read_bytes()
    assert (unpack(data), data != b"") == (b"", ending != "")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_file_names_that_are_not_utf8_can_be_read_wherever_they_stand(folder, tmp_path, workers):
    for name in (b"n\xff.jsonl", b"m\xff.jsonl"):
        records = b'{"text": "WALL"}\nnonsense\n{"text": "AD"}\n'
        (folder / "sub" / os.fsdecode(name)).write_bytes(records)
    out, listed, stats = (tmp_path / name for name in ("out", "excluded.jsonl", "stats.json"))
    options = ["--on-error", "quarantine", "--excluded", listed, "--stats", stats]
    for more in ([], ["--resume"]):
        result = linesift(
            *("filter", folder / "sub", "-o", out, "--workers", workers, *options, *more)
        )
        assert result.returncode == 0
        assert b"m\\xff.jsonl, record 2" in result.stderr
        assert (out / os.fsdecode(b"n\xff.jsonl")).exists()
        files = [f"{folder}/sub/{name}\\xff.jsonl" for name in "mn"]
        quarantined = objects((tmp_path / "out.quarantine.jsonl").read_bytes())
        assert [entry["file"] for entry in quarantined] == files
        assert [entry["id"] for entry in objects(listed.read_bytes())][-2:] == [
            f"{file}:1" for file in files
        ]
        assert json.loads(stats.read_text())["error_examples"][0].startswith(files[0])


def test_labels_of_a_file_whose_name_is_not_utf8(tmp_path):
    path = os.fsencode(tmp_path) + b"/n\xff.txt"
    Path(os.fsdecode(path)).write_bytes(b"One line.\n")
    (labels,) = objects(linesift("label", os.fsdecode(path)).stdout)
    assert labels["id"] == f"{tmp_path}/n\\xff.txt:1"


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("workers", [1, 2])
def test_texts_on_standard_output_share_no_line(tmp_path, encoding, workers):
    texts = ["one", "WALL", "two\n", "", "three\nAD\nend", "four\nend"]
    for i, text in enumerate(texts):
        (tmp_path / f"{i}.txt").write_bytes(text.encode(encoding))
    result = linesift("filter", tmp_path, "--workers", workers)
    assert result.stdout == "one\ntwo\nthree\nend\nfour\nend".encode(encoding)
    result = linesift("filter", tmp_path / "5.txt")
    assert result.stdout == texts[5].encode(encoding)


def test_a_link_to_a_folder_is_named_on_standard_error(folder, tmp_path):
    (tmp_path / "far").mkdir()
    (folder / "sub" / "more").symlink_to(tmp_path / "far")
    result = linesift("filter", folder, "-o", tmp_path / "out")
    assert "sub/more: a link to a folder, which is not followed. Name it as an" in said(result, 0)
    assert linesift("filter", "-q", folder, "-o", tmp_path / "out").stderr == b""


def test_files_of_a_folder_without_a_known_ending_are_told_of(folder, tmp_path):
    for name in ("old.jsonl.bz2", "notes.md"):
        (folder / "sub" / name).write_bytes(b"x")
    result = linesift("filter", folder, "-o", tmp_path / "out")
    told = said(result, 0)
    assert "sub/notes.md: no known ending, so it is passed over (and 1 more such). " in told
    assert "Name it as an input, or a pattern for such files, if it is to be read." in told
    assert linesift("filter", "-q", folder, "-o", tmp_path / "out").stderr == b""


@pytest.mark.parametrize(
    ("command", "dropped"), [("filter", rb", 3\d% dropped"), ("label", b"")], ids=str
)
def test_long_work_shows_its_progress_on_a_terminal_only(command, dropped, tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for i in range(40):
        (pages / f"{i}.txt").write_text("SLOW\nAD\n")
    ours, theirs = os.openpty()  # of size 0 x 0, which some tools give
    process = start(command, pages, "-o", tmp_path / "out", stderr=theirs)
    os.close(theirs)
    shown = read_terminal(ours)
    assert process.wait(30) == 0
    assert re.search(rb"\d+/40 files: .* documents/s, [\d.]+ MB/s%b\]" % dropped, shown)
    assert b"40/40 files: " in shown.rstrip().split(b"\r")[-1]
    assert linesift(command, pages, "-o", tmp_path / "out2").stderr == b""


def test_heavy_libraries_are_not_loaded_for_help():
    program = (
        "import sys; from classifier.commands.group import cli; "
        "[cli([*command, '--help'], standalone_mode=False) for command in ([], ['filter'])]; "
        "print([m for m in ('numba', 'pyarrow', 'numpy', 'joblib') if m in sys.modules])"
    )
    assert run_python(program).stdout.splitlines()[-1] == b"[]"


def test_version_and_info_are_printed():
    assert linesift("--version").stdout.startswith(b"linesift ")
    assert json.loads(linesift("info").stdout)["name"] == "marked lines"


def test_remote_paths_are_read_and_written():
    program = """
import fsspec
from click.testing import CliRunner
from doubles import use_marked_lines
from classifier.commands.group import cli
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
    assert run_python(program).stderr == b""


def test_labels_are_packed_as_the_name_of_the_output_says(folder, tmp_path):
    linesift("label", folder / "a.jsonl", "-o", tmp_path / "a.jsonl.gz")
    packed = (tmp_path / "a.jsonl.gz").read_bytes()
    assert gzip.decompress(packed) == linesift("label", folder / "a.jsonl").stdout


def test_labels_of_several_files_go_to_standard_output_one_after_the_other(folder):
    result = linesift("label", folder / "a.jsonl", folder / "d.txt")
    ids = ["a", 2, f"{folder}/a.jsonl:3", f"{folder}/d.txt:1"]
    assert [document["id"] for document in objects(result.stdout)] == ids


def test_statistics_are_added_though_none_are_written():
    result = linesift("filter", "--add-stats", "st", data=lines_of(RECORDS[:1]))
    (record,) = objects(result.stdout)
    assert (record["st"]["documents"], record["st"]["lines"]["sponsored"]) == (1, 1)


def test_statistics_are_packed_as_their_name_says(tmp_path):
    linesift("filter", "--stats", tmp_path / "s.json.gz", data=PAGE.encode())
    assert json.loads(gzip.decompress((tmp_path / "s.json.gz").read_bytes()))["documents"] == 1


def test_statistics_say_what_they_are_of(folder, tmp_path):
    (folder / "a.jsonl").write_bytes(b"nonsense\n")
    inputs = (folder / "a.jsonl", folder / "d.txt", "-o", tmp_path / "out")
    linesift("filter", *inputs, "--on-error", "skip", "--stats", tmp_path / "s.json")
    report = json.loads((tmp_path / "s.json").read_text())
    assert (report["files"], report["documents"]) == (2, 1)
    assert report["settings"]["version"] == report["linesift"]
    assert "record 1: the line is no JSON" in report["error_examples"][0]


def test_a_dropped_document_is_listed_with_its_place_in_the_file(tmp_path):
    data = b'\n{"text": "one"}\nnonsense\n{"text": "WALL"}\n'
    linesift("filter", "--excluded", tmp_path / "e.jsonl", "--on-error", "skip", data=data)
    (entry,) = objects((tmp_path / "e.jsonl").read_bytes())
    assert (entry["id"], entry["file"], entry["record"]) == ("stdin:4", "stdin", 4)


def test_hidden_files_are_left_alone(folder, tmp_path):
    (folder / ".git").mkdir()
    (folder / ".git/x.txt").write_text("left alone")
    linesift("filter", folder, "-o", tmp_path / "out")
    names = {path.name for path in tmp_path.glob("out/**/*") if path.is_file()}
    assert "d.txt" in names
    assert not {".hidden.txt", "x.txt", "_SUCCESS"} & names


def test_the_format_that_is_given_goes_before_the_name(tmp_path):
    (tmp_path / "a.txt").write_bytes(lines_of(RECORDS))
    (tmp_path / "b.jsonl").write_text(PAGE)
    given = ("filter", "--input-format")
    assert objects(linesift(*given, "jsonl", tmp_path / "a.txt").stdout)[0]["text"] == KEPT
    assert linesift(*given, "text", tmp_path / "b.jsonl").stdout.decode() == KEPT
