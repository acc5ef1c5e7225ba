"""Whether bytes are UTF-8, 64 at a time.

The masks of a block say where characters open and where they go on; each opener,
moved up by one to three bits, says where bytes must go on. The two must be equal.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, put
from classifier.kernels.machine.blocks import BLOCK, bytes_between, utf8_classes
from classifier.kernels.machine.jit import inline, jit

TWO, THREE = np.uint64(2), np.uint64(3)
# Bits that a block hands on to the next one, counted from its upper end.
TOP, TOP_TWO, TOP_THREE = np.uint64(63), np.uint64(62), np.uint64(61)


@inline
def check_block(data: Any, i: int, before: Any) -> Any:
    """Check the 64 bytes from ``data[i]`` on.

    Parameters
    ----------
    data : ndarray of uint8
    i : int
    before : tuple of 7 uint64
        The openers of the block before, moved into this one: of two bytes or
        more, three or more, four; then those that not every byte may follow.

    Returns
    -------
    wrong : uint64
        Not zero if the bytes are no UTF-8.
    after : tuple of 7 uint64
        `before` for the next block.
    """
    tails, low, lower, twos, threes, fours, e0, ed, f0, f4 = utf8_classes(data, i)
    second, third, fourth, after_e0, after_ed, after_f0, after_f4 = before
    threes |= fours
    twos |= threes
    second |= twos << ONE
    third |= threes << TWO
    fourth |= fours << THREE
    wrong = (second | third | fourth) ^ tails
    # 0xC0, 0xC1 and 0xF5 to 0xFF are neither openers nor tails.
    wrong |= bytes_between(data, i, 0x80, 0xFF) ^ (tails | twos)
    wrong |= ((e0 << ONE) | after_e0) & low  # too long a form
    wrong |= ((ed << ONE) | after_ed) & ~low & tails  # surrogates
    wrong |= ((f0 << ONE) | after_f0) & lower  # too long a form
    wrong |= ((f4 << ONE) | after_f4) & ~lower & tails  # beyond U+10FFFF
    openers = (twos >> TOP, threes >> TOP_TWO, fours >> TOP_THREE)
    return wrong, (*openers, e0 >> TOP, ed >> TOP, f0 >> TOP, f4 >> TOP)


@jit
def is_utf8(data: Any, offsets: Any, padded: Any) -> bool:
    """Check that each document ``data[offsets[d]:offsets[d + 1]]`` is UTF-8.

    Parameters
    ----------
    data : ndarray of uint8
    offsets : ndarray of int64, shape (n_documents + 1,)
        Rising.
    padded : ndarray of uint8, shape (BLOCK,)
        Scratch.

    Returns
    -------
    bool
    """
    for d in range(len(offsets) - 1):
        # All bytes are checked as one text, so a document must not open within a character.
        if offsets[d] < offsets[d + 1] and at(data, offsets[d]) & 0xC0 == 0x80:
            return False
    nothing = (ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)
    before = nothing
    i = offsets[0]
    end = offsets[-1]
    while i + BLOCK <= end:
        if bytes_between(data, i, 0x80, 0xFF) == ZERO:
            if before[0] | before[1] | before[2] != ZERO:
                return False
        else:
            wrong, before = check_block(data, i, before)
            if wrong != ZERO:
                return False
        i += BLOCK
    for j in range(BLOCK):
        put(padded, j, np.uint8(0))
    for j in range(i, end):
        put(padded, j - i, at(data, j))
    wrong, _ = check_block(padded, 0, before)
    return wrong == ZERO
