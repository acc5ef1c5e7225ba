"""Compiled code on disk: found again, and never taken for that of other sources."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from classifier.kernels.machine import code_files, code_names
from classifier.kernels.machine.compiling import compiling as kernel_compiling
from classifier.kernels.machine.generation import object_code
from classifier.kernels.machine.jit import jit
from classifier.running import compiling

ROOT = Path(__file__).parent.parent


@pytest.fixture
def is_found(tmp_path):
    """Return a function that runs a kernel in a process and tells whether its code was on disk."""
    (tmp_path / "kernel.py").write_text(
        textwrap.dedent("""
            import sys
            from classifier.kernels.machine import code_names, jit

            code_names.sources = lambda: sys.argv[1]

            @jit.jit
            def doubled(x):
                return 2 * x

            assert doubled(21) == 42
            # What is found needs no compiler, which takes longer to load than the code.
            print("numba" not in sys.modules)
        """)
    )
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "x"), "PYTHONPATH": str(ROOT)}
    for name in ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES"):
        environment.pop(name, None)

    def run(sources="same", **more):
        command = [sys.executable, "kernel.py", sources]
        output = subprocess.check_output(command, cwd=tmp_path, env=environment | more, text=True)
        return output.strip() == "True"

    return run


@pytest.fixture
def is_found_here(tmp_path, monkeypatch):
    """Return a function that tells whether the code of a kernel is on disk; it is compiled if not.

    In this process, where the compiler is loaded once.
    """
    compiled = []

    def noted(*arguments):
        compiled.append(arguments)
        return object_code(*arguments)

    monkeypatch.setattr("classifier.kernels.machine.generation.object_code", noted)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "x"))
    monkeypatch.setattr(code_files, "folders_in_use", set())
    monkeypatch.setattr(code_files, "not_kept", set())

    def run():
        compiled.clear()
        assert jit(lambda x: 2 * x)(21) == 42
        return not compiled

    return run


def test_code_is_found_again_by_the_same_sources_only(is_found):
    found = [is_found(each) for each in ("old", "old", "new", "old")]
    assert found == [False, True, False, True]


def test_code_is_of_one_processor_and_one_set_of_settings(is_found):
    """A folder may be shared by machines of several kinds."""
    elsewhere = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    assert [is_found(), is_found(**elsewhere), is_found(**elsewhere)] == [False, False, True]
    assert not is_found(NUMBA_OPT="1")
    assert is_found(NUMBA_NUM_THREADS="1")  # which changes no code
    assert is_found()


def test_code_for_a_processor_that_is_named_is_found_on_any_other(monkeypatch):
    """An image that is built on one kind of machine runs on another."""

    def names(**settings):
        for name in ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES"):
            monkeypatch.delenv(name, raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        found = set()
        for processor in ("znver5", "znver3"):
            monkeypatch.setattr(code_names, "host", lambda name=processor: ("x86_64", name, "+a"))
            found.add(code_names._translator.__wrapped__())
        return len(found)

    assert names() == 2
    assert names(NUMBA_CPU_NAME="x86-64-v3") == 2  # with the features of the machine
    assert names(NUMBA_CPU_NAME="x86-64-v3", NUMBA_CPU_FEATURES="") == 1


def test_code_made_by_a_file_of_settings_is_not_run_elsewhere(is_found, tmp_path):
    assert [is_found(), is_found()] == [False, True]
    settings = tmp_path / ".numba_config.yaml"
    settings.write_text("opt: '0'\n")
    assert [is_found(), is_found()] == [False, True]
    settings.unlink()
    assert is_found()


def test_it_is_known_whether_any_code_of_these_versions_is_kept(is_found_here, monkeypatch):
    assert not code_files.is_any_kept()
    is_found_here()
    assert code_files.is_any_kept()
    monkeypatch.setattr(code_files, "version", lambda: "0123456789")
    assert not code_files.is_any_kept()


def test_files_that_cannot_be_read_are_made_anew(is_found_here, tmp_path):
    """As after a full disk."""
    assert [is_found_here(), is_found_here()] == [False, True]
    (file,) = tmp_path.rglob("*.code")
    whole = file.read_bytes()
    for damaged in (whole[:-20], b"", whole[:32], bytes([*whole[:-1], whole[-1] ^ 1])):
        file.write_bytes(damaged)
        assert code_files._read(file) is None  # running it would end this process
        assert [is_found_here(), is_found_here()] == [False, True]
    assert list(file.parent.iterdir()) == [file]


def test_who_may_read_sources_may_read_code(is_found_here, tmp_path):
    """An image is warmed by one user and run by another."""
    is_found_here()
    (file,) = tmp_path.rglob("*.code")
    (tmp_path / "plain").touch()
    assert file.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_code_of_a_stranger_is_not_run(is_found_here, monkeypatch, tmp_path):
    """It may lie in a folder such as /tmp/cache, which somebody made before."""
    is_found_here()
    (file,) = tmp_path.rglob("*.code")
    assert {os.geteuid(), 0} <= code_files._trusted_users()
    stranger = file.stat().st_uid + 1
    with monkeypatch.context() as patched:
        patched.setattr(code_files, "_trusted_users", lambda: {stranger})
        assert not is_found_here()
    assert is_found_here()


def test_code_is_not_written_through_a_link_that_lies_in_the_way(is_found_here, tmp_path):
    is_found_here()
    (file,) = tmp_path.rglob("*.code")
    file.unlink()
    own = tmp_path / "own"
    own.write_text("a letter")
    file.with_name(f"{file.name}.{os.getpid()}.part").symlink_to(own)
    assert [is_found_here(), is_found_here()] == [False, True]
    assert own.read_text() == "a letter"


def test_where_nothing_can_be_written_each_process_compiles(is_found_here, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(code_files, "not_kept", set())
    with monkeypatch.context() as refused:
        refused.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
        with pytest.warns(RuntimeWarning, match="compiled kernels cannot be kept"):
            assert [is_found_here(), is_found_here()] == [False, False]
        assert code_files.folders_in_use == set()
    is_found_here()
    assert code_files.folders_in_use == {tmp_path / "x"}


def test_code_goes_to_the_first_folder_that_can_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    folders = [tmp_path / "file", tmp_path / "user" / "linesift", tmp_path / "other"]
    monkeypatch.setattr(code_files, "folders", lambda: folders)

    @jit
    def doubled(x):
        return 2 * x

    assert doubled(21) == 42
    assert {path.name for path in tmp_path.iterdir()} == {"file", "user"}
    monkeypatch.setattr("classifier.kernels.machine.generation.object_code", None)  # needed no more
    again = jit(doubled.function)
    assert again(4) == 8


def test_an_interrupt_while_llvm_works_is_one(is_found_here, monkeypatch):
    # There it is raised in what LLVM calls, and Python throws it away.
    def interrupted(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("llvmlite.binding.executionengine.string_at", interrupted)
        with pytest.raises(KeyboardInterrupt):
            is_found_here()
    assert [is_found_here(), is_found_here()] == [False, True]


@pytest.fixture
def no_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(code_files, "not_kept", set())
    monkeypatch.setattr(code_files, "folders", lambda: [tmp_path / "file"])
    (tmp_path / "file").touch()


@pytest.mark.usefixtures("no_folder")
def test_what_no_folder_takes_is_remembered_by_name_and_warned_of_once(recwarn):
    @jit
    def tripled(x):
        return 3 * x

    assert (tripled(14), tripled(True)) == (42, 3)  # of two types: compiled twice
    (warned,) = recwarn.list
    assert warned.category is RuntimeWarning
    assert "NUMBA_CACHE_DIR" in str(warned.message)
    assert code_files.not_kept == {"tripled"}
    assert not code_files.can_be_kept()


@pytest.mark.usefixtures("no_folder")
def test_who_is_told_of_compiling_is_not_warned(recwarn):
    @jit
    def added(x):
        return x + 1

    with compiling.announced(lambda message: None):
        assert added(41) == 42
    assert code_files.not_kept == {"added"}
    assert not recwarn.list


def test_a_full_disk_keeps_nothing(monkeypatch, tmp_path):
    full = lambda dir: open("/dev/full", "wb")  # noqa: E731, SIM115, PTH123
    monkeypatch.setattr(code_files.tempfile, "TemporaryFile", full)
    monkeypatch.setattr(code_files, "folders", lambda: [tmp_path])
    assert not code_files.can_be_kept()


def test_without_numba_it_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="numba"):
        code_names._translator.__wrapped__()


def test_that_nothing_can_be_kept_is_said_while_it_is_compiled(monkeypatch, tmp_path):
    told = []
    monkeypatch.setattr(compiling, "AFTER_SECONDS", 0.0)
    (tmp_path / "file").write_text("no folder")
    for folder in (tmp_path / "file" / "cache", tmp_path / "cache"):
        monkeypatch.setattr(code_files, "folders", lambda folder=folder: [folder])
        with compiling.announced(told.append):
            for _ in range(2):  # kernels
                with kernel_compiling("some"):
                    time.sleep(0.2)
    assert ["NUMBA_CACHE_DIR" in message for message in told] == [True, False]


def test_where_no_thread_can_be_had_kernels_are_compiled_untold(monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(compiling.threading.Timer, "start", refuse)
    is_done = False
    with compiling.announced(lambda message: None), kernel_compiling("some"):
        is_done = True
    assert is_done


def test_code_lies_beside_the_sources_or_in_the_cache_of_the_user(monkeypatch, tmp_path):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    beside, own = code_files.folders()
    assert beside == Path(code_files.__file__).parent / "__pycache__"
    assert own.name == "linesift"
    assert sys.platform != "linux" or own.parent == tmp_path
    monkeypatch.setenv("XDG_CACHE_HOME", "caches")  # to be ignored, says the standard
    assert all(folder.is_absolute() for folder in code_files.folders())
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert code_files.folders() == [tmp_path]


def test_a_user_without_a_home_keeps_code_beside_the_sources(monkeypatch):
    def fail():
        raise RuntimeError("Could not determine home directory.")

    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(code_files.Path, "home", fail)
    assert code_files.folders() == [Path(code_files.__file__).parent / "__pycache__"]


def test_a_digest_changes_with_any_source(tmp_path):
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "b.py").write_text("y = 1")
    before = code_names.digest_of(tmp_path)
    assert code_names.digest_of(tmp_path) == before
    (tmp_path / "b.py").write_text("y = 2")
    assert code_names.digest_of(tmp_path) != before
