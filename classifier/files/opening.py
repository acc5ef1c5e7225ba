"""Open inputs; write outputs that appear only when they are complete."""

import errno
import io
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from classifier.files.local_paths import descriptor_of, is_special, target_of
from classifier.files.locations import filesystem, is_remote, on_this_machine, refuse_empty
from classifier.files.remote_file import RemoteFile, failures_as_oserror
from classifier.files.remote_outputs import new_remote_file, remove_remote_file
from classifier.files.web import is_web, open_web
from classifier.files.whole_files import UnwritableError, WholeFile, new_file

STANDARD_OUTPUT = "standard output"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
CLOSED = f"{STANDARD_OUTPUT}: it is closed. Name a file with -o."


class OutputError(Exception):
    """An output that cannot be written. Ends the run, whatever is done about bad records."""


@contextmanager
def open_input(path: str) -> Iterator[BinaryIO]:
    """Open a file to read, wherever it lies.

    Parameters
    ----------
    path : str
        A path, a URL, or ``-`` for standard input.

    Yields
    ------
    binary file
        The file as it is, still compressed.

    Raises
    ------
    OSError
        If it cannot be opened.
    PathError
        If its file system is not known, or cannot be reached.
    """
    path = on_this_machine(path)
    if path == "-":
        if sys.stdin is None:
            raise OSError("standard input is closed")
        yield sys.stdin.buffer
    elif is_remote(path):
        system, inner = filesystem(path)
        with failures_as_oserror():
            opened = open_web(system, inner) if is_web(system) else system.open(inner, "rb")
        with RemoteFile(opened) as file:
            yield cast(BinaryIO, file)
    else:
        with io.BufferedReader(WholeFile(path), 1 << 20) as stream:
            yield cast(BinaryIO, stream)


class Sink(io.RawIOBase):
    """An output in the making.

    Parameters
    ----------
    path : str
        Its name once it is complete.
    stream : binary file
        Takes the bytes.
    must_be_read : bool, default False
        Whether to fail if it is a pipe that nobody reads any more.
    """

    def __init__(self, path: str, stream: BinaryIO, must_be_read: bool = False) -> None:
        self.path = path
        self.stream = stream
        self.must_be_read = must_be_read
        self.is_wanted = True
        self.n_bytes = 0
        self.open_line = b""
        """Newline to write before another text; empty if the last one ended with it."""

    def writable(self) -> bool:
        """Tell that this can be written."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Append `data`, all of it.

        Parameters
        ----------
        data : bytes

        Returns
        -------
        int
            Number of bytes: all.

        Raises
        ------
        OutputError
            If it cannot be written: a full disk, for one.
        BrokenPipeError
            If nobody reads it any more and nobody must: then a command ends quietly.
        """
        try:
            self.stream.write(data)
            if self.must_be_read:
                self.stream.flush()  # here, and not when it is closed, is known whether it is
        except OSError as error:
            if isinstance(error, BrokenPipeError) and not self.must_be_read:
                raise
            raise cannot_write(self.path, error) from error
        self.n_bytes += len(data)
        return len(data)

    def tell(self) -> int:
        """Give the number of bytes written."""
        return self.n_bytes

    @property
    def size(self) -> int | None:
        """Size in bytes of what is to appear; None for no file."""
        return self.n_bytes if self.is_wanted else None

    def discard(self) -> None:
        """Let no file appear, and an older one of this name go."""
        self.is_wanted = False


def cannot_write(path: str, error: Exception) -> OutputError:
    """Explain why an output cannot be written.

    Parameters
    ----------
    path : str
        For the message.
    error : Exception
        What the system or a library raised.

    Returns
    -------
    OutputError
        To be raised.
    """
    if path == STANDARD_OUTPUT and getattr(error, "errno", None) == errno.EBADF:
        return OutputError(CLOSED)
    if isinstance(error, BrokenPipeError):
        return OutputError(f"{path}: nobody reads it any more. Read it to its end, or name a file.")
    reason = getattr(error, "strerror", None) or str(error)
    remedy = "Choose another path."
    if getattr(error, "errno", None) in NO_ROOM:
        remedy = "Make room or choose another path."
    elif is_remote(path):
        remedy = "Check the address, the connection and that you may write there, and run again."
    return OutputError(f"{path}: cannot be written ({reason}). {remedy}")


def open_output(
    path: str | None, *, is_synced: bool = True, must_be_read: bool = False
) -> AbstractContextManager[Sink]:
    """Open an output that appears under its name when the block ends well.

    Until then it has a temporary name beside, or is not to be seen (object stores); an
    exception removes it, and an older file of its name stays.

    Parameters
    ----------
    path : str or None
        A path or URL; None, or a name of it, for standard output.
    is_synced : bool, default True
        Whether the content must be on disk before the name appears. Costs
        milliseconds; not needed for what is made anew if a crash of the
        machine tears it.
    must_be_read : bool, default False
        Whether to fail if it is a pipe that nobody reads any more: as for a list beside the
        main output, without which a command should not end quietly.

    Returns
    -------
    context manager
        Gives a `Sink` to write to.

    Raises
    ------
    OutputError
        If it cannot be written.
    PathError
        If its name is empty.
    """
    refuse_empty(path, "an output")
    # fsspec would build a local file in the folder for temporary ones, and copy it in the end.
    path = path and on_this_machine(path)
    if path is None or descriptor_of(path) == 1:
        return _standard_output()
    return _remote(path) if is_remote(path) else _local(path, is_synced, must_be_read)


@contextmanager
def _standard_output() -> Iterator[Sink]:
    if sys.stdout is None:
        raise OutputError(CLOSED)
    yield Sink(STANDARD_OUTPUT, sys.stdout.buffer)
    sys.stdout.buffer.flush()


class _UnwantedError(Exception):
    """No file is to appear."""


@contextmanager
def _local(path: str, is_synced: bool, must_be_read: bool) -> Iterator[Sink]:
    try:
        with new_file(path, is_synced=is_synced) as stream:
            sink = Sink(path, stream, must_be_read and is_special(path))
            yield sink
            if not sink.is_wanted:
                raise _UnwantedError
    except UnwritableError as error:
        raise cannot_write(path, error) from error
    except _UnwantedError:
        if not is_special(path):
            target_of(Path(path)).unlink(missing_ok=True)


@contextmanager
def _remote(url: str) -> Iterator[Sink]:
    system, path = filesystem(url)
    if is_web(system):
        raise OutputError(f"{url}: nothing can be written there. Choose a file or another store.")
    try:
        with suppress(_UnwantedError), new_remote_file(system, path) as stream:
            sink = Sink(url, cast(BinaryIO, RemoteFile(stream)))
            yield sink
            if not sink.is_wanted:
                raise _UnwantedError
        if not sink.is_wanted:
            remove_remote_file(system, path)
    except UnwritableError as error:
        raise cannot_write(url, error) from error
