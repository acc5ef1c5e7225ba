"""Start workers without other processes' talk."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

FROM_TERMINALS = {signal.SIGINT, signal.SIGHUP}
INTERRUPTS = {*FROM_TERMINALS, signal.SIGTERM}
SHARED_MEMORY = "/dev/shm"
LOCKS_OF_QUEUES = 8  # and joblib makes one in each of the processes
NO_TRACKER_WARNINGS = "ignore:resource_tracker"  # as for -W: how their messages begin
# Of processes that are started: Python looks into the working folder first for a module that it
# is to run, and a ``queue.py`` that lies beside a user's pages would be run as well.
ENVIRONMENT = {"PYTHONSAFEPATH": "1"}


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put off an interrupt until processes and threads have been started.

    What is started here gets none from the terminal, not even while it imports what it
    needs: the parent decides when to end.

    Yields
    ------
    None

    Raises
    ------
    KeyboardInterrupt
        In the end, if one came; or whatever else the process does about it.
    """
    if threading.current_thread() is not threading.main_thread():  # no other is interrupted
        yield
        return
    came: list[int] = []
    handlers = {number: signal.getsignal(number) for number in INTERRUPTS}
    # Handlers, since a signal may come to any thread; the mask, since children inherit it.
    for number, handler in handlers.items():
        if callable(handler):
            signal.signal(number, lambda number, frame: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, FROM_TERMINALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in handlers.items():
            if callable(handler):
                signal.signal(number, handler)
        for interrupt in came:
            signal.raise_signal(interrupt)


def require_locks(n_workers: int) -> None:
    """Try whether there can be the locks that worker processes share.

    Parameters
    ----------
    n_workers : int
        Number of processes.

    Raises
    ------
    OSError
        If not, as where a container has no shared memory left.
    """
    from multiprocessing import get_context

    context = get_context("fork")
    try:
        # Held all at once, since each takes a page of memory.
        _ = [context.Lock() for _ in range(LOCKS_OF_QUEUES + n_workers)]
    except OSError as error:
        reason = f"{error.strerror} for locks of worker processes; --workers 1 needs none"
        raise OSError(error.errno, reason, SHARED_MEMORY) from error


def start_quiet_trackers() -> None:
    """Start the processes that track locks and files of workers, without their warnings.

    They free what a run that was stopped has left; what they say of that on
    stderr is no concern of a user's, who has been told why the run ended. They
    take their warning filters from `sys.warnoptions`, and this process's environment.
    """
    from multiprocessing import resource_tracker

    from joblib.externals.loky.backend import resource_tracker as loky_tracker

    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    sys.warnoptions.append(NO_TRACKER_WARNINGS)
    try:
        loky_tracker.ensure_running()
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(NO_TRACKER_WARNINGS)
        for name in ENVIRONMENT.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
