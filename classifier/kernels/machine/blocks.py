"""Sixty-four bytes of text at once, as bit masks: bit ``j`` speaks of byte ``j``.

What kinds of ASCII characters there are is decided by comparing whole vector
registers (`llvm_blocks`), so no branch depends on a single byte. Here the same as
ordinary Python, for runs with the JIT off.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.jit import instruction

BLOCK = 64
UTF8_OPENERS = ((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4))  # of two, three and four bytes
UTF8_CHOOSY = (0xE0, 0xED, 0xF0, 0xF4)


def _mask(flags: Any) -> Any:
    return np.packbits(flags, bitorder="little").view(np.uint64)[0]


@instruction
def ascii_classes(data: Any, i: int) -> Any:
    """Classify the 64 bytes from ``data[i]`` on.

    Parameters
    ----------
    data : ndarray of uint8
        With 64 bytes from there on.
    i : int

    Returns
    -------
    small, upper, digits, spaces, ignored, leads, tails : uint64
        Masks of small letters, capitals, digits, white space, other
        controls, and first and other bytes of characters beyond ASCII.
        The rest are signs.
    """
    block = data[i : i + BLOCK]
    space = (block == 0x20) | ((block >= 9) & (block <= 13)) | ((block >= 28) & (block <= 31))
    return (
        _mask((block >= ord("a")) & (block <= ord("z"))),
        _mask((block >= ord("A")) & (block <= ord("Z"))),
        _mask((block >= ord("0")) & (block <= ord("9"))),
        _mask(space),
        _mask(((block < 0x20) & ~space) | (block == 0x7F)),
        _mask(block >= 0xC0),
        _mask((block >= 0x80) & (block < 0xC0)),
    )


@instruction
def bytes_between(data: Any, i: int, first: int, last: int) -> Any:
    """Return the mask of bytes from `first` to `last` among the 64 from ``data[i]`` on.

    Parameters
    ----------
    data : ndarray of uint8
        With 64 bytes from there on.
    i : int
    first, last : int
        0 to 255; bytes equal to them count.

    Returns
    -------
    uint64
    """
    block = data[i : i + BLOCK]
    return _mask((block >= first) & (block <= last))


@instruction
def utf8_classes(data: Any, i: int) -> Any:
    """Classify the 64 bytes from ``data[i]`` on as parts of UTF-8 sequences.

    Parameters
    ----------
    data : ndarray of uint8
        With 64 bytes from there on.
    i : int

    Returns
    -------
    tails, low, lower, twos, threes, fours, e0, ed, f0, f4 : uint64
        Masks of bytes that continue a character (all, below 0xA0, below
        0x90), that open one of two, three and four bytes, and of the four
        openers that not every second byte may follow.
    """
    block = data[i : i + BLOCK]
    return (
        *(_mask((block >= 0x80) & (block <= last)) for last in (0xBF, 0x9F, 0x8F)),
        *(_mask((block >= a) & (block <= z)) for a, z in UTF8_OPENERS),
        *(_mask(block == byte) for byte in UTF8_CHOOSY),
    )


@instruction
def fold_block(data: Any, i: int, target: Any, j: int) -> None:
    """Copy 64 bytes from ``data[i]`` on to ``target[j]`` on, folded.

    Of letters and digits of ASCII: small letters, and "0" for every digit.

    Parameters
    ----------
    data : ndarray of uint8
        With 64 bytes from there on.
    i : int
    target : ndarray of uint8
        With room for 64 bytes from there on.
    j : int
    """
    block = data[i : i + BLOCK]
    target[j : j + BLOCK] = np.where(block & 0x40, block | 0x20, 0x30)


@instruction
def copy_block(source: Any, i: int, target: Any, j: int) -> None:
    """Copy 64 bytes from ``source[i]`` on to ``target[j]`` on.

    Parameters
    ----------
    source : ndarray of uint8
        With 64 bytes from there on.
    i : int
    target : ndarray of uint8
        With room for 64 bytes from there on.
    j : int
    """
    target[j : j + BLOCK] = source[i : i + BLOCK]


@instruction
def sixteen_bytes(data: Any, i: int, n: int) -> Any:
    """Load `n` bytes, at most 16, from ``data[i]`` on as two uint64, zeros behind them.

    Parameters
    ----------
    data : ndarray of uint8
        With 16 bytes from there on, however few are wanted.
    i, n : int

    Returns
    -------
    first, second : uint64
        Little-endian.
    """
    return tuple((data[i : i + 16] * (np.arange(16) < n)).astype(np.uint8).view(np.uint64))
