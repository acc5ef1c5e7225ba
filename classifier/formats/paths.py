"""Which files are read, and what leads to the same file."""

import os
import re
import stat
import sys
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from classifier.formats import format_of_name
from classifier.formats.filenames import readable

GLOB = re.compile(r"[*?\[]")
STATE_FOLDER = ".linesift"
"""Folder in an output folder for its manifests; hidden, so no reader takes it for data."""


class PathError(ValueError):
    """Inputs or outputs that cannot be meant as they were given."""


class Input(NamedTuple):
    """A file to read, and its name below the folder or glob that it was found by."""

    path: str
    relative: str


def refuse_empty(path: str | None, what: str) -> None:
    """Refuse an empty path, which would stand for the current folder or the root.

    Raises
    ------
    PathError
        If it is empty; it names the thing by `what`.
    """
    if path == "":
        raise PathError(f"{what} has an empty name, perhaps an unset variable. Give it one.")


def is_remote(path: str) -> bool:
    """Tell whether a path is a URL that fsspec opens."""
    return "://" in path


def filesystem(url: str) -> tuple[Any, str]:
    """Open the file system of a URL.

    Parameters
    ----------
    url : str
        Such as ``s3://bucket/pages``.

    Returns
    -------
    fsspec.AbstractFileSystem, str
        The file system and the path on it.

    Raises
    ------
    PathError
        If the protocol is unknown or needs a package that is not installed.
    """
    import fsspec

    try:
        return fsspec.core.url_to_fs(url)  # type: ignore[no-any-return]
    except (ImportError, ValueError) as error:
        raise PathError(f"{url}: {error}") from None


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Explain why a file system cannot be reached.

    Raises
    ------
    PathError
        Instead of whatever its library raises; each has exceptions of its own.
    """
    try:
        yield
    except PathError:
        raise
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise PathError(
            f"{url}: it cannot be reached ({reason}). "
            "Check the address, the connection and your credentials."
        ) from error


def find_inputs(arguments: Iterable[str], exclude: str | None = None) -> tuple[list[Input], bool]:
    """List the files that arguments of a command stand for.

    Parameters
    ----------
    arguments : iterable of str
        Files, folders, globs, URLs; ``-`` for standard input. Folders are
        searched for files whose endings are known; hidden ones are left alone.
    exclude : str, optional
        A folder that is left out of other folders and globs: that of the outputs.

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
    for argument in arguments:
        if argument == "-":
            inputs.append(Input("-", "-"))
            continue
        refuse_empty(argument, "an input")
        found = list(_find_remote(argument) if is_remote(argument) else _find_local(argument))
        if not found:
            raise PathError(
                f"{readable(argument)}: no such file, or nothing in it with a known ending. "
                "Known are .txt .json .jsonl .ndjson .parquet .wet .warc, also with .gz or .zst."
            )
        is_several = found != [Input(argument, _base_name(argument))]
        if is_several and exclude is not None:
            found = _not_below(found, exclude)
            if not found:
                raise PathError(
                    f"{argument}: lies in the output folder {exclude}. Give another -o."
                )
        several = several or is_several
        inputs += found
    return inputs, several


def _find_local(argument: str) -> Iterator[Input]:
    path = Path(argument)
    if path.is_dir():
        yield from _walk(path)
    elif path.exists() or path.is_symlink() or not GLOB.search(argument):
        if path.exists() or path.is_symlink():
            yield Input(argument, path.name)
    else:
        import glob

        matches = [Path(match) for match in glob.glob(argument, recursive=True)]  # noqa: PTH207 (absolute patterns)
        parts = PurePosixPath(argument).parts
        fixed = Path(*parts[: next(i for i, part in enumerate(parts) if GLOB.search(part))])
        for match in sorted(matches):
            if match.is_dir():
                if "**" not in argument:
                    yield from _walk(match, fixed)
            else:
                yield Input(str(match), str(match.relative_to(fixed)))


def _walk(folder: Path, base: Path | None = None) -> Iterator[Input]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if not hidden and format_of_name(path.name) and not path.is_dir():
            yield Input(str(path), str(path.relative_to(base or folder)))


def _find_remote(argument: str) -> list[Input]:
    with reaching(argument):
        return list(_search_remote(argument))


def _search_remote(argument: str) -> Iterator[Input]:
    system, root = filesystem(argument)
    protocol = argument.split("://", 1)[0]
    if GLOB.search(root):
        fixed = root[: GLOB.search(root).start()].rpartition("/")[0]  # type: ignore[union-attr]
        paths = [path for path in system.glob(root) if not system.isdir(path)]
    elif system.isdir(root):
        fixed = root
        paths = [path for path in system.find(root) if format_of_name(path)]
    else:
        if system.exists(root):
            yield Input(argument, _base_name(argument))
        return
    for path in sorted(paths):
        relative = path.removeprefix(fixed).lstrip("/")
        if not any(part.startswith(".") for part in relative.split("/")):
            yield Input(f"{protocol}://{path.removeprefix(f'{protocol}://')}", relative)


def exists(path: str) -> bool:
    """Tell whether there is something at a path or URL."""
    if is_remote(path):
        system, inner = filesystem(path)
        with reaching(path):
            return bool(system.exists(inner))
    return Path(path).exists()


def is_folder(path: str) -> bool:
    """Tell whether a path or URL leads to a folder, or is written like one."""
    if path.endswith("/"):
        return True
    if is_remote(path):
        system, inner = filesystem(path)
        with reaching(path):
            return bool(system.isdir(inner))
    return Path(path).is_dir()


def identity(path: str) -> Hashable:
    """Give something that is equal for all paths or URLs that lead to one file."""
    if is_remote(path):
        return path.rstrip("/")
    try:
        status = Path(path).stat()
    except OSError:
        return str(Path(path).resolve())
    return status.st_dev, status.st_ino


def identity_of_standard_output() -> Hashable:
    """Give the `identity` of the file that standard output goes to; None if to none."""
    try:
        status = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # the last if it is closed, and so None
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def _base_name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _not_below(inputs: list[Input], folder: str) -> list[Input]:
    """Leave out what lies in a folder."""
    if is_remote(folder) or is_remote(inputs[0].path):
        return [item for item in inputs if not item.path.startswith(folder.rstrip("/") + "/")]
    if not Path(folder).is_dir():
        return inputs
    real = Path(folder).resolve()
    return [item for item in inputs if not Path(item.path).resolve().is_relative_to(real)]
