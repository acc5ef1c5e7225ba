"""Standard streams that are full or closed, and an interruption at the very beginning."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from commandline import COMMAND, PAGE, read_terminal, run_python, said, start
from standby import environment

from classifier import cli

FULL = Path("/dev/full")

full_disk = pytest.mark.skipif(not FULL.exists(), reason="no device here that is always full")
commands = pytest.mark.parametrize(
    "arguments", [["info"], ["--help"], ["--version"], ["explain", "--help"], ["filter"]], ids=str
)


def run(arguments, **streams):
    streams = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, **streams}
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(), check=False, timeout=60, **streams
    )


@full_disk
@commands
def test_a_full_standard_output_is_told_in_one_line(arguments, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    with FULL.open("wb") as full, page.open("rb") as stdin:
        result = run(arguments, stdin=stdin, stdout=full)
    assert "standard output: cannot be written (No space left on device). " in said(result, 1)


@full_disk
@pytest.mark.parametrize("n_lines", [10, 10_000])
def test_a_full_standard_output_is_told_however_much_is_written(n_lines):
    """Python keeps what is short and could not be written, and throws away what is long."""
    program = (
        "import click, sys; from classifier.commands.group import cli, run\n"
        f"cli.add_command(click.command('talk')(lambda: click.echo('line\\n' * {n_lines})))\n"
        "sys.argv = ['linesift', 'talk']; sys.exit(run())"
    )
    with FULL.open("wb") as full:
        result = run_python(program, stdout=full)
    assert "standard output: cannot be written" in said(result, 1)


@pytest.mark.skipif(os.name != "posix", reason="only there can a process begin without streams")
@commands
def test_a_closed_standard_output_is_told_in_one_line(arguments, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    with page.open("rb") as stdin:
        result = run(arguments, stdin=stdin, preexec_fn=lambda: os.close(1))
    assert "standard output: it is closed. " in said(result, 1)


@pytest.mark.skipif(os.name != "posix", reason="only there can a process begin without streams")
def test_who_writes_to_a_file_needs_no_standard_output(tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    result = run(
        ["filter", "page.txt", "-o", "kept.txt"], cwd=tmp_path, preexec_fn=lambda: os.close(1)
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert (tmp_path / "kept.txt").read_text() == "Title\n\nBody\n"


def long_page(folder):
    page = folder / "page.txt"
    page.write_text("Title\n" + "Body of the page\n" * 20_000)
    return page


@pytest.mark.skipif(os.name != "posix", reason="only there can a file be full")
def test_a_file_that_is_full_is_told_where_output_is_not_buffered(tmp_path, monkeypatch):
    import resource

    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    page = long_page(tmp_path)
    with (tmp_path / "kept.txt").open("wb") as kept:
        limit = (100_000, resource.RLIM_INFINITY)
        result = run(
            ["filter", page],
            stdout=kept,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
        )
    assert "standard output: cannot be written" in said(result, 1)


@pytest.mark.skipif(os.name != "posix", reason="only there can a process be stopped")
def test_who_is_stopped_while_writing_writes_the_rest(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    page = long_page(tmp_path)
    with start("filter", page, stdout=subprocess.PIPE) as process:
        first = process.stdout.read(1)  # the pipe is full soon, and the rest waits
        for number in (signal.SIGSTOP, signal.SIGCONT):
            time.sleep(0.3)
            process.send_signal(number)
        time.sleep(0.3)
        kept = first + process.stdout.read()
    assert (process.returncode, kept) == (0, page.read_bytes())


@pytest.mark.skipif(os.name != "posix", reason="only there can a process begin without streams")
def test_workers_need_no_standard_error(tmp_path):
    (tmp_path / "page.jsonl").write_text(json.dumps({"text": PAGE}) + "\n")
    result = run(
        ["filter", "page.jsonl", "--workers", "2"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=None,
        preexec_fn=lambda: os.close(2),
    )
    assert result.returncode == 0
    assert json.loads(result.stdout)["text"] == "Title\n\nBody\n"


@pytest.mark.parametrize("options", [[], ["--input-format", "jsonl"], ["--drop", "none"]])
def test_standard_input_is_read_from_where_it_stands(tmp_path, options):
    lines = [b'{"text": "One"}\n', b'{"text": "Two"}\n', b'{"text": "Three"}\n']
    (tmp_path / "in.jsonl").write_bytes(b"".join(lines))
    with (tmp_path / "in.jsonl").open("rb", buffering=0) as stdin:
        stdin.read(len(lines[0]))  # as a shell's `read` does
        result = run(["filter", *options], stdin=stdin, stdout=subprocess.PIPE)
    assert result.stdout == b"".join(lines[1:])


@pytest.mark.skipif(os.name != "posix", reason="only there are streams told not to wait")
def test_a_stream_that_would_not_wait_is_read_to_its_end_and_left_as_it_was():
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    command = ("filter", "--input-format", "text", "--drop", "none")
    with start(*command, stdin=reading, stdout=subprocess.PIPE) as slow:
        until = time.monotonic() + 60
        while not os.get_blocking(reading):  # which both have of the one pipe
            assert time.monotonic() < until
            time.sleep(0.01)
        os.write(writing, b"One\n")
        os.close(writing)
        assert slow.stdout.read() == b"One\n"
    assert slow.returncode == 0
    assert not os.get_blocking(reading)
    os.close(reading)


@pytest.mark.skipif(os.name != "posix", reason="only there have pipes names")
@pytest.mark.parametrize("option", ["--excluded", "--stats"])
def test_a_list_that_nobody_reads_is_told_of(tmp_path, option):
    (tmp_path / "page.txt").write_text("WALL")
    reading, writing = os.pipe()
    os.close(reading)
    arguments = ["filter", "page.txt", "--drop-paywalled", "-o", "kept.txt"]
    result = run([*arguments, option, f"/dev/fd/{writing}"], cwd=tmp_path, pass_fds=[writing])
    os.close(writing)
    assert f"/dev/fd/{writing}: nobody reads it any more. Read it" in said(result, 1)


@pytest.mark.skipif(os.name != "posix", reason="only there have pipes names")
@pytest.mark.parametrize("command", ["filter", "label"])
def test_an_output_that_nobody_reads_ends_quietly(tmp_path, command):
    (tmp_path / "page.txt").write_text(PAGE)
    reading, writing = os.pipe()
    os.close(reading)
    result = run(
        [command, "page.txt", "-o", f"/dev/fd/{writing}"], cwd=tmp_path, pass_fds=[writing]
    )
    os.close(writing)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_standard_input_among_files_is_read_whoever_reads_the_others(tmp_path, name, workers):
    files = [tmp_path / f"{letter}.txt" for letter in "abc"]
    for file in files:
        file.write_text(f"This is {file.name}.\n")
    (tmp_path / "in").write_text("This came by standard input.\n")
    arguments = [name, *map(str, files), "--drop", "none", "-o", str(tmp_path / "out")]
    with (tmp_path / "in").open() as stdin:
        result = run(["filter", *arguments, "--workers", workers], stdin=stdin)
    assert (result.returncode, result.stderr) == (0, b"")
    assert (tmp_path / "out/stdin").read_text() == "This came by standard input.\n"
    assert (tmp_path / "out/b.txt").read_text() == "This is b.txt.\n"


def test_what_an_encoding_has_no_sign_for_is_shown_as_an_escape():
    program = (
        "import click, sys; from classifier.cli import main\n"
        "from classifier.commands.group import cli\n"
        "cli.add_command(click.command('talk')(lambda: click.echo('\\u6865')))\n"
        "sys.argv = ['linesift', 'talk']; main()"
    )
    result = run_python(program, env=environment(PYTHONIOENCODING="latin-1"))
    assert (result.stdout, result.stderr) == (b"\\u6865\n", b"")


def test_help_that_nobody_reads_ends_quietly():
    reading, writing = os.pipe()
    os.close(reading)
    result = run(["--help"], stdout=writing)
    os.close(writing)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("module", ["click", "classifier.commands.group", "numpy"])
def test_an_interruption_while_modules_are_loaded_is_one(tmp_path, module):
    program = f"""
import sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from classifier.cli import main
main()
"""
    resumable = " Finished files of a folder stay; --resume goes on."
    (tmp_path / "out").mkdir()
    (tmp_path / "x.jsonl").touch()
    others = (
        "info",
        "filter",
        "label --output-format tsv",
        "filter -o x.jsonl",
        "label -onew",
    )
    folders = (
        "filter in -o out",
        "label in -oout",
        "filter in --output=out",
        "filter - -o s3://b/x",
    )
    for action in (*others, *folders):
        hint = resumable if action in folders else ""
        result = run_python(program, *action.split(), cwd=tmp_path, stdin=subprocess.DEVNULL)
        assert result.returncode == 130
        assert result.stderr.decode().strip() == f"linesift: interrupted.{hint}"


def test_an_interruption_that_python_throws_away_comes_again():
    program = """
import signal, sys, time
from classifier import cli
class Left:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
def run():
    Left()
    time.sleep(60)
import classifier.commands.group as group
group.run = run
cli.main()
"""
    result = run_python(program)
    assert (result.returncode, result.stderr) == (130, b"linesift: interrupted.\n")


def test_an_interruption_after_the_end_changes_nothing():
    program = """
import atexit, signal
from classifier import cli
import classifier.commands.group as group
group.run = lambda: 0
atexit.register(signal.raise_signal, signal.SIGINT)
cli.main()
"""
    result = run_python(program)
    assert (result.returncode, result.stderr) == (0, b"")


def test_standard_output_can_be_flushed_while_it_is_being_buffered(monkeypatch):
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    program = """
import io
from classifier import cli
def interrupted(*arguments):
    raise KeyboardInterrupt
