"""Kernels compiled by several processes, each of which takes those that no other has begun."""

from contextlib import contextmanager

import numpy as np
import pytest
from filelock import FileLock, Timeout

from classifier.kernels.machine.jit import Kernel
from classifier.running.warming import warm_everything


def warm_together(folder):
    """Return when all kernels are on disk; the processes have `folder` in common.

    What another process compiles runs in Python meanwhile, so that this one comes to the next.
    """
    folder.mkdir(exist_ok=True)
    with _loading(folder, is_awaited=False):
        warm_everything(None)
    with _loading(folder, is_awaited=True):
        warm_everything(None)


@contextmanager
def _loading(folder, *, is_awaited):
    load = Kernel._load
    in_python = []

    def load_alone(kernel, kinds, arguments):
        lock = FileLock(folder / f"{kernel.__module__}.{kernel.__name__}.lock")
        try:
            if in_python:  # what calls it has it compiled in
                raise Timeout(lock.lock_file)
            lock.acquire(blocking=is_awaited)
        except Timeout:
            return lambda words: run_in_python(kernel, arguments)
        try:
            return load(kernel, kinds, arguments)
        finally:
            lock.release()

    def run_in_python(kernel, arguments):
        in_python.append(kernel)
        try:
            with np.errstate(over="ignore"):
                return kernel.function(*arguments)
        finally:
            in_python.pop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kernel, "_load", load_alone)
        yield
