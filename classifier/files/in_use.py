"""Files in use: marked by the process that writes them, so that others can tell."""

import fcntl
import os
import stat
from pathlib import Path

LOOK = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW
"""How to open what others may have put there: a pipe would else be waited for, for ever."""


def is_held(part: Path) -> bool:
    """Tell whether a process is writing a temporary file; where nobody can tell, none is.

    Parameters
    ----------
    part : Path

    Returns
    -------
    bool
        True as well for what only has the name of one: no run left a pipe, a link or a folder.
    """
    try:
        descriptor = os.open(part, LOOK)
    except OSError:  # another user's, for one's own can be read; or a link, or gone
        return True
    try:
        return not stat.S_ISREG(os.fstat(descriptor).st_mode) or not hold(descriptor)
    finally:
        os.close(descriptor)


def hold(descriptor: int) -> bool:
    """Mark a file as in use until it is closed; tell whether it was not before.

    Parameters
    ----------
    descriptor : int
        Of the open file.

    Returns
    -------
    bool
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        pass
    return True
