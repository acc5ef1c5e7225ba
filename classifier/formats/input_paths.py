"""Which files are read."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from classifier.files.local_paths import is_local_folder, is_special, real_path
from classifier.files.locations import (
    PathError,
    filesystem,
    is_folder_on,
    is_remote,
    on_this_machine,
    reaching,
    refuse_empty,
)
from classifier.files.names import readable
from classifier.files.web import hides_refusals, is_web, require_answer
from classifier.formats import SUFFIXES, format_of_name
from classifier.formats.globs import ANY_FOLDERS, find_matches, refuse_folder
from classifier.formats.passed_over import PassedOver

GLOB = re.compile(r"[*?\[]")
# URLs of fsspec may be chained: caches, the address that has a path, the archive that it is in.
CHAIN = re.compile(r"((?:[^:/]+::)*)(.*?)((?:::.*)?)", re.DOTALL)
WEB = ("http://", "https://")
TYPED = "reads what is typed or pasted here; Ctrl-D in a line of its own ends it."
STATE_FOLDER = ".linesift"
"""Folder in an output folder for its manifests; hidden, so most readers take it for no data."""


class Input(NamedTuple):
    """A file to read, and its name below the folder or glob that it was found by."""

    path: str
    relative: str


def find_inputs(
    arguments: Iterable[str],
    exclude: Sequence[str] = (),
    announce: Callable[[str], None] = lambda message: None,
) -> tuple[list[Input], bool]:
    """List the files that arguments of a command stand for.

    Parameters
    ----------
    arguments : iterable of str
        Files, folders, globs, URLs; ``-`` for standard input. Folders are
        searched for files whose endings are known; hidden ones are left alone,
        and links to folders, which may lead in circles.
    exclude : sequence of str, optional
        Folders and files that are left out of other folders and globs: those of the
        outputs.
    announce : callable, optional
        Told of what is passed over: links that lead to folders, pipes and devices, and files
        without a known ending (but for those that begin with ``_``, marks of other programs).
        Told as well if standard input is a terminal, which waits without a word.

    Returns
    -------
    inputs : list of Input
        In the order of the arguments, sorted by name within each.
    several : bool
        Whether a folder or glob was among them, so that there might be many.

    Raises
    ------
    PathError
        If an argument stands for no file.
    """
    inputs: list[Input] = []
    several = False
    passed_over = PassedOver({}, [], [])
    for argument in arguments:
        if argument == "-":
            inputs.append(Input("-", "-"))
            if sys.stdin is not None and sys.stdin.isatty():
                announce(TYPED)
            continue
        refuse_empty(argument, "an input")
        place = on_this_machine(argument)
        found = list(
            _find_remote(place, passed_over)
            if is_remote(place)
            else _find_local(place, passed_over)
        )
        if not found:
            if not _is_search(place) or _matches_nothing(place):
                aside = " If it is the output, put -o before it." if inputs else ""
                raise PathError(f"{readable(argument)}: no such file. Check its name.{aside}")
            raise PathError(
                f"{readable(argument)}: nothing there with a known ending. "
                f"Known are {' '.join(SUFFIXES)}, also with .gz or .zst. "
                "Name other files, or give a pattern for them in quotes, such as 'pages/**/*.md'."
            )
        is_several = [item.path for item in found] != [place]
        for output in exclude if is_several else ():
            found = _not_below(found, output)
            if not found:
                raise PathError(
                    f"{readable(argument)}: holds nothing but what this run writes ({output}). "
                    "Give other inputs, or another place for that."
                )
        several = several or is_several
        inputs += found
    passed_over.tell(exclude, announce)
    return inputs, several


def _is_search(place: str) -> bool:
    """Tell whether many files may be meant: by a folder or glob, or what may be one elsewhere."""
    if is_remote(place):
        place = _before_query(place)
        return format_of_name(place) is None or GLOB.search(place) is not None
    return is_local_folder(place) or GLOB.search(place) is not None


def _matches_nothing(place: str) -> bool:
    """Tell whether a folder or glob stands for no name, whatever its ending."""
    if is_remote(place):
        with reaching(place):
            system, root = filesystem(place)
            return not (system.exists(root) or (GLOB.search(root) and system.glob(root)))
    return not (is_local_folder(place) or find_matches(place))


def _find_local(argument: str, passed_over: PassedOver) -> Iterator[Input]:
    path = Path(argument)
    if is_local_folder(argument):
        yield from _walk(path, path, passed_over)
    elif _may_be_there(path, is_glob=GLOB.search(argument) is not None):
        yield Input(argument, path.name)
    elif GLOB.search(argument):
        parts = PurePosixPath(argument).parts
        fixed = Path(*parts[: next(i for i, part in enumerate(parts) if GLOB.search(part))])
        for match in sorted(find_matches(argument)):
            if is_local_folder(match):
                if ANY_FOLDERS not in parts:
                    yield from _walk(match, fixed, passed_over)
            elif is_special(match):
                passed_over.special.append(str(match))
            else:
                yield Input(str(match), str(match.relative_to(fixed)))


def _may_be_there(path: Path, is_glob: bool) -> bool:
    """Tell whether there is something, if only a link to nothing."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # no access, for one: who reads it, or looks for it, says why that fails
        return not is_glob
    return True


