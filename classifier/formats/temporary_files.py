"""Temporary files beside the outputs that they will become."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from classifier.formats.locations import (
    PathError,
    is_folder,
    is_local_folder,
    is_remote,
    is_special,
    on_this_machine,
    real_path,
    status_of,
)

PART_SUFFIX = ".linesift-part"
TOKEN_BYTES = 4
# File systems take no longer names; one that just fits leaves no room for more around it.
MAX_NAME_BYTES = 255


def target_of(path: Path) -> Path:
    """Follow a link, so that what it names is replaced and not the link."""
    return real_path(path) if os.path.islink(path) else path  # noqa: PTH114 (Path's may raise)


def part_of(target: Path) -> Path:
    """Name a new temporary file for an output."""
    token = secrets.token_hex(TOKEN_BYTES)
    return target.with_name(f".{_stem(target.name)}.{token}{PART_SUFFIX}")


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
    except FileNotFoundError:
        pass  # folders that are not there will be made
    except OSError as error:
        raise _unwritable(path, str(error.strerror), option) from None
    folder = next(place for place in target.parents if status_of(place))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(path, f"{folder} takes no files", option)


def _unwritable(path: str, reason: str, option: str) -> PathError:
    return PathError(f"{path}: cannot be written ({reason}). Give {option} another name.")


def remove_parts(outputs: Iterable[str]) -> None:
    """Remove temporary files that a killed run left beside its outputs.

    Parameters
    ----------
    outputs : iterable of str
        Names of the outputs; the temporary files of others are left alone.
    """
    paths = map(on_this_machine, outputs)
    targets = [target_of(Path(path)) for path in paths if not is_remote(path)]
    stems = {target.with_name(_stem(target.name)) for target in targets}
    for folder in {stem.parent for stem in stems}:
        if is_local_folder(folder):
            for part in folder.glob(f".*{PART_SUFFIX}"):
                stem = part.name[1:].removesuffix(PART_SUFFIX).rpartition(".")[0]
                if folder / stem in stems:
                    part.unlink(missing_ok=True)


def _stem(name: str) -> str:
    """Give what a temporary file is called after its output: a digest of a long name."""
    return with_room(name, len("..") + 2 * TOKEN_BYTES + len(PART_SUFFIX))


def with_room(name: str, n_bytes: int) -> str:
    """Give a file's name, or a digest of one that leaves no room for `n_bytes` more."""
    encoded = os.fsencode(name)
    # One that is too long itself stays, so that writing fails at once and not in the end.
    if MAX_NAME_BYTES - n_bytes < len(encoded) <= MAX_NAME_BYTES:
        return hashlib.sha256(encoded).hexdigest()
    return name
