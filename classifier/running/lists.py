"""Lists over all files of a run, of what was left out: put together from those of each file.

Bad records are those of a folder, whichever runs filled it: a call of the command for each
batch of files loses none.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from classifier.files.compression import codec_of_name, compress, decompress, empty_stream
from classifier.files.local_paths import is_special
from classifier.files.locations import (
    PathError,
    exists,
    filesystem,
    is_remote,
    on_this_machine,
    reaching,
    size_of,
)
from classifier.files.opening import open_input, open_output
from classifier.files.problems import DataError, Problem, unreadable
from classifier.files.removal import remove_file
from classifier.formats.input_paths import STATE_FOLDER
from classifier.running.note_names import LIST_SUFFIX, part_of

PIECE_BYTES = 1 << 20


def join_list(whole: str, parts: Iterable[str], stays_if_empty: bool) -> None:
    """Put the lists of files together, in order.

    Parameters
    ----------
    whole : str
        Path or URL of the list to write.
    parts : iterable of str
        Those of files; a file of which nothing is listed may have none.
    stays_if_empty : bool
        Whether the list is written if it has no lines; else there is none then.

    Raises
    ------
    DataError
        If a part is damaged or cannot be read.
    OutputError
        If the list cannot be written.
    """
    codec = codec_of_name(whole)
    with open_output(whole, must_be_read=True) as sink:
        for part in filter(exists, parts):
            for piece in _pieces_of(part):
                sink.write(compress(piece, codec))
        if not sink.n_bytes and not stays_if_empty:
            sink.discard()
        elif not sink.n_bytes:
            sink.write(empty_stream(codec))


def find_bad_records(root: str) -> list[str]:
    """Name all parts of the list of bad records in a folder of outputs.

    Parameters
    ----------
    root : str
        The folder.

    Returns
    -------
    list of str
        Sorted.

    Raises
    ------
    PathError
        If it cannot be searched.
    """
    found = _files_in(f"{root}/{STATE_FOLDER}/quarantine")
    return sorted(path for path in found if path.endswith(LIST_SUFFIX))


def with_those_of_others(parts: list[str], root: str) -> list[str]:
    """Add the parts of bad records of outputs that other runs made in the same folder.

    Parameters
    ----------
    parts : list of str
        Of this run.
    root : str
        The folder.

    Returns
    -------
    list of str
        Sorted, if there are others.

    Raises
    ------
    PathError
        If it cannot be searched.
    """
    others = {*find_bad_records(root)} - {*parts}
    return sorted([*parts, *others]) if others else parts


def _files_in(folder: str) -> list[str]:
    place = on_this_machine(folder)
    if is_remote(place):
        system, inner = filesystem(place)
        with reaching(place):
            # Under names of the file system's own, many of which have no host.
            below = inner.rstrip("/") + "/"
            found = system.find(inner) if system.exists(inner) else []
            names = [path.partition(below)[2] for path in found]
    else:
        files = [Path(at, name) for at, _, names in os.walk(place) for name in names]
        # A pipe, which is no list, would be waited for.
        names = [path.relative_to(place).as_posix() for path in files if not is_special(path)]
    return [f"{folder}/{name}" for name in names]


class OldBadRecords:
    """What earlier runs listed of bad records in a folder, for a run that writes no such list.

    Parameters
    ----------
    root : str or None
        The folder of the run's outputs, if they have one.
    whole : str or None
        Its list of bad records.
    is_written : bool
        Whether the run writes that list itself: then there is nothing to do.

    Raises
    ------
    PathError
        If the folder cannot be searched.
    """

    def __init__(self, root: str | None, whole: str | None, is_written: bool) -> None:
        self._root, self._whole = root, whole
        self._parts = {*find_bad_records(root)} if root and not is_written else set()
        self._is_shorter = False

    def forget(self, output: str | None) -> None:
        """Remove what is listed of an output that has been made anew.

        Parameters
        ----------
        output : str or None

        Raises
        ------
        OutputError, PathError
            If that cannot be removed.
        """
        part = part_of(output, self._root, "quarantine") if output is not None else None
        if part in self._parts:
            remove_file(part)
            self._parts.remove(part)
            self._is_shorter = True

    def join(self) -> None:
        """Put the list together anew, if it has become shorter.

        Raises
        ------
        DataError, OutputError
            As `join_list`.
        """
        if self._is_shorter and self._whole is not None and exists(self._whole):
            join_list(self._whole, sorted(self._parts), stays_if_empty=False)


def refuse_to_lose(whole: str, root: str, is_resumed: bool) -> None:
    """Refuse to write a list of bad records over one whose parts are gone.

    Parameters
    ----------
    whole : str
        The list.
    root : str
        The folder of its outputs.
    is_resumed : bool
        Whether an output that lacks its part is made anew.

    Raises
    ------
    PathError
        If there is such a one.
    """
    parts = _files_in(f"{root}/{STATE_FOLDER}") if is_resumed else find_bad_records(root)
    if size_of(whole) and not parts:
        raise PathError(
            f"{whole}: it lists bad records of an earlier run, of which {root} has no notes any "
            "more, so they would be lost. Move it away, or remove it."
        )


def _pieces_of(part: str) -> Iterator[bytes]:
    try:
        with open_input(part) as raw:
            stream = decompress(raw, codec_of_name(part))
            while piece := stream.read(PIECE_BYTES):
                yield piece
    except (EOFError, ValueError) as error:
        problem = Problem("damaged", "it is damaged", "Remove it, so that it is made anew.")
        raise DataError(problem, part) from error
    except OSError as error:
        raise DataError(unreadable(error), part) from error
