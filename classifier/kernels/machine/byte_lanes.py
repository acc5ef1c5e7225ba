"""Sixty-four bytes in one register, and a table of 64 bytes that all of them look up.

In machine code (`llvm_byte_lanes`) for processors with AVX-512 VBMI only, see
`classifier.kernels.crosses`; here as ordinary Python, by which tests compare it with what
other processors do.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.jit import instruction

BYTES = 64


@instruction
def bytes_at(array: Any, i: int) -> Any:
    """Return the 64 bytes from element `i` of an array on."""
    first = i * array.itemsize
    return array.reshape(-1).view(np.uint8)[first : first + BYTES].copy()


@instruction
def no_sums() -> Any:
    """Return 32 sums of nothing."""
    return np.zeros(BYTES // 2, np.uint16)


@instruction
def flagged(cells: Any, array: Any, i: int, borders: Any, bit: Any) -> Any:
    """Add `bit` to those of 64 cells whose byte, from ``array[i]`` on, is above a border.

    `borders` is the border four times, for processors repeat four bytes faster than one.
    """
    return cells + bit * (array[i : i + BYTES] > np.uint8(borders & 0xFF))


@instruction
def looked_up(table: Any, cells: Any) -> Any:
    """Return for each of 64 cells its entry in a table of 64 bytes; cells count modulo 64."""
    return table[cells % BYTES]


@instruction
def pairs(found: Any) -> Any:
    """Return 64 bytes as 32 numbers of 16 bits: an even byte, and 256 times the odd one."""
    return found.view("<u2")


@instruction
def odd_bytes(found: Any) -> Any:
    """Return every second of 64 bytes, from the second on, as 16 bits each."""
    return found.view("<u2") >> 8


@instruction
def even_sums(of_pairs: Any, of_odd: Any) -> Any:
    """Return the sums of even bytes, given those of `pairs` and of odd bytes.

    Modulo 2**16, which is more than they can be.
    """
    return of_pairs - (of_odd << 8)


@instruction
def add_sums(array: Any, i: int, sums: Any) -> None:
    """Add 32 sums to the integers (int32) from ``array[i]`` on."""
    array[i : i + len(sums)] += sums
