"""Tell the user when time goes into compiling."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from classifier.kernels.compiling import when_compiling

AFTER_SECONDS = 2.0  # one kernel alone is not worth a word
KEPT = "compiling its kernels once, about 20 s (cached afterwards)"
NOT_KEPT = (
    "compiling its kernels, about 20 s, every time: no folder can be written to keep them in. "
    "Set NUMBA_CACHE_DIR to one that can."
)


@contextmanager
def announced(announce: Callable[[str], None] | None) -> Iterator[None]:
    """Tell when something in this block is compiled and that takes long."""
    timers: list[threading.Timer] = []

    def begin() -> None:
        if announce is not None and not timers:
            from classifier.kernels.code_files import can_be_kept

            message = KEPT if can_be_kept() else NOT_KEPT
            timers.append(threading.Timer(AFTER_SECONDS, announce, [message]))
            timers[0].daemon = True
            timers[0].start()

    try:
        with when_compiling(begin):
            yield
    finally:
        for timer in timers:
            timer.cancel()
