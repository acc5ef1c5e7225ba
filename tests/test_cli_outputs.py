"""No command writes over what it reads, and `-` is standard output."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from commandline import COMMAND, PAGE, lines_of, linesift, said
from harbour import harbour_page, record
from standby import environment

from classifier.annotate.events import Marked, Opened, write_event
from classifier.running.counts import Counts
from classifier.running.counts_as_json import as_json

LOG = [
    write_event(event)
    for event in (Opened("a", "Home", ["navigation"], {}), Marked("ada", "a", 0, 0, "content"))
]


@pytest.fixture
def work(tmp_path):
    """A folder with everything that commands read, and other names of the same files."""
    (tmp_path / "page.txt").write_text(PAGE)
    (tmp_path / "corrections.jsonl").write_bytes(lines_of(LOG))
    (tmp_path / "pages.jsonl").write_bytes(
        lines_of(record(harbour_page(seed), f"p{seed}") for seed in range(6))
    )
    (tmp_path / "model.npz").write_bytes(b"a model")
    (tmp_path / "s.json").write_text(json.dumps({"settings": {}, **as_json(Counts())}))
    for path in list(tmp_path.iterdir()):
        os.link(path, tmp_path / f"hard-{path.name}")
        (tmp_path / f"soft-{path.name}").symlink_to(path.name)
    return tmp_path


def linesift_with(arguments, folder, **streams):
    streams = {"stderr": subprocess.PIPE, **streams}
    return subprocess.run([*COMMAND, *arguments], cwd=folder, env=environment(), **streams)


@pytest.mark.parametrize("other", ["{}", "./{}", "hard-{}", "soft-{}"])
@pytest.mark.parametrize(
    ("arguments", "option", "name"),
    [
        (["inspect", "page.txt"], "-o", "page.txt"),
        (["inspect", "."], "-o", "page.txt"),
        (["inspect", "page.txt", "--model", "model.npz"], "-o", "model.npz"),
        (["report", "s.json"], "-o", "s.json"),
        (["compare", "default", "model.npz", "page.txt"], "-o", "page.txt"),
        (["compare", "default", "model.npz", "page.txt"], "-o", "model.npz"),
        (["tune", "--corrections", "pages.jsonl"], "-o", "pages.jsonl"),
        (["tune", "--corrections", "pages.jsonl", "--model", "model.npz"], "-o", "model.npz"),
        (["fit", "--corrections", "pages.jsonl"], "-o", "pages.jsonl"),
        (["fit", "--corrections", "pages.jsonl", "--model", "model.npz"], "-o", "model.npz"),
        (["annotate"], "--export", "corrections.jsonl"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else value,
)
def test_an_output_may_not_be_an_input(work, run, arguments, option, name, other):
    before = (work / name).read_bytes()
    result = run(*arguments, option, other.format(name))
    assert result.exit_code == 2
    assert f"it is also the output. Give {option} another name" in result.stderr
    assert (work / name).read_bytes() == before


@pytest.mark.parametrize(("name", "reason"), [("", "empty name"), (".", "folder"), ("/", "folder")])
@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect", "page.txt"],
        ["report", "s.json"],
        ["compare", "default", "model.npz", "page.txt"],
        ["tune", "--corrections", "pages.jsonl"],
        ["fit", "--corrections", "pages.jsonl"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_an_output_that_is_no_file_is_refused_before_the_work(work, run, arguments, name, reason):
    result = run(*arguments, "-o", name)
    assert result.exit_code == 2
    assert reason in result.stderr


@pytest.mark.parametrize("inputs", [["page.txt"], ["-"], []])
def test_standard_streams_are_known_by_their_files(work, inputs):
    with (work / "page.txt").open("rb") as stdin, (work / "page.txt").open("ab") as stdout:
        result = linesift_with(["inspect", *inputs], work, stdin=stdin, stdout=stdout)
        assert result.returncode == 2
        result = linesift_with(["inspect", "-", "-o", "page.txt"], work, stdin=stdin)
        assert result.returncode == 2
    assert "stdin: it is also the output" in said(result)
    assert (work / "page.txt").read_text() == PAGE


def test_a_device_or_pipe_may_be_read_and_written(work):
    os.mkfifo(work / "pipe")
    with subprocess.Popen(["cat", work / "pipe"], stdout=subprocess.PIPE) as reader:
        assert linesift("report", "s.json", "-o", "pipe", cwd=work).returncode == 0
        assert reader.stdout.read().startswith(b"<!doctype html>")
    assert (work / "pipe").is_fifo()


@pytest.mark.parametrize(
    ("arguments", "stream", "name"),
    [
        (["filter", "page.txt"], "stdout", "/dev/stdout"),
        (["label", "page.txt"], "stdout", "/proc/self/fd/1"),
        (["report", "s.json"], "stdout", "/dev/fd/1"),
        (["filter", "page.txt", "-o", "x.txt", "--stats"], "stderr", "/dev/stderr"),
    ],
)
def test_a_stream_that_leads_to_a_file_is_written_to_where_it_stands(work, arguments, stream, name):
    log = work / "log"
    log.write_text("before\n")
    option = [] if arguments[-1] == "--stats" else ["-o"]
    with log.open("ab") as opened:
        done = linesift_with([*arguments, *option, name], work, **{stream: opened})
        opened.write(b"after\n")
    assert done.returncode == 0
    written = log.read_bytes()
    assert written.startswith(b"before\n")
    assert written.endswith(b"after\n")
    assert len(written) > 20


def test_an_export_needs_a_log(tmp_path):
    result = linesift("annotate", "--export", "gold.jsonl", cwd=tmp_path)
    assert "corrections.jsonl: there is no such log" in said(result, 2)
    assert not list(tmp_path.iterdir())


def test_a_dash_is_standard_output(work, run):
    compare = ["compare", "default", "default", "page.txt"]
    for arguments in (["inspect", "page.txt"], ["report", "s.json"], compare):
        result = run(*arguments, "-o", "-")
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("<!doctype html>")
    assert not (work / "-").exists()


def test_a_page_shows_half_a_character_of_an_identifier_as_an_escape(work, run):
    (work / "half.jsonl").write_text('{"id": "\\ud800", "text": "Home"}')
    result = run("inspect", "half.jsonl", "-o", "page.html")
    assert result.exit_code == 0, result.output
    assert "\\ud800" in (work / "page.html").read_text("utf-8")


@pytest.mark.parametrize("options", [["--resume"], ["--on-error", "quarantine"]])
def test_nothing_is_put_beside_an_output_that_does_not_stay(folder, options):
    result = linesift("filter", "a.jsonl", "-o", "/dev/null", *options, cwd=folder)
    assert "stays. Give one with -o." in said(result, 2)
    assert not Path("/dev/.linesift").exists()


def test_a_page_may_be_called_after_a_host(folder):
    (folder / "folha.com.br").write_text(PAGE)
    result = linesift("filter", "folha.com.br", "-o", "out/", cwd=folder)
    assert (result.returncode, result.stderr) == (0, b"")
    assert (folder / "out/folha.com.br").exists()


@pytest.mark.parametrize("name", ["x.txt.xz", "x.jsonl.BZ2", "x.zip"])
def test_a_name_that_says_how_nothing_is_packed_is_refused(folder, name):
    result = linesift("filter", "d.txt", "-o", name, cwd=folder)
    assert f"{name}: linesift packs into .gz and .zst only" in said(result, 2)
    assert not (folder / name).exists()


def test_outputs_that_were_made_one_file_are_two_again(folder):
    (folder / "d2.txt").write_bytes((folder / "d.txt").read_bytes())
    for _ in range(2):
        result = linesift("filter", "d.txt", "d2.txt", "-o", "out", cwd=folder)
        assert (result.returncode, result.stderr) == (0, b"")
        first, second = folder / "out/d.txt", folder / "out/d2.txt"
        assert not first.samefile(second)
        second.unlink()
        second.hardlink_to(first)
