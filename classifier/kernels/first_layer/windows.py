"""Up to 63 bytes of a line as bit masks of what its characters are.

A window ends where a word or a character does, so each is read whole. ASCII is
classified all at once, other characters one by one from the tables.
"""

from typing import Any, NamedTuple

import numpy as np

from classifier.kernels.first_layer.words import PLACE_SHIFT, POINT_MASK, WIDTH_SHIFT
from classifier.kernels.machine.bits import ONE, ZERO, at, highest_one, put, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, ascii_classes, fold_block
from classifier.kernels.machine.jit import inline
from classifier.kernels.text.characters import (
    CURRENCY,
    DIGIT,
    IGNORED,
    LETTER,
    PUNCTUATION,
    SPACE,
    SYMBOL,
    UNSPACED,
    UPPER,
    code_point,
    place_of,
)
from classifier.kernels.text.masks import bits_below, filled

WINDOW_BYTES = BLOCK - 1  # one bit stays free: every word then has an end inside the mask
FOLDED_BYTES = 4096
N_CLASSES = CURRENCY + 1
LAST = np.uint64(1 << (WINDOW_BYTES - 1))


class Window(NamedTuple):
    """What the bytes of a window are: but for their number, masks with a bit a byte.

    Attributes
    ----------
    n : int
        Bytes classified; 0 if a word fills the window and goes on.
    starts, ends : uint64
        First bytes of words, and bytes behind which one ends.
    cuts : uint64
        Capitals that cut a word.
    number_bytes : uint64
        Bytes of digits.
    leads : uint64
        First bytes of characters beyond ASCII.
    wide : uint64
        Those of `leads` that stand in words; all bytes of a word that goes on.
    small, upper, digits, spaces, signs, unspaced, ignored : uint64
        First bytes of small letters, capitals, digits, white space, signs, unspaced letters
        and ignored characters.
    """

    n: int
    starts: np.uint64
    ends: np.uint64
    cuts: np.uint64
    number_bytes: np.uint64
    leads: np.uint64
    wide: np.uint64
    small: np.uint64
    upper: np.uint64
    digits: np.uint64
    spaces: np.uint64
    signs: np.uint64
    unspaced: np.uint64
    ignored: np.uint64


@inline
def sign_at(data: Any, i: int, s: int, is_wide: bool, seen: Any) -> tuple[Any, int]:
    """Return code point and place in the tables of the sign at byte `s` of the window at `i`.

    Parameters
    ----------
    data : ndarray of uint8
    i, s : int
    is_wide : bool
        Whether the window has characters beyond ASCII.
    seen
        Of `FirstScratch`, as `read_window` fills it.

    Returns
    -------
    point : uint64
    place : int
    """
    if is_wide:
        return at(seen, s) & POINT_MASK, np.int64(at(seen, s) >> PLACE_SHIFT)
    return np.uint64(at(data, i + s)), np.int64(at(data, i + s))


@inline
def fold_ahead(data: Any, i: int, folded: Any, span: Any) -> int:
    """Return where `folded` holds at least 64 bytes from ``data[i]`` on, folded.

    Some thousand are folded at once: words of what has just been written as a whole register
    are slow to be read.

    Parameters
    ----------
    data : ndarray of uint8
    i : int
    folded : ndarray of uint8, shape (FOLDED_BYTES + 2 * BLOCK,)
        Scratch.
    span : ndarray of int64, shape (2,)
        Scratch: what `folded` holds now.

    Returns
    -------
    int
    """
    if i < at(span, 0) or i + BLOCK > at(span, 1):
        stop = min(i + FOLDED_BYTES, len(data)) - BLOCK
        j = i
        while j <= stop:
            fold_block(data, j, folded, j - i)
            j += BLOCK
        put(span, 0, i)
        put(span, 1, j)
    return i - at(span, 0)


@inline
def read_window(data: Any, i: int, stop: int, tables: Any, scratch: Any) -> Any:
    """Classify the characters from byte `i` on, at most to `stop`.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    i, stop : int
    tables : CharacterTables
    scratch : FirstScratch
        Its `seen` is filled, with the help of its `class_masks`.

    Returns
    -------
    Window
    """
    masks = scratch.class_masks
    n = min(stop - i, WINDOW_BYTES)
    inside = bits_below(n)
    small, upper, digits, spaces, ignored, leads, tails = ascii_classes(data, i)
    small &= inside
    upper &= inside
    digits &= inside
    spaces &= inside
    ignored &= inside
    leads &= inside
    tails &= inside
    unspaced = ZERO
    words = small | upper | digits
    signs = inside & ~(words | spaces | ignored | leads | tails)
    lower_bytes = small
    number_bytes = digits
    if leads != ZERO:
        for k in range(N_CLASSES):
            put(masks, k, ZERO)
        rest = leads
        while rest != ZERO:
            s = trailing_zeros(rest)
            rest &= rest - ONE
            point, width = code_point(data, i + s)
            place = place_of(point, tables.pages)
            entry = np.int64(at(tables.entries, place))
            known = (np.uint64(place) << PLACE_SHIFT) | (np.uint64(width) << WIDTH_SHIFT)
            put(scratch.seen, s, known | np.uint64(point ^ (entry >> 8)))
            kind = entry & 0xFF
            put(masks, kind, at(masks, kind) | (ONE << np.uint64(s)))
        small |= at(masks, LETTER)
        upper |= at(masks, UPPER)
        digits |= at(masks, DIGIT)
        spaces |= at(masks, SPACE)
        ignored |= at(masks, IGNORED)
        unspaced = at(masks, UNSPACED)
        signs |= at(masks, PUNCTUATION) | at(masks, SYMBOL) | at(masks, CURRENCY)
        words = filled(small | upper | digits, tails)
        lower_bytes = filled(small, tails)
        number_bytes = filled(digits, tails)
    cuts = upper & (lower_bytes << ONE)
    starts = (words & ~(words << ONE)) | cuts
    wide = leads & words
    if stop - i > WINDOW_BYTES:
        if words & LAST != ZERO:
            n = highest_one(starts)
        elif (leads | tails) & LAST != ZERO:
            n = highest_one(leads)
        if n == 0:
            wide = words
        inside = bits_below(max(n, 1))
        starts &= inside
        small &= inside
        upper &= inside
        digits &= inside
        spaces &= inside
        signs &= inside
        unspaced &= inside
        ignored &= inside
    return Window(
        n=n,
        starts=starts,
        ends=~words | cuts,
        cuts=cuts,
        number_bytes=number_bytes,
        leads=leads,
        wide=wide,
        small=small,
        upper=upper,
        digits=digits,
        spaces=spaces,
        signs=signs,
        unspaced=unspaced,
        ignored=ignored,
    )
