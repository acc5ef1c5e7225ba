"""From what a user asks to a run: which files, which names, what cannot be meant."""

from collections.abc import Sequence
from typing import Any

from classifier.formats import format_of_name
from classifier.formats.paths import (
    STATE_FOLDER,
    Input,
    PathError,
    find_inputs,
    identity,
    identity_of_standard_output,
    mirror,
)
from classifier.formats.records import DataError, Problem
from classifier.running.run import Run
from classifier.running.shards import Shard
from classifier.running.work import Task

LABEL_SUFFIX = ".labels"
QUARANTINE_SUFFIX = ".quarantine.jsonl"


def make_plan(
    arguments: Sequence[str],
    output: str | None,
    task: Task,
    settings: dict[str, Any],
    *,
    n_workers: int = 1,
    is_resumed: bool = False,
    excluded: str | None = None,
    stats: str | None = None,
) -> Run:
    """Plan a run.

    Parameters
    ----------
    arguments : sequence of str
        Inputs as given: files, folders, globs, URLs, ``-``; none is standard input.
    output : str or None
        A file, a folder, or None for standard output.
    task : Task
        What to do with each record.
    settings : dict
        All that outputs depend on, for manifests.
    n_workers : int
        Number of processes.
    is_resumed : bool
        Whether to go on with an earlier run.
    excluded : str, optional
        Where to list dropped documents.
    stats : str, optional
        Where statistics will be written.

    Returns
    -------
    Run
        What is to be done.

    Raises
    ------
    PathError
        If inputs and outputs do not fit together.
    DataError
        If an output is its own input.
    """
    output = None if output == "-" else output
    for argument in arguments:
        if output is not None and identity(argument) == identity(output):
            raise _output_is_input(argument)
    inputs, several = find_inputs(arguments or ["-"], exclude=output)
    suffix = f"{LABEL_SUFFIX}.{task.label_format}" if task.action == "label" else None
    outputs = mirror(inputs, output, several, suffix)
    is_folder = output is not None and outputs != [output]
    _check_standard_output(inputs, output, task, excluded, is_resumed)
    quarantine = None
    if task.on_error == "quarantine" and output is not None:
        quarantine = output.rstrip("/") + QUARANTINE_SUFFIX
    _check_lists(inputs, outputs, {"--excluded": excluded, "--stats": stats, "-o": quarantine})
    shards = []
    for item, path in zip(inputs, outputs, strict=True):
        if path is None:
            shards.append(Shard(item.path, None, excluded))
            continue
        _check_output(item, path, task)
        folder, _, name = path.rpartition("/")
        if is_folder and output is not None:
            folder = output.rstrip("/")
            name = path.removeprefix(folder).lstrip("/")
        state = f"{folder}/{STATE_FOLDER}" if folder or path.startswith("/") else STATE_FOLDER
        shards.append(
            Shard(
                item.path,
                path,
                _part(state, "excluded", name, excluded, is_folder),
                _part(state, "quarantine", name, quarantine, is_folder),
                f"{state}/done/{name}.json" if is_folder or is_resumed else None,
            )
        )
    return Run(shards, task, settings, n_workers, is_resumed, excluded, quarantine)


def _part(state: str, kind: str, name: str, whole: str | None, is_folder: bool) -> str | None:
    """Name a shard's part of a list; with one shard it is the list itself."""
    if whole is None or not is_folder:
        return whole
    # The list's own ending, since parts are compressed as it is and only joined.
    ending = next((end for end in (".gz", ".zst") if whole.lower().endswith(end)), "")
    return f"{state}/{kind}/{name}.jsonl{ending}"


def _check_standard_output(
    inputs: list[Input],
    output: str | None,
    task: Task,
    excluded: str | None,
    is_resumed: bool,
) -> None:
    if output is not None:
        return
    if is_resumed:
        raise PathError("--resume needs an output that stays. Give one with -o.")
    if task.on_error == "quarantine":
        raise PathError(
            "--on-error quarantine puts bad records beside the output. Give one with -o."
        )
    standard_output = identity_of_standard_output()
    for item in inputs:
        if item.path != "-" and identity(item.path) == standard_output:
            raise _output_is_input(item.path)
    is_text = all(_format(item.path, task) == "text" for item in inputs)
    if len(inputs) > 1 and ((task.action == "filter" and not is_text) or excluded):
        raise PathError(f"{len(inputs)} inputs need an output folder. Give one with -o.")


def _check_output(item: Input, path: str, task: Task) -> None:
    if item.path != "-" and identity(item.path) == identity(path):
        raise _output_is_input(item.path)
    before, after = _format(item.path, task), format_of_name(path)
    if task.action == "filter" and before and after and before != after:
        raise PathError(
            f"{path}: its name says {after}, but {item.path} is {before}. "
            "linesift writes the format it reads; give -o a fitting name."
        )


def _check_lists(
    inputs: list[Input], outputs: list[str | None], lists: dict[str, str | None]
) -> None:
    """Refuse a list that would overwrite an input, an output or another list."""
    given = {option: path for option, path in lists.items() if path is not None}
    if not given:
        return
    taken = {identity(item.path) for item in inputs if item.path != "-"}
    taken |= {identity(path) for path in outputs if path is not None}
    for option, path in given.items():
        if identity(path) in taken:
            raise PathError(
                f"{path}: would overwrite an input or another output. Give {option} another name."
            )
        taken.add(identity(path))


def _format(path: str, task: Task) -> str | None:
    return task.input_format or format_of_name(path)


def _output_is_input(path: str) -> DataError:
    problem = Problem("output is input", "it is also the output", "Give -o another name.")
    return DataError(problem, path)
