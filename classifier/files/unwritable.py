"""Names of outputs that could not be written when the work is done, refused before it."""

import errno
import os
from pathlib import Path

from classifier.files.local_paths import is_special, status_of, target_of
from classifier.files.locations import PathError, is_folder, is_remote, on_this_machine
from classifier.files.name_lengths import MAX_NAME_BYTES


def refuse_unwritable(path: str, option: str) -> None:
    """Refuse the name of an output that could not be written when the work is done.

    Parameters
    ----------
    path : str
        A path or URL. Of a URL only a folder is known before it is written to.
    option : str
        That names it, for the message.

    Raises
    ------
    PathError
        If it leads to a folder, or into one that takes no file of this name.
    """
    if is_folder(path):
        raise PathError(f"{path}: it is a folder. Give {option} the name of a file.")
    path = on_this_machine(path)
    if is_remote(path) or is_special(path):
        return
    target = target_of(Path(path))
    try:
        target.lstat()
    except FileNotFoundError:  # folders that are not there will be made
        if max(len(os.fsencode(part)) for part in target.parts) > MAX_NAME_BYTES:
            raise _unwritable(path, os.strerror(errno.ENAMETOOLONG), option) from None
    except OSError as error:
        raise _unwritable(path, str(error.strerror), option) from None
    folder = next(
        place
        for place in target.parents
        if status_of(place) or os.path.islink(place)  # noqa: PTH114 (Path's may raise)
    )
    if status_of(folder) is None:
        raise _unwritable(path, f"{folder} is a link to what is not there", option)
    if not os.access(folder, os.W_OK | os.X_OK):
        is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
        why = "is on a read-only file system" if is_read_only else "takes no files"
        raise _unwritable(path, f"{folder} {why}", option)


def _unwritable(path: str, reason: str, option: str) -> PathError:
    return PathError(f"{path}: cannot be written ({reason}). Give {option} another name.")
