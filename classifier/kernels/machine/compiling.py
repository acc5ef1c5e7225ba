"""Who is told when kernels are compiled; loads nothing, so that asking for it costs nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

_watches: list[Callable[[str], AbstractContextManager[None]]] = []


@contextmanager
def watched(watch: Callable[[str], AbstractContextManager[None]]) -> Iterator[None]:
    """Enter `watch` whenever a kernel is compiled in this block, not when it is found on disk.

    Parameters
    ----------
    watch : callable
        Gets the name of the kernel, and gives a context manager.

    Yields
    ------
    None
    """
    _watches.append(watch)
    try:
        yield
    finally:
        _watches.remove(watch)


def is_watched() -> bool:
    """Tell whether somebody is told of kernels that are compiled, as the command's user is.

    Returns
    -------
    bool
    """
    return bool(_watches)


@contextmanager
def compiling(kernel: str) -> Iterator[None]:
    """Let all know who want to that a kernel is being compiled in this block.

    Parameters
    ----------
    kernel : str
        Its name.

    Yields
    ------
    None
    """
    with ExitStack() as stack:
        for watch in _watches:
            stack.enter_context(watch(kernel))
        yield
