"""What is done with one block of records, in this process or a worker's."""

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from classifier.appeals import appeal_lines
from classifier.files.compression import compress
from classifier.files.problems import Problem
from classifier.formats import load_format
from classifier.formats.batches import Batch, Block
from classifier.formats.text_columns import column_bytes, text_column
from classifier.kernels.machine.jit import IS_DISABLED
from classifier.policy import FilterPolicy, NothingDroppedWarning
from classifier.running.counts import Counts
from classifier.running.task import Task
from classifier.statistics_records import statistics_record

KEEP_ALL = FilterPolicy(drop=())


class Origin(NamedTuple):
    """Where blocks come from and how the result is to be compressed."""

    file: str
    """Name for messages and for identifiers of records that have none."""
    format: str
    codec: str | None
    lists_excluded: bool
    """Whether dropped documents are wanted."""


class Outcome(NamedTuple):
    """What became of a block."""

    payload: Any
    """Rendered by the format; None if nothing is to be written."""
    counts: Counts
    problems: list[Problem]
    excluded: bytes
    """List of dropped documents, if they are wanted."""


class ReadWriteOnly:
    """Stands in for a model where nothing is to be dropped or counted."""

    def process(self, texts: Any, policy: FilterPolicy, *, are_checked: bool) -> Any:
        """Keep all.

        Parameters
        ----------
        texts : pyarrow.LargeStringArray
        policy : FilterPolicy
        are_checked : bool
            Both not looked at.

        Returns
        -------
        object
            With the same `texts`, and None for each of the `reasons`.
        """
        del policy, are_checked
        return _Unchanged(texts, [None] * len(texts))


class _Unchanged(NamedTuple):
    texts: Any
    reasons: list[str | None]
    statistics: None = None


class Processor:
    """Works on blocks with a model that it loads for the first of them.

    Parameters
    ----------
    task : Task
        What to do.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self._model: Any = None

    def __call__(self, block: Block, origin: Origin) -> Outcome:
        """Parse a block, run the model over it and render the result."""
        batch = load_format(origin.format).parse(block, self.task.fields)
        work = _filter if self.task.action == "filter" else _label
        return work(self.load(), batch, self.task, origin)

    def load(self) -> Any:
        """Give the model, loaded and compiled.

        Returns
        -------
        LineClassifier or ReadWriteOnly
        """
        if self._model is None:
            # The command says it once, not each of its processes.
            warnings.simplefilter("ignore", NothingDroppedWarning)
            self._model = self.task.load()
            _warm_up(self._model, self.task)
        return self._model


def compile_ahead(task: Task) -> None:
    """Compile in this process what workers would each compile for themselves, all at once.

    Here it is done once, in the memory of one process, and with the help of a second.
    Nothing is done if any code is kept already, or none can be.

    Parameters
    ----------
    task : Task
        What the workers will do.
    """
    from classifier.kernels.machine.code_files import can_be_kept, is_any_kept

    if not IS_DISABLED and not is_any_kept() and can_be_kept():
        Processor(task).load()


def _warm_up(model: Any, task: Task) -> None:
    """Run a model over a line, so that everything a task needs is compiled."""
    if isinstance(model, ReadWriteOnly):
        return
    # Links, and characters that nobody sees, have kernels of their own.
    texts = text_column(["One [li\u00adne](/) of text.\n\nAnother.".encode()])
    done = model.process(texts, task.policy, are_checked=True)
    if task.is_counted:
        Counts().add_statistics(done.statistics)
    if task.action == "filter":
        from classifier.kernels.json_strings import are_ascii, escape_texts
        from classifier.kernels.rewrite import rewrite_documents

        # What such a text asks for only if the model takes its lines for a wall, or drops some.
        data, bounds = column_bytes(texts)
        span = bounds[:1], bounds[1:]
        nothing = np.zeros(1, np.bool_)
        appeal_lines(data, *span)
        rewrite_documents(data, bounds, *span, np.arange(2), nothing, nothing)
        data, bounds = escape_texts(data, bounds)  # as records in JSON are written
        are_ascii(data, bounds[:-1], bounds[1:])


def _filter(model: Any, batch: Batch, task: Task, origin: Origin) -> Outcome:
    done = model.process(batch.texts, task.policy, are_checked=True)  # by the format's reader
    counts = Counts(documents=len(batch.numbers), identified=_identified(batch))
    counts.dropped.update(reason for reason in done.reasons if reason is not None)
    counts.kept = len(done.reasons) - counts.dropped.total()
    counts.add_lengths(*(np.diff(column_bytes(some)[1]) for some in (batch.texts, done.texts)))
    added = None
    if task.is_counted and done.statistics is not None:
        counts.add_statistics(done.statistics, batch.urls)
        if task.fields.added:
            records = [statistics_record(done.statistics, i) for i in range(len(done.reasons))]
            added = (task.fields.added, records)
    excluded = b""
    if origin.lists_excluded and counts.dropped:
        excluded = _excluded(batch, done.reasons, origin)
    payload = load_format(origin.format).render(batch, done.texts, origin.codec, added)
    return Outcome(payload, counts, batch.problems, excluded)


def _label(model: Any, batch: Batch, task: Task, origin: Origin) -> Outcome:
    from classifier.formats.labelled import to_json_lines, to_tsv

    if origin.format == "text" and not batch.numbers:  # a bad document leaves no file behind
        return Outcome(None, Counts(), batch.problems, b"")
    done = model.process(batch.texts, KEEP_ALL, are_checked=True)
    lengths = np.diff(column_bytes(batch.texts)[1])
    n_documents = len(batch.numbers)
    counts = Counts(n_documents, n_documents, identified=_identified(batch))
    counts.add_lengths(lengths, lengths)
    if task.is_counted:
        counts.add_statistics(done.statistics, batch.urls)
    if task.label_format == "tsv":
        payload = to_tsv(done.batch, batch.texts, task.is_shown)
    else:
        payload = to_json_lines(done.batch, batch.texts, _ids(batch, origin), task.offsets)
    return Outcome(compress(payload, origin.codec), counts, batch.problems, b"")


def _identified(batch: Batch) -> int:
    return len(batch.ids) - batch.ids.count(None)


def _excluded(batch: Batch, reasons: Sequence[str | None], origin: Origin) -> bytes:
    import orjson

    ids = _ids(batch, origin)
    lines = bytearray()  # all at once, they would take a kilobyte each at least
    for i, reason in enumerate(reasons):
        if reason is not None:
            line = {
                "id": orjson.Fragment(ids[i]),
                "file": origin.file,
                "record": batch.numbers[i],
                "reason": reason,
                "text": batch.texts[i].as_py(),
            }
            lines += orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    return bytes(lines)


def _ids(batch: Batch, origin: Origin) -> list[bytes]:
    from classifier.formats.identifiers import as_json

    return [
        as_json(f"{origin.file}:{number}") if identifier is None else identifier
        for identifier, number in zip(batch.ids, batch.numbers, strict=True)
    ]
