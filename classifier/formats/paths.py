"""Which files are read, under which names the results are written."""

import os
import re
import stat
import sys
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from classifier.formats import format_of_name

GLOB = re.compile(r"[*?\[]")
STATE_FOLDER = ".linesift"
"""Folder in an output folder for its manifests; hidden, so no reader takes it for data."""


class PathError(ValueError):
    """Inputs or outputs that cannot be meant as they were given."""


class Input(NamedTuple):
    """A file to read, and its name below the folder or glob that it was found by."""

    path: str
    relative: str


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
        found = list(_find_remote(argument) if is_remote(argument) else _find_local(argument))
        if not found:
            raise PathError(
                f"{argument}: no such file, or nothing in it with a known ending. "
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


def mirror(
    inputs: list[Input], output: str | None, several: bool, suffix: str | None = None
) -> list[str | None]:
    """Name the output of each input.

    Parameters
    ----------
    inputs : list of Input
        What is read.
    output : str or None
        A file for one input, a folder for several; None for standard output.
    several : bool
        As from `find_inputs`.
    suffix : str, optional
        Put after names in a folder (before ``.gz`` or ``.zst``), for results
        in another format.

    Returns
    -------
    list of str or None
        One path an input; None for standard output.

    Raises
    ------
    PathError
        If two inputs would be written to one name.
    """
    if output is None or output == "-":
        return [None] * len(inputs)
    if not (several or len(inputs) > 1 or _is_folder(output)):
        return [output]
    names: dict[str, Input] = {}
    for item in inputs:
        name = "stdin" if item.path == "-" else item.relative
        if suffix is not None:
            bare, end = re.fullmatch(r"(.*?)(\.gz|\.zst)?", name, re.DOTALL | re.I).groups("")  # type: ignore[union-attr]
            name = bare + suffix + end
        if name in names:
            raise PathError(
                f"{names[name].path} and {item.path} would both be written to {name} in {output}. "
                "Give the folder above them as the one input, or work on them one by one."
            )
        names[name] = item
    return [f"{output.rstrip('/')}/{name}" for name in names]


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


def _find_remote(argument: str) -> Iterator[Input]:
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
        return bool(system.exists(inner))
    return Path(path).exists()


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
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def _base_name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _is_folder(output: str) -> bool:
    if output.endswith("/"):
        return True
    if is_remote(output):
        system, path = filesystem(output)
        return bool(system.isdir(path))
    return Path(output).is_dir()


def _not_below(inputs: list[Input], folder: str) -> list[Input]:
    """Leave out what lies in a folder."""
    if is_remote(folder) or is_remote(inputs[0].path):
        return [item for item in inputs if not item.path.startswith(folder.rstrip("/") + "/")]
    if not Path(folder).is_dir():
        return inputs
    real = Path(folder).resolve()
    return [item for item in inputs if not Path(item.path).resolve().is_relative_to(real)]
