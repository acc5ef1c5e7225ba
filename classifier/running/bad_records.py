"""What becomes of bad records: the run fails, or they are skipped, or put aside."""

import base64
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from classifier.files.compression import codec_of_name, compress
from classifier.files.opening import Sink, open_output
from classifier.files.problems import DataError, Problem
from classifier.running.counts import Counts
from classifier.running.processor import Task


def too_many_errors(n_errors: int, allowed: int, first: str) -> Problem:
    """Say that a run ends for its number of errors, and what the first one was.

    Parameters
    ----------
    n_errors : int
    allowed : int
        The value of `--max-errors`.
    first : str
        Message of the first error.

    Returns
    -------
    Problem
    """
    reason = f"{n_errors} errors, more than the {allowed} of --max-errors"
    return Problem("too many errors", reason, f"Allow more, or mend the input. The first: {first}")


class Trouble:
    """Handles the problems of one file, as the task says.

    Parameters
    ----------
    file : str
        Name of the file.
    quarantine : str or None
        Where bad records are put; no file appears if there are none.
    task : Task
        Says what becomes of bad records.
    counts : Counts
        Where they are counted.
    """

    def __init__(self, file: str, quarantine: str | None, task: Task, counts: Counts) -> None:
        self.file = file
        self.task = task
        self.counts = counts
        self._path = quarantine
        self.sink: Sink | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self._path is not None:
            self.sink = self._stack.enter_context(open_output(self._path))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.sink is not None and not self.sink.n_bytes:
            self.sink.discard()
        self._stack.__exit__(kind, error, traceback)

    def meet(self, problem: Problem) -> None:
        """Take note of a problem.

        Parameters
        ----------
        problem : Problem

        Raises
        ------
        DataError
            If the task says to fail, or this is one too many.
        """
        if self.task.on_error == "fail":
            raise DataError(problem, self.file)
        self.counts.add_problem(problem, self.file)
        if self.sink is not None:
            self.sink.write(
                compress(_quarantine_line(self.file, problem), codec_of_name(self.sink.path))
            )
        allowed = self.task.max_errors
        if allowed is not None and self.counts.n_errors > allowed:
            problem = too_many_errors(self.counts.n_errors, allowed, self.counts.examples[0])
            raise DataError(problem, self.file)


def _quarantine_line(file: str, problem: Problem) -> bytes:
    """Write a problem as JSON, the record's bytes exactly: as text if that is possible."""
    import orjson

    line: dict[str, Any] = {
        "file": file,
        "record": problem.record,
        "kind": problem.kind,
        "reason": problem.reason,
    }
    if problem.raw is not None:
        try:
            line["raw"] = problem.raw.decode()
        except UnicodeDecodeError:
            line["raw_base64"] = base64.b64encode(problem.raw).decode()
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
