"""Who is told when kernels are compiled; loads nothing, so that asking for it costs nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[], None]] = []


@contextmanager
def when_compiling(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` whenever a kernel is compiled in this block, not when it is found on disk."""
    _listeners.append(tell)
    try:
        yield
    finally:
        _listeners.remove(tell)


def tell_listeners() -> None:
    """Say that a kernel is being compiled."""
    for tell in _listeners:
        tell()
