"""JSON Lines: one object a line; only the text value is ever rewritten.

The functions are those of `classifier.formats.batches.Format`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from classifier.files.compression import compress, read_pieces
from classifier.files.problems import BrokenFileError, Problem
from classifier.formats.batches import BLOCK_BYTES, BLOCK_RECORDS, Batch, Block, Fields, Writer
from classifier.formats.json_edits import Lines, Place, edited
from classifier.formats.json_record import BadRecord, read_record
from classifier.formats.text_columns import is_utf8, not_utf8, text_column

BOM = b"\xef\xbb\xbf"
# Any number at once: a file that unpacks to nothing else is long, and small to send.
BLANK_LINES = re.compile(rb"\s*(?:\n|\Z)")
# As of a body in WARC. To read a record takes several times its size, and a file of which one
# line would fill any memory is small when packed.
MAX_RECORD_BYTES = 2 << 30
TOO_LONG = Problem(
    "too long",
    f"it is longer than {MAX_RECORD_BYTES >> 30} GB",
    "Give each document a line of its own, or leave such records out with --on-error skip.",
)
KEPT_BYTES = 1 << 20
"""How much of a record that is too long is kept, to know it by."""


def blocks(stream: BinaryIO, fields: Fields) -> Iterator[Block]:
    r"""Cut a stream after line ends, about `BLOCK_BYTES` or `BLOCK_RECORDS` apart.

    Only the last line may lack its ``"\n"``. Where damage has cut a line off and the file goes
    on behind it, or a line is too long, that is the gap.
    """
    del fields
    first = 1
    pending: list[bytes] = []
    size = n_records = 0
    try:
        for piece in _without_long_lines(read_pieces(stream)):
            if isinstance(piece, Problem):
                block, problem = _cut_off(pending, first, piece)
                first += block.content.count(b"\n") + 1
                size = n_records = 0
                yield block._replace(gap=problem)
                continue
            pending.append(piece)
            size += len(piece)
            n_records += piece.count(b"\n")
            cut = piece.rfind(b"\n") + 1
            if (size < BLOCK_BYTES and n_records < BLOCK_RECORDS) or not cut:
                continue
            rest, pending[-1] = piece[cut:], piece[:cut]
            block = _join(pending, first)
            first += block.content.count(b"\n")
            pending, size, n_records = [rest], len(rest), 0
            yield block
            del block  # before the next is read
    except BrokenFileError as error:
        last, problem = _cut_off(pending, first, error.problem)
        if last.content:
            yield last
        raise BrokenFileError(problem) from error
    last = _join(pending, first)
    if last.content:
        yield last


def _without_long_lines(pieces: Iterator[bytes | Problem]) -> Iterator[bytes | Problem]:
    """Pass pieces on; where a line becomes too long, say so and go on behind it."""
    n_bytes = 0  # of the line at whose beginning, or in which, a piece begins
    for piece in pieces:
        if isinstance(piece, Problem):
            n_bytes = 0
            yield piece
            continue
        end = piece.find(b"\n") + 1
        is_known = n_bytes > MAX_RECORD_BYTES
        n_bytes += end or len(piece)
        if n_bytes > MAX_RECORD_BYTES:
            if not is_known:
                yield TOO_LONG
            piece = piece[end:] if end else b""
        if end:
            n_bytes = len(piece) - piece.rfind(b"\n") - 1
        yield piece


def _join(pieces: list[bytes], first: int) -> Block:
    data = b"".join(pieces)
    pieces.clear()
    return Block(data, first)


def _cut_off(pieces: list[bytes], first: int, problem: Problem) -> tuple[Block, Problem]:
    """Part whole lines from one that cannot be read on; the problem becomes that line's."""
    data = _join(pieces, first).content
    end = data.rfind(b"\n") + 1
    number = first + data.count(b"\n", 0, end)
    stop = end + KEPT_BYTES if problem is TOO_LONG else len(data)
    return Block(data[:end], first), replace(problem, record=number, raw=data[end:stop])


def parse(block: Block, fields: Fields) -> Batch:
    """Read the records of lines, numbered as editors do, blank ones included."""
    data: bytes = block.content
    view = memoryview(data)
    valid = is_utf8(data)
    texts, numbers, ids, urls, problems = [], [], [], [], []
    places: list[Place] = []
    bad: list[tuple[int, int]] = []
    # A byte order mark can only stand at the start of the file, and stays whatever follows it.
    end = len(BOM) if block.first == 1 and data.startswith(BOM) else 0
    number = block.first - 1
    while end < len(data):
        if blank := BLANK_LINES.match(data, end):
            number += data.count(b"\n", end, blank.end())
            end = blank.end()
            continue
        start, number = end, number + 1
        end = data.find(b"\n", start) + 1 or len(data)
        line = view[start:end]
        try:
            if not valid and not is_utf8(line.tobytes()):
                raise BadRecord(*not_utf8(line.tobytes()))
            record = read_record(line, fields)
        except BadRecord as error:
            problems.append(error.problem(number, line.tobytes()))
            bad.append((start, end))
            continue
        texts.append(record.text)
        numbers.append(number)
        ids.append(record.id)
        urls.append(record.url)
        value = (start + record.start, start + record.end)
        places.append(Place(start, end, *value, start + record.close))
    if block.gap is not None:
        problems.append(block.gap)
    return Batch(text_column(texts), numbers, ids, Lines(data, places, bad), problems, urls)


def render(
    batch: Batch,
    texts: Any,
    codec: str | None = None,
    added: tuple[str, Sequence[Any]] | None = None,
) -> bytes:
    """Write the records back with new texts; an added field stands at the end of each."""
    return compress(edited(batch, texts, added), codec)


def writer(stream: BinaryIO, sink: BinaryIO, fields: Fields) -> Writer:
    """Make a writer of rendered batches."""
    del stream, fields
    return Writer(sink)
