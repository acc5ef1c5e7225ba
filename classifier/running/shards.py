"""One file from its blocks to its output: errors, excluded documents, all or nothing."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from classifier.files.compression import codec_of_name, compress, empty_stream
from classifier.files.local_paths import is_open_here, is_special
from classifier.files.locations import exists, is_remote, on_this_machine
from classifier.files.names import shown_name
from classifier.files.opening import open_output
from classifier.files.problems import BrokenFileError, DataError, Problem, unreadable
from classifier.files.streams import altered_parts
from classifier.formats import load_format
from classifier.formats.batches import Block
from classifier.formats.reading import open_records
from classifier.running.bad_records import handle
from classifier.running.counts import Counts
from classifier.running.misnamed import refuse_misnamed
from classifier.running.processor import Origin, Outcome
from classifier.running.shard_output import ShardOutput
from classifier.running.task import Task

Apply = Callable[[Iterator[Block], Origin], Iterator[Outcome]]
"""Runs the processor over blocks, in order: here, or spread over workers."""


class Shard(NamedTuple):
    """A file to work on, and where its results go.

    Attributes
    ----------
    input : str
        Path, URL or ``-``.
    output : str or None
        Path or URL; None for standard output.
    excluded, quarantine : str or None
        Where dropped documents and bad records are listed; None for nowhere.
    manifest : str or None
        Where it is noted that this file is done; None for nowhere. A note of
        an earlier run goes in any case.
    is_noted : bool
        Whether it is to be noted.
    """

    input: str
    output: str | None
    excluded: str | None = None
    quarantine: str | None = None
    manifest: str | None = None
    is_noted: bool = False

    @property
    def file(self) -> str:
        """Name of the input for messages."""
        return shown_name(self.input)


class Finished(NamedTuple):
    """A file that was worked on."""

    counts: Counts
    is_whole: bool
    """Whether it could be read to its end."""
    open_line: bytes
    """Newline that the texts on standard output so far do not end with."""
    sizes: Mapping[str, int | None] = {}
    """Bytes of the output and of each list, by their names in `Shard`; None for no file."""


def require_readable(shard: Shard) -> None:
    """Make sure that a file on this machine may be read, before others are worked on for hours.

    Parameters
    ----------
    shard : Shard
        The file.

    Raises
    ------
    DataError
        If it is a link to nothing, say, or somebody else's.
    """
    if shard.input == "-" or is_remote(shard.input) or os.access(shard.input, os.R_OK):
        return
    try:
        Path(shard.input).open("rb").close()
    except OSError as error:
        raise DataError(unreadable(error), shard.file) from error


def process_shard(
    shard: Shard,
    task: Task,
    apply: Apply,
    tick: Callable[[Counts], None],
    open_line: bytes,
) -> Finished:
    """Work on one file.

    Parameters
    ----------
    shard : Shard
        The file.
    task : Task
        What to do.
    apply : callable
        Runs the processor over the blocks.
    tick : callable
        Told what each finished block held, for progress.
    open_line : bytes
        As the file before left standard output.

    Returns
    -------
    Finished
        What the file held.

    Raises
    ------
    DataError
        If a record or the file is bad and the task says to fail, or there
        were more errors than it allows.
    PathError
        If the output's name says another format than the file turns out to have.
    OutputError
        If a result cannot be written. No output appears then, nor with any
        other exception.
    """
    try:
        return _work_through(shard, task, apply, tick, open_line, is_again=False)
    except _AlteredError:
        # Nothing was made of it. Progress shows as done what is done once more.
        return _work_through(shard, task, apply, _unseen, open_line, is_again=True)


class _AlteredError(Exception):
    """Records that were taken for good may have been altered by damage behind them."""


def _work_through(
    shard: Shard,
    task: Task,
    apply: Apply,
    tick: Callable[[Counts], None],
    open_line: bytes,
    is_again: bool,
) -> Finished:
    counts = Counts()
    is_whole = True
    # Outputs are completed in reverse: first the main one, last the lists beside it.
    with ExitStack() as stack:
        quarantine, excluded = (
            stack.enter_context(open_output(path, must_be_read=True)) if path else None
            for path in (shard.quarantine, shard.excluded)
        )
        may_be_redone = not is_again and task.on_error != "fail" and _can_be_redone(shard)

        def meet(problem: Problem) -> None:
            if problem.is_altered and may_be_redone:
                raise _AlteredError
            handle(problem, file=shard.file, quarantine=quarantine, task=task, counts=counts)

        output: ShardOutput | None = None
        try:
            damaged = altered_parts(shard.input) if is_again else frozenset()
            reading = (shard.input, task.fields, task.input_format, stack, damaged)
            stream, name = open_records(*reading)
            codec = None
            if shard.output is not None:
                refuse_misnamed(shard.output, shard.file, name, task)
                codec = codec_of_name(shard.output)
            origin = Origin(shard.file, name, codec, shard.excluded is not None)
            output = ShardOutput(shard.output, task, stream, origin, stack, open_line)
            blocks = load_format(origin.format).blocks(stream, task.fields)
            for outcome in apply(blocks, origin):
                counts.add(outcome.counts)
                for problem in outcome.problems:
                    meet(problem)
                if excluded is not None:
                    excluded.write(compress(outcome.excluded, codec_of_name(excluded.path)))
                output.write(outcome)
                tick(outcome.counts)
                del outcome  # before the next block is read
        except BrokenFileError as error:
            is_whole = False
            meet(error.problem)
        if quarantine is not None and not quarantine.n_bytes:
            quarantine.discard()
        if excluded is not None and not excluded.n_bytes:
            excluded.write(empty_stream(codec_of_name(excluded.path)))
        if output is not None and (is_whole or output.is_begun):
            output.finish()
        elif shard.output is not None and exists(shard.output):
            # What an earlier run made of the file is no result of this one.
            stack.enter_context(open_output(shard.output)).discard()
    if output is None:
        return Finished(counts, is_whole, open_line)
    # As written, not as found: another run may have put others in their place meanwhile.
    sinks = {"output": output.sink, "excluded": excluded, "quarantine": quarantine}
    sizes = {name: None if sink is None else sink.size for name, sink in sinks.items()}
    return Finished(counts, is_whole, output.open_line, sizes)


def _can_be_redone(shard: Shard) -> bool:
    """Tell whether the input can be read again, and what was written be taken back."""
    paths = (shard.input, shard.output, shard.excluded, shard.quarantine)
    local = [on_this_machine(path) for path in paths if path is not None]
    is_kept = shard.output is not None and not is_open_here(shard.input)
    return is_kept and not any(is_special(path) for path in local)


def _unseen(counts: Counts) -> None:
    """Take no note."""
