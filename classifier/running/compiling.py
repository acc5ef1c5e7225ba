"""Tell the user when time goes into compiling."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from classifier.kernels.compiling import when_compiling

AFTER_SECONDS = 2.0  # one kernel alone is not worth a word
MESSAGE = "compiling its kernels once, about 20 s (cached afterwards)"


@contextmanager
def announced(announce: Callable[[str], None] | None) -> Iterator[None]:
    """Tell when something in this block is compiled and that takes long."""
    timers: list[threading.Timer] = []

    def begin() -> None:
        if announce is not None and not timers:
            timers.append(threading.Timer(AFTER_SECONDS, announce, [MESSAGE]))
            timers[0].daemon = True
            timers[0].start()

    try:
        with when_compiling(begin):
            yield
    finally:
        for timer in timers:
            timer.cancel()
