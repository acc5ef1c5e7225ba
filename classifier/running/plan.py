"""From what a user asks to a run: which files, which names, what cannot be meant."""

import os
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any

from classifier.files.identity import identity
from classifier.files.local_paths import descriptor_of, is_special
from classifier.files.locations import PathError, exists, is_remote, refuse_empty
from classifier.files.unwritable import refuse_unwritable
from classifier.formats import format_of_name
from classifier.formats.input_paths import Input, find_inputs
from classifier.formats.output_paths import mirror
from classifier.formats.reading import refuse_added
from classifier.running.lists import refuse_to_lose
from classifier.running.misnamed import named_format, refuse_misnamed
from classifier.running.note_names import note_of, part_of
from classifier.running.output_checks import (
    IS_OUTPUT,
    refuse_alike,
    refuse_nested,
    refuse_overwriting,
    refuse_passing,
)
from classifier.running.run import Run
from classifier.running.shards import Shard
from classifier.running.task import Task

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
    model: str | None = None,
    announce: Callable[[str], None] = lambda message: None,
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
    n_workers : int, default 1
        Number of processes.
    is_resumed : bool, default False
        Whether to go on with an earlier run.
    excluded : str, optional
        Where to list dropped documents.
    stats : str, optional
        Where statistics will be written.
    model : str, optional
        Path of the model, which must not be overwritten.
    announce : callable, optional
        Told of what is passed over.

    Returns
    -------
    Run
        What is to be done.

    Raises
    ------
    PathError
        If inputs and outputs do not fit together.
    """
    _check_names({"-o": output, "--excluded": excluded, "--stats": stats})
    if excluded is not None and format_of_name(excluded) == "parquet":
        raise PathError(f"{excluded}: --excluded is written as JSON Lines. Name it so.")
    if output is not None and (output == "-" or descriptor_of(output) == 1):
        output = None
    for argument in arguments:
        if argument != "-" and output is not None and identity(argument) == identity(output):
            raise PathError(f"{argument}: {IS_OUTPUT}")
    # What an earlier run wrote, its bad records too, may stand among the inputs.
    bad_records = None if output is None else _beside(output) + QUARANTINE_SUFFIX
    own = [path for path in (output, bad_records, excluded, stats) if path is not None]
    inputs, several = find_inputs(arguments or ["-"], exclude=own, announce=announce)
    suffix = f"{LABEL_SUFFIX}.{task.label_format}" if task.action == "label" else None
    outputs = mirror(inputs, output, several, suffix)
    is_folder = output is not None and outputs != [output]
    refuse_passing(inputs, output, task, excluded, is_resumed)
    for item in inputs:
        refuse_added(item.path, named_format(item.path, task), task.fields)
    quarantine = bad_records if task.on_error == "quarantine" else None
    lists = {"--excluded": excluded, "--stats": stats, "-o": quarantine}
    refuse_overwriting(inputs, model, outputs, lists)
    refuse_nested(outputs, lists)
    refuse_alike(outputs, lists)
    root = str(output).rstrip("/") if is_folder else None
    if root is not None and quarantine is not None:
        refuse_to_lose(quarantine, root, is_resumed)
    _refuse_unwritable_places(outputs, lists, root, is_resumed)
    # Lists are put together from parts if files may be passed over that an earlier run did.
    has_parts = is_folder or is_resumed
    of_records = {"excluded": excluded, "quarantine": quarantine}
    shards = [
        _shard(item, path, task, root, of_records, has_parts)
        for item, path in zip(inputs, outputs, strict=True)
    ]
    if output is not None:
        _tell_of_surprise(inputs, output, is_folder, announce)
    of_folder = None if root is None else bad_records
    return Run(
        *(shards, task, settings, n_workers, is_resumed, excluded, quarantine, root, of_folder)
    )


def _refuse_unwritable_places(
    outputs: list[str | None], lists: dict[str, str | None], root: str | None, is_resumed: bool
) -> None:
    """Refuse places, by their option, where nothing can be written."""
    # Of many remote ones only the first: each look takes a while.
    looked_at = outputs[:1] + [path for path in outputs[1:] if path and not is_remote(path)]
    if is_resumed:  # what is finished may lie where nothing can be written any more
        looked_at = [path for path in looked_at if path and not exists(note_of(path, root))]
    for option, path in [*(("-o", path) for path in looked_at), *lists.items()]:
        if path is not None:
            refuse_unwritable(path, option)


def _shard(
    item: Input,
    path: str | None,
    task: Task,
    root: str | None,
    lists: dict[str, str | None],
    has_parts: bool,
) -> Shard:
    """Plan one input: its output, and the note and the lists that belong to that."""
    if path is None:
        return Shard(item.path, None, lists["excluded"])
    refuse_misnamed(path, item.path, named_format(item.path, task), task)
    own = {
        kind: part_of(path, root, kind) if has_parts and whole else whole
        for kind, whole in lists.items()
    }
    return Shard(
        item.path,
        path,
        **own,
        manifest=note_of(path, root),
        # What standard input held cannot be compared with what it will hold.
        is_noted=has_parts and item.path != "-",
    )


def _tell_of_surprise(
    inputs: Sequence[Input], output: str, is_folder: bool, announce: Callable[[str], None]
) -> None:
    """Say what an output becomes if by its name it could be meant for the other."""
    if is_folder:
        if format_of_name(output) and not exists(output):
            announce(f"{output}: becomes a folder, with a file for each input")
        return
    is_bare = format_of_name(inputs[0].path) and not PurePosixPath(output).suffix
    if is_bare and not is_special(output):
        # A command for each file (xargs -n 1, find -exec) would keep the last result only.
        announce(f'{output}: becomes a file, not a folder; that needs a "/" at the end')


def _check_names(given: dict[str, str | None]) -> None:
    for option, path in given.items():
        refuse_empty(path, f"the file of {option}")
        if path == "-" and option != "-o":
            raise PathError(f"{option} -: it is written to a file only. Give it the name of one.")


def _beside(output: str) -> str:
    """Give the path of a folder without a ``/`` behind it, and by its name."""
    bare = output.rstrip("/")
    is_named = is_remote(bare) or PurePosixPath(bare).name not in ("", "..")
    return bare if is_named else os.path.abspath(output)  # noqa: PTH100 (no look at links)
