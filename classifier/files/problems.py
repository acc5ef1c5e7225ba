"""What is wrong with a file or one of its records, for programs and for people."""

import errno
from dataclasses import dataclass, field

from classifier.files.remote_file import RemoteError


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one record, or with a file.

    Attributes
    ----------
    kind : str
        Short name, the same for all problems of a sort; counted in statistics.
    reason : str
        What is wrong with this record.
    remedy : str
        What the reader of the message can do.
    record : int or None
        Number of the record in its file, from 1; None if it concerns the file.
    raw : bytes or None
        The record as it was read; None if there is none to keep.
    is_altered : bool
        Whether what was read before, and seemed good, may have been altered by the damage.
    """

    kind: str
    reason: str
    remedy: str
    record: int | None = None
    raw: bytes | None = field(default=None, repr=False)
    is_altered: bool = False

    def message(self, file: str) -> str:
        """Say what is wrong and what to do, for people.

        Parameters
        ----------
        file : str
            Its name, for people.

        Returns
        -------
        str
            Place, reason and remedy.
        """
        place = file if self.record is None else f"{file}, record {self.record}"
        return f"{place}: {self.reason}. {self.remedy}"


def unreadable(error: OSError) -> Problem:
    """Say that a file cannot be read, and why.

    Parameters
    ----------
    error : OSError
        What opening or reading it raised.

    Returns
    -------
    Problem
    """
    remedy = "Check that it is there and that you may read it."
    if isinstance(error, RemoteError):
        remedy = "Check the address, the connection and your credentials, and run again."
    elif error.errno == errno.ESTALE:  # replaced or cut while it was open
        remedy = "Run again when nobody writes it."
    return Problem("unreadable", f"it cannot be read ({error.strerror or error})", remedy)


class BrokenFileError(Exception):
    """A file that cannot be read, or not to its end; raised by readers.

    Parameters
    ----------
    problem : Problem
        What is wrong.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class DataError(ValueError):
    """Bad data that ends a run.

    Parameters
    ----------
    problem : Problem
        What is wrong.
    file : str
        Name of the file, as the user knows it.
    """

    def __init__(self, problem: Problem, file: str) -> None:
        super().__init__(problem, file)
        self.problem = problem
        self.file = file

    def __str__(self) -> str:
        return self.problem.message(self.file)
