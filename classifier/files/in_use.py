"""Files in use: marked by the process that writes them, so that others can tell."""

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

LOOK = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW
"""How to open what others may have put there: a pipe would else be waited for, for ever."""


def remove_left(part: Path) -> None:
    """Remove a temporary file if no process is writing it; where nobody can tell, none is.

    What only has the name of one stays: no run left a pipe, a link or a folder.

    Parameters
    ----------
    part : Path
    """
    with suppress(OSError):  # another user's, in a folder such as /tmp; or a link, or gone
        descriptor = os.open(part, LOOK)
        try:
            # NFS gives an exclusive lock to those only who may write, and this is open to read.
            if stat.S_ISREG(os.fstat(descriptor).st_mode) and hold(descriptor, fcntl.LOCK_SH):
                part.unlink()  # while it is held: its writer may just have begun it
        finally:
            os.close(descriptor)


def hold(descriptor: int, lock: int = fcntl.LOCK_EX) -> bool:
    """Mark a file as in use until it is closed; tell whether it was not before.

    Parameters
    ----------
    descriptor : int
        Of the open file.
    lock : int
        Of `fcntl.flock`; a shared one can be had beside others.

    Returns
    -------
    bool
    """
    try:
        fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        pass
    return True
