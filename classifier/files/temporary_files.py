"""Temporary files beside the outputs that they will become."""

from collections.abc import Iterable
from pathlib import Path

from classifier.files.in_use import remove_left
from classifier.files.local_paths import is_local_folder, target_of
from classifier.files.locations import is_remote, on_this_machine
from classifier.files.name_lengths import with_room

PART_SUFFIX = ".linesift-part"
TOKEN_BYTES = 4


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
                if folder / stem in stems:
                    remove_left(part)


def stem_of(name: str) -> str:
    """Give what a temporary file is called after its output: a digest of a long name.

    Parameters
    ----------
    name : str
        Of the output, without its folder.

    Returns
    -------
    str
    """
    return with_room(name, len("..") + 2 * TOKEN_BYTES + len(PART_SUFFIX))
