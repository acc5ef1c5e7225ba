"""Files of this machine, whole: read to the end they had, written so that they appear complete."""

import errno
import io
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from classifier.files.in_use import hold
from classifier.files.local_paths import descriptor_of, is_special, target_of
from classifier.files.temporary_files import PART_SUFFIX, TOKEN_BYTES, stem_of


class WholeFile(io.FileIO):
    """A file that is to be read to the end it had when it was opened.

    Parameters
    ----------
    path : str
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.n_bytes = os.fstat(self.fileno()).st_size  # of what is no regular file 0

    def readinto(self, buffer: Any) -> int | None:
        """Read on.

        Parameters
        ----------
        buffer : writable buffer

        Returns
        -------
        int or None
            As of `io.FileIO`.

        Raises
        ------
        OSError
            If the file has become shorter.
        """
        n_bytes = super().readinto(buffer)
        # Cut between two records it would pass for a whole one.
        if not n_bytes and self.n_bytes and self.tell() < self.n_bytes:
            raise OSError(errno.ESTALE, "it became shorter while it was read")
        return n_bytes


class UnwritableError(OSError):
    """A file that cannot be written; `filename` is the one that was to appear."""


@contextmanager
def new_file(path: str | os.PathLike[str], *, is_synced: bool = True) -> Iterator[BinaryIO]:
    """Open a file that appears under its name when the block ends well.

    Until then it has a temporary name beside; an exception removes it. A link stays one, and
    what it names is replaced. Devices, pipes and files that are open are written at once.

    Parameters
    ----------
    path : path
    is_synced : bool, default True
        Whether the content must be on disk before the name appears. Costs milliseconds.

    Yields
    ------
    binary file

    Raises
    ------
    UnwritableError
        If it cannot be opened, or completed. What the block raises passes as it is.
    """
    path = Path(path)
    if is_special(path):
        with _special(path) as stream:
            yield stream
        return
    target = target_of(path)
    with ExitStack() as leftovers:
        with _naming(target):
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            target.parent.mkdir(parents=True, exist_ok=True)
            part, stream = _new_part(target, leftovers)
        yield stream
        with _naming(target):
            stream.flush()
            if is_synced:
                os.fsync(stream.fileno())
            # Closing tells of errors, too; in use it stays until it has its name.
            leftovers.callback(os.close, os.dup(stream.fileno()))
            stream.close()
            with suppress(OSError):  # nothing of this name, or on a file system without modes
                part.chmod(stat.S_IMODE(target.stat().st_mode))
            part.replace(target)


def _new_part(target: Path, leftovers: ExitStack) -> tuple[Path, BinaryIO]:
    """Open a temporary file for an output, in use until it is closed."""
    while True:
        token = secrets.token_hex(TOKEN_BYTES)
        part = target.with_name(f".{stem_of(target.name)}.{token}{PART_SUFFIX}")
        # Before it is there: an interrupt may come as soon as it is.
        leftovers.callback(_discard, part.unlink)
        stream = part.open("xb")
        leftovers.callback(_discard, stream.close)
        with suppress(OSError):  # as in the end, so that nobody may read more of it than before
            os.fchmod(stream.fileno(), stat.S_IMODE(target.stat().st_mode) | stat.S_IRUSR)
        if hold(stream.fileno()) and part.exists():
            return part, stream
        stream.close()  # before it was held, another run took it for what a stopped one had left


def _discard(leave: Callable[[], None]) -> None:
    """Close or remove what is left; what is not written yet does not matter any more."""
    with suppress(OSError):
        leave()


@contextmanager
def _special(path: Path) -> Iterator[BinaryIO]:
    """Write at once: a device, or a file that is open, must not be replaced by a file."""
    descriptor = descriptor_of(path)
    with _naming(path):
        # A file that is open is written to where it stands; opening it anew would empty it.
        stream = path.open("wb") if descriptor is None else os.fdopen(os.dup(descriptor), "wb")
    try:
        yield stream
        with _naming(path):
            stream.close()
    except BaseException:
        with suppress(OSError):
            stream.close()
        raise


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let errors name the file that was to appear, and not its temporary one."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnwritableError(error.errno, error.strerror, str(path)) from error
