"""What the machine code of a kernel is called: a file, and the function in it.

The name is its kernel's and a digest of all that its code depends on: the sources of all
kernels, the types of the arguments, Python, numba, LLVM, the processor (or the one that numba's
settings name), and these settings. Another version never runs on the code of the one before.
"""

import hashlib
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numpy as np

from classifier.kernels.machine.jit import Kernel
from classifier.kernels.machine.native import host, settings_file

# Settings that change no code.
NO_CODE = (
    *("NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT"),
    *("NUMBA_NUM_THREADS", "NUMBA_THREADING_LAYER"),
)


def file_name(kernel: Kernel, arguments: tuple[Any, ...]) -> str:
    """Name the code of a kernel for the types of some arguments.

    Parameters
    ----------
    kernel : Kernel
    arguments : tuple of ndarray, int, bool and tuples of these

    Returns
    -------
    str
        Its module and its own name, and two digests: `version`, and that of the types.
    """
    own = kernel.function.__code__  # for one that is not of this package
    source = f"{own.co_code!r} {own.co_names} {own.co_consts}"
    types = _digest(source, _signature(arguments))
    return f"{kernel.__module__.rpartition('.')[2]}.{kernel.__name__}-{version()}{types}"


@cache
def version() -> str:
    """Return what the names of all code that this process can use have in common.

    Returns
    -------
    str
        10 hexadecimal digits.
    """
    return _digest(sources(), *_translator())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]


def digest_of(folder: Path) -> str:
    """Return a digest of all Python files of a folder and those in it.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def sources() -> str:
    """Return the digest of the sources of all kernels, as this process found them.

    Returns
    -------
    str
    """
    return digest_of(Path(__file__).parents[1])


def _signature(arguments: tuple[Any, ...]) -> str:
    """Write down the types of arguments."""
    kinds = []
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            kinds.append(f"{argument.dtype.str}{argument.ndim}")
        elif isinstance(argument, tuple):
            kinds.append(f"{type(argument).__name__}({_signature(argument)})")
        else:
            kinds.append(type(argument).__name__)
    return " ".join(kinds)


@cache
def _translator() -> tuple[str, ...]:
    """Return what turns sources to code. numba is told by its file of versions, unloaded."""
    numba = importlib.util.find_spec("numba")
    if numba is None:
        raise ModuleNotFoundError("No module named 'numba'", name="numba")
    versions = Path(str(numba.origin)).parent / "_version.py"
    # Code for a processor that is named, with features that are, is alike wherever it is made.
    is_named = os.environ.get("NUMBA_CPU_NAME") and "NUMBA_CPU_FEATURES" in os.environ
    processor = host()[:1] if is_named else host()
    settings = [
        f"{name}={value}"
        for name, value in sorted(os.environ.items())
        if name.startswith("NUMBA_") and name not in NO_CODE
    ]
    if settings_file():
        settings.append(repr(settings_file()))
    return (sys.version, versions.read_text("utf-8"), llvmlite.__version__, *processor, *settings)
