"""JSON Lines with other texts: what does not change stays byte for byte."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson

from classifier.formats.batches import Batch
from classifier.formats.json_record import ascii_only
from classifier.formats.text_columns import changed_texts, column_bytes
from classifier.string_arrays import null_mask


class Place(NamedTuple):
    """Where a record stands in its block: its line, its text's value, its closing brace.

    Attributes
    ----------
    line_start, line_end : int
        The line with its line end, in the block.
    value_start, value_end : int
        The JSON of its text.
    close : int
        The brace that ends the record.
    """

    line_start: int
    line_end: int
    value_start: int
    value_end: int
    close: int


class Lines(NamedTuple):
    """A block's bytes, the places of its good records and the lines of its bad ones.

    Attributes
    ----------
    data : bytes
    places : list of Place
    bad : list of tuple of int and int
        Where each bad line begins and ends.
    """

    data: bytes
    places: list[Place]
    bad: list[tuple[int, int]]


class _Edit(NamedTuple):
    """Bytes ``start:end`` of a block are to become `data`."""

    start: int
    end: int
    data: bytes | memoryview


def edited(batch: Batch, texts: Any, added: tuple[str, Sequence[Any]] | None) -> bytes:
    """Write records with new texts; bad records are left out.

    Parameters
    ----------
    batch : Batch
        Its context are `Lines`.
    texts : pyarrow.LargeStringArray, shape (n_documents,)
        The new text of each record; null leaves the record out.
    added : (str, sequence) or None
        A field to add at the end of each record: its name, and a value a record.

    Returns
    -------
    bytes
    """
    data, places, bad = batch.context
    edits = [_Edit(start, end, b"") for start, end in bad]
    edits += _text_edits(batch, texts)
    if added is not None:
        name, values = added
        for place, value in zip(places, values, strict=True):
            field = b",%b:%b" % (orjson.dumps(name), orjson.dumps(value))
            edits.append(_Edit(place.close, place.close, field))
    # To leave a record out begins before all else in it, and swallows that.
    edits.sort(key=lambda edit: edit.start)
    view = memoryview(data)
    out: list[bytes | memoryview] = []
    cursor = 0
    for edit in edits:
        if edit.start >= cursor:
            out += (view[cursor : edit.start], edit.data)
            cursor = edit.end
    out.append(view[cursor:])
    return b"".join(out)


def _text_edits(batch: Batch, texts: Any) -> Iterator[_Edit]:
    is_dropped, is_changed = null_mask(texts), changed_texts(batch.texts, texts)
    rows = np.flatnonzero(is_dropped | is_changed).tolist()
    if not rows:
        return
    # Here and not above: kernels load where something is changed.
    from classifier.kernels.json_strings import are_ascii, escape_texts

    data, places, _ = batch.context
    spans = [(place.value_start + 1, place.value_end - 1) for place in places]  # in the quotes
    escaped, bounds = escape_texts(*column_bytes(texts))
    # Other characters were written as escapes, and are to be again.
    in_ascii = are_ascii(np.frombuffer(data, np.uint8), *np.array(spans).T)
    in_ascii &= ~are_ascii(escaped, bounds[:-1], bounds[1:])
    written, stops = escaped.data, bounds.tolist()
    for i in rows:
        if is_dropped[i]:
            yield _Edit(places[i].line_start, places[i].line_end, b"")
            continue
        new: bytes | memoryview = written[stops[i] : stops[i + 1]]
        if in_ascii[i]:
            new = ascii_only(texts[i].as_buffer().to_pybytes())
        yield _Edit(*spans[i], new)
