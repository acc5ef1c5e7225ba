"""Words as streams of bytes, out of which `stream_hashes` makes their hashes.

A word is a run of letters, marks and digits of spaced scripts. It also ends
between a small letter and a capital, for extractors glue words together
("IconFacebook"). Its folded characters form the stream: one byte for a code
point below U+0080, one for those below U+0800 (their script goes into a tag),
two or three for the rest.
"""

from typing import Any

import numpy as np

from classifier.kernels.first_layer.hashing import SPREAD
from classifier.kernels.first_layer.stream_hashes import BEGINNING_MASK, finished, mixed
from classifier.kernels.machine.bits import ONE, ZERO, at, store8, trailing_zeros
from classifier.kernels.machine.blocks import copy_block
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.characters import DIGIT, LETTER, UPPER, code_point, place_of

END_SHIFT = np.uint64(32)  # four bytes
# A character beyond ASCII in a window: place in the tables, length in UTF-8, folded code point.
PLACE_SHIFT = np.uint64(32)
WIDTH_SHIFT = np.uint64(24)
WIDTH_MASK = np.uint64(0xFF)
POINT_MASK = np.uint64(0xFFFFFF)


@inline
def write_stream(folded: Any, seen: Any, leads: Any, start: int, end: int, stream: Any) -> Any:
    """Write the stream of a word that has characters beyond ASCII.

    Parameters
    ----------
    folded : ndarray of uint8
        The window, ASCII folded.
    seen : ndarray of uint64
        What `read_window` says of characters beyond ASCII.
    leads : uint64
        Their first bytes in the word.
    start, end : int
        The word's bytes in the window.
    stream : ndarray of uint8
        Output.

    Returns
    -------
    n_bytes : int
    script : uint64
    """
    n_bytes = 0
    tag = ZERO
    while leads != ZERO:
        s = trailing_zeros(leads)
        leads &= leads - ONE
        copy_block(folded, start, stream, n_bytes)  # ASCII before it, and more
        n_bytes += s - start
        found = at(seen, s)
        start = s + np.int64((found >> WIDTH_SHIFT) & WIDTH_MASK)
        piece, size, script = stream_piece(found & POINT_MASK)
        tag |= script
        store8(stream, n_bytes, piece)
        n_bytes += size
    copy_block(folded, start, stream, n_bytes)
    return n_bytes + end - start, tag * SPREAD


@inline
def stream_piece(folded: Any) -> Any:
    """Return the bytes of a folded character in the stream, their number, and its script.

    Parameters
    ----------
    folded : uint64
        Its code point.

    Returns
    -------
    piece : uint64
    n_bytes : int
        1 to 3.
    script : uint64
        0 where the bytes tell all.
    """
    if folded < np.uint64(0x80):
        return folded, 1, ZERO
    if folded < np.uint64(0x800):
        return (folded & np.uint64(0x7F)) | np.uint64(0x80), 1, folded >> np.uint64(7)
    return folded, 2 if folded < np.uint64(0x10000) else 3, ZERO


@jit
def read_word(data: Any, i: int, stop: int, tables: Any) -> Any:
    """Read any word that starts at byte `i` and ends before `stop`, character by character.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    i, stop : int
    tables : CharacterTables

    Returns
    -------
    word, beginning, end : uint64
        Hash of the whole, first five and last four bytes of the stream with
        the script mixed in.
    n_bytes : int
        Of the stream.
    counted : tuple
        Where the word ends; its characters, capitals and digits; where its last
        character starts; whether it was cut before a capital.
    """
    h = chunk = previous = first = tag = ZERO
    filled = n_bytes = n_chars = n_upper = n_digits = 0
    last = i
    kind = DIGIT
    glued = False
    while i < stop:
        point, width = code_point(data, i)
        entry = np.int64(at(tables.entries, place_of(point, tables.pages)))
        before = kind
        kind = entry & 0xFF
        if kind != LETTER and kind != UPPER and kind != DIGIT:
            break
        if kind == UPPER and before == LETTER:
            glued = True
            break
        last = i
        i += width
        n_chars += 1
        n_upper += kind == UPPER
        n_digits += kind == DIGIT
        piece, size, script = stream_piece(np.uint64(point ^ (entry >> 8)))
        tag |= script
        n_bytes += size
        chunk |= piece << np.uint64(8 * filled)
        filled += size
        if filled >= 8:
            h = mixed(h, chunk)
            if n_bytes < 16:
                first = chunk
            previous = chunk
            filled -= 8
            # What did not fit opens the next chunk.
            chunk = piece >> np.uint64(8 * (size - filled))
    script = tag * SPREAD
    word = finished(h ^ chunk ^ script)
    if n_bytes < 8:
        first = chunk
    recent = previous
    if filled > 0:
        recent = (chunk << np.uint64(64 - 8 * filled)) | (previous >> np.uint64(8 * filled))
    beginning = (first & BEGINNING_MASK) ^ script
    end = (recent >> END_SHIFT) ^ script
    return word, beginning, end, n_bytes, (i, n_chars, n_upper, n_digits, last, glued)
