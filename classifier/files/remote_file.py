"""A file on another machine, whose failures look like those of a file on this one."""

import errno
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ARCHIVE_DAMAGE = (EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error)


class RemoteError(OSError):
    """A file system on another machine that fails, or whose connection does."""


@contextmanager
def failures_as_oserror() -> Iterator[None]:
    """Raise what a file system's library raises, which has exceptions of its own, as OSError.

    Yields
    ------
    None

    Raises
    ------
    RemoteError
        With a number, and the first line of the exception's text, or its name if it has none.
    OSError
        Without a number, for an archive that is damaged.
    """
    try:
        yield
    except (RemoteError, MemoryError):
        raise
    except Exception as error:
        # An EOFError without a word is ftplib's, of a connection that ended.
        if isinstance(error, ARCHIVE_DAMAGE) and str(error):
            raise OSError(_text(error)) from error
        raise RemoteError(errno.EIO, _text(error)) from error


def _text(error: Exception) -> str:
    return first_line(error, getattr(error, "strerror", None) or str(error))


def first_line(error: Exception, text: str) -> str:
    """Give the first line of an exception's text, or its name if that says nothing.

    Parameters
    ----------
    error : Exception
    text : str
        What it says.

    Returns
    -------
    str
    """
    if not text and isinstance(error, EOFError):
        return "the connection ended"
    # Of a redirect that leads back to itself aiohttp says "0, message=''".
    if not text or getattr(error, "status", None) == 0:
        return type(error).__name__
    # Behind the first line of its own, Azure has the server's whole answer.
    return text.splitlines()[0]


class RemoteFile(io.RawIOBase):
    """A file that fsspec opened.

    Parameters
    ----------
    stream : binary file
        Opened to read or to write.

    Raises
    ------
    OSError
        By any method, if the file system fails.
    """

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def readable(self) -> bool:
        """Tell whether this can be read."""
        return bool(self.stream.readable())

    def writable(self) -> bool:
        """Tell whether this can be written."""
        return bool(self.stream.writable())

    def seekable(self) -> bool:
        """Tell whether this can be read from anywhere."""
        # What a web server sends in one go has no size, and says wrongly that it can be.
        return bool(self.stream.seekable()) and getattr(self.stream, "size", 0) is not None

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`, or what the rest of the file fills of it; give the number of bytes.

        Parameters
        ----------
        buffer : writable bytes-like

        Returns
        -------
        int
            0 at the end of the file.
        """
        with failures_as_oserror():
            data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def write(self, data: Any) -> int:
        """Append `data`, all of it.

        Parameters
        ----------
        data : bytes-like

        Returns
        -------
        int
            Number of bytes: all.
        """
        with failures_as_oserror():
            self.stream.write(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset in bytes; give where that is.

        Parameters
        ----------
        offset : int
            In bytes.
        whence : int, default io.SEEK_SET
            From where the offset counts, as in `io.IOBase.seek`.

        Returns
        -------
        int
            In bytes, from the beginning of the file.
        """
        with failures_as_oserror():
            self.stream.seek(offset, whence)  # paramiko's file, of sftp://, does not say where
            return int(self.stream.tell())

    def tell(self) -> int:
        """Give the offset in bytes."""
        with failures_as_oserror():
            return int(self.stream.tell())

    def close(self) -> None:
        """Close it; what was written is sent."""
        if not self.closed:
            super().close()
            with failures_as_oserror():
                self.stream.close()
