"""Worker processes, and work spread over them with its order kept."""

import errno
import os
import signal
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from classifier.files.problems import BrokenFileError
from classifier.running.task import Task
from classifier.running.worker_process import begin, work
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
CHECK_SECONDS = 1.0
# Of files far away, while some workers wait for theirs, others can use the core.
USEFUL_PER_CORE = 2
KILLED = (
    "a worker process was killed, perhaps for want of memory. "
    "Use fewer --workers; with --resume, a run into a folder goes on with what is done"
)


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
        Told if there are far fewer cores than workers; and, by the first of them, when
        compiling takes long.

    Raises
    ------
    OSError
        If the machine has no room for their locks.
    """

    def __init__(self, n_workers: int, task: Task, announce: Callable[[str], None]) -> None:
        require_locks(n_workers)  # joblib would warn, in each of the processes
        from joblib.externals.loky import cpu_count, get_reusable_executor

        n_cores = cpu_count()  # that a scheduler or container lets this process use
        if n_workers > USEFUL_PER_CORE * n_cores:
            cores = "1 core" if n_cores == 1 else f"{n_cores} cores"
            announce(
                f"--workers {n_workers}: this process may use only {cores}, and each worker takes "
                "memory. Give as many workers as cores; in a job, ask for the cores."
            )
        self.n_workers = n_workers
        with undisturbed():
            start_quiet_trackers()
            self._executor = get_reusable_executor(
                max_workers=n_workers,
                initializer=begin,
                initargs=(task, announce, os.getpid()),
                reuse=False,
                env=ENVIRONMENT,
            )

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
            If the machine has no more pipes, open files or threads to give.
        WorkerDiedError
            If a process was killed before.
        """
        with undisturbed(), _death_told():  # the first call starts the processes
            try:
                future: Future[Result] = self._executor.submit(work, function, arguments)
            except UnboundLocalError as error:  # what loky makes of a pipe that cannot be opened
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE)) from error
            except RuntimeError as error:
                if "new thread" not in str(error):
                    raise
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error
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
        WorkerDiedError
            If a process was killed in the middle of a result.
        """
        while True:
            # Asked before, since what is amiss may be told by the futures meanwhile.
            manager = self._executor._executor_manager_thread
            is_managed = manager is not None and manager.is_alive()
            has_died = any(process.exitcode for process in self._processes())
            done, _ = wait(futures, CHECK_SECONDS, FIRST_COMPLETED)
            if done:
                return done
            if not is_managed:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            if has_died:  # loky waits for the rest of its result
                raise WorkerDiedError(KILLED)

    def stop(self) -> None:
        """End the processes at once."""
        executor, processes = self._executor, self._processes()
        manager = executor._executor_manager_thread
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        # For the rest of a message that one of them was killed in, loky's threads would wait
        # for ever: as long as there is another end, which this process has, too.
        executor._result_queue._writer.close()
        executor._call_queue._reader.close()
        if manager is not None and manager.is_alive():
            manager.join()  # it sees that they are dead, and puts away what is left
        executor.shutdown(wait=False)
        for process in processes:
            process.join()

    def _processes(self) -> list[Any]:
        return list(self._executor._processes.values())


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
    with _death_told():
        return future.result()


@contextmanager
def _death_told() -> Iterator[None]:
    from joblib.externals.loky.process_executor import BrokenProcessPool

    try:
        yield
    except BrokenProcessPool as error:
        raise WorkerDiedError(KILLED) from error
