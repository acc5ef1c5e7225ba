"""What passes between readers, the model and writers: blocks, batches, problems."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple, Protocol

from classifier.formats.remote_file import RemoteError

BLOCK_BYTES = 8 << 20
"""Size of a batch in bytes, unless one record is larger: keeps memory flat."""
BLOCK_RECORDS = 100_000
"""About as many are in a batch of JSON Lines: Python keeps far more of short ones than they are."""


class Fields(NamedTuple):
    """Where a record keeps its text and its identifier; ``a.b`` means ``b`` inside ``a``."""

    text: str = "text"
    id: str = "id"
    added: str = ""
    """A field for statistics that a record gets; empty for none."""
    url: str = "url"
    """Field of the page's address."""


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
    """

    kind: str
    reason: str
    remedy: str
    record: int | None = None
    raw: bytes | None = field(default=None, repr=False)

    def message(self, file: str) -> str:
        """Say what is wrong and what to do, for people."""
        place = file if self.record is None else f"{file}, record {self.record}"
        return f"{place}: {self.reason}. {self.remedy}"


def unreadable(error: OSError) -> Problem:
    """Say that a file cannot be read, and why."""
    remedy = (
        "Check the address, the connection and your credentials, and run again."
        if isinstance(error, RemoteError)
        else "Check that it is there and that you may read it."
    )
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


class Gap(NamedTuple):
    """A part of a file that is lost to damage; what follows it can be read."""

    problem: Problem


class DataError(Exception):
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


class Block(NamedTuple):
    """A piece of a file, cut between records and not yet parsed."""

    content: Any
    first: int
    """Number of its first record, from 1."""
    gap: Problem | None = None
    """Why something is missing after its last record."""


@dataclass
class Batch:
    """The records of a block.

    Attributes
    ----------
    texts : pyarrow.LargeStringArray, shape (n_documents,)
        Texts of the good records; no nulls.
    numbers : sequence of int, shape (n_documents,)
        Number of each record in its file, from 1.
    ids : sequence of (bytes or None), shape (n_documents,)
        Identifier of each record as JSON; None where it has none.
    context : object
        What the format needs to write the records back; opaque to all others.
    problems : list of Problem
        Records that could not be read.
    urls : sequence of (str or None)
        Address of each record; None where it has none. Empty if the format
        or the file keeps none.
    """

    texts: Any
    numbers: Sequence[int]
    ids: Sequence[bytes | None]
    context: Any
    problems: list[Problem] = field(default_factory=list)
    urls: Sequence[str | None] = ()


class Writer(Protocol):
    """Takes what `Format.render` made of each batch, in order."""

    def write(self, payload: Any) -> None:
        """Append one rendered batch."""

    def close(self) -> None:
        """Write what must come last; leaves the sink open."""

    def abandon(self) -> None:
        """Let go of an output that will not be completed; after `close` do nothing."""


class Format(Protocol):
    """What a module of this package offers.

    `blocks` runs where the file is read, `parse` and `render` where the model
    works (perhaps in another process), `writer` where the output is written.
    """

    blocks: Callable[[BinaryIO, Fields], Iterator[Block]]
    parse: Callable[[Block, Fields], Batch]
    render: Callable[..., Any]
    writer: Callable[..., Writer]


class BytesWriter:
    """Writer of formats whose batches are just bytes, one after the other."""

    def __init__(self, sink: BinaryIO) -> None:
        self.sink = sink

    def write(self, payload: bytes) -> None:
        """Append `payload`."""
        self.sink.write(payload)

    def close(self) -> None:
        """Do nothing: the bytes are complete."""

    def abandon(self) -> None:
        """Do nothing: no bytes are waiting."""
