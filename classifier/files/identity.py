"""Whether two paths, URLs or streams lead to one file."""

import os
import stat
import sys
from collections.abc import Hashable
from typing import TextIO

from classifier.files.local_paths import real_path, status_of
from classifier.files.locations import is_remote, on_this_machine


def identity(path: str) -> Hashable:
    """Give something that is equal for all paths or URLs that lead to one file.

    Parameters
    ----------
    path : str
        A path or URL; ``-`` for standard input.

    Returns
    -------
    hashable
        Device and inode of a file that is there, else its address. None for standard input
        that is no file.
    """
    if path == "-":
        return identity_of_stream(sys.stdin)
    path = on_this_machine(path)
    if is_remote(path):
        return path.rstrip("/")
    # Folders on the way that are not there will be made: then "new/../x" leads to "x".
    real = real_path(path)
    status = status_of(real)
    return real if status is None else (status.st_dev, status.st_ino)


def identity_of_stream(stream: TextIO | None) -> Hashable:
    """Give the `identity` of the file of a standard stream; None if it has none, as a pipe.

    Parameters
    ----------
    stream : text file or None
        None if it is closed.

    Returns
    -------
    hashable
    """
    if stream is None:  # closed
        return None
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None
