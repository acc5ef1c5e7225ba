"""What there is at a path on this machine, as far as one may look."""

import os
import re
import stat
from pathlib import Path

STREAMS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
DESCRIPTOR = re.compile(r"(?:/dev|/proc/self)/fd/(\d+)")


def status_of(path: str | Path) -> os.stat_result | None:
    """Look at what a path leads to; None if to nothing, or nothing one may look at.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    os.stat_result or None
    """
    try:
        return Path(path).stat()
    except OSError:  # Path.exists would raise for a folder without access or a long name
        return None


def real_path(path: str | Path) -> Path:
    """Follow links; those that lead in a circle stay, where Path.resolve would raise.

    Parameters
    ----------
    path : str or Path
        There need not be anything at it.

    Returns
    -------
    Path
        Absolute.
    """
    return Path(os.path.realpath(path))


def is_local_folder(path: str | Path) -> bool:
    """Tell whether a path leads to a folder.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    bool
    """
    status = status_of(path)
    return status is not None and stat.S_ISDIR(status.st_mode)


def descriptor_of(path: str | Path) -> int | None:
    """Give the open file that a path such as ``/dev/stdout`` or ``/dev/fd/3`` names, or None.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    int or None
        Number of the open file.
    """
    name = os.path.normpath(path)
    match = DESCRIPTOR.fullmatch(name)
    return int(match[1]) if match else STREAMS.get(name)


def is_open_here(path: str) -> bool:
    """Tell whether an input is a file that this process alone holds open, as standard input.

    Parameters
    ----------
    path : str
        A path or URL; ``-`` for standard input.

    Returns
    -------
    bool
    """
    return path == "-" or descriptor_of(path) is not None


def is_special(path: str | Path) -> bool:
    """Tell whether no writing replaces what is there: a device, a pipe, or a file that is open.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    bool
        False if there is nothing, or a folder.
    """
    status = status_of(path)
    if status is None or stat.S_ISDIR(status.st_mode):
        return False
    return descriptor_of(path) is not None or not stat.S_ISREG(status.st_mode)


def target_of(path: Path) -> Path:
    """Follow a link, so that what it names is replaced and not the link.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Path
        The path itself if it is no link.
    """
    return real_path(path) if os.path.islink(path) else path  # noqa: PTH114 (Path's may raise)
