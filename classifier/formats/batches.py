"""What passes between readers, the model and writers: blocks and batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple, Protocol

from classifier.files.problems import Problem

BLOCK_BYTES = 8 << 20
"""Size of a batch in bytes, unless one record is larger: keeps memory flat."""
BLOCK_RECORDS = 100_000
"""About as many are in a batch at most: Python keeps far more of short ones than they are."""


class Fields(NamedTuple):
    """Where a record keeps its text and its identifier; ``a.b`` means ``b`` inside ``a``."""

    text: str = "text"
    id: str = "id"
    added: str = ""
    """A field for statistics that a record gets; empty for none."""
    url: str = "url"
    """Field of the page's address."""


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


class Writer:
    """Takes what `Format.render` made of each batch, in order: bytes, if no format says else.

    Parameters
    ----------
    sink : binary file
        Where the output goes.
    """

    def __init__(self, sink: BinaryIO) -> None:
        self.sink = sink

    def write(self, payload: Any) -> None:
        """Append one rendered batch.

        Parameters
        ----------
        payload : object
            As `Format.render` of the same format made it.
        """
        self.sink.write(payload)

    def close(self) -> None:
        """Write what must come last, if anything; leaves the sink open."""

    def abandon(self) -> None:
        """Let go of an output that will not be completed; after `close` do nothing."""


class Format(Protocol):
    """The functions of a module that reads and writes a format.

    What is said here holds for each; the modules say what is their own.

    `blocks` runs where the file is read, `parse` and `render` where the model
    works (perhaps in another process), `writer` where the output is written.
    """

    def blocks(self, stream: BinaryIO, fields: Fields) -> Iterator[Block]:
        """Cut a file into pieces of whole records, about `BLOCK_BYTES` each.

        Parameters
        ----------
        stream : binary file
            Decompressed, at its beginning.
        fields : Fields
            Names of the fields of a record, where a format has some.

        Yields
        ------
        Block
            In the order of the file.

        Raises
        ------
        BrokenFileError
            If the file cannot be read to its end; what came before has been yielded.
        """

    def parse(self, block: Block, fields: Fields) -> Batch:
        """Read the text, identifier and address of each record of a block.

        Parameters
        ----------
        block : Block
            As `blocks` made it.
        fields : Fields
            The same.

        Returns
        -------
        Batch
            Bad records are among its problems; nothing is raised for them.
        """

    def render(
        self,
        batch: Batch,
        texts: Any,
        codec: str | None = None,
        added: tuple[str, Sequence[Any]] | None = None,
    ) -> Any:
        """Put new texts into the records of a batch.

        Parameters
        ----------
        batch : Batch
            As `parse` made it.
        texts : pyarrow.LargeStringArray, shape (n_documents,)
            The new text of each good record; null leaves the record out.
        codec : str, optional
            ``"gz"`` or ``"zst"``, for formats that do not compress by themselves.
        added : (str, sequence of dict), optional
            A field to add, for formats whose records have some: its name, and what
            `classifier.statistics_records.statistics_record` gives for each good record.

        Returns
        -------
        object
            For the writer; a record whose text stays is as it was, bad ones are left out.
            None if there is to be no file.
        """

    def writer(self, stream: BinaryIO, sink: BinaryIO, fields: Fields) -> Writer:
        """Make a writer of a file like the one in `stream`.

        Parameters
        ----------
        stream : binary file
            The input that `blocks` reads, by now at any place.
        sink : binary file
            Where the output goes.
        fields : Fields
            The same.

        Returns
        -------
        Writer
            Takes what `render` gives.

        Raises
        ------
        BrokenFileError
            If that has to be read once more, and cannot be.
        """
