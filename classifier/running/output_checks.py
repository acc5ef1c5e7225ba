"""Outputs that a run cannot have: they would overwrite what is read, or each other."""

import os
import sys
from collections.abc import Callable
from pathlib import PurePosixPath

from classifier.files.alike_names import taken_for_one
from classifier.files.identity import identity, identity_of_stream
from classifier.files.local_paths import is_special
from classifier.files.locations import PathError, is_remote, on_this_machine
from classifier.files.names import shown_name
from classifier.formats.input_paths import Input
from classifier.running.misnamed import named_format
from classifier.running.task import Task

IS_OUTPUT = "it is also the output. Give -o another name."
"""What is wrong with an input."""


def refuse_passing(
    inputs: list[Input],
    output: str | None,
    task: Task,
    excluded: str | None,
    is_resumed: bool,
) -> None:
    """Refuse what an output cannot do that does not stay: standard output, pipes and devices.

    Parameters
    ----------
    inputs : list of Input
    output : str or None
        None for standard output.
    task : Task
    excluded : str or None
        Where to list dropped documents.
    is_resumed : bool
        Whether to go on with an earlier run.

    Raises
    ------
    PathError
        If it is asked for that, is an input, or several inputs need a folder.
    """
    if output is not None and not is_special(on_this_machine(output)):
        return
    if is_resumed:
        raise PathError("--resume needs an output that stays. Give one with -o.")
    if task.on_error == "quarantine":
        raise PathError(
            "--on-error quarantine puts bad records beside the output, which must be a file that "
            "stays. Give one with -o."
        )
    if output is not None:
        return
    standard_output = identity_of_stream(sys.stdout)
    for item in inputs:
        file = identity(item.path)
        if file is not None and file == standard_output:
            raise PathError(f"{shown_name(item.path)}: {IS_OUTPUT}")
    formats = {named_format(item.path, task) for item in inputs}
    if task.action == "filter" and "parquet" in formats and sys.stdout and sys.stdout.isatty():
        raise PathError("Parquet is no text that a terminal shows. Give -o a file for it.")
    is_text = formats == {"text"}
    if len(inputs) > 1 and ((task.action == "filter" and not is_text) or excluded):
        raise PathError(f"{len(inputs)} inputs need an output folder. Give one with -o.")


def refuse_overwriting(
    inputs: list[Input],
    model: str | None,
    outputs: list[str | None],
    lists: dict[str, str | None],
) -> None:
    """Refuse an output or list that would overwrite what is read or another one.

    Parameters
    ----------
    inputs : list of Input
    model : str or None
        Path of the model.
    outputs : list of (str or None)
        None for standard output.
    lists : dict of str to (str or None)
        Other files that are written, by the option that names each.

    Raises
    ------
    PathError
        Names both.
    """
    taken = {identity(item.path): "an input" for item in inputs}
    standard_output = identity_of_stream(sys.stdout)
    if None in outputs and standard_output is not None:
        taken[standard_output] = "standard output"
    if model is not None:
        taken[identity(model)] = "the model"
    written = [("-o", path) for path in outputs] + list(lists.items())
    for option, path in written:
        if path is not None and not is_special(path):
            # Two names of one file may both be outputs: each gets a file of its own.
            place = _place(path, os.path.realpath)
            other = taken.get(identity(path)) or taken.get(place)
            if other is not None:
                raise PathError(f"{path}: would overwrite {other}. Give {option} another name.")
            taken[place] = "another output"


def refuse_nested(outputs: list[str | None], lists: dict[str, str | None]) -> None:
    """Refuse an output that would be a folder for another, or lie in one that is a file.

    Parameters
    ----------
    outputs, lists
        As for `refuse_overwriting`.

    Raises
    ------
    PathError
        Names the option that needs another name.
    """
    named = _by_place(outputs, lists)
    for place, (option, path) in named.items():
        above = (named.get(str(parent)) for parent in PurePosixPath(place).parents)
        for list_option, file in filter(None, above):
            if option == "-o" and list_option != "-o":  # a list gives way to what is read
                raise PathError(
                    f"{file}: it will be a folder, with other outputs in it. "
                    f"Give {list_option} another name."
                )
            raise PathError(
                f"{path}: it would lie in an output, which is a file. Give {option} another name."
            )


def refuse_alike(outputs: list[str | None], lists: dict[str, str | None]) -> None:
    """Refuse two outputs whose names their file system takes for one.

    Parameters
    ----------
    outputs, lists
        As for `refuse_overwriting`.

    Raises
    ------
    PathError
        Names both.
    """
    named = _by_place(outputs, lists)
    pair = taken_for_one(place for place in named if not (is_remote(place) or is_special(place)))
    if pair is not None:
        (_, path), (option, other) = (named[place] for place in pair)
        remedy = f"Give {option} another name."
        if option == "-o":
            remedy = "Rename one of the inputs, or give each another -o."
        raise PathError(f"{path} and {other}: to the file system these are one name. {remedy}")


def _by_place(
    outputs: list[str | None], lists: dict[str, str | None]
) -> dict[str, tuple[str, str]]:
    """Give option and path of all that is written, by its name: a link is written as it stands."""
    written = [("-o", path) for path in outputs] + list(lists.items())
    return {
        _place(path, os.path.abspath): (option, path)
        for option, path in written
        if path is not None
    }


def _place(path: str, whole: Callable[[str], str]) -> str:
    """Give the whole path of an output, as `whole` makes it; a URL stays."""
    path = on_this_machine(path)
    return path if is_remote(path) else whole(path)
