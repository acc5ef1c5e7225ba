"""Outputs appear whole or not at all, and what killed runs left goes: nothing else does."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from classifier.files import whole_files
from classifier.files.opening import open_output
from classifier.files.temporary_files import remove_parts


def test_an_output_appears_only_when_complete(tmp_path):
    path = tmp_path / "sub" / "out.txt"
    with open_output(str(path)) as sink:
        sink.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    with pytest.raises(ZeroDivisionError):
        write_half(path)
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def write_half(path):
    with open_output(str(path)) as sink:
        sink.write(b"half")
        sink.write(b"other half" * (1 // 0))


def test_an_error_of_another_file_is_not_said_to_be_the_outputs(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.txt"):
        write_a_copy(tmp_path / "nowhere.txt", tmp_path / "out.txt")
    assert not list(tmp_path.iterdir())


def write_a_copy(path, copy):
    with open_output(str(copy)) as sink:
        sink.write(path.read_bytes())


def test_an_output_is_read_by_whom_the_one_before_was(tmp_path):
    (tmp_path / "x.txt").touch(0o600)
    with open_output(str(tmp_path / "x.txt")) as sink:
        sink.write(b"text")
    assert (tmp_path / "x.txt").stat().st_mode & 0o777 == 0o600
    with open_output(str(tmp_path / "x.txt")):  # nor may others read what it will become
        (part,) = tmp_path.glob(".x.txt.*")
        assert part.stat().st_mode & 0o777 == 0o600


def test_a_name_as_long_as_the_file_system_takes_is_written(tmp_path):
    path = tmp_path / f"{'ж' * 125}.txt"
    with pytest.raises(ZeroDivisionError):
        write_half(path)
    assert not list(tmp_path.iterdir())
    with open_output(str(path)) as sink:
        sink.write(b"new")
        (unfinished,) = tmp_path.iterdir()
    assert path.read_bytes() == b"new"
    unfinished.touch()  # as if its process had been killed
    remove_parts([str(tmp_path / "other.txt")])
    assert unfinished.exists()
    remove_parts([str(path)])
    assert not unfinished.exists()


def test_what_is_being_written_is_not_taken_for_what_a_killed_run_left(tmp_path):
    path = tmp_path / "out.txt"
    with open_output(str(path)) as sink:
        sink.write(b"of the first run")
        remove_parts([str(path)])  # as a second run does
    assert path.read_bytes() == b"of the first run"


def test_nor_is_it_on_nfs_where_a_lock_of_ones_own_needs_a_file_open_to_write(
    tmp_path, monkeypatch
):
    flock = fcntl.flock

    def flock_of_nfs(descriptor, lock):
        may_write = fcntl.fcntl(descriptor, fcntl.F_GETFL) & (os.O_WRONLY | os.O_RDWR)
        if lock & fcntl.LOCK_EX and not may_write:
            raise OSError(errno.EBADF, "Bad file descriptor")
        flock(descriptor, lock)

    monkeypatch.setattr(fcntl, "flock", flock_of_nfs)
    test_what_is_being_written_is_not_taken_for_what_a_killed_run_left(tmp_path)


def test_what_is_being_named_is_not_taken_for_it_either(tmp_path, monkeypatch):
    """As the list of bad records of a folder into which several calls write at once."""
    path, replace = tmp_path / "out.txt", Path.replace

    def replace_later(part, target):
        remove_parts([str(path)])
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", replace_later)
    with open_output(str(path)) as sink:
        sink.write(b"of the first run")
    assert path.read_bytes() == b"of the first run"


def test_what_another_run_is_about_to_remove_is_not_written(tmp_path, monkeypatch):
    path, hold = tmp_path / "out.txt", whole_files.hold
    others = []

    def hold_late(descriptor):
        monkeypatch.setattr(whole_files, "hold", hold)
        others.extend((part, os.open(part, os.O_RDONLY)) for part in tmp_path.iterdir())
        assert hold(others[0][1])
        return hold(descriptor)

    monkeypatch.setattr(whole_files, "hold", hold_late)
    with open_output(str(path)) as sink:
        [(part, other)] = others
        part.unlink()
        os.close(other)
        sink.write(b"text")
    assert path.read_bytes() == b"text"


def test_a_temporary_file_is_held_while_it_is_removed(tmp_path, monkeypatch):
    part, unlink = tmp_path / ".a.txt.0123abcd.linesift-part", Path.unlink
    part.touch()

    def unlink_held(path):
        with path.open() as file:
            assert not whole_files.hold(file.fileno())
        unlink(path)

    monkeypatch.setattr(Path, "unlink", unlink_held)
    remove_parts([str(tmp_path / "a.txt")])
    assert not part.exists()


def test_only_temporary_files_of_the_own_outputs_are_removed(tmp_path):
    for name in (".a.jsonl.0123abcd.linesift-part", ".b.jsonl.0123abcd.linesift-part", "a.jsonl"):
        (tmp_path / name).touch()
    remove_parts([str(tmp_path / "a.jsonl")])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".b.jsonl.0123abcd.linesift-part",
        "a.jsonl",
    ]


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("pipe")])
def test_what_no_run_left_stays_though_it_is_called_so(tmp_path, make):
    """In a folder where others write it may be a pipe, and nobody would write to that."""
    os.mkfifo(tmp_path / "pipe")
    planted = tmp_path / ".a.jsonl.0123abcd.linesift-part"
    make(planted)
    remove_parts([str(tmp_path / "a.jsonl")])
    assert planted.lstat()


def test_an_interrupt_as_soon_as_a_temporary_file_is_there_leaves_none(tmp_path, monkeypatch):
    def interrupt(_):
        assert list(tmp_path.iterdir())
        raise KeyboardInterrupt

    monkeypatch.setattr(whole_files, "hold", interrupt)
    with pytest.raises(KeyboardInterrupt), whole_files.new_file(tmp_path / "a.jsonl"):
        raise AssertionError
    assert list(tmp_path.iterdir()) == []


def test_what_may_not_be_removed_is_no_obstacle(tmp_path, monkeypatch):
    """As another user's files in /tmp."""
    refused = []

    def refuse(path, **_):
        refused.append(path)
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    left = tmp_path / ".a.jsonl.0123abcd.linesift-part"
    left.touch()
    remove_parts([str(tmp_path / "a.jsonl")])
    assert refused == [left]


def test_an_output_is_on_disk_before_it_has_its_name(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda place: synced.append(os.fstat(place).st_ino))
    with open_output(str(tmp_path / "x.txt")) as sink:
        sink.write(b"text")
    assert synced == [(tmp_path / "x.txt").stat().st_ino]
