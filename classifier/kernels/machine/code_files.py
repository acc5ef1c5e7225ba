"""Machine code on disk: each kernel is compiled once for all processes.

The files (see `code_names`) lie in the folder that NUMBA_CACHE_DIR names, or in this package's
own __pycache__, or in the user's cache. Where none can be written, a kernel is compiled anew in
each process. A file of another user is not run, unless that is root or whoever installed the
package.
"""

import hashlib
import os
import struct
import sys
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from classifier.kernels.machine.code_names import file_name, version
from classifier.kernels.machine.compiling import compiling, is_watched
from classifier.kernels.machine.jit import Kernel
from classifier.kernels.machine.native import MachineCode

DIGEST_BYTES = hashlib.sha256().digest_size
HEAD = struct.Struct("<I")  # number of results; the object file follows
MOST_CODE_BYTES = 512 << 10  # of all files together, and a little more
NOT_KEPT = (
    "linesift's compiled kernels cannot be kept: no folder can be written, so each process "
    "compiles them anew, for some 25 s. Set NUMBA_CACHE_DIR to one that can."
)

folders_in_use: set[Path] = set()
"""Where this process found code, or put some."""

not_kept: set[str] = set()
"""Names of kernels whose code no folder has taken."""


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
    name = file_name(kernel, arguments)
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


def is_any_kept() -> bool:
    """Tell whether code of these versions lies in one of the folders, be it of one kernel only.

    Returns
    -------
    bool
    """
    return any(any(folder.glob(f"*-{version()}*.code")) for folder in folders())


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


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.code"


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
