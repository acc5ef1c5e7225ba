"""Worker processes: results in order, processes that end, what they need of the machine."""

import errno
import multiprocessing
import os
import time
from concurrent.futures import Future
from threading import Thread
from types import SimpleNamespace

import pytest
from doubles import until_broken
from joblib.externals.loky.backend.process import LokyProcess
from shards import task

from classifier.files.problems import BrokenFileError, Problem
from classifier.running.processor import Processor
from classifier.running.workers import Workers


def test_results_of_workers_come_in_order_and_before_an_error_of_the_source(tmp_path):
    def items():
        yield from [0.2, 0.0, 0.1, 0.0]
        raise BrokenFileError(Problem("cut", "it is cut", "Fetch it."))

    workers = Workers(2, task(), lambda message: None)
    try:
        seen, problem = until_broken(workers.in_order(sleep_and_return, items()))
    finally:
        workers.stop()
    assert seen == [0.2, 0.0, 0.1, 0.0]
    assert problem.kind == "cut"


def test_processes_end_that_were_started_before_one_could_not_be(monkeypatch):
    start, before = LokyProcess.start, len(multiprocessing.active_children())

    def start_the_first(process):
        if len(multiprocessing.active_children()) > before:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        start(process)

    monkeypatch.setattr(LokyProcess, "start", start_the_first)
    workers = Workers(2, task(), lambda message: None)
    with pytest.raises(OSError, match="Too many open files"):
        workers.submit(sleep_and_return, 0)
    assert len(multiprocessing.active_children()) == before + 1
    workers.stop()
    assert len(multiprocessing.active_children()) == before


def sleep_and_return(processor, seconds):
    assert isinstance(processor, Processor)
    time.sleep(seconds)
    return seconds


def test_only_a_few_items_are_taken_ahead():
    taken = []

    def items():
        for i in range(50):
            taken.append(i)
            yield i

    workers = Workers(2, task(), lambda message: None)
    try:
        results = workers.in_order(return_item, items())
        assert next(results) == 0
        time.sleep(0.2)
        assert len(taken) <= 5
        assert list(results) == list(range(1, 50))
    finally:
        workers.stop()


def return_item(processor, item):
    return item


@pytest.mark.parametrize("n_locks", [0, 8])  # the latter are too few for two workers
def test_where_no_locks_can_be_shared_it_is_said_what_to_do(n_locks, monkeypatch):
    locks = iter(range(n_locks))

    def lock(context):
        if next(locks, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(multiprocessing.context.BaseContext, "Lock", lock)
    with pytest.raises(OSError, match=r"No space left .* --workers 1 needs none"):
        Workers(2, task(), lambda message: None)


@pytest.fixture
def idle_workers():
    """Workers that nothing passes work on to: the machine had no thread for that."""
    workers = Workers.__new__(Workers)
    workers._futures = {Future()}
    workers._executor = SimpleNamespace(
        _executor_manager_thread=Thread(),  # not alive
        shutdown=lambda **_: None,
        _processes={},
    )
    return workers


def test_workers_end_though_nothing_passes_work_on_any_more(idle_workers):
    idle_workers.stop()


def test_work_that_nothing_passes_on_is_not_awaited_for_ever(idle_workers, monkeypatch):
    monkeypatch.setattr("classifier.running.workers.MANAGER_CHECK_SECONDS", 0.01)
    with pytest.raises(BlockingIOError):  # EAGAIN, of which the command says more
        idle_workers.first_done(idle_workers._futures)
