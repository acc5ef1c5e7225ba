"""A second process compiles the largest kernels: it is waited for, and never relied upon."""

import subprocess

import pytest
from commandline import run_python

from classifier.kernels.machine import code_files
from classifier.kernels.machine.compiling import compiling, watched
from classifier.kernels.machine.jit import jit
from classifier.running import second_compiler

WRITES_LATE = """
import os, pathlib, sys, time
for name in ("first", "second"):
    time.sleep(0.5)
    pathlib.Path(name).touch()
    os.write(1, b".")
time.sleep(60)
"""


@pytest.fixture
def started(monkeypatch, tmp_path):
    """The processes that are started, in a folder where they have a core and room for code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("joblib.externals.loky.cpu_count", lambda: 2)
    monkeypatch.setattr(code_files, "folders", lambda: [tmp_path / "cache"])
    monkeypatch.setattr(second_compiler, "COMMAND", WRITES_LATE)
    processes = []
    start = subprocess.Popen

    def listed(*words, **options):
        processes.append(start(*words, **options))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", listed)
    return processes


def compile_all():
    with second_compiler.second_compiler():
        for kernel in ("plan_steps", "plan_joining", "plan_reading", "label_steps", "read_batch"):
            with compiling(kernel):
                yield kernel


def test_it_is_waited_for_where_its_kernels_are_needed_and_ended_with_the_block(started, tmp_path):
    seen = {
        kernel: [(tmp_path / name).exists() for name in ("first", "second")]
        for kernel in compile_all()
    }
    assert len(started) == 1
    assert started[0].poll() == -9
    assert seen["plan_joining"] == seen["plan_reading"] == [False, False]
    assert seen["label_steps"][0]
    assert seen["read_batch"] == [True, True]


def test_one_that_fails_at_once_holds_up_nothing(started, monkeypatch):
    monkeypatch.setattr(second_compiler, "COMMAND", "raise SystemExit(3)")
    assert len(list(compile_all())) == 5
    assert started[0].poll() == 3


def test_one_that_is_silent_is_given_up(started, monkeypatch):
    monkeypatch.setattr(second_compiler, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(second_compiler, "COMMAND", "import time; time.sleep(60)")
    assert len(list(compile_all())) == 5
    assert started[0].poll() == -9


def test_none_is_started_without_a_core_or_a_place_for_code(started, monkeypatch, tmp_path):
    monkeypatch.setattr("joblib.externals.loky.cpu_count", lambda: 1)
    assert len(list(compile_all())) == 5
    monkeypatch.setattr("joblib.externals.loky.cpu_count", lambda: 2)
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(code_files, "folders", lambda: [tmp_path / "file" / "cache"])
    assert len(list(compile_all())) == 5
    assert started == []


def test_a_process_that_cannot_be_started_is_done_without(started, monkeypatch):
    def refuse(*words, **options):
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert len(list(compile_all())) == 5


def test_it_compiles_what_a_command_looks_for_and_not_what_is_compiled_beside_it():
    done = run_python("""
from classifier.kernels.machine import code_files
from classifier.running.second_compiler import AWAITED, STARTS_AT, compile_largest

names = []
code_files._compiled = lambda *arguments: 1 / 0  # those of the command are there, and are found
found = code_files._found

def noted(name):
    names.append(name.partition("-")[0].partition(".")[2])
    return found(name)

code_files._found = noted
compile_largest()
assert set(AWAITED) < set(names), names
assert not {STARTS_AT, "plan_reading", "copy_as_read"} & set(names), names
""")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == b".."


def test_code_that_came_while_it_was_waited_for_is_not_compiled(monkeypatch, tmp_path):
    def kernel_of(number):
        return jit(lambda x: x + number)

    monkeypatch.setattr(code_files, "folders", lambda: [tmp_path])
    assert kernel_of(4)(3) == 7
    (path,) = tmp_path.iterdir()
    away = path.rename(tmp_path / "away")

    class Wait:
        def __init__(self, kernel):
            away.rename(path)

        def __enter__(self):
            monkeypatch.setattr(code_files, "_compiled", None)

        def __exit__(self, *error):
            pass

    with watched(Wait):
        assert kernel_of(4)(5) == 9
