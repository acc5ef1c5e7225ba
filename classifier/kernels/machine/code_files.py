"""Machine code on disk: each kernel is compiled once for all processes.

A file, and the function in it, is named after its kernel and a digest of all that its code
depends on: the sources of all kernels, the types of the arguments, Python, numba, LLVM, the
processor (or the one that numba's settings name), and these settings. Another version never
runs on the code of the one before. The files lie in the folder that NUMBA_CACHE_DIR names,
or in this package's own __pycache__, or in the user's cache. Where none can be written, a
kernel is compiled anew in each process. A file of another user is not run, unless that is
root or whoever installed the package.
"""

import hashlib
import importlib.util
import os
import struct
import sys
import tempfile
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numpy as np

from classifier.kernels.machine.compiling import compiling, is_watched
from classifier.kernels.machine.jit import Kernel
from classifier.kernels.machine.native import MachineCode, host, settings_file

DIGEST_BYTES = hashlib.sha256().digest_size
HEAD = struct.Struct("<I")  # number of results; the object file follows
MOST_CODE_BYTES = 512 << 10  # of all files together, and a little more
# Settings that change no code.
NO_CODE = (
    *("NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT"),
    *("NUMBA_NUM_THREADS", "NUMBA_THREADING_LAYER"),
)
NOT_KEPT = (
    "linesift's compiled kernels cannot be kept: no folder can be written, so each process "
    "compiles them anew, for some 25 s. Set NUMBA_CACHE_DIR to one that can."
)

folders_in_use: set[Path] = set()
"""Where this process found code, or put some."""

not_kept: set[str] = set()
"""Names of kernels whose code no folder has taken."""


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


def code_for(kernel: Kernel, arguments: tuple[Any, ...]) -> MachineCode:
    """Find the code of a kernel for the types of some arguments, or compile it.

    Parameters
    ----------
    kernel : Kernel
    arguments : tuple of ndarray, int, bool and tuples of these

    Returns
    -------
    MachineCode
    """
    name = _name(kernel, arguments)
    content = _found(name)
    if content is None:
        with compiling(kernel.__name__):
            # Who was told of it may have waited for another process that compiles it.
            content = _found(name) or _compiled(kernel, arguments, name)
    return _machine_code(content, name)


def _found(name: str) -> bytes | None:
    for folder in folders():
        content = _read(_path(folder, name))
        if content is not None:
            folders_in_use.add(folder)
            return content
    return None


def _compiled(kernel: Kernel, arguments: tuple[Any, ...], name: str) -> bytes:
    from classifier.kernels.machine.generation import object_code

    code, n_results = object_code(kernel, arguments, name)
    content = HEAD.pack(n_results) + code
    for folder in folders():
        if _write(_path(folder, name), content):
            folders_in_use.add(folder)
            break
    else:
        if not not_kept and not is_watched():
            warnings.warn(NOT_KEPT, RuntimeWarning, stacklevel=2)
        not_kept.add(kernel.__name__)
    return content


def folders() -> list[Path]:
    """Return the folders that code may lie in; it goes to the first that can be written.

    Returns
    -------
    list of Path
        That of `NUMBA_CACHE_DIR` alone if it is set.
    """
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        return [Path(named)]
    beside = Path(__file__).parent / "__pycache__"
    try:
        return [beside, _user_folder() / "linesift"]
    except RuntimeError:  # a user without a home, as in some containers
        return [beside]


def can_be_kept() -> bool:
    """Tell whether there is a folder that code can be written to; it is made for that.

    Returns
    -------
    bool
    """
    return any(map(_takes_files, folders()))


def _takes_files(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(MOST_CODE_BYTES))  # a full disk takes an empty one
    except OSError:
        return False
    return True


def _user_folder() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # The standard says to ignore it otherwise: code would lie in every working folder.
    return named if named.is_absolute() else Path.home() / ".cache"


def _name(kernel: Kernel, arguments: tuple[Any, ...]) -> str:
    own = kernel.function.__code__  # for one that is not of this package
    source = f"{own.co_code!r} {own.co_names} {own.co_consts}"
    parts = (sources(), source, _signature(arguments), *_translator())
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{kernel.__module__.rpartition('.')[2]}.{kernel.__name__}-{digest[:20]}"


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.code"


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
    version = Path(str(numba.origin)).parent / "_version.py"
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
    return (sys.version, version.read_text("utf-8"), llvmlite.__version__, *processor, *settings)


def _machine_code(content: bytes, name: str) -> MachineCode:
    (n_results,) = HEAD.unpack_from(content)
    return MachineCode(content[HEAD.size :], name, n_results)


def _read(path: Path) -> bytes | None:
    """Read a file; one that was cut or changed, or is a stranger's, is not there."""
    try:
        with path.open("rb") as file:
            # A folder such as /tmp/cache may have been made by anybody, and this will be run.
            if os.fstat(file.fileno()).st_uid not in _trusted_users():
                return None
            stored = file.read()
    except OSError:
        return None
    content = stored[DIGEST_BYTES:]
    is_whole = bool(content) and hashlib.sha256(content).digest() == stored[:DIGEST_BYTES]
    return content if is_whole else None


def _trusted_users() -> set[int]:
    """Return whose code may run: that of those who could have changed this file as well."""
    return {os.geteuid(), 0, Path(__file__).stat().st_uid}


def _write(path: Path, content: bytes) -> bool:
    """Write a file, if that can be, in one step: other processes see all of it or nothing."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # of a process that was killed, or a link to elsewhere
        with part.open("xb") as file:
            file.write(hashlib.sha256(content).digest() + content)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True
