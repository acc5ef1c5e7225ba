"""What becomes of bad records: the run fails, or they are skipped, or put aside."""

import base64
from typing import Any

from classifier.files.compression import codec_of_name, compress
from classifier.files.opening import Sink
from classifier.files.problems import DataError, Problem
from classifier.formats.remedies import OTHER_OPTIONS, with_options
from classifier.running.counts import Counts
from classifier.running.task import Task


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
    errors = "1 error" if n_errors == 1 else f"{n_errors} errors"
    reason = f"{errors}, more than the {allowed} of --max-errors"
    return Problem("too many errors", reason, f"Allow more, or mend the input. The first: {first}")


def handle(
    problem: Problem, *, file: str, quarantine: Sink | None, task: Task, counts: Counts
) -> None:
    """Do with a problem of a file as the task says.

    Parameters
    ----------
    problem : Problem
    file : str
        Name of the file.
    quarantine : Sink or None
        Takes bad records.
    task : Task
        Says what becomes of them.
    counts : Counts
        Where they are counted.

    Raises
    ------
    DataError
        If the task says to fail, or this is one too many.
    """
    if task.on_error == "fail":
        raise DataError(problem, file)
    # Of them all, --on-error was given: the run goes on.
    counts.add_problem(with_options(problem, OTHER_OPTIONS), file)
    if quarantine is not None:
        line = _quarantine_line(file, problem)
        quarantine.write(compress(line, codec_of_name(quarantine.path)))
    if task.max_errors is not None and counts.n_errors > task.max_errors:
        problem = too_many_errors(counts.n_errors, task.max_errors, counts.examples[0])
        raise DataError(problem, file)


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
