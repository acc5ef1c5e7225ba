"""A byte for each of many lines in one register, and a table of 64 bytes that all look up.

In machine code (`llvm_byte_lanes`) for processors that have instructions for it, see
`classifier.kernels.context.crosses`; here as ordinary Python, by which tests compare it with what
other processors do. Arrays are contiguous and seen as flat; indices count elements.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.jit import instruction
from classifier.kernels.machine.native import table_lookup

TABLE = 64  # bytes, one for each row of weights of a cross
BYTES = 64 if table_lookup() == "vbmi" else 32  # at once: more would not fit the registers


@instruction
def bytes_at(array: Any, i: int) -> Any:
    """Return the bytes from element `i` of an array on, one for each line.

    Parameters
    ----------
    array : ndarray
        Of any dtype.
    i : int

    Returns
    -------
    BYTES uint8
    """
    first = i * array.itemsize
    return array.reshape(-1).view(np.uint8)[first : first + BYTES].copy()


@instruction
def no_sums() -> Any:
    """Return sums of nothing, one for two lines.

    Returns
    -------
    BYTES // 2 uint16
    """
    return np.zeros(BYTES // 2, np.uint16)


@instruction
def flagged(cells: Any, array: Any, i: int, borders: Any, bit: Any) -> Any:
    """Add `bit` to those cells whose byte, from ``array[i]`` on, is above a border.

    `borders` is the border four times, for processors repeat four bytes faster than one.

    Parameters
    ----------
    cells : BYTES uint8
    array : ndarray of uint8
    i : int
    borders : int32
    bit : uint8

    Returns
    -------
    BYTES uint8
    """
    return cells + bit * (array[i : i + BYTES] > np.uint8(borders & 0xFF))


@instruction
def looked_up(array: Any, i: int, cells: Any) -> Any:
    """Return for each cell its entry in the table of 64 bytes from ``array[i]`` on.

    Cells count modulo 64.

    Parameters
    ----------
    array : ndarray of uint8
    i : int
    cells : BYTES uint8

    Returns
    -------
    BYTES uint8
    """
    return array.reshape(-1)[i : i + TABLE][cells % TABLE]


@instruction
def pairs(found: Any) -> Any:
    """Return bytes as numbers of 16 bits: an even byte, and 256 times the odd one behind it.

    Parameters
    ----------
    found : BYTES uint8

    Returns
    -------
    BYTES // 2 uint16
    """
    return found.view("<u2")


@instruction
def odd_bytes(found: Any) -> Any:
    """Return every second byte, from the second on, as 16 bits.

    Parameters
    ----------
    found : BYTES uint8

    Returns
    -------
    BYTES // 2 uint16
    """
    return found.view("<u2") >> 8


@instruction
def even_sums(of_pairs: Any, of_odd: Any) -> Any:
    """Return the sums of even bytes, given those of `pairs` and of odd bytes.

    Modulo 2**16, which is more than they can be.

    Parameters
    ----------
    of_pairs, of_odd : BYTES // 2 uint16

    Returns
    -------
    BYTES // 2 uint16
    """
    return of_pairs - (of_odd << 8)


@instruction
def add_sums(array: Any, i: int, sums: Any) -> None:
    """Add sums to the integers from ``array[i]`` on.

    Parameters
    ----------
    array : ndarray of int32
    i : int
    sums : BYTES // 2 uint16
    """
    array[i : i + len(sums)] += sums
