"""Small vectors of numbers, computed lane by lane in one machine instruction.

LLVM does not find by itself that the four labels of a row can be added at
once. In machine code a value is a vector register (`llvm_lanes`), on which ``+ - * /``
work as on a small numpy array; which is what it is here, for runs with the JIT off.
Arrays are seen as flat, and indices are known to be inside.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.jit import instruction


def _loader(name: str, n: int) -> Any:
    def load(array: Any, i: int) -> Any:
        return array.reshape(-1)[i : i + n].copy()

    load.__name__ = name
    return instruction(load)


def _repeater(name: str, n: int) -> Any:
    def repeat(value: Any) -> Any:
        return np.full(n, value, np.float32)

    repeat.__name__ = name
    return instruction(repeat)


# Load float32, int32 or uint16 from element `i` of an array on; repeat a float32.
four, eight, sixteen = _loader("four", 4), _loader("eight", 8), _loader("sixteen", 16)
four_counts, eight_shorts = _loader("four_counts", 4), _loader("eight_shorts", 8)
four_of, eight_of = _repeater("four_of", 4), _repeater("eight_of", 8)


@instruction
def put_lanes(array: Any, i: int, lanes: Any) -> None:
    """Store lanes from element `i` of an array on."""
    array.reshape(-1)[i : i + len(lanes)] = lanes


@instruction
def put_bytes(array: Any, i: int, lanes: Any) -> None:
    """Store float32 lanes, from 0 to below 256, as bytes from element `i` of an array on."""
    array[i : i + len(lanes)] = lanes.astype(np.uint8)


@instruction
def put_columns(array: Any, i: int, stride: int, rows: Any, j: int) -> None:
    """Store eight rows of eight bytes, from ``rows[j]`` on, as columns `stride` bytes apart."""
    for k, column in enumerate(rows[j : j + 64].reshape(8, 8).T):
        array[i + k * stride : i + k * stride + 8] = column


@instruction
def put_turned(array: Any, i: int, step: int, a: Any, b: Any, c: Any, d: Any) -> None:
    """Store four times four lanes as columns: each row of four `step` elements after the last."""
    for k, row in enumerate(np.stack([a, b, c, d], axis=1)):
        array.reshape(-1)[i + k * step : i + k * step + 4] = row


@instruction
def eight_bytes(packed: Any) -> Any:
    """Unpack the bytes of a uint64, the lowest first, to uint16."""
    return np.array([int(packed) >> shift & 0xFF for shift in range(0, 64, 8)], np.uint16)


@instruction
def as_counts(shorts: Any) -> Any:
    """Convert uint16 to int32."""
    return shorts.astype(np.int32)


@instruction
def first_four(lanes: Any) -> Any:
    """Return the first four of eight float32."""
    return lanes[:4]


@instruction
def last_four(lanes: Any) -> Any:
    """Return the last four of eight float32."""
    return lanes[4:]


@instruction
def as_floats(counts: Any) -> Any:
    """Convert int32 to float32."""
    return counts.astype(np.float32)


@instruction
def greatest(a: Any, b: Any) -> Any:
    """Return the greater of each pair of lanes."""
    return np.maximum(a, b)


@instruction
def least(a: Any, b: Any) -> Any:
    """Return the smaller of each pair of lanes."""
    return np.minimum(a, b)


@instruction
def like(lanes: Any, value: Any) -> Any:
    """Repeat a float32 as often as there are lanes."""
    return np.full(len(lanes), value, np.float32)


@instruction
def beside(lanes: Any) -> Any:
    """Let the first two lanes of each four change places, and the last two."""
    return lanes.reshape(-1, 4)[:, [1, 0, 3, 2]].ravel()


@instruction
def across(lanes: Any) -> Any:
    """Let the first two lanes of each four change places with the last two."""
    return lanes.reshape(-1, 4)[:, [2, 3, 0, 1]].ravel()


@instruction
def floor(lanes: Any) -> Any:
    """Round float32 down."""
    return np.floor(lanes)


@instruction
def power_of_two(lanes: Any) -> Any:
    """Return 2 to the power of whole numbers from -126 to 127."""
    return np.ldexp(np.float32(1), lanes.astype(np.int32))


@instruction
def exponent(lanes: Any) -> Any:
    """Return the exponents of positive float32, as float32: 3 for 8 and below 16."""
    return (np.frexp(lanes)[1] - 1).astype(np.float32)


@instruction
def mantissa(lanes: Any) -> Any:
    """Return what positive float32 are without their exponents: from 1 to below 2."""
    return np.float32(2) * np.frexp(lanes)[0]


@instruction
def lane(four_lanes: Any, i: int) -> Any:
    """Return lane `i`."""
    return four_lanes[i]


@instruction
def place_of_highest(four_lanes: Any) -> int:
    """Return which of four float32 is the greatest (the first if some are equal)."""
    return int(np.argmax(four_lanes))
