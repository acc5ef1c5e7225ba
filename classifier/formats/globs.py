"""What globs find on this machine, each file once."""

import glob
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from classifier.files.local_paths import is_local_folder, real_path
from classifier.files.locations import PathError
from classifier.files.names import readable

ANY_FOLDERS = "**"


def find_matches(pattern: str) -> list[Path]:
    """List what a glob stands for.

    Links to folders are followed. They may lead in circles, through which `glob` would go
    as many times as there are ways to combine them: a folder is entered once.

    Parameters
    ----------
    pattern : str
        As of `glob.glob`, with ``**`` for any folders.

    Returns
    -------
    list of Path
        In any order, each file by its shortest path. Below ``**``, folders may be among them.

    Raises
    ------
    PathError
        If a folder cannot be read of which the glob matches what is in it.
    """
    parts = Path(pattern).parts
    if ANY_FOLDERS not in parts:
        _require_readable(parts)
        return [Path(match) for match in glob.glob(pattern)]  # noqa: PTH207 (absolute patterns)
    place = parts.index(ANY_FOLDERS)
    below = parts[place + 1 :] or ("*",)
    return _without_detours(
        [
            match
            for folder in _folders_from(find_matches(str(Path(*parts[:place]))))
            for match in find_matches(str(Path(glob.escape(str(folder)), *below)))
        ]
    )


def refuse_folder(error: OSError) -> NoReturn:
    """Refuse what lies in a folder that cannot be read, rather than pass over it.

    Parameters
    ----------
    error : OSError
        With the folder's name.

    Raises
    ------
    PathError
        Always.
    """
    raise PathError(
        f"{readable(str(error.filename))}: the folder cannot be read ({error.strerror}). "
        "Change its permissions, or name the files to read."
    ) from error


def _require_readable(parts: tuple[str, ...]) -> None:
    """Look into the folders that a glob does: `glob` itself would say nothing."""
    for place, part in enumerate(parts):
        if glob.has_magic(part):
            above = str(Path(*parts[:place]))
            for folder in filter(is_local_folder, glob.glob(above)):  # noqa: PTH207
                try:
                    os.scandir(folder).close()
                except OSError as error:
                    refuse_folder(error)


def _folders_from(paths: list[Path]) -> Iterator[Path]:
    """Go through folders and those in them, the shortest paths first."""
    entered: set[Path] = set()
    while paths:
        folders = [path for path in sorted(paths) if is_local_folder(path)]
        paths = []
        for folder in folders:
            real = real_path(folder)
            if real not in entered:
                entered.add(real)
                yield folder
                paths += find_matches(f"{glob.escape(str(folder))}/*/")


def _without_detours(matches: list[Path]) -> list[Path]:
    """Leave out what is found once more, from another folder or through links to folders."""
    found: dict[Path, Path] = {}
    for match in sorted(matches, key=lambda match: (len(match.parts), match)):
        found.setdefault(real_path(match.parent) / match.name, match)
    return list(found.values())