def _walk(folder: Path, base: Path, passed_over: PassedOver) -> Iterator[Input]:
    paths: list[Path] = []
    links = passed_over.links[folder] = []
    # Not Path.rglob, which passes over folders that may not be read and says nothing.
    for place, folders, names in os.walk(folder, onerror=refuse_folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links += [path for path in (Path(place, name) for name in folders) if path.is_symlink()]
        paths += [Path(place, name) for name in names if not name.startswith(".")]
    for path in sorted(paths):
        if not passed_over.knows(str(path)):
            continue
        if is_special(path):  # nobody may ever write into a pipe
            passed_over.special.append(str(path))
        else:
            yield Input(str(path), str(path.relative_to(base)))


def _find_remote(argument: str, passed_over: PassedOver) -> list[Input]:
    with reaching(argument):
        system, root = filesystem(argument)
        found = list(_search_remote(argument, system, root, passed_over))
        if not found and hides_refusals(system):
            require_answer(system, root)
            # A server that was at its limit may answer by now.
            found = list(_search_remote(argument, system, root, passed_over))
        return found


def _search_remote(
    argument: str, system: Any, root: str, passed_over: PassedOver
) -> Iterator[Input]:
    caches, address, archive = CHAIN.fullmatch(argument).groups()  # type: ignore[union-attr]
    # All of an archive is "zip://::a.zip", whose files are "zip://a.txt::a.zip".
    folder = address[:-1] if address.endswith("://") else address.rstrip("/")
    # What there is under a name is meant by it, as "x[1].txt" or an address with a "?".
    if GLOB.search(root) and not system.exists(root):
        fixed, folder = map(_before_glob, (root, address))
        paths = [path for path in system.glob(root) if not system.isdir(path)]
        is_meant = True
    elif not _is_file(system, root, address) and is_folder_on(system, root):
        fixed = root
        paths = system.find(root)
        is_meant = False
    else:
        if system.exists(root):
            yield Input(argument, _base_name(address))
        return
    for path in sorted(paths):
        below = path.removeprefix(fixed).removeprefix("/")
        # To object stores "p//x" is not "p/x"; to folders, where results go, it is.
        parts = [part for part in below.split("/") if part]
        is_hidden = any(part.startswith(".") for part in parts)
        if not is_hidden and (is_meant or passed_over.knows(path)):
            # Not the file system's own name of it, which for many has no host any more.
            yield Input(f"{caches}{folder}/{below}{archive}", "/".join(parts))


def _is_file(system: Any, root: str, address: str) -> bool:
    """Tell whether what is called like a file is one; in an object store it may be both."""
    if format_of_name(_base_name(address)) is None:
        return False
    # Of the web fsspec may load all to ask what it is, and a text with a link would be a folder.
    return is_web(system) or bool(system.isfile(root))


def _before_glob(path: str) -> str:
    return GLOB.split(path, maxsplit=1)[0].rpartition("/")[0]


def _before_query(address: str) -> str:
    # It is none of a name, and only the web has them.
    return address.partition("?")[0] if address.startswith(WEB) else address


def _base_name(address: str) -> str:
    path = _before_query(address)
    return path.rstrip("/").rpartition("/")[2]


def _not_below(inputs: list[Input], place: str) -> list[Input]:
    """Leave out what lies in a folder, or is the file itself."""
    place = on_this_machine(place)
    paths = [on_this_machine(item.path) for item in inputs]
    if is_remote(place) or is_remote(paths[0]):
        is_below = [f"{path}/".startswith(place.rstrip("/") + "/") for path in paths]
    else:
        real = real_path(place)
        is_below = [real_path(path).is_relative_to(real) for path in paths]
    return [item for item, below in zip(inputs, is_below, strict=True) if not below]
