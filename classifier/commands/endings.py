"""How a command ends that something outside of it stops: what cannot be loaded or written."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import click

from classifier.commands.errors import Failure

# What writing fails with where there is no room, or nothing to write to.
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EBADF)
MORE_FILES = "Allow more of them (ulimit -n)"
REMEDIES = {
    errno.EMFILE: MORE_FILES,
    errno.ENFILE: MORE_FILES,
    errno.ENOSPC: "Make room",
    errno.EAGAIN: "Allow more processes (ulimit -u) or give fewer --workers",
}

UNLOADABLE = (
    "Allow more memory (ulimit -v), have linesift in a folder from which programs may run "
    "(not noexec), or install it anew."
)


@contextmanager
def loaded() -> Iterator[None]:
    """Tell of a library that is missing or cannot be loaded; commands load them where needed.

    Yields
    ------
    None
        For the work of a command.

    Raises
    ------
    Failure
        Instead of the error of loading.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise Failure(f"{error}. Install linesift anew, with all that it needs.") from error
    except (ImportError, OSError) as error:
        # llvmlite's is an OSError without a number of the system.
        if isinstance(error, OSError) and (error.errno or "shared object" not in str(error)):
            raise
        # The cause is numpy's reason, but of an error in a worker the traceback there.
        told = error.__cause__ if isinstance(error.__cause__, (ImportError, OSError)) else error
        reason = str(told).partition(". ")[0]  # numpy and llvmlite say more
        raise Failure(f"{reason}. {UNLOADABLE}") from error


@contextmanager
def written() -> Iterator[None]:
    """Flush standard output, and tell what was not written; without a reader, end quietly.

    Yields
    ------
    None
        For whatever prints.

    Raises
    ------
    Failure
        Instead of an error of the system.
    click.Abort, click.exceptions.Exit
        If it is interrupted, or if nobody reads on.
    """
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt:
        # As click does, to which a terminal that was closed would be one more failure.
        with suppress(OSError):
            click.echo(file=sys.stderr)
        raise click.Abort from None
    except BrokenPipeError:
        flushed()
        raise click.exceptions.Exit(0) from None
    except OSError as error:
        if flushed() and (error.filename or error.errno not in UNWRITABLE):
            raise Failure(_told(error)) from error
        if error.errno == errno.EBADF:
            raise Failure("standard output: it is closed. Send it somewhere.") from error
        raise Failure(
            f"standard output: cannot be written ({error.strerror}). "
            "Make room, or send it somewhere else."
        ) from error


def _told(error: OSError) -> str:
    """Explain a failure of the system that is of neither an input nor an output."""
    if error.errno == errno.ENOENT and not error.filename and not _has_folder():
        return "the working folder is gone. Change into another, and run again."
    what = f"{error.filename}: " if error.filename else ""
    remedy = REMEDIES.get(error.errno or 0, "Mend that")
    return f"{what}{error.strerror or error}. {remedy}, and run again."


def _has_folder() -> bool:
    try:
        return bool(Path.cwd())
    except OSError:
        return False


def flushed() -> bool:
    """Tell whether standard output took everything; if not, let go of what it did not take.

    Returns
    -------
    bool
    """
    try:
        sys.stdout.flush()
    except OSError:
        let_go(sys.stdout)
        return False
    return True


def let_go(stream: TextIO) -> None:
    """Let a stream that cannot be written end quietly.

    Parameters
    ----------
    stream : text file
        Standard output or error.
    """
    # Python flushes once more at exit: give that somewhere to go.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def was_interrupted(error: BaseException | None) -> bool:
    """Tell whether it was an interrupt that failed: libraries in C++ call it an `ImportError`.

    Parameters
    ----------
    error : BaseException or None

    Returns
    -------
    bool
        Whether an interrupt is among the reasons of the error.
    """
    chain: list[BaseException] = []
    while error is not None and error not in chain:  # fsspec's errors are each other's reason
        chain.append(error)
        error = error.__cause__ or error.__context__
    return any(isinstance(link, KeyboardInterrupt) for link in chain)
