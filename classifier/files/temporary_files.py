"""Temporary files beside the outputs that they will become."""

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from classifier.files.local_paths import is_local_folder, is_special, status_of
from classifier.files.locations import PathError, is_folder, is_remote, on_this_machine
from classifier.files.whole_files import MAX_NAME_BYTES, PART_SUFFIX, is_held, stem_of, target_of


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
        raise _unwritable(path, f"{folder} takes no files", option)


def _unwritable(path: str, reason: str, option: str) -> PathError:
    return PathError(f"{path}: cannot be written ({reason}). Give {option} another name.")


def remove_parts(outputs: Iterable[str]) -> None:
    """Remove temporary files that a killed run left beside its outputs.

    Parameters
    ----------
    outputs : iterable of str
        Names of the outputs; the temporary files of others are left alone, those that
        another process is writing, and those that may not be removed.
    """
    paths = map(on_this_machine, outputs)
    targets = [target_of(Path(path)) for path in paths if not is_remote(path)]
    stems = {target.with_name(stem_of(target.name)) for target in targets}
    for folder in {stem.parent for stem in stems}:
        if is_local_folder(folder):
            for part in folder.glob(f".*{PART_SUFFIX}"):
                stem = part.name[1:].removesuffix(PART_SUFFIX).rpartition(".")[0]
                if folder / stem in stems and not is_held(part):
                    with suppress(OSError):  # another user's, in a folder such as /tmp
                        part.unlink()
