"""What a worker process does: it holds the task's model, works, and ends with its parent."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import current_process
from typing import Any, TypeVar

from classifier.running.compiling import announced
from classifier.running.library_logs import drop_library_logs
from classifier.running.processor import Processor
from classifier.running.task import Task

Result = TypeVar("Result")

PARENT_CHECK_SECONDS = 0.1

_prepared: tuple[Processor, Callable[[str], None]] | None = None


def begin(task: Task, announce: Callable[[str], None], parent: int) -> None:
    """Prepare this process for work.

    Parameters
    ----------
    task : Task
        What it does.
    announce : callable
        Told, by the first of the workers, when compiling takes long.
    parent : int
        Number of the process that it works for, and ends with.
    """
    global _prepared
    # The parent decides when to end; an interrupt from the terminal reaches both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    drop_library_logs()
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


def work(function: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    """Run a function in this process, which is prepared for it.

    Parameters
    ----------
    function : callable
        Gets the processor and the arguments.
    arguments : tuple

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    Exception
        Whatever goes wrong in it.
    """
    if _prepared is None:
        raise RuntimeError("this process was not prepared by Workers")
    processor, announce = _prepared
    with announced(announce):
        return function(processor, *arguments)
