"""Read one word, eight bytes of ASCII at a time, and hash it with its two ends.

A word is a run of letters, marks and digits of spaced scripts. It also ends
between a small letter and a capital, for extractors glue words together
("IconFacebook"). Its folded characters form a stream of bytes: one for a code
point below U+0080, one for those below U+0800 (their script goes into the
`tag`), two or three for the rest. The hash is taken over chunks of eight bytes.
"""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, count_ones, load8, trailing_zeros
from classifier.kernels.characters import DIGIT, LETTER, UPPER
from classifier.kernels.hashing import MIX, SPREAD
from classifier.kernels.jit import inline

ONES = np.uint64(0x0101010101010101)
HIGHS = np.uint64(0x8080808080808080)
LOWS = np.uint64(0x7F7F7F7F7F7F7F7F)
SMALL = np.uint64(0x2020202020202020)
ZEROS = np.uint64(0x3030303030303030)  # "0" eight times
# Added to a byte, these carry into its high bit from the named character on.
FROM_A = np.uint64((0x80 - ord("a")) * 0x0101010101010101)
AFTER_Z = np.uint64((0x80 - ord("z") - 1) * 0x0101010101010101)
FROM_0 = np.uint64((0x80 - ord("0")) * 0x0101010101010101)
AFTER_9 = np.uint64((0x80 - ord("9") - 1) * 0x0101010101010101)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)

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
def load_up_to_8(data: Any, i: int) -> Any:
    """Load 8 bytes, zeros beyond the end of `data`."""
    if i + 8 <= len(data):
        return load8(data, i)
    loaded = ZERO
    for j in range(len(data) - 1, i - 1, -1):
        loaded = (loaded << np.uint64(8)) | np.uint64(data[j])
    return loaded


@inline
def append(h: Any, chunk: Any, last: Any, filled: int, piece: Any, n_bytes: int) -> Any:
    """Append bytes to a hashed stream: state is (hash, open chunk, chunk before, bytes in it)."""
    chunk |= piece << np.uint64(8 * filled)
    total = filled + n_bytes
    if total >= 8:
        h = (h ^ chunk) * MIX
        h ^= h >> np.uint64(32)
        last = chunk
        chunk = ZERO
        if filled > 0:
            chunk = piece >> np.uint64(64 - 8 * filled)
        total -= 8
    return h, chunk, last, total


@inline
def read_word(data: Any, i: int, stop: int, pages: Any, entries: Any) -> Any:
    """Read the word that starts at byte `i`.

    Returns
    -------
    i : int
        Where it ends.
    place : int
        Where the tables hold its last character.
    word, beginning, end : uint64
        Hash of the whole, first five and last four bytes of the stream with
        the script mixed in.
    n_chars, n_bytes, n_upper, n_digits : int
        Its characters, bytes of the stream, capitals and digits.
    glued : bool
        Whether it was cut before a capital.
    """
    h = chunk = last = first = ZERO
    tag = ZERO
    filled = 0
    n_chars = n_bytes = n_upper = n_digits = 0
    after_small = ZERO  # 0x80 if the character before is a small letter
    place = 0
    glued = False
    while True:
        block = load_up_to_8(data, i)
        ascii7 = block & LOWS
        small = ascii7 | SMALL
        plain = ~block & HIGHS
        letters = (small + FROM_A) & ~(small + AFTER_Z) & plain
        digits = (ascii7 + FROM_0) & ~(ascii7 + AFTER_9) & plain
        upper = letters & ~(block << np.uint64(2))
        cuts = upper & (((letters ^ upper) << np.uint64(8)) | after_small)
        ends = ~(letters | digits) & HIGHS
        k = min(trailing_zeros(ends | cuts) >> 3, stop - i)
        if k > 0:
            kept = ALL
            if k < 8:
                kept = (np.uint64(1) << np.uint64(8 * k)) - np.uint64(1)
            digits &= kept
            digit_bytes = (digits >> np.uint64(7)) * np.uint64(0xFF)
            piece = (((small & ~digit_bytes) | (ZEROS & digit_bytes))) & kept
            upper_kept = upper & kept
            h, chunk, last, filled = append(h, chunk, last, filled, piece, k)
            if n_bytes < 8 and n_bytes + k >= 8:
                first = last
            n_bytes += k
            n_chars += k
            n_upper += count_ones(upper_kept)
            n_digits += count_ones(digits)
            i += k
            place = np.int64(at(data, i - 1))
            after_small = ((letters ^ upper) >> np.uint64(8 * (k - 1))) & np.uint64(0x80)
            if k == 8:
                continue
        if i >= stop:
            break
        if at(data, i) < 0x80:
            glued = cuts != ZERO and (trailing_zeros(cuts) >> 3) == k
            break
        more = False
        while i < stop and at(data, i) >= 0x80:
            point, width = code_point(data, i)
            here = (np.int64(at(pages, point >> 8)) << 8) | (point & 0xFF)
            entry = np.int64(at(entries, here))
            kind = entry & 0xFF
            more = kind == LETTER or kind == UPPER or kind == DIGIT
            if not more:
                break
            if kind == UPPER and after_small != ZERO:
                glued = True
                more = False
                break
            place = here
            folded = np.uint64(point ^ (entry >> 8))
            size = 1
            if folded >= np.uint64(0x80):
                if folded < np.uint64(0x800):
                    tag |= folded >> np.uint64(7)
                    folded = (folded & np.uint64(0x7F)) | np.uint64(0x80)
                else:
                    size = 2 if folded < np.uint64(0x10000) else 3
            h, chunk, last, filled = append(h, chunk, last, filled, folded, size)
            if n_bytes < 8 and n_bytes + size >= 8:
                first = last
            n_bytes += size
            n_chars += 1
            n_upper += kind == UPPER
            n_digits += kind == DIGIT
            after_small = np.uint64(0x80) if kind == LETTER else ZERO
            i += width
        if not more or i >= stop:
            break
    script = tag * SPREAD
    word = (h ^ chunk ^ script) * MIX
    word ^= word >> np.uint64(31)
    if n_bytes < 8:
        first = chunk
    recent = last
    if filled > 0:
        recent = (chunk << np.uint64(64 - 8 * filled)) | (last >> np.uint64(8 * filled))
    beginning = (first & BEGINNING_MASK) ^ script
    end = (recent >> END_SHIFT) ^ script
    return i, place, word, beginning, end, n_chars, n_bytes, n_upper, n_digits, glued
