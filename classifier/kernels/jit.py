"""The one decorator for compiled functions.

Compiled code is cached on disk. Where neither the package folder nor the
user's cache folder can be written, numba refuses to define a cached function;
then the function is compiled anew in each process instead.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core import event

from classifier.kernels.compiling import tell_listeners

F = TypeVar("F", bound=Callable[..., Any])


# No reference counts: kernels get every array from outside and allocate none, so
# counting would only cost (a tenth of the time, measured).
OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}


def jit(function: F) -> F:
    """Compile `function` in nopython mode, without the GIL, cached on disk."""
    try:
        return numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # "no locator available": no folder can be written
        return numba.njit(**OPTIONS)(function)


def inline(function: F) -> F:
    """Compile a small `function` into its callers."""
    return numba.njit(forceinline=True, **OPTIONS)(function)


def inline_reassociating(function: F) -> F:
    """Compile a small sum into its callers, free to add in any order (which vectorises it)."""
    return numba.njit(forceinline=True, fastmath={"reassoc", "contract"}, **OPTIONS)(function)


class _Compiling(event.Listener):
    """Passes on that a function is being compiled; one that is found on disk is not."""

    def on_start(self, event: Any) -> None:
        tell_listeners()

    def on_end(self, event: Any) -> None:
        pass


event.register("numba:compile", _Compiling())
