"""The bar of a run, as a terminal gets it."""

import contextlib
import fcntl
import os
import re
import struct
import sys
import termios
import time

import pytest

from classifier.running.counts import Counts
from classifier.running.progress import Progress


@pytest.fixture
def terminal():
    """Open a terminal of 100 columns; give both of its ends."""
    ours, theirs = os.openpty()
    resize(theirs, 100)
    stream = os.fdopen(theirs, "w")
    yield ours, stream
    with contextlib.suppress(OSError):  # what nobody could read
        stream.close()


@pytest.fixture
def long_work(terminal, monkeypatch):
    """Give the progress of work that began a while ago."""

    def begin():
        monkeypatch.setattr(sys, "stderr", terminal[1])
        progress = Progress(3, is_shown=True)
        progress.started -= 20
        return progress

    return begin  # pytest sets standard error once more before the test


def resize(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def later(progress):
    time.sleep(0.11)  # tqdm does not draw more often
    progress.add(Counts(documents=10))


def bars(ours, stream):
    """Read what was shown, up to a mark: what nobody has read when it closes may be lost."""
    print(end="\rEND", file=stream, flush=True)
    shown = b""
    while not shown.endswith(b"END"):
        shown += os.read(ours, 1 << 16)
    return [line.strip() for line in shown.decode().split("\r") if "files" in line]


def test_the_first_bar_knows_files_and_time(terminal, long_work):
    """With a file a step, it may stand for minutes."""
    progress = long_work()
    progress.finish_file()
    progress.add(Counts(documents=60))
    assert re.fullmatch(
        r"1/3 files: 60\.0 documents \[00:2\d, [23]\.\d+ documents/s, 0\.0 MB/s, 0% dropped\]",
        bars(*terminal)[0],
    )


def test_the_bar_keeps_to_a_window_that_was_made_narrower(terminal, long_work):
    progress = long_work()
    later(progress)
    resize(terminal[1], 40)
    later(progress)
    progress.close()
    widths = [len(bar) for bar in bars(*terminal)]
    assert widths[0] > 60
    assert len(widths) > 1
    assert max(widths[1:]) <= 40


def test_work_goes_on_without_its_window(terminal, long_work):
    progress = long_work()
    later(progress)
    os.close(terminal[0])
    later(progress)
    progress.close()
    assert progress.counts.documents == 20
