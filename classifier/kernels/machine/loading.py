"""What is loaded when it is first used: by one thread at a time, and never while another forks."""

import logging  # noqa: F401 (see below)
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_loading = threading.RLock()
_loaded: set[str] = set()

# Of a thread that loads a forked process has only the locks: those of modules that are being
# imported, numba's and LLVM's among them. What is being loaded is first brought to its end.
# Python's logging, which LLVM needs, does likewise for its own lock: had it begun to in the
# meantime, it would give back what it never took.
os.register_at_fork(
    before=_loading.acquire, after_in_parent=_loading.release, after_in_child=_loading.release
)


@contextmanager
def loading_alone() -> Iterator[None]:
    """Let no other thread load code, or what is used with it, or fork, before the block ends.

    Yields
    ------
    None
    """
    with _loading:
        yield


def load_once(name: str, load: Callable[[], object]) -> None:
    """Load what a kind of work needs, before the first of it in this process.

    Parameters
    ----------
    name : str
        Of the kind of work.
    load : callable
        Called alone; again by the next if it raises something.
    """
    if name not in _loaded:
        with loading_alone():
            if name not in _loaded:
                load()
                _loaded.add(name)
