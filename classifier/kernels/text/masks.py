"""Masks that say of up to 64 bytes what they are, a bit a byte, the first one lowest."""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, trailing_zeros
from classifier.kernels.machine.jit import inline

BITS, LAST_BIT = np.uint64(64), np.uint64(63)


@inline
def bits_below(n: int) -> Any:
    """Return a mask of the lowest `n` bits, fewer than 64.

    Parameters
    ----------
    n : int

    Returns
    -------
    uint64
    """
    return (ONE << np.uint64(n)) - ONE


@inline
def shifted(mask: Any, before: Any, n: Any) -> Any:
    """Move what is said of bytes to those `n` behind them.

    Parameters
    ----------
    mask : uint64
    before : uint64
        That of the 64 bytes before, of which the last `n` are moved into this one.
    n : uint64
        1 to 63.

    Returns
    -------
    uint64
    """
    return (mask << n) | (before >> (BITS - n))


@inline
def word_size(ends: Any, s: int) -> int:
    """Return the bytes of the word that starts at bit `s`; `ends` are its last ones.

    Parameters
    ----------
    ends : uint64
    s : int

    Returns
    -------
    int
    """
    return trailing_zeros((ends >> np.uint64(s)) >> ONE) + 1


@inline
def filled(mask: Any, tails: Any) -> Any:
    """Spread what is said of the first bytes of characters to all their bytes.

    Parameters
    ----------
    mask : uint64
        Of first bytes of characters.
    tails : uint64
        Of the bytes that continue characters.

    Returns
    -------
    uint64
    """
    mask |= (mask << ONE) & tails
    mask |= (mask << ONE) & tails
    return mask | ((mask << ONE) & tails)
