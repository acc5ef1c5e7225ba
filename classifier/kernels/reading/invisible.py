"""Characters that nobody sees, left out of what is read.

Soft hyphens, spaces of no width, byte order marks within texts and marks of direction. Those
that join letters or keep them apart (U+200C and U+200D) are left out only where none follows
that they could be of use to, for Persian, Hindi and emoji are spelt with them.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.byte_strings import copy_bytes
from classifier.kernels.text.white_space import find_printed

MOST_BYTES = 3  # of such a character
# Lead bytes of U+00AD, of U+061C, of U+2000 to U+2FFF, and of U+FEFF.
LATIN, ARABIC, GENERAL, MARK = 0xC2, 0xD8, 0xE2, 0xEF
SHIFT = np.uint64(1)


@inline
def _is_joined(data: Any, i: int, end: int) -> bool:
    """Return whether a character to be joined may begin at byte `i`.

    Beyond ASCII, and none of general punctuation, among which are the invisible; so how what
    follows is read matters to none.
    """
    if i >= end or np.int64(at(data, i)) < 0x80:
        return False
    lead, second = np.int64(at(data, i)), np.int64(at(data, i + 1))
    if lead == LATIN:
        return second != 0xA0 and second != 0xAD
    if lead == MARK:
        return second != 0xBB or np.int64(at(data, i + 2)) != 0xBF
    return lead != GENERAL or second > 0x81


@inline
def invisible_bytes(data: Any, i: int, end: int) -> int:
    """Return how many bytes the invisible character at byte `i` has; 0 if it is none.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    i, end : int

    Returns
    -------
    int
        0, 2 or 3.
    """
    lead, second = np.int64(at(data, i)), np.int64(at(data, i + 1)) if i + 1 < end else 0
    if lead == LATIN:
        return 2 if second == 0xAD else 0  # soft hyphen
    if lead == ARABIC:
        return 2 if second == 0x9C else 0
    third = np.int64(at(data, i + 2)) if i + 2 < end else 0
    if lead == MARK:
        return 3 if second == 0xBB and third == 0xBF else 0
    if lead != GENERAL:
        return 0
    if second == 0x81:
        return 3 if 0xA0 <= third <= 0xAF else 0  # U+2060 to U+206F
    if second != 0x80:
        return 0
    if third == 0x8C or third == 0x8D:
        return 0 if _is_joined(data, i + 3, end) else 3
    # U+200B, U+200E and U+200F, U+202A to U+202E
    return 3 if third == 0x8B or 0x8E <= third <= 0x8F or 0xAA <= third <= 0xAE else 0


@inline
def _candidates(data: Any, i: int) -> Any:
    """Return the mask of bytes, of the 64 from ``data[i]`` on, that may begin such a character.

    The last two are none, since what follows them is not among these bytes.
    """
    if bytes_between(data, i, LATIN, MARK) == ZERO:
        return ZERO
    # Bullets and quotation marks begin as spaces of no width do: no branch on what is common.
    found = bytes_between(data, i, LATIN, LATIN) & (bytes_between(data, i, 0xAD, 0xAD) >> SHIFT)
    general = bytes_between(data, i, GENERAL, GENERAL)
    third = bytes_between(data, i, 0x8B, 0x8F) | bytes_between(data, i, 0xAA, 0xAE)
    found |= general & (bytes_between(data, i, 0x80, 0x80) >> SHIFT) & (third >> SHIFT >> SHIFT)
    rest = bytes_between(data, i, ARABIC, ARABIC) & (bytes_between(data, i, 0x9C, 0x9C) >> SHIFT)
    rest |= bytes_between(data, i, MARK, MARK) & (bytes_between(data, i, 0xBB, 0xBB) >> SHIFT)
    rest |= general & (bytes_between(data, i, 0x81, 0x81) >> SHIFT)
    found |= rest
    return found & (~ZERO >> np.uint64(MOST_BYTES - 1))


@jit
def find_invisible(data: Any, start: int, end: int) -> int:
    """Find the first invisible character.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    start, end : int

    Returns
    -------
    int
        Where in ``data[start:end]`` it begins, or `end`.
    """
    i = start
    while i < min(end, len(data) - BLOCK + 1):
        found = _candidates(data, i)
        while found != ZERO:
            place = i + trailing_zeros(found)
            if place < end and invisible_bytes(data, place, end) > 0:
                return place
            found &= found - ONE
        i += BLOCK - MOST_BYTES + 1
    for place in range(i, end):
        if invisible_bytes(data, place, end) > 0:
            return place
    return end


@jit
def copy_without_invisible(data: Any, start: int, end: int, tables: Any, copy: Any, n: int) -> int:
    """Copy a line without invisible characters; all of it if nothing is left.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    tables : CharacterTables
    copy : ndarray of uint8
        Output from ``copy[n]`` on, with as much room as the line takes, and a block more.
    n : int

    Returns
    -------
    int
        Where the copy ends.
    """
    first, i = n, start
    found = find_invisible(data, i, end)
    while found < end:
        n = copy_bytes(data, i, found, copy, n)
        i = found + invisible_bytes(data, found, end)
        found = find_invisible(data, i, end)
    n = copy_bytes(data, i, end, copy, n)
    if find_printed(copy, first, n, tables) == n:
        return copy_bytes(data, start, end, copy, first)
    return n
