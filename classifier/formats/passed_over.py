"""What stands in folders beside the inputs and is not read."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from classifier.files.local_paths import real_path
from classifier.files.locations import is_remote, on_this_machine
from classifier.files.names import readable
from classifier.formats import format_of_name

MARK = "_"  # begins what other programs leave beside their data, as _SUCCESS


class PassedOver(NamedTuple):
    """What a search has found and left alone.

    Attributes
    ----------
    links : dict of Path to list of Path
        Links to folders, by the folder that was searched.
    special : list of str
        Pipes and devices.
    unknown : list of str
        Files without a known ending, but for marks of other programs.
    """

    links: dict[Path, list[Path]]
    special: list[str]
    unknown: list[str]

    def knows(self, path: str) -> bool:
        """Tell whether a file has a known ending; if not, take note of it.

        Parameters
        ----------
        path : str
            Found in a folder; on this machine or another.

        Returns
        -------
        bool
        """
        if format_of_name(path):
            return True
        if not path.rpartition("/")[2].startswith(MARK):
            self.unknown.append(path)
        return False

    def tell(self, exclude: Sequence[str], announce: Callable[[str], None]) -> None:
        """Name what was passed over, the first of each kind.

        Parameters
        ----------
        exclude : sequence of str
            Folders and files of the outputs: nobody wants to read them.
        announce : callable
            Told in a sentence or two.
        """
        own = [real_path(on_this_machine(place)) for place in exclude if not is_remote(place)]
        searched = [real_path(folder) for folder in self.links]
        links = [
            str(link)
            for found in self.links.values()
            for link in found
            if not _is_below(link, [*searched, *own])  # which is read anyway, or ours
        ]
        unknown = [path for path in self.unknown if is_remote(path) or not _is_below(path, own)]
        for paths, what, also in (
            (links, "a link to a folder, which is not followed", " as well"),
            (self.special, "no file but a pipe or device, which is passed over", ""),
            (unknown, "no known ending, so it is passed over", ", or a pattern for such files"),
        ):
            if paths:
                more = f" (and {len(paths) - 1} more such)" if len(paths) > 1 else ""
                announce(
                    f"{readable(paths[0])}: {what}{more}. "
                    f"Name it as an input{also}, if it is to be read."
                )


def _is_below(path: str | Path, places: Sequence[Path]) -> bool:
    return any(real_path(path).is_relative_to(place) for place in places)
