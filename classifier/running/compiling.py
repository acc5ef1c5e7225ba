"""Tell the user when time goes into compiling."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from classifier.kernels.machine.compiling import watched

AFTER_SECONDS = 2.0  # one kernel alone is not worth a word
KEPT = "compiling kernels, some 25 s (then cached)"
NOT_KEPT = (
    "compiling kernels, some 25 s, every time: no folder can be written to keep them in. "
    "Set NUMBA_CACHE_DIR to one that can."
)


@contextmanager
def announced(announce: Callable[[str], None]) -> Iterator[None]:
    """Tell, once, when compiling takes long in this block.

    Parameters
    ----------
    announce : callable
        Told what takes so long.

    Yields
    ------
    None
    """
    spent = 0.0
    is_told = False

    def tell() -> None:
        nonlocal is_told
        if not is_told:
            from classifier.kernels.machine.code_files import can_be_kept

            is_told = True
            announce(KEPT if can_be_kept() else NOT_KEPT)

    @contextmanager
    def timed(kernel: str) -> Iterator[None]:
        nonlocal spent
        del kernel
        begin = time.monotonic()
        timer = threading.Timer(max(AFTER_SECONDS - spent, 0.0), tell)
        timer.daemon = True
        with suppress(RuntimeError):  # no thread can be had: work goes on, untold
            timer.start()
        try:
            yield
        finally:
            timer.cancel()
            spent += time.monotonic() - begin

    with watched(timed):
        yield
