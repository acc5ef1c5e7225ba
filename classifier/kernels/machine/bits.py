"""Machine instructions that Python has no word for: unaligned loads, stores, bit counts.

Here as ordinary Python, for runs with the JIT off; in machine code they are what
`llvm_bits` emits.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.jit import instruction

# Masks and hashes meet no plain integers: numba makes a float of a uint64 and one of those.
ZERO, ONE = np.uint64(0), np.uint64(1)


@instruction
def load8(data: Any, i: int) -> Any:
    """Return the 8 bytes from ``data[i]`` on as one little-endian uint64.

    Parameters
    ----------
    data : ndarray of uint8
        Seen as flat, with 8 bytes from there on.
    i : int

    Returns
    -------
    uint64
    """
    return np.uint64(int.from_bytes(data.reshape(-1)[i : i + 8].tobytes(), "little"))


@instruction
def store8(data: Any, i: int, value: Any) -> None:
    """Set the 8 bytes from ``data[i]`` on to a little-endian uint64.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
        With 8 bytes from there on.
    i : int
    value : uint64
    """
    data[i : i + 8] = np.frombuffer(int(value).to_bytes(8, "little"), np.uint8)


@instruction
def at(array: Any, i: int) -> Any:
    """Return element `i`, known to be inside, of a contiguous array seen as flat.

    Parameters
    ----------
    array : ndarray
    i : int

    Returns
    -------
    number
        Of the array's dtype.
    """
    return array.reshape(-1)[i]


@instruction
def put(array: Any, i: int, value: Any) -> None:
    """Set element `i`, known to be inside, of a contiguous array seen as flat.

    Parameters
    ----------
    array : ndarray
    i : int
    value : number
        Stored as the array's dtype.
    """
    array.reshape(-1)[i] = value


@instruction
def prefetch(array: Any, i: int) -> None:
    """Start to load element `i` of a contiguous array, which will be needed soon.

    Parameters
    ----------
    array : ndarray
    i : int
    """


@instruction
def count_ones(value: Any) -> int:
    """Return the number of one bits of a uint64.

    Parameters
    ----------
    value : uint64

    Returns
    -------
    int
        0 to 64.
    """
    return int(value).bit_count()


@instruction
def trailing_zeros(value: Any) -> int:
    """Return the number of zero bits below the lowest one bit (64 for 0).

    Parameters
    ----------
    value : uint64

    Returns
    -------
    int
        0 to 64.
    """
    number = int(value)
    return (number & -number).bit_length() - 1 if number else 64


@instruction
def highest_one(value: Any) -> int:
    """Return the place of the highest one bit (-1 for 0).

    Parameters
    ----------
    value : uint64

    Returns
    -------
    int
        -1 to 63.
    """
    return int(value).bit_length() - 1
