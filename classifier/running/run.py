"""A whole run: all files, on one or more processes, resumed or from the start."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

from classifier.files.local_paths import is_open_here
from classifier.files.problems import DataError
from classifier.files.temporary_files import remove_parts
from classifier.formats.batches import Block
from classifier.running.bad_records import too_many_errors
from classifier.running.counts import Counts
from classifier.running.lists import OldBadRecords, join_list, with_those_of_others
from classifier.running.manifest import describe_input, forget, read_manifest, write_manifest
from classifier.running.processor import Origin, Outcome, Processor, compile_ahead
from classifier.running.progress import Progress
from classifier.running.shards import Apply, Finished, Shard, process_shard, require_readable
from classifier.running.task import Task
from classifier.running.workers import WAITING_PER_WORKER, Workers, result_of


@dataclass(frozen=True)
class Run:
    """What is to be done.

    Attributes
    ----------
    shards : list of Shard
        The files.
    task : Task
        What to do with each record.
    settings : dict
        JSON values: all that the outputs depend on, for the manifests.
    n_workers : int
        Number of processes; 1 works in this one.
    is_resumed : bool
        Whether to leave alone what a manifest calls finished.
    excluded, quarantine : str or None
        Lists over all files, put together from those of the shards.
    root : str or None
        The folder of all outputs, if they have one.
    bad_records : str or None
        The list of bad records of all runs into that folder, written by this one or not.
    """

    shards: list[Shard]
    task: Task
    settings: dict[str, Any]
    n_workers: int
    is_resumed: bool
    excluded: str | None
    quarantine: str | None
    root: str | None
    bad_records: str | None


def run(plan: Run, progress: Progress, announce: Callable[[str], None]) -> Counts:
    """Work on all files.

    Parameters
    ----------
    plan : Run
        What to do.
    progress : Progress
        Told of what is done.
    announce : callable
        Told, as `Workers` says, of too few cores, or that compiling takes long.

    Returns
    -------
    Counts
        What all files held, those finished in an earlier run included.

    Raises
    ------
    DataError
        For a bad record or file, as the task says.
    OutputError
        If a result cannot be written.
    ResumeError
        If finished outputs belong to other settings or inputs.
    PathError
        If an input is gone, or a file system cannot be reached.
    WorkerDiedError
        If a worker ends without a word, killed for want of memory for one.
    """
    totals = _Totals(plan)
    old = OldBadRecords(plan.root, plan.bad_records, plan.quarantine is not None)
    todo = []
    for shard in plan.shards:
        counts = read_manifest(shard, plan.settings) if plan.is_resumed else None
        if counts is None:
            todo.append(shard)
        else:
            totals.add(shard, counts)
            progress.finish_file()
            progress.n_resumed += 1
    if plan.task.on_error == "fail":
        for shard in todo:
            require_readable(shard)
    outputs = [path for shard in plan.shards for path in _outputs(shard)]
    outputs += filter(None, (plan.excluded, plan.quarantine, plan.bad_records))
    remove_parts(outputs)
    try:
        # All at once: a run that is stopped must leave no note of one with other settings.
        for shard in todo:
            forget(shard)
        totals.check_errors()
        if todo:
            for shard, done in _work(todo, plan, progress, announce):
                totals.add(shard, done.counts)
                old.forget(shard.output)
                progress.finish_file()
                totals.check_errors()
        _join_lists(plan)
        old.join()
    finally:
        # Of processes that were ended in the middle, now or in an earlier run.
        remove_parts(outputs)
        progress.close()
    return totals.counts


class _Totals:
    """Counts of all files, added up in the order of the plan: whatever order they end in.

    Each goes in as soon as all before it have: thousands of them would fill the memory.
    """

    def __init__(self, plan: Run) -> None:
        self.counts = Counts()
        self._n_errors = 0
        self._allowed = plan.task.max_errors
        self._awaited = deque(plan.shards)
        self._early: dict[Shard, Counts] = {}

    def add(self, shard: Shard, counts: Counts) -> None:
        self._n_errors += counts.n_errors
        self._early[shard] = counts
        while self._awaited and self._awaited[0] in self._early:
            self.counts.add(self._early.pop(self._awaited.popleft()))

    def check_errors(self) -> None:
        if self._allowed is None or self._n_errors <= self._allowed:
            return
        early = (self._early[shard] for shard in self._awaited if shard in self._early)
        first = next(example for counts in (self.counts, *early) for example in counts.examples)
        raise DataError(too_many_errors(self._n_errors, self._allowed, first), "all files")


def _work(
    todo: list[Shard], plan: Run, progress: Progress, announce: Callable[[str], None]
) -> Iterator[tuple[Shard, Finished]]:
    if plan.n_workers == 1:
        apply = partial(_apply_here, Processor(plan.task))
        yield from _work_in_order(todo, plan, apply, progress)
        return
    compile_ahead(plan.task)
    workers = Workers(plan.n_workers, plan.task, announce)
    try:
        # Whole files cost least, but only many of them keep all workers busy to the end, and a
        # worker has another standard input.
        is_spread_by_file = (
            len(todo) >= 2 * plan.n_workers
            and todo[0].output is not None
            and not any(is_open_here(shard.input) for shard in todo)
        )
        if is_spread_by_file:
            yield from _work_by_file(todo, plan, workers, progress)
        else:
            apply = partial(workers.in_order, Processor.__call__)
            yield from _work_in_order(todo, plan, apply, progress)
    finally:
        workers.stop()


def _apply_here(processor: Processor, blocks: Iterator[Block], origin: Origin) -> Iterator[Outcome]:
    return map(partial(processor, origin=origin), blocks)


def _work_in_order(
    todo: list[Shard], plan: Run, apply: Apply, progress: Progress
) -> Iterator[tuple[Shard, Finished]]:
    open_line = b""
    for shard in todo:
        before = open_line if shard.output is None else b""
        done = _process(shard, plan.task, plan.settings, apply, progress.add, before)
        open_line = done.open_line
        yield shard, done


def _work_by_file(
    todo: list[Shard], plan: Run, workers: Workers, progress: Progress
) -> Iterator[tuple[Shard, Finished]]:
    remaining = iter(todo)
    waiting: dict[Future[Finished], Shard] = {}
    while True:
        while len(waiting) < WAITING_PER_WORKER * plan.n_workers:
            shard = next(remaining, None)
            if shard is None:
                break
            waiting[workers.submit(_process_in_worker, shard, plan.settings)] = shard
        if not waiting:
            return
        for future in workers.first_done(waiting):
            shard = waiting.pop(future)
            done = result_of(future)
            yield shard, done
            progress.add(done.counts)  # which shows the file as one of those that are finished


def _process_in_worker(processor: Processor, shard: Shard, settings: dict[str, Any]) -> Finished:
    return _process(shard, processor.task, settings, partial(_apply_here, processor))


def _process(
    shard: Shard,
    task: Task,
    settings: dict[str, Any],
    apply: Apply,
    tick: Callable[[Counts], None] = lambda counts: None,
    open_line: bytes = b"",
) -> Finished:
    # Before it is read: if it changes meanwhile, --resume finds another version and does it anew.
    source = describe_input(shard.input) if shard.is_noted else None
    done = process_shard(shard, task, apply, tick, open_line)
    if source is not None and done.is_whole:
        write_manifest(shard, source, settings, done)
    return done


def _join_lists(plan: Run) -> None:
    for name in ("excluded", "quarantine"):
        whole = getattr(plan, name)
        parts = [getattr(shard, name) for shard in plan.shards]
        if whole is not None and parts != [whole]:
            if name == "quarantine" and plan.root is not None:
                parts = with_those_of_others(parts, plan.root)
            join_list(whole, parts, stays_if_empty=name == "excluded")


def _outputs(shard: Shard) -> list[str]:
    paths = (shard.output, shard.excluded, shard.quarantine, shard.manifest)
    return [path for path in paths if path is not None]
