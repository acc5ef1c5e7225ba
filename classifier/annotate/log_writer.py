"""Append to a log of corrections: an action counts once its line is on disk, with its line end."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Self

import orjson

from classifier.annotate.events import Event, write_event
from classifier.annotate.log_reader import restore
from classifier.files.in_use import hold
from classifier.files.local_paths import status_of
from classifier.files.opening import OutputError


class Log:
    """A log open for appending, held by one process.

    Parameters
    ----------
    path : str
        The file; made if it is missing.

    Attributes
    ----------
    restored : Restored
        What it held.

    Raises
    ------
    DataError
        If it is no log.
    OutputError
        If it cannot be written, or another session has it open.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._file = Path(path).open("a+b", buffering=0)  # noqa: SIM115 (close() closes it)
        except OSError as error:
            raise _cannot_write(path, error) from error
        try:
            if not hold(self._file.fileno()):
                raise OutputError(
                    f"{path}: another session of `linesift annotate` has it open. "
                    "End that one, or give -o another file."
                )
            self._file.seek(0)
            data = self._file.readall()
            self.restored = restore(data, path)
            whole = data[: self.restored.n_bytes]
            if len(whole) < len(data):
                self._file.truncate(len(whole))
            self._n_bytes = len(whole)
            if whole and not whole.endswith(b"\n"):
                self._write(b"\n")
            _sync_folder(Path(path).parent)
        except OSError as error:
            self._file.close()
            raise _cannot_write(path, error) from error
        except BaseException:
            self._file.close()
            raise

    def append(self, event: Event) -> None:
        """Write an event; it is on disk when this returns.

        Parameters
        ----------
        event : Event

        Raises
        ------
        OutputError
            If it cannot be written. Nothing of it stays.
        """
        self._write(orjson.dumps(write_event(event), option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        """Let others open the log."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _write(self, line: bytes) -> None:
        self.require_untouched()
        try:
            n_written = self._file.write(line)
            if n_written != len(line):
                raise OSError(0, "the disk is full")
            os.fsync(self._file.fileno())
        except OSError as error:
            with suppress(OSError):  # a device has no end to go back to
                self._file.truncate(self._n_bytes)
            raise _cannot_write(self.path, error) from error
        self._n_bytes += len(line)

    def require_untouched(self) -> None:
        """Refuse to go on in a file that nobody would find, or behind what others wrote or cut.

        Raises
        ------
        OutputError
            If it was deleted, renamed, replaced, cut or added to since it was opened.
        """
        named, opened = status_of(self.path), os.fstat(self._file.fileno())
        if named is None or not os.path.samestat(named, opened):
            raise OutputError(
                f"{self.path}: it was deleted, renamed or replaced while it was open. Put it back, "
                "or end this session and begin another."
            )
        # What stands there may be no history that this session's actions can follow.
        if opened.st_size != self._n_bytes:
            raise OutputError(
                f"{self.path}: it became shorter or longer while it was open, by something else "
                "than this session. End this session and begin another."
            )


def _sync_folder(folder: Path) -> None:
    """Put the name of a new file on disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(path: str, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(
        f"{path}: cannot be written ({reason}). Make room, or give -o a file that you may write."
    )
