"""Stretches of bytes: copied, and compared with others."""

from typing import Any

from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.blocks import BLOCK, copy_block
from classifier.kernels.machine.jit import inline


@inline
def copy_bytes(data: Any, start: int, end: int, out: Any, filled: int) -> int:
    """Copy ``data[start:end]`` to `out` at `filled`; return the new fill.

    Whole blocks at a time: what is copied beyond `end` is written over later.

    Parameters
    ----------
    data : ndarray of uint8
    start, end : int
    out : ndarray of uint8
        With room for a block behind what is copied.
    filled : int

    Returns
    -------
    int
    """
    i = start
    stop = min(end, len(data) - BLOCK + 1)
    while i < stop:
        copy_block(data, i, out, filled + i - start)
        i += BLOCK
    for j in range(i, end):
        put(out, filled + j - start, at(data, j))
    return filled + end - start


@inline
def begins_with(data: Any, i: int, end: int, prefix: Any) -> bool:
    """Return whether `prefix` stands at byte `i` of what ends at `end`.

    Parameters
    ----------
    data : ndarray of uint8
    i, end : int
    prefix : ndarray of uint8

    Returns
    -------
    bool
    """
    if i + len(prefix) > end:
        return False
    for j in range(len(prefix)):
        if at(data, i + j) != at(prefix, j):
            return False
    return True
