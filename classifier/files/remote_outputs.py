"""Files on other machines, written so that they appear complete."""

import errno
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from classifier.files.remote_file import failures_as_oserror
from classifier.files.temporary_files import PART_SUFFIX, TOKEN_BYTES, stem_of
from classifier.files.whole_files import UnwritableError, new_file

# A file appears there whole, when it is closed. They have no folders to make, and would make a
# bucket of a mistyped name.
OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oci", "hf"}
# Such stores, too, but a file grows there under its name, and no copy can be made of what grew.
GROWING = {"oss"}


def new_remote_file(system: Any, path: str) -> AbstractContextManager[Any]:
    """Open a file that appears under its name when the block ends well.

    An exception lets nothing appear, and an older file of this name stay.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem
    path : str
        On it.

    Returns
    -------
    context manager
        Gives a binary file, of fsspec or of this machine, to write to.

    Raises
    ------
    UnwritableError
        If it cannot be opened, or completed. What the block raises passes as it is.
    """
    names = {system.protocol} if isinstance(system.protocol, str) else set(system.protocol)
    if names & OBJECT_STORES:
        return _closed(system, path)
    return _sent(system, path) if names & GROWING else _moved(system, path)


def remove_remote_file(system: Any, path: str) -> None:
    """Remove a file, if there is one.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem
    path : str
        On it.

    Raises
    ------
    UnwritableError
        If it cannot be removed.
    """
    with _naming(path):
        if system.exists(path):
            _remove(system, path)


@contextmanager
def _closed(system: Any, path: str) -> Iterator[Any]:
    """Write a file that appears when it is closed."""
    with _naming(path):
        stream = _open(system, path)
    try:
        yield stream
        with _naming(path):
            stream.close()
    except BaseException:
        # Closing sends what is left, and a file is closed at the latest when it is collected.
        stream.forced = True  # to fsspec: nothing is left
        for end in ("discard", "close"):
            with suppress(Exception):
                getattr(stream, end)()
        raise


@contextmanager
def _sent(system: Any, path: str) -> Iterator[Any]:
    """Write a file on this machine, and send it as a whole."""
    with _naming(path):
        folder = tempfile.TemporaryDirectory(prefix="linesift-")
    with folder:
        whole = str(Path(folder.name, "whole"))
        with new_file(whole, is_synced=False) as stream:
            yield stream
        with _naming(path):
            system.put_file(whole, path)


@contextmanager
def _moved(system: Any, path: str) -> Iterator[Any]:
    """Write a file beside, and give it its name in the end."""
    part = _beside(path)
    with _naming(path):
        if system.isdir(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        system.makedirs(system._parent(path), exist_ok=True)
        stream = _open(system, part)
    try:
        yield stream
        with _naming(path):
            stream.close()
            _replace(system, part, path)
    except BaseException:
        with suppress(Exception):  # what is not written yet does not matter any more
            stream.close()
        with suppress(Exception):
            _remove(system, part)
        raise


def _open(system: Any, path: str) -> Any:
    # By itself fsspec keeps what is not committed at once for as long as the process runs, and
    # in somebody else's transaction leaves it to that.
    return system.open(path, "wb", autocommit=True)


def _beside(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}.{stem_of(name)}.{secrets.token_hex(TOKEN_BYTES)}{PART_SUFFIX}"


def _replace(system: Any, part: str, path: str) -> None:
    """Give a file the name of another, which goes."""
    from fsspec import AbstractFileSystem

    if getattr(system.mv, "__func__", None) is AbstractFileSystem.mv:
        system.cp_file(part, path)  # mv does the same, but takes brackets in a name for a pattern
        _remove(system, part)
        return
    try:
        _rename(system, part, path)
    except Exception:
        if not system.isfile(path):
            raise
        # Some stores give no file a name that another has.
        older = _beside(path)
        _rename(system, path, older)
        try:
            _rename(system, part, path)
        except BaseException:
            _rename(system, older, path)
            raise
        _remove(system, older)


def _rename(system: Any, old: str, new: str) -> None:
    system.mv(old, new)
    if system.exists(old):  # not all of them say so
        raise OSError(errno.EIO, "it cannot be renamed")


def _remove(system: Any, path: str) -> None:
    try:
        system.rm_file(path)  # rm takes brackets in a name for a pattern
    except NotImplementedError:
        system.rm(path)


@contextmanager
def _naming(path: str) -> Iterator[None]:
    """Let what a file system raises tell of the file that was to appear."""
    try:
        with failures_as_oserror():
            yield
    except OSError as error:
        raise UnwritableError(error.errno, error.strerror or str(error), path) from error
