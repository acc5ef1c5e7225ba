"""WET and other WARC files: texts of conversion records, lengths and digests corrected.

The functions are those of `classifier.formats.batches.Format`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO, NamedTuple

from classifier.files.compression import compress, read_pieces
from classifier.files.problems import BrokenFileError, Problem
from classifier.formats.batches import Batch, Block, Fields, Writer
from classifier.formats.identifiers import as_json
from classifier.formats.text_columns import changed_texts, is_utf8, not_utf8, text_column
from classifier.formats.warc import Damage, EmptyLines, Found, Record
from classifier.formats.warc_buffer import Buffer
from classifier.formats.warc_headers import header_value, rewrite_header
from classifier.string_arrays import null_mask

ID_HEADER = "WARC-Record-ID"
URL_HEADER = b"WARC-Target-URI"
SKIP_HINT = "Fetch the file anew, or leave such records out with --on-error skip."
FIRST_HINT = (
    "Fetch the file anew, or say what it is with --input-format, or leave such records out "
    "with --on-error skip."
)


class _Piece(NamedTuple):
    """A block's bytes and what was found in them."""

    data: bytes
    found: list[Found]


class _Records(NamedTuple):
    """A block's bytes and what of it can be written, each with the index of its text, if any."""

    data: bytes
    records: list[tuple[Record | EmptyLines, int | None]]


def blocks(stream: BinaryIO, fields: Fields) -> Iterator[Block]:
    """Cut a stream between records; damage among them lasts up to the next one.

    A block is bytes and what was found in them. Damage counts as a record, empty lines do not.
    """
    del fields
    buffer = Buffer()
    first = 1
    try:
        for piece in _pieces(stream, buffer):
            block = Block(piece, first)
            first += sum(not isinstance(found, EmptyLines) for found in piece.found)
            del piece
            yield block
            del block  # before the next is read
    except BrokenFileError as error:
        problem = replace(error.problem, record=first, raw=bytes(buffer.data))
        raise BrokenFileError(problem) from error


def _pieces(stream: BinaryIO, buffer: Buffer) -> Iterator[_Piece]:
    """Read a stream through a buffer, to its end or as far as that can be read."""
    broken = None
    try:
        for read in read_pieces(stream):
            if isinstance(read, Problem):
                yield from _full(buffer, is_all=False)
                buffer.add_gap(read.reason)
            elif buffer.add(read):
                yield from _full(buffer, is_all=False)
    except BrokenFileError as error:
        broken = error.problem
    yield from _full(buffer, is_all=broken is None)
    if broken is not None:
        buffer.break_off()
    if buffer.found:
        yield _Piece(*buffer.take())
    if broken is not None:
        raise BrokenFileError(broken)


def _full(buffer: Buffer, is_all: bool) -> Iterator[_Piece]:
    """Take what fills a block at once: behind a wrong length there may be far more than one."""
    while buffer.search(is_all):
        yield _Piece(*buffer.take())


def parse(block: Block, fields: Fields) -> Batch:
    """Read the texts of conversion records; those of other types are numbered, too.

    `fields.id` names the header of the identifier, ``WARC-Record-ID`` by default. The address
    is always that of ``WARC-Target-URI``.
    """
    data, all_found = block.content
    id_header = (ID_HEADER if fields.id == Fields().id else fields.id).encode()
    texts: list[bytes] = []
    numbers, ids, urls, problems = [], [], [], []
    records: list[tuple[Record | EmptyLines, int | None]] = []
    number = block.first - 1
    for found in all_found:
        if isinstance(found, EmptyLines):
            records.append((found, None))
            continue
        number += 1
        if isinstance(found, Damage):
            raw = data[found.start : found.end]
            hint = FIRST_HINT if number == 1 else SKIP_HINT
            problems.append(Problem("damaged record", found.reason, hint, number, raw))
            continue
        header = data[found.start : found.header_end]
        if not _is_text(header):
            records.append((found, None))
            continue
        body = data[found.body_start : found.body_end]
        if not is_utf8(body):
            raw = data[found.start : found.end]
            problems.append(Problem(*not_utf8(body), number, raw))
            continue
        records.append((found, len(texts)))
        texts.append(body)
        numbers.append(number)
        identifier = header_value(header, id_header)
        ids.append(None if identifier is None else as_json(identifier))
        urls.append(header_value(header, URL_HEADER))
    return Batch(text_column(texts), numbers, ids, _Records(data, records), problems, urls)


def render(
    batch: Batch,
    texts: Any,
    codec: str | None = None,
    added: tuple[str, Sequence[Any]] | None = None,
) -> bytes:
    """Write the records back with new texts, those of other types as they were.

    With a codec a member or frame a record, as readers of WARC files expect.
    """
    import pyarrow as pa

    del added
    data, records = batch.context
    is_dropped, is_changed = null_mask(texts), changed_texts(batch.texts, texts)
    new = texts.view(pa.large_binary())
    members: list[list[bytes]] = []
    for record, i in records:
        if i is not None and is_dropped[i]:
            continue
        whole = data[record.start : record.end]
        if isinstance(record, EmptyLines) and members:
            # Readers take a member that begins with empty lines for a broken record.
            members[-1].append(whole)
        elif isinstance(record, EmptyLines) or i is None or not is_changed[i]:
            members.append([whole])
        else:
            members.append(_with_text(data, record, new[i].as_py()))
    return b"".join(compress(b"".join(parts), codec) for parts in members)


def writer(stream: BinaryIO, sink: BinaryIO, fields: Fields) -> Writer:
    """Make a writer of rendered batches."""
    del stream, fields
    return Writer(sink)


def _with_text(data: bytes, record: Record, body: bytes) -> list[bytes]:
    """Give the parts of a record with a new body; what is around it stays."""
    header = rewrite_header(data[record.start : record.header_end], body)
    empty_line = data[record.header_end : record.body_start]
    return [header, empty_line, body, data[record.body_end : record.end]]


def _is_text(header: bytes) -> bool:
    """Tell whether a record is the text of a page."""
    if (header_value(header, b"WARC-Type") or "").lower() != "conversion":
        return False
    kind = header_value(header, b"Content-Type")
    return kind is None or kind.lower().startswith("text/plain")
