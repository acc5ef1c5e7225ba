"""What is made of a file, from its first batch to its end."""

from contextlib import ExitStack
from typing import BinaryIO, cast

from classifier.files.compression import empty_stream
from classifier.files.opening import Sink, open_output
from classifier.files.problems import BrokenFileError
from classifier.formats import load_format
from classifier.formats.batches import Writer
from classifier.running.processor import Origin, Outcome
from classifier.running.task import Task


class ShardOutput:
    """The main output, begun with the first batch: a file that cannot be read leaves none.

    Parameters
    ----------
    path : str or None
        Where it goes; None for standard output.
    task : Task
        What is done.
    stream : binary file
        The input, decompressed; some formats copy from it what is no text.
    origin : Origin
        What the input is, and how the output is to be compressed.
    stack : ExitStack
        Completes the output, or leaves none if anything is raised.
    before : bytes
        As the file before left standard output.
    """

    def __init__(
        self,
        path: str | None,
        task: Task,
        stream: BinaryIO,
        origin: Origin,
        stack: ExitStack,
        before: bytes,
    ) -> None:
        self.path, self.task, self.stream, self.origin = path, task, stream, origin
        self.stack, self.before = stack, before
        self.sink: Sink | None = None
        self.writer: Writer | None = None

    @property
    def open_line(self) -> bytes:
        """Newline that the texts so far do not end with."""
        return self.before if self.sink is None else self.sink.open_line

    def write(self, outcome: Outcome) -> None:
        """Append what became of a block; raises as `open_output` and the format's writer.

        Parameters
        ----------
        outcome : Outcome
            Of one block after the other.
        """
        writer = self.writer or self._begin()
        if outcome.payload is not None:
            writer.write(outcome.payload)
        elif self.sink is not None:
            self.sink.discard()

    @property
    def is_begun(self) -> bool:
        """Whether anything was made of the file."""
        return self.writer is not None

    def finish(self) -> None:
        """Write what follows the last block, or what is valid without any."""
        writer = self.writer or self._begin()
        writer.close()
        if self.sink is not None and self.sink.is_wanted and not self.sink.n_bytes:
            self.sink.write(empty_stream(self.origin.codec))

    def _begin(self) -> Writer:
        self.sink = self.stack.enter_context(open_output(self.path))
        self.sink.open_line = self.before
        if self.task.action == "filter":
            make = load_format(self.origin.format).writer
            try:
                self.writer = make(self.stream, cast(BinaryIO, self.sink), self.task.fields)
            except BrokenFileError:
                self.sink.discard()
                raise
        else:
            self.writer = Writer(cast(BinaryIO, self.sink))
        self.stack.callback(self.writer.abandon)
        return self.writer
