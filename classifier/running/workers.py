"""Worker processes, and work spread over them with its order kept."""

import errno
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from multiprocessing import current_process
from typing import Any, TypeVar
from weakref import WeakSet

from classifier.files.problems import BrokenFileError
from classifier.running.compiling import announced
from classifier.running.processor import Processor, Task
from classifier.running.worker_start import (
    ENVIRONMENT,
    require_locks,
    start_quiet_trackers,
    undisturbed,
)

Item = TypeVar("Item")
Result = TypeVar("Result")

# Enough to keep every worker busy while the oldest result is awaited.
WAITING_PER_WORKER = 2
PARENT_CHECK_SECONDS = 0.1
QUEUE_CHECK_SECONDS = 0.001
MANAGER_CHECK_SECONDS = 1.0


class WorkerDiedError(RuntimeError):
    """A worker process ended without a word, mostly for want of memory."""


class Workers:
    """A number of processes that each hold the task's model.

    Parameters
    ----------
    n_workers : int
        Number of processes.
    task : Task
        What they do.
    announce : callable
        Told, by the first of them, when compiling takes long.

    Raises
    ------
    OSError
        If the machine has no room for their locks.
    """

    def __init__(self, n_workers: int, task: Task, announce: Callable[[str], None]) -> None:
        require_locks(n_workers)  # joblib would warn, in each of the processes
        from joblib.externals.loky import get_reusable_executor

        self.n_workers = n_workers
        with undisturbed():
            start_quiet_trackers()
            self._executor = get_reusable_executor(
                max_workers=n_workers,
                initializer=_begin,
                initargs=(task, announce, os.getpid()),
                reuse=False,
                env=ENVIRONMENT,
            )
        self._futures: WeakSet[Future[Any]] = WeakSet()

    def submit(self, function: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Run ``function(processor, *arguments)`` in one of the processes.

        Parameters
        ----------
        function : callable
            One that a process can import.
        *arguments : object
            What can be pickled.

        Returns
        -------
        Future

        Raises
        ------
        OSError
            If the machine has no more pipes or open files to give.
        """
        with undisturbed():  # the first call starts the processes
            try:
                future: Future[Result] = self._executor.submit(_run, function, arguments)
            except UnboundLocalError as error:  # what loky makes of a pipe that cannot be opened
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE)) from error
        self._futures.add(future)
        return future

    def in_order(
        self, function: Callable[..., Result], items: Iterable[Item], *arguments: Any
    ) -> Iterator[Result]:
        """Run ``function(processor, item, *arguments)`` over items.

        Parameters
        ----------
        function : callable
            Importable by name.
        items : iterable
            Only a few are taken ahead of the results, so memory stays flat.
            If it raises `BrokenFileError`, the results before that come first.
        *arguments
            Further arguments.

        Yields
        ------
        result
            Results in the order of the items.

        Raises
        ------
        BlockingIOError
            As `first_done`.
        WorkerDiedError
            If a process was killed.
        """
        iterator = iter(items)
        waiting: deque[Future[Result]] = deque()
        broken: BrokenFileError | None = None
        is_done = False
        while waiting or not is_done:
            while not is_done and len(waiting) < WAITING_PER_WORKER * self.n_workers:
                try:
                    waiting.append(self.submit(function, next(iterator), *arguments))
                except StopIteration:
                    is_done = True
                except BrokenFileError as error:
                    is_done, broken = True, error
            if waiting:
                self.first_done([waiting[0]])
                yield result_of(waiting.popleft())
        if broken is not None:
            raise broken

    def first_done(self, futures: Collection[Future[Result]]) -> set[Future[Result]]:
        """Wait until at least one of some futures is done.

        Parameters
        ----------
        futures : collection of Future
            As `submit` gives them; not empty.

        Returns
        -------
        set of Future
            Those that are done.

        Raises
        ------
        BlockingIOError
            If the machine has no more threads to give: work is then not passed on.
        """
        while True:
            is_passed_on = self._passes_work_on()  # asked first: it ends when all are done, too
            done, _ = wait(futures, MANAGER_CHECK_SECONDS, FIRST_COMPLETED)
            if done:
                return done
            if not is_passed_on:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    def _passes_work_on(self) -> bool:
        # Where no further thread can be had, loky's own dies and leaves the futures undone.
        manager = self._executor._executor_manager_thread
        return manager is not None and manager.is_alive()

    def stop(self) -> None:
        """End the processes at once."""
        # loky stumbles over work that it has accepted and not yet passed on. Its
        # queue has room for all that `WAITING_PER_WORKER` allows, so this is brief.
        for future in list(self._futures):
            while not (future.running() or future.done()) and self._passes_work_on():
                time.sleep(QUEUE_CHECK_SECONDS)
        self._executor.shutdown(wait=True, kill_workers=True)
        # loky does not end those that were started before one could not be.
        for process in self._executor._processes.values():
            process.terminate()
            process.join()


def result_of(future: Future[Result]) -> Result:
    """Give the result of a future that is done.

    Parameters
    ----------
    future : Future
        As `Workers.submit` gives it.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    WorkerDiedError
        If its process was killed.
    Exception
        Whatever went wrong in its process.
    """
    from joblib.externals.loky.process_executor import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool as error:
        raise WorkerDiedError(
            "a worker process was killed, perhaps for want of memory. "
            "Use fewer --workers; with --resume, a run into a folder goes on with what is done"
        ) from error


_prepared: tuple[Processor, Callable[[str], None]] | None = None


def _begin(task: Task, announce: Callable[[str], None], parent: int) -> None:
    """Prepare a worker process."""
    global _prepared
    # The parent decides when to end; an interrupt from the terminal reaches both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    is_first = current_process().name.endswith("-1")
    _prepared = Processor(task), announce if is_first else lambda message: None
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()


def _end_with_parent(parent: int) -> None:
    """End this process when its parent was killed.

    Otherwise it would finish its file beside a run that has been started anew.
    """
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    sys.stderr.flush()
    os._exit(1)


def _run(function: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    if _prepared is None:
        raise RuntimeError("this process was not prepared by Workers")
    processor, announce = _prepared
    with announced(announce):
        return function(processor, *arguments)
