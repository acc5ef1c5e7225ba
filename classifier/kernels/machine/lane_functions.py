"""Functions of small vectors of numbers (see `lanes`): none of them reads or writes an array.

In machine code it is what `llvm_lane_functions` emits; here, for runs with the JIT off,
the same as ordinary Python.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.jit import instruction


@instruction
def eight_bytes(packed: Any) -> Any:
    """Unpack the bytes of a uint64, the lowest first, to uint16.

    Parameters
    ----------
    packed : uint64

    Returns
    -------
    8 uint16
        0 to 255.
    """
    return np.array([int(packed) >> shift & 0xFF for shift in range(0, 64, 8)], np.uint16)


@instruction
def as_counts(shorts: Any) -> Any:
    """Convert uint16 to int32.

    Parameters
    ----------
    shorts : 8 uint16

    Returns
    -------
    8 int32
    """
    return shorts.astype(np.int32)


@instruction
def first_four(lanes: Any) -> Any:
    """Return the first four of eight float32.

    Parameters
    ----------
    lanes : 8 float32

    Returns
    -------
    4 float32
    """
    return lanes[:4]


@instruction
def last_four(lanes: Any) -> Any:
    """Return the last four of eight float32.

    Parameters
    ----------
    lanes : 8 float32

    Returns
    -------
    4 float32
    """
    return lanes[4:]


@instruction
def as_floats(counts: Any) -> Any:
    """Convert int32 to float32.

    Parameters
    ----------
    counts : n int32

    Returns
    -------
    n float32
    """
    return counts.astype(np.float32)


@instruction
def greatest(a: Any, b: Any) -> Any:
    """Return the greater of each pair of lanes.

    Parameters
    ----------
    a, b : n float32

    Returns
    -------
    n float32
    """
    return np.maximum(a, b)


@instruction
def least(a: Any, b: Any) -> Any:
    """Return the smaller of each pair of lanes.

    Parameters
    ----------
    a, b : n float32

    Returns
    -------
    n float32
    """
    return np.minimum(a, b)


@instruction
def beside(lanes: Any) -> Any:
    """Let the first two lanes of each four change places, and the last two.

    Parameters
    ----------
    lanes : n float32
        `n` is a multiple of four.

    Returns
    -------
    n float32
    """
    return lanes.reshape(-1, 4)[:, [1, 0, 3, 2]].ravel()


@instruction
def across(lanes: Any) -> Any:
    """Let the first two lanes of each four change places with the last two.

    Parameters
    ----------
    lanes : n float32
        `n` is a multiple of four.

    Returns
    -------
    n float32
    """
    return lanes.reshape(-1, 4)[:, [2, 3, 0, 1]].ravel()


@instruction
def floor(lanes: Any) -> Any:
    """Round float32 down.

    Parameters
    ----------
    lanes : n float32

    Returns
    -------
    n float32
    """
    return np.floor(lanes)


@instruction
def power_of_two(lanes: Any) -> Any:
    """Return 2 to the power of whole numbers from -126 to 127.

    Parameters
    ----------
    lanes : n float32

    Returns
    -------
    n float32
    """
    return np.ldexp(np.float32(1), lanes.astype(np.int32))


@instruction
def exponent(lanes: Any) -> Any:
    """Return the exponents of positive float32, as float32: 3 for 8 and below 16.

    Parameters
    ----------
    lanes : n float32
        From 2**-126 on.

    Returns
    -------
    n float32
    """
    return (np.frexp(lanes)[1] - 1).astype(np.float32)


@instruction
def mantissa(lanes: Any) -> Any:
    """Return what positive float32 are without their exponents: from 1 to below 2.

    Parameters
    ----------
    lanes : n float32
        From 2**-126 on.

    Returns
    -------
    n float32
    """
    return np.float32(2) * np.frexp(lanes)[0]


@instruction
def lane(four_lanes: Any, i: int) -> Any:
    """Return lane `i`.

    Parameters
    ----------
    four_lanes : 4 float32
    i : int
        0 to 3.

    Returns
    -------
    float32
    """
    return four_lanes[i]


@instruction
def place_of_highest(four_lanes: Any) -> int:
    """Return which of four float32 is the greatest (the first if some are equal).

    Parameters
    ----------
    four_lanes : 4 float32

    Returns
    -------
    int
        0 to 3.
    """
    return int(np.argmax(four_lanes))
