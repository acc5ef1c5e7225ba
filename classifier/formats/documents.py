"""Read texts as such, for the commands that look at pages rather than work through files."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

from classifier.files.names import shown_name
from classifier.files.problems import BrokenFileError, DataError
from classifier.formats import load_format
from classifier.formats.batches import Batch, Block, Fields
from classifier.formats.identifiers import as_text
from classifier.formats.input_paths import find_inputs
from classifier.formats.reading import open_records


class Document(NamedTuple):
    """A text and where it comes from.

    Attributes
    ----------
    text : str
    id : str or None
        Identifier, as JSON if it is no string; None if it has none.
    url : str or None
    file : str
        Name of its file, ``stdin`` for standard input.
    record : int
        Number of its record in the file, from 1.
    format : str
        One of `classifier.formats.FORMATS`.
    line : bytes
        The whole record, where the format is JSON Lines; else empty.
    mark : str
        Byte order mark that a text file begins with, which is no part of the text; or empty.
    """

    text: str
    id: str | None
    url: str | None
    file: str
    record: int
    format: str
    line: bytes = b""
    mark: str = ""

    def place_in(self, file: str) -> str:
        """Name the document by where it stands.

        Parameters
        ----------
        file : str
            What its file is to be called.

        Returns
        -------
        str
            ``file:record``; of a text file, which is one document, its name alone.
        """
        return file if self.format == "text" else f"{file}:{self.record}"


def read_documents(
    inputs: Iterable[str], fields: Fields, input_format: str | None = None
) -> Iterator[Document]:
    """Read documents one after another, in every format and compression that `filter` takes.

    Parameters
    ----------
    inputs : iterable of str
        Files, folders, globs, URLs; ``-`` for standard input.
    fields : Fields
        Names of the fields of a record.
    input_format : str, optional
        One of `classifier.formats.FORMATS`; absent to tell by name and content.

    Yields
    ------
    Document
        In the order of the files.

    Raises
    ------
    PathError
        If an input stands for no file.
    DataError
        If a file or record cannot be read; those before a bad record come first.
    """
    found, _ = find_inputs(inputs)
    for item in found:
        file = shown_name(item.path)
        for name, block, batch in _batches(item.path, fields, input_format):
            urls = batch.urls or [None] * len(batch.numbers)
            lines = block.content.split(b"\n") if name == "jsonl" else []
            # A text that cannot be read has no context.
            mark = "\ufeff" if name == "text" and batch.context and batch.context.mark else ""
            problem = min(batch.problems, key=lambda one: one.record or 0, default=None)
            for i, text in enumerate(batch.texts):
                number = batch.numbers[i]
                if problem and number > (problem.record or 0):
                    break
                line = lines[number - block.first] if lines else b""
                identifier = as_text(batch.ids[i])
                yield Document(text.as_py(), identifier, urls[i], file, number, name, line, mark)
            if problem:
                raise DataError(problem, file)


def _batches(
    path: str, fields: Fields, input_format: str | None
) -> Iterator[tuple[str, Block, Batch]]:
    """Read a file's records, with the name of its format."""
    with ExitStack() as stack:
        try:
            stream, name = open_records(path, fields, input_format, stack)
            reader = load_format(name)
            for block in reader.blocks(stream, fields):
                yield name, block, reader.parse(block, fields)
        except BrokenFileError as error:
            raise DataError(error.problem, shown_name(path)) from None
