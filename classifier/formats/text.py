"""Text files: one document a file, in UTF-8 or UTF-16, byte order mark kept.

The mark is no part of the text: offsets of lines count from after it. In
UTF-16 they are those of the text in UTF-8, if they count bytes. The functions
are those of `classifier.formats.batches.Format`.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

from classifier.files.compression import compress, read_whole
from classifier.files.problems import Problem
from classifier.formats.batches import Batch, Block, Fields, Writer
from classifier.formats.text_columns import is_utf8, not_utf8, text_column

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Without a mark, UTF-16 is told by the zero bytes of ASCII signs, in a sample this long.
SAMPLE_BYTES = 4096
LEAST_SIGNS = 3  # fewer tell nothing
OTHER_BYTE = re.compile(rb"[^\0\t\n\r\x20-\x7e]")
REMEDY = "Convert it to UTF-8, or skip such files with --on-error skip."


class _Encoding(NamedTuple):
    name: str
    mark: bytes


class _Document(NamedTuple):
    content: bytes
    open_line: bytes
    """Newline, in its encoding, that it does not end with; empty if it does."""


def blocks(stream: BinaryIO, fields: Fields) -> Iterator[Block]:
    """Read a whole file, also an empty one: it is one document."""
    del fields
    yield Block(read_whole(stream), 1)


def parse(block: Block, fields: Fields) -> Batch:
    """Decode the document."""
    del fields
    data: bytes = block.content
    encoding = _encoding(data)
    text = data.removeprefix(encoding.mark)
    wrong = None
    # The first begins with the mark of UTF-16.
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        wrong = ("not UTF-8", "it is UTF-32", REMEDY)
    elif encoding.name == "utf-8":
        wrong = None if is_utf8(text) else not_utf8(data)
    else:
        try:
            text = text.decode(encoding.name).encode()
        except UnicodeDecodeError as error:
            place = error.start + len(encoding.mark) + 1
            wrong = ("not UTF-16", f"it is not valid UTF-16 at byte {place}", REMEDY)
    if wrong is not None:
        return Batch(text_column([]), [], [], None, [Problem(*wrong, 1, data)])
    return Batch(text_column([text]), [1], [None], encoding)


def render(
    batch: Batch,
    texts: Any,
    codec: str | None = None,
    added: tuple[str, Sequence[Any]] | None = None,
) -> _Document | None:
    """Write the document in the encoding it came in; None if it is bad or left out."""
    import pyarrow as pa

    del added
    data = texts.view(pa.large_binary())[0].as_py() if len(texts) else None
    if data is None:
        return None
    encoding: _Encoding = batch.context
    open_line = b"" if not data or data.endswith(b"\n") else "\n".encode(encoding.name)
    if encoding.name != "utf-8":
        data = data.decode().encode(encoding.name)
    return _Document(compress(encoding.mark + data, codec), open_line)


class TextWriter(Writer):
    """Writer of rendered documents: each begins on a line of its own."""

    sink: Any
    """A `Sink`, which knows whether a document before, in the same stream, left a line open."""

    def write(self, payload: _Document) -> None:
        """Append a document.

        Parameters
        ----------
        payload : object
            As `render` made it.
        """
        if payload.content:
            self.sink.write(self.sink.open_line + payload.content)
            self.sink.open_line = payload.open_line


def writer(stream: BinaryIO, sink: BinaryIO, fields: Fields) -> TextWriter:
    """Make a writer of the rendered document; `sink` is a `Sink`."""
    del stream, fields
    return TextWriter(sink)


def _encoding(data: bytes) -> _Encoding:
    for mark, name in MARKS:
        if data.startswith(mark):
            return _Encoding(name, mark)
    sample = data[:SAMPLE_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    zeros, n_signs = max(even, odd), len(sample) // 2
    # Half of a script's signs and a third of a page's (spaces, digits, addresses)
    # are ASCII even where letters are not; a stray NUL in UTF-8 is not so regular.
    # Of UTF-16 a few stand on the other side: of "Ā", an ideographic space or an emoji.
    is_regular = len(data) % 2 == 0 and zeros > max(n_signs / 4, 4 * min(even, odd))
    # Where some signs are not ASCII, their bytes do not all look as if they were.
    if is_regular and n_signs >= LEAST_SIGNS and (zeros == n_signs or OTHER_BYTE.search(sample)):
        return _Encoding("utf-16-le" if odd > even else "utf-16-be", b"")
    return _Encoding("utf-8", b"")
