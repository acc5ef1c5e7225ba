"""WET and other WARC files: texts of conversion records, lengths and digests corrected."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

import orjson

from classifier.formats.compression import compress, read_pieces
from classifier.formats.records import (
    BLOCK_BYTES,
    Batch,
    Block,
    BrokenFileError,
    BytesWriter,
    Fields,
    Gap,
    Problem,
    is_utf8,
    not_utf8,
    text_column,
)
from classifier.formats.warc import (
    END,
    Damage,
    Missing,
    Record,
    header_value,
    next_record,
    rewrite_header,
)

ID_HEADER = "WARC-Record-ID"
URL_HEADER = b"WARC-Target-URI"
SKIP_HINT = "Fetch the file anew, or leave such records out with --on-error skip."


class _Piece(NamedTuple):
    """A block's bytes and what was found in them."""

    data: bytes
    found: list[Record | Damage]


class _Records(NamedTuple):
    """A block's bytes, its whole records, and which of them hold the batch's texts."""

    data: bytes
    records: list[Record]
    text_of: dict[int, int]  # index of the record -> index of the text
    bad: set[int]


def blocks(stream: BinaryIO, fields: Fields) -> Iterator[Block]:
    """Cut a stream between records, about `BLOCK_BYTES` apart.

    Parameters
    ----------
    stream : binary file
        A decompressed WARC file.
    fields : Fields
        Not needed here.

    Yields
    ------
    Block
        Whole records, and damage among them up to the next record.

    Raises
    ------
    BrokenFileError
        If the stream breaks off; what came before has been yielded.
    """
    del fields
    data = bytearray()
    records: list[Record | Damage] = []
    first, at, needed = 1, 0, 0
    is_all, broken = False, None
    pieces = read_pieces(stream)
    while not is_all:
        try:
            piece = next(pieces)
            if isinstance(piece, Gap):
                records.append(Damage(at, len(data), piece.problem.reason))
                at, needed = len(data), 0
            else:
                data += piece
        except StopIteration:
            is_all = True
        except BrokenFileError as error:
            broken, is_all = error.problem, True
        if len(data) < needed and not is_all:
            continue
        while at < len(data):
            found = next_record(data, at, is_all and broken is None)
            if isinstance(found, Missing):
                needed = found.end or 0
                break
            records.append(found)
            at = found.end
        if at >= BLOCK_BYTES or (is_all and records):
            block = Block(_Piece(bytes(data[:at]), records), first)
            first += len(records)
            del data[:at]
            needed, at, records = max(needed - at, 0), 0, []
            yield block
            del block
    if broken is not None:
        raise BrokenFileError(
            Problem(broken.kind, broken.reason, broken.remedy, first, bytes(data))
        )


def parse(block: Block, fields: Fields) -> Batch:
    """Read the texts of a block's conversion records.

    Parameters
    ----------
    block : Block
        Whole records.
    fields : Fields
        `id` is a header's name here; by default ``WARC-Record-ID``. An address
        is always that of ``WARC-Target-URI``.

    Returns
    -------
    Batch
        All records are numbered, those of other types too.
    """
    data, all_found = block.content
    id_header = (ID_HEADER if fields.id == Fields().id else fields.id).encode()
    texts: list[bytes] = []
    numbers, ids, urls, records, problems = [], [], [], [], []
    text_of: dict[int, int] = {}
    bad: set[int] = set()
    for number, found in enumerate(all_found, block.first):
        if isinstance(found, Damage):
            raw = data[found.start : found.end]
            problems.append(Problem("damaged record", found.reason, SKIP_HINT, number, raw))
            continue
        records.append(found)
        header = data[found.start : found.header_end]
        if not _is_text(header):
            continue
        body = data[found.body_start : found.body_end]
        if not is_utf8(body):
            raw = data[found.start : found.end]
            problems.append(Problem(*not_utf8(body), number, raw))
            bad.add(len(records) - 1)
            continue
        text_of[len(records) - 1] = len(texts)
        texts.append(body)
        numbers.append(number)
        identifier = header_value(header, id_header)
        ids.append(None if identifier is None else orjson.dumps(identifier))
        urls.append(header_value(header, URL_HEADER))
    context = _Records(data, records, text_of, bad)
    return Batch(text_column(texts), numbers, ids, context, problems, urls)


def render(
    batch: Batch,
    texts: Any,
    codec: str | None = None,
    added: tuple[str, Sequence[Any]] | None = None,
) -> bytes:
    """Write the records back with new texts.

    Parameters
    ----------
    batch : Batch
        As `parse` made it.
    texts : pyarrow.LargeStringArray, shape (n_documents,)
        The new text of each conversion record; null leaves the record out.
    codec : str, optional
        ``"gz"`` or ``"zst"``; each record is a member of its own, as readers of
        WARC files expect.
    added : None
        A WARC record has no fields to add to.

    Returns
    -------
    bytes
        Records of other types, and those whose text stays, byte for byte.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    del added
    data, records, text_of, bad = batch.context
    same = pc.equal(batch.texts, texts).to_pylist()
    new = texts.view(pa.large_binary())
    out = []
    for index, record in enumerate(records):
        i = text_of.get(index)
        if index in bad or (i is not None and same[i] is None):
            continue
        if i is None or same[i]:
            whole = data[record.start : record.end]
        else:
            body = new[i].as_py()
            header = rewrite_header(data[record.start : record.header_end], body)
            whole = b"".join((header, END, body, END))
        out.append(compress(whole, codec))
    return b"".join(out)


def writer(stream: BinaryIO, sink: BinaryIO, fields: Fields) -> BytesWriter:
    """Make a writer of rendered batches."""
    del stream, fields
    return BytesWriter(sink)


def _is_text(header: bytes) -> bool:
    """Tell whether a record is the text of a page."""
    if (header_value(header, b"WARC-Type") or "").lower() != "conversion":
        return False
    kind = header_value(header, b"Content-Type")
    return kind is None or kind.lower().startswith("text/plain")
