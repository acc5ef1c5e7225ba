"""Names of notes about outputs, and of their parts of lists: in one folder, all alike."""

from classifier.files.name_lengths import with_room
from classifier.formats.input_paths import STATE_FOLDER

LIST_SUFFIX = ".jsonl.zst"
"""Of a shard's part of a list; no note beside the outputs has a longer ending."""
NOTES_SUFFIX = ".d"
"""Of a folder of notes; no note has it, so that a file ``x`` and a folder ``x.json`` can be."""


def note_of(path: str, root: str | None) -> str:
    """Name the note of an output.

    Parameters
    ----------
    path : str
        The output, a path or URL.
    root : str or None
        The output folder, in which all notes stand; None for an output by itself, whose
        note stands beside it.

    Returns
    -------
    str
    """
    state, name = _place_of(path, root)
    return f"{state}/done/{name}.json"


def part_of(path: str, root: str | None, kind: str) -> str:
    """Name an output's part of a list, in the same way whatever the list's own name.

    Parameters
    ----------
    path, root
        As for `note_of`.
    kind : str
        ``"excluded"`` or ``"quarantine"``.

    Returns
    -------
    str
    """
    state, name = _place_of(path, root)
    return f"{state}/{kind}/{name}{LIST_SUFFIX}"


def _place_of(path: str, root: str | None) -> tuple[str, str]:
    """Name the folder for notes of an output, and the notes in it, without their endings."""
    folder, _, name = path.rpartition("/")
    if root is not None:
        folder, name = root, path.removeprefix(root).lstrip("/")
    *below, last = name.split("/")
    folders = [with_room(part, len(NOTES_SUFFIX)) + NOTES_SUFFIX for part in below]
    state = f"{folder}/{STATE_FOLDER}" if folder or path.startswith("/") else STATE_FOLDER
    return state, "/".join([*folders, with_room(last, len(LIST_SUFFIX))])
