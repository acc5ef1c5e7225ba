"""Hash words with their two ends.

A word is a run of letters, marks and digits of spaced scripts. It also ends
between a small letter and a capital, for extractors glue words together
("IconFacebook"). Its folded characters form a stream of bytes: one for a code
point below U+0080, one for those below U+0800 (their script goes into a tag),
two or three for the rest. The hash is taken over chunks of eight bytes.
"""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, load8
from classifier.kernels.characters import DIGIT, LETTER, UPPER
from classifier.kernels.hashing import MIX, SPREAD
from classifier.kernels.jit import inline

ONES = np.uint64(0x0101010101010101)
SMALL = np.uint64(0x2020202020202020)  # set in small letters and digits
HIGH_HALVES = np.uint64(0xF0F0F0F0F0F0F0F0)
BEGINNING_MASK = np.uint64(0xFFFFFFFFFF)  # five bytes
END_SHIFT = np.uint64(32)  # four bytes
ZERO = np.uint64(0)


@inline
def code_point(data: Any, i: int) -> tuple[int, int]:
    """Decode the character that starts at byte `i` of valid UTF-8; return it and its length."""
    lead = np.int64(at(data, i))
    if lead < 0x80:
        return lead, 1
    if lead < 0xE0:
        return ((lead & 0x1F) << 6) | (np.int64(at(data, i + 1)) & 0x3F), 2
    if lead < 0xF0:
        return (
            ((lead & 0x0F) << 12)
            | ((np.int64(at(data, i + 1)) & 0x3F) << 6)
            | (np.int64(at(data, i + 2)) & 0x3F)
        ), 3
    return (
        ((lead & 0x07) << 18)
        | ((np.int64(at(data, i + 1)) & 0x3F) << 12)
        | ((np.int64(at(data, i + 2)) & 0x3F) << 6)
        | (np.int64(at(data, i + 3)) & 0x3F)
    ), 4


@inline
def folded_ascii(data: Any, i: int, n: int) -> Any:
    """Load `n` bytes, 1 to 8, of ASCII letters and digits: in lower case, every digit a "0"."""
    block = load8(data, i)
    letters = (block >> np.uint64(6)) & ONES
    low_halves = (letters << np.uint64(4)) - letters  # kept of letters, cleared of digits
    kept = ~ZERO >> np.uint64(64 - 8 * n)
    return (block | SMALL) & (low_halves | HIGH_HALVES) & kept


@inline
def mixed(h: Any, chunk: Any) -> Any:
    """Take a full chunk into the hash."""
    h = (h ^ chunk) * MIX
    return h ^ (h >> np.uint64(32))


@inline
def finished(h: Any) -> Any:
    """Take the last bits into the hash."""
    h *= MIX
    return h ^ (h >> np.uint64(31))


@inline
def hash_ascii(data: Any, i: int, n: int) -> Any:
    """Hash the ASCII word of `n` bytes at byte `i`; see `read_word` for what is returned."""
    if n < 8:  # more than four words out of five
        chunk = folded_ascii(data, i, n)
        return (
            finished(chunk),
            chunk & BEGINNING_MASK,
            (chunk << np.uint64(64 - 8 * n)) >> END_SHIFT,
        )
    first = last = folded_ascii(data, i, 8)
    h = mixed(ZERO, first)
    end = i + n
    i += 8
    while i + 8 <= end:
        last = folded_ascii(data, i, 8)
        h = mixed(h, last)
        i += 8
    ending = folded_ascii(data, end - 8, 8)
    if i < end:
        h ^= folded_ascii(data, i, end - i)
    return finished(h), first & BEGINNING_MASK, ending >> END_SHIFT


@inline
def read_word(data: Any, i: int, stop: int, pages: Any, entries: Any) -> Any:
    """Read any word that starts at byte `i` and ends before `stop`, character by character.

    Returns
    -------
    word, beginning, end : uint64
        Hash of the whole, first five and last four bytes of the stream with
        the script mixed in.
    n_bytes : int
        Of the stream.
    i : int
        Where the word ends.
    n_chars, n_upper, n_digits : int
        Its characters, capitals and digits.
    last : int
        Where its last character starts.
    glued : bool
        Whether it was cut before a capital.
    """
    h = chunk = previous = first = tag = ZERO
    filled = n_bytes = n_chars = n_upper = n_digits = 0
    last = i
    kind = DIGIT
    glued = False
    while i < stop:
        point, width = code_point(data, i)
        place = (np.int64(at(pages, point >> 8)) << 8) | (point & 0xFF)
        entry = np.int64(at(entries, place))
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
        piece = np.uint64(point ^ (entry >> 8))
        size = 1
        if piece >= np.uint64(0x80):
            if piece < np.uint64(0x800):
                tag |= piece >> np.uint64(7)
                piece = (piece & np.uint64(0x7F)) | np.uint64(0x80)
            else:
                size = 2 if piece < np.uint64(0x10000) else 3
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
