"""Runs that are interrupted, left alone, or killed."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from commandline import lines_of, start

from classifier.commands import group
from classifier.commands.errors import Failure

# Some kernels have all of /proc but this.
asks_for_children = pytest.mark.skipif(
    not Path("/proc/thread-self/children").exists(), reason="asks Linux for children"
)


@asks_for_children
@pytest.mark.parametrize("seconds", [0, 0.03, 0.1, 0.2, 0.4])
def test_an_interrupt_while_workers_start_is_told_in_one_line(tmp_path, seconds):
    (tmp_path / "a.jsonl").write_bytes(lines_of([{"text": "SLOW"}] * 1000))
    process = start(
        *("filter", tmp_path / "a.jsonl", "-o", tmp_path / "x.jsonl", "--workers", "2"),
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not children.read_text() and process.poll() is None:
        time.sleep(0.001)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert re.fullmatch(rb"\s*linesift: interrupted\.[^\n]*\n", said)


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
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
    for _ in range(3):  # fingers are impatient
        process.send_signal(number)
        time.sleep(0.02)
    assert process.wait(30) == 130
    assert process.stderr.read().count(b"linesift: interrupted") == 1
    assert not list(out.rglob("*.linesift-part"))
    assert 0 < len(list(out.glob("*.jsonl"))) < 20


@pytest.mark.skipif(not Path("/dev/shm").exists(), reason="looks where Linux keeps semaphores")
def test_a_terminal_that_closes_leaves_nothing_behind(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(lines_of([{"text": "SLOW"}] * 1000))
    process = start(
        *("filter", tmp_path / "a.jsonl", "-o", tmp_path / "out/", "--workers", "2"),
        *("--on-error", "quarantine"),
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not list(tmp_path.rglob("*.linesift-part")) and process.poll() is None:
        time.sleep(0.01)
    assert list(Path("/dev/shm").glob(f"*-{process.pid}-*"))
    for _ in range(2):  # one comes from the shell, one from the kernel
        os.killpg(process.pid, signal.SIGHUP)
        time.sleep(0.02)
    assert b"linesift: interrupted" in process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    deadline = time.monotonic() + 30
    while list(Path("/dev/shm").glob(f"*-{process.pid}-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not list(Path("/dev/shm").glob(f"*-{process.pid}-*"))


def test_an_interrupt_is_one_if_nobody_can_read_of_it(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(lines_of([{"text": "SLOW"}] * 1000))
    ours, theirs = os.openpty()
    quarantine = ("--on-error", "quarantine")  # whose temporary file tells of the beginning
    arguments = ("filter", tmp_path / "a.jsonl", "-o", tmp_path / "x.jsonl", *quarantine)
    process = start(*arguments, stderr=theirs)
    os.close(theirs)
    while not list(tmp_path.glob("*.linesift-part")) and process.poll() is None:
        time.sleep(0.01)
    os.close(ours)  # the window is closed
    process.send_signal(signal.SIGHUP)
    assert process.wait(30) == 130


def test_progress_bars_end_before_an_interrupt_is_told(monkeypatch):
    ended = []

    class Bar:
        def __del__(self):
            ended.append("bar")

    def interrupted(**options):
        bar = Bar()
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise click.Abort from None
        finally:
            assert bar

    monkeypatch.setattr(group.cli, "main", interrupted)
    try:
        group.run()
    except KeyboardInterrupt:
        ended.append("command")
    assert ended == ["bar", "command"]


def test_an_interrupt_while_a_library_begins_is_no_library_that_is_missing(monkeypatch):
    def fit(**options):
        try:
            raise ImportError("initialization failed") from KeyboardInterrupt()  # as pybind11 does
        except ImportError as error:
            raise Failure(f"{error}. Run: pip install 'linesift[train]'") from None

    monkeypatch.setattr(group.cli, "main", fit)
    with pytest.raises(KeyboardInterrupt):
        group.run()


def test_errors_that_are_each_others_reason_are_no_interrupt(monkeypatch):
    def fail(**options):
        error, reason = Failure("the harbour is closed"), OSError("it is")
        error.__cause__, reason.__context__ = reason, error
        raise error

    monkeypatch.setattr(group.cli, "main", fail)
    assert group.run() == 1


def test_an_interrupt_for_which_python_raises_another_error_is_one():
    program = """
import sys, types
def run():
    raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()
sys.modules["classifier.commands.group"] = types.SimpleNamespace(run=run)
from classifier.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"linesift: interrupted.\n")


def test_nohup_lets_a_run_come_to_its_end(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(lines_of([{"text": "SLOW"}] * 100))
    quarantine = ("--on-error", "quarantine")  # whose temporary file tells of the beginning
    arguments = ("filter", tmp_path / "a.jsonl", "-o", tmp_path / "x.jsonl", *quarantine)
    process = start(*arguments, ignored=[signal.SIGHUP])
    while not list(tmp_path.glob("*.linesift-part")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGHUP)
    assert process.wait(60) == 0
    assert (tmp_path / "x.jsonl").exists()


@asks_for_children
def test_workers_end_with_a_run_that_was_killed(tmp_path):
    (tmp_path / "in").mkdir()
    for i in range(20):
        (tmp_path / f"in/{i}.jsonl").write_bytes(lines_of([{"text": "SLOW"}] * 20))
    process = start("filter", tmp_path / "in", "-o", tmp_path / "out", "--workers", "2")
    while not list(tmp_path.glob("out/*.jsonl")) and process.poll() is None:
        time.sleep(0.01)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.wait()
    assert children
    stop = time.monotonic() + 9  # those who go on take eighteen seconds
    while any(map(is_running, children)) and time.monotonic() < stop:
        time.sleep(0.1)
    assert not [child for child in children if is_running(child)]


def is_running(pid):
    try:
        return b"\nState:\tZ" not in Path(f"/proc/{pid}/status").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # gone, or going while this is read
        return False
