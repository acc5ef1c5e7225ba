"""How the log of corrections is written: whole actions, on disk, in a file of its own."""

import errno
import fcntl
import os
from pathlib import Path

import pytest
from test_annotate_log import OPENED, written

from classifier.annotate import log_writer
from classifier.annotate.events import Accepted, Opened, Undone
from classifier.annotate.log_reader import read_pages
from classifier.annotate.log_writer import Log
from classifier.files.opening import OutputError


def test_an_action_of_which_the_disk_takes_a_part_leaves_no_trace(tmp_path):
    resource = pytest.importorskip("resource")
    path = written(tmp_path / "log", OPENED)
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Log(str(path)) as log:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 9, limits[1]))
        try:
            with pytest.raises(OutputError, match="the disk is full"):
                log.append(Accepted("ada", "page 1"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before


def test_only_one_session_has_a_log_open(tmp_path):
    with Log(str(tmp_path / "log")), pytest.raises(OutputError, match="another session"):
        Log(str(tmp_path / "log"))


@pytest.mark.parametrize("vanish", [Path.unlink, lambda log: log.rename(f"{log}.old")])
def test_an_action_is_not_saved_where_nobody_would_find_it(tmp_path, vanish):
    path = written(tmp_path / "log", OPENED)
    with Log(str(path)) as log:
        vanish(path)
        with pytest.raises(OutputError, match="deleted, renamed or replaced while it was open"):
            log.append(Accepted("ada", "page 1"))
        path.touch()  # another file of the name
        with pytest.raises(OutputError, match="deleted, renamed or replaced"):
            log.append(Accepted("ada", "page 1"))


@pytest.mark.parametrize("change", [lambda log: log.truncate(9), lambda log: log.write(b"\n")])
def test_an_action_is_not_saved_behind_what_others_made_of_a_log(tmp_path, change):
    path = written(tmp_path / "log", OPENED)
    with Log(str(path)) as log:
        log.append(Accepted("ada", "page 1"))
        with path.open("ab") as other:
            change(other)
        changed = path.read_bytes()
        with pytest.raises(OutputError, match="became shorter or longer while it was open"):
            log.append(Undone("ada", "page 1"))
        assert path.read_bytes() == changed


def test_an_action_that_cannot_be_written_leaves_no_trace(tmp_path, monkeypatch):
    path = written(tmp_path / "log", OPENED)
    before = path.read_bytes()

    def fail(descriptor):
        raise OSError(28, "No space left on device")

    with Log(str(path)) as log:
        monkeypatch.setattr(log_writer.os, "fsync", fail)
        with pytest.raises(OutputError, match="No space left"):
            log.append(Accepted("ada", "page 1"))
    assert path.read_bytes() == before


def test_a_device_that_takes_no_log_is_an_error_of_the_output():
    with Log("/dev/null") as log, pytest.raises(OutputError, match="/dev/null: cannot be written"):
        log.append(OPENED)


def test_the_folder_of_a_log_is_made_or_it_is_said_why_not(tmp_path):
    path = written(tmp_path / "new" / "folder" / "log", OPENED)
    assert list(read_pages(path)) == ["page 1"]
    with pytest.raises(OutputError, match="log/within/log: cannot be written"):
        Log(str(path / "within" / "log"))


def test_every_action_is_written_to_disk(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda place: synced.append(os.fstat(place).st_ino))
    with Log(str(tmp_path / "log.jsonl")) as log:
        assert synced == [tmp_path.stat().st_ino]  # which holds the log's name
        log.append(Opened("a", "Home", ["navigation"], {}))
        log.append(Accepted("ann", "a"))
    assert synced[1:] == 2 * [(tmp_path / "log.jsonl").stat().st_ino]


def test_where_there_are_no_locks_a_log_is_written_all_the_same(tmp_path, monkeypatch):
    def refuse(*arguments):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with Log(str(tmp_path / "log.jsonl")) as log:
        log.append(Opened("a", "Home", ["navigation"], {}))
    assert (tmp_path / "log.jsonl").stat().st_size
