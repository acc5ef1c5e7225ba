"""Names that some file systems take for one: of other case, or with accents written otherwise.

So do those of Windows, most sticks, and macOS as it is installed.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from classifier.files.local_paths import is_local_folder
from classifier.files.temporary_files import PART_SUFFIX


def taken_for_one(paths: Iterable[str]) -> tuple[str, str] | None:
    """Find two different paths that would lead to one file.

    Parameters
    ----------
    paths : iterable of str
        Absolute paths on this machine. Nothing need be there.

    Returns
    -------
    tuple of str and str, or None
        The first such pair, in their order.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        others = alike[_caseless(path)]
        for other in others:
            if other != path and _lead_to_one(other, path):
                return other, path
        others.append(path)
    return None


def _caseless(path: str) -> str:
    """Give what is equal for all paths that any file system takes for one (Unicode, 3.13, D145)."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", path).casefold())


def _lead_to_one(path: str, other: str) -> bool:
    parts, others = Path(path).parts, Path(other).parts
    n_common = next(
        i for i, (part, its) in enumerate(zip(parts, others, strict=True)) if part != its
    )
    folder = Path(*parts[:n_common])
    while not is_local_folder(folder):  # it will be made
        folder = folder.parent
    return is_one_name(folder, parts[n_common], others[n_common])


@cache
def is_one_name(folder: Path, name: str, other: str) -> bool:
    """Try whether two names are one to the file system of a folder.

    Parameters
    ----------
    folder : Path
    name, other : str

    Returns
    -------
    bool
        False if nothing can be written there.
    """
    try:
        with TemporaryDirectory(prefix=".", suffix=PART_SUFFIX, dir=folder) as place:
            Path(place, name).touch()
            return Path(place, other).exists()
    except OSError:  # who opens the output says why
        return False
