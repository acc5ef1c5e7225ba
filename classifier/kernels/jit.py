"""The one decorator for compiled functions.

Compiled code is cached on disk. numba looks at the file of a cached function
only, not at those of the functions compiled into it; the sources of all kernels
are made part of the key, so that another version never runs on the code of the
one before. Where neither the package folder nor the user's cache folder can be
written, numba refuses to define a cached function; then the function is compiled
anew in each process instead.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import event
from numba.core.caching import FunctionCache, IndexDataCacheFile

from classifier.kernels.compiling import tell_listeners

F = TypeVar("F", bound=Callable[..., Any])


# No reference counts: kernels get every array from outside and allocate none, so
# counting would only cost (a tenth of the time, measured).
OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}


def digest_of(folder: Path) -> str:
    """Return a digest of all Python files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


SOURCES = digest_of(Path(__file__).parent)


class CacheFile(IndexDataCacheFile):
    """numba's files of one function; what cannot be read of them is not there.

    Unpickling them fails in any way, not only where a file was cut: those of another
    version of the package may name a module or class that this one has no more.
    """

    def _load_index(self) -> dict[Any, str]:
        try:
            overloads: dict[Any, str] = super()._load_index()
        except Exception:
            return {}
        return overloads

    def _load_data(self, name: str) -> Any:
        try:
            return super()._load_data(name)
        except Exception as error:
            raise OSError(str(error)) from error  # what numba expects of a file that is gone


class KernelCache(FunctionCache):
    """numba's cache of one function, for one version of all kernels."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        locator = self._impl.locator
        self._cache_file = CacheFile(
            self._cache_path, self._impl.filename_base, locator.get_source_stamp()
        )

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Find compiled code for a signature.

        numba would first load all that compiling may need, which takes longer than finding
        the code. What is compiled needs none of it.
        """
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)

    def _index_key(self, signature: Any, codegen: Any) -> tuple[Any, ...]:
        return (*super()._index_key(signature, codegen), SOURCES)


def jit(function: F) -> F:
    """Compile `function` in nopython mode, without the GIL, cached on disk."""
    compiled = numba.njit(**OPTIONS)(function)
    if not numba.config.DISABLE_JIT:
        try:
            compiled._cache = KernelCache(function)
        except RuntimeError:  # "no locator available": no folder can be written
            pass
    return compiled


def inline(function: F) -> F:
    """Compile a small `function` into its callers."""
    return numba.njit(forceinline=True, **OPTIONS)(function)


class _Compiling(event.Listener):
    """Passes on that a function is being compiled; one that is found on disk is not."""

    def on_start(self, event: Any) -> None:
        tell_listeners()

    def on_end(self, event: Any) -> None:
        pass


event.register("numba:compile", _Compiling())