io.BufferedWriter = interrupted
cli.main()
"""
    result = run_python(program)
    assert (result.returncode, result.stderr) == (130, b"linesift: interrupted.\n")


def test_an_interruption_has_its_exit_code_though_nobody_reads_messages():
    ours, theirs = os.pipe()
    os.close(ours)
    program = """
import sys
from classifier import cli
def run():
    raise KeyboardInterrupt
import classifier.commands.group as group
group.run = run
cli.main()
"""
    assert run_python(program, "filter", stderr=theirs).returncode == 130
    os.close(theirs)


def test_the_command_can_be_interrupted_before_it_loads_anything():
    program = "import sys, classifier.cli; print({'numpy', 'click'} & set(sys.modules))"
    assert run_python(program).stdout.strip() == b"set()"


def test_a_key_held_down_interrupts_once_a_second(monkeypatch):
    handlers, times, raised = {}, [0.0, 0.6, 1.2, 1.8, 2.4], []
    monkeypatch.setattr(signal, "getsignal", lambda number: signal.SIG_DFL)  # none is ignored
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    cli._answer_signals()
    monkeypatch.setattr(cli, "time", SimpleNamespace(monotonic=lambda: times[0]))
    while times:
        try:
            handlers[signal.SIGINT](signal.SIGINT, None)
        except KeyboardInterrupt:
            raised.append(times[0])
        del times[0]
    assert raised == [0.0, 1.2, 2.4]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_help_is_as_wide_as_the_terminal(monkeypatch, unbuffered):
    termios = pytest.importorskip("termios", reason="no terminals of this kind here")
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    monkeypatch.delenv("COLUMNS", raising=False)
    widest = []
    for width in (60, 90):
        ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (24, width))
        assert run(["inspect", "--help"], stdout=theirs).returncode == 0
        os.close(theirs)
        widest.append(max(map(len, read_terminal(ours).decode().split("\r\n"))))
    assert widest[0] <= 60 < widest[1] <= 90


def test_parquet_does_not_fill_a_terminal(tmp_path):
    (tmp_path / "pages.parquet").touch()
    ours, theirs = os.openpty()
    process = start("filter", tmp_path / "pages.parquet", stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    _, told = process.communicate()
    os.close(ours)
    assert process.returncode == 2
    assert b"Give -o a file for it" in told


@pytest.mark.parametrize("command", ["filter", "label"])
def test_a_terminal_is_read_up_to_one_end_and_who_waits_is_told(command):
    ours, theirs = os.openpty()
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = start(command, stdin=theirs, **pipes)
    os.write(ours, PAGE.encode() + b"\x04")
    _, told = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0, told
    assert told.startswith(b"linesift: reads what is typed or pasted here; Ctrl-D")
