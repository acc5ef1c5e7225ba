"""Decorators of kernels: Python that runs as machine code, compiled when it is first called.

Nothing here loads numba: code that was compiled before is found on disk (`code_files`) and
runs without it. Only where there is none, `generation` translates the functions.
"""

import functools
import os
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from classifier.kernels.machine.loading import loading_alone

F = TypeVar("F", bound=Callable[..., Any])

# numba's own switch, with which kernels run as ordinary Python.
IS_DISABLED = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


class Part:
    """A function that kernels are made of.

    Parameters
    ----------
    function : callable
        What it does, in Python; kept under this name.
    """

    __name__: str

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.function = function

    def __call__(self, *arguments: Any) -> Any:
        """Do it in Python."""
        return self.function(*arguments)


class Inlined(Part):
    """A function that is compiled into its callers."""


class Instruction(Part):
    """What Python has no word for.

    It is written twice, in Python and, under the same name in the module that has "llvm_"
    before its name, as LLVM code.
    """


class Kernel(Part):
    """A function that other kernels and Python call.

    Arguments are numpy arrays, C-contiguous, integers, booleans and tuples of these; the
    result is nothing, an integer or some of them. Compiled for each combination of types.

    Parameters
    ----------
    function : callable

    Attributes
    ----------
    codes : dict
        Machine code that was loaded so far, by types of arguments.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self.codes: dict[tuple[Any, ...], Any] = {}

    def __call__(self, *arguments: Any) -> Any:
        """Run it.

        Raises
        ------
        TypeError
            If an argument is of another type, or an array has gaps.
        """
        kinds: list[Any] = []
        words: list[int] = []
        _describe(arguments, kinds, words)
        code = self.codes.get(tuple(kinds))
        if code is None:
            code = self._load(tuple(kinds), arguments)
        return code(words)

    def _load(self, kinds: tuple[Any, ...], arguments: tuple[Any, ...]) -> Any:
        with loading_alone():
            from classifier.kernels.machine.code_files import code_for

            if kinds not in self.codes:
                self.codes[kinds] = code_for(self, arguments)
            return self.codes[kinds]


def _describe(arguments: tuple[Any, ...], kinds: list[Any], words: list[int]) -> None:
    """Append what tells the types of arguments apart, and what machine code is given of them."""
    for argument in arguments:
        kind = type(argument)
        if kind is np.ndarray:
            if not argument.flags.c_contiguous:
                raise TypeError("an array has gaps; kernels take contiguous ones")
            kinds += (argument.dtype.num, argument.ndim)
            words.append(id(argument))
        elif isinstance(argument, tuple):
            kinds.append(kind)
            _describe(argument, kinds, words)
            kinds.append(None)
        elif isinstance(argument, (int, np.integer, np.bool_)):
            kinds.append(kind)
            words.append(int(argument))
        else:
            raise TypeError(f"kernels take arrays and integers, not {kind.__name__}")


def jit(function: F) -> F:
    """Make a function a `Kernel`.

    Parameters
    ----------
    function : callable

    Returns
    -------
    Kernel
        The function in Python if `IS_DISABLED`.
    """
    # Hashes are meant to overflow: machine code says nothing of that, Python does.
    return np.errstate(over="ignore")(function) if IS_DISABLED else Kernel(function)


def inline(function: F) -> F:
    """Compile a small function into its callers.

    Parameters
    ----------
    function : callable

    Returns
    -------
    Inlined
        The function itself if `IS_DISABLED`.
    """
    return function if IS_DISABLED else Inlined(function)


def instruction(function: F) -> F:
    """Compile what `Instruction` says.

    Parameters
    ----------
    function : callable
        Shows in Python what it does.

    Returns
    -------
    Instruction
        The function itself if `IS_DISABLED`.
    """
    return function if IS_DISABLED else Instruction(function)
