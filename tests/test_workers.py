"""Worker processes: results in order, processes that end, what they need of the machine."""

import errno
import logging
import multiprocessing
import os
import signal
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from doubles import until_broken
from joblib.externals.loky.backend.process import LokyProcess
from joblib.externals.loky.process_executor import _ExecutorManagerThread
from shards import task

from classifier.files.problems import BrokenFileError, Problem
from classifier.running.processor import Processor
from classifier.running.worker_start import undisturbed
from classifier.running.workers import WorkerDiedError, Workers, result_of


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


def test_what_libraries_log_in_workers_is_not_shown(capfd):
    workers = Workers(2, task(), lambda message: None)
    try:
        assert list(workers.in_order(log, ["no answer"])) == [None]
    finally:
        workers.stop()
    assert capfd.readouterr().err == ""


def log(processor, message):
    logging.getLogger("store").error(message)


def sleep_and_return(processor, seconds):
    assert isinstance(processor, Processor)
    time.sleep(seconds)
    return seconds


def test_workers_that_are_far_too_many_for_the_cores_of_a_job_are_told_of(monkeypatch):
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")  # which counts like what a scheduler allows
    told = []
    for n_workers in (2, 3):
        Workers(n_workers, task(), told.append).stop()
    (message,) = told
    assert message.startswith("--workers 3: this process may use only 1 core, ")


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


def test_processes_are_started_in_any_thread():
    """Of which only the first can put off an interrupt."""
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(start_undisturbed).result() == "started"


def start_undisturbed():
    with undisturbed():
        return "started"


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
def workers():
    """Two of them."""
    workers = Workers(2, task(), lambda message: None)
    yield workers
    workers.stop()


def test_work_that_nothing_passes_on_is_not_awaited_for_ever(workers, monkeypatch):
    # So it is where a machine has no further thread.
    monkeypatch.setattr(_ExecutorManagerThread, "run", lambda thread: None)
    with pytest.raises(BlockingIOError):  # EAGAIN, of which the command says more
        workers.first_done([workers.submit(return_item, 0)])


def test_where_no_thread_can_be_started_it_is_an_error_of_the_system(workers, monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(_ExecutorManagerThread, "start", refuse)
    with pytest.raises(BlockingIOError):
        workers.submit(return_item, 0)


@pytest.mark.parametrize("rest", [0, 1000])
def test_a_worker_that_is_killed_ends_the_run_even_in_the_middle_of_a_result(workers, rest):
    with pytest.raises(WorkerDiedError):
        list(workers.in_order(die, [rest] * 9))


def test_more_work_for_workers_that_were_killed_is_refused_in_the_same_words(workers):
    with pytest.raises(WorkerDiedError) as first:
        result_of(workers.submit(die, 0))
    with pytest.raises(WorkerDiedError) as second:
        workers.submit(return_item, 0)
    assert str(first.value) == str(second.value)


def die(processor, rest):
    if rest:  # of the message that it has begun
        frame = sys._getframe()
        while "result_queue" not in frame.f_locals:
            frame = frame.f_back
        os.write(frame.f_locals["result_queue"]._writer.fileno(), struct.pack("!i", rest))
    os.kill(os.getpid(), signal.SIGKILL)
