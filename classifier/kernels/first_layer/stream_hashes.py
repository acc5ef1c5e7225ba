"""Hash the stream of bytes of a word (see `words`), with its two ends.

The hash is taken over chunks of eight bytes.
"""

from typing import Any

import numpy as np

from classifier.kernels.first_layer.hashing import MIX
from classifier.kernels.machine.bits import ZERO, at, load8
from classifier.kernels.machine.blocks import sixteen_bytes
from classifier.kernels.machine.jit import inline, jit

BEGINNING_MASK = np.uint64(0xFFFFFFFFFF)  # five bytes
FOUR_BYTES = np.uint64(0xFFFFFFFF)
# What is kept of the first and second eight bytes of a word of 0 to 16 bytes.
FIRST_MASKS = np.array([(1 << 8 * min(n, 8)) - 1 for n in range(17)], np.uint64)
SECOND_MASKS = np.array([(1 << 8 * max(n - 8, 0)) - 1 for n in range(17)], np.uint64)


@inline
def mixed(h: Any, chunk: Any) -> Any:
    """Take a full chunk into the hash.

    Parameters
    ----------
    h, chunk : uint64

    Returns
    -------
    uint64
    """
    h = (h ^ chunk) * MIX
    return h ^ (h >> np.uint64(32))


@inline
def finished(h: Any) -> Any:
    """Take the last bits into the hash.

    Parameters
    ----------
    h : uint64

    Returns
    -------
    uint64
    """
    h *= MIX
    return h ^ (h >> np.uint64(31))


@inline
def hash_short(first: Any, second: Any, n: int) -> Any:
    """Hash a stream of fewer than 16 bytes.

    Parameters
    ----------
    first, second : uint64
        The bytes, zeros behind them.
    n : int

    Returns
    -------
    uint64
    """
    # A mask in place of branches: the length of a word would be guessed wrong too often.
    full = ~np.uint64((np.int64(n) - 8) >> 63)  # all ones from eight bytes on
    return first ^ ((mixed(ZERO, first) ^ second ^ first) & full)


@inline
def hash_stream(stream: Any, i: int, n: int, script: Any) -> Any:
    """Hash the stream of `n` bytes at ``stream[i]``.

    Parameters
    ----------
    stream : ndarray of uint8
    i, n : int
    script : uint64

    Returns
    -------
    word, beginning, ending : uint64
        Hash of the whole, first five and last four bytes (at least four are
        needed) with the script mixed in.
    """
    first, second = sixteen_bytes(stream, i, min(n, 16))
    h = hash_short(first, second, n)
    if n >= 16:
        h = hash_long(stream, i, n, mixed(mixed(ZERO, first), second))
    ending = load8(stream, i + max(n, 4) - 4) & FOUR_BYTES
    return finished(h ^ script), (first & BEGINNING_MASK) ^ script, ending ^ script


@inline
def hash_ascii(folded: Any, i: int, n: int) -> Any:
    """Hash the word of `n` ASCII letters and digits at ``folded[i]``; returns as `hash_stream`.

    With loads and masks for whole numbers: going through vector registers and
    back takes longer.

    Parameters
    ----------
    folded : ndarray of uint8
    i, n : int

    Returns
    -------
    word, beginning, ending : uint64
    """
    most = min(n, 16)
    first = load8(folded, i) & at(FIRST_MASKS, most)
    second = load8(folded, i + 8) & at(SECOND_MASKS, most)
    h = hash_short(first, second, n)
    if n >= 16:  # one word in two hundred
        h = hash_long(folded, i, n, mixed(mixed(ZERO, first), second))
    ending = load8(folded, i + max(n, 4) - 4) & FOUR_BYTES
    return finished(h), first & BEGINNING_MASK, ending


@jit
def hash_long(stream: Any, i: int, n: int, h: Any) -> Any:
    """Take what follows the first 16 bytes into the hash.

    Parameters
    ----------
    stream : ndarray of uint8
    i, n : int
        The stream, from its first byte.
    h : uint64
        Hash of the first 16 bytes.

    Returns
    -------
    uint64
    """
    for j in range(16, n, 16):
        first, second = sixteen_bytes(stream, i + j, min(n - j, 16))
        if n - j >= 16:
            h = mixed(mixed(h, first), second)
        elif n - j >= 8:
            h = mixed(h, first) ^ second
        else:
            h ^= first
    return h
