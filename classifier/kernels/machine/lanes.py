"""Small vectors of numbers, computed lane by lane in one machine instruction.

LLVM does not find by itself that the four labels of a row can be added at
once. In machine code a value is a vector register (`llvm_lanes`), on which ``+ - * /``
work as on a small numpy array; which is what it is here, for runs with the JIT off.
This module loads, repeats and stores them; `lane_functions` makes others of them.
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
    """Store lanes from element `i` of an array on.

    Parameters
    ----------
    array : ndarray
        Of the lanes' dtype.
    i : int
    lanes : n numbers
    """
    array.reshape(-1)[i : i + len(lanes)] = lanes


@instruction
def put_bytes(array: Any, i: int, lanes: Any) -> None:
    """Store float32 lanes, from 0 to below 256, as bytes from element `i` of an array on.

    Parameters
    ----------
    array : ndarray of uint8, shape (n_bytes,)
    i : int
    lanes : n float32
        Rounded down.
    """
    array[i : i + len(lanes)] = lanes.astype(np.uint8)


@instruction
def put_columns(array: Any, i: int, stride: int, rows: Any, j: int) -> None:
    """Store eight rows of eight bytes, from ``rows[j]`` on, as columns `stride` bytes apart.

    Parameters
    ----------
    array : ndarray of uint8, shape (n_bytes,)
    i : int
        Where the first column begins.
    stride : int
    rows : ndarray of uint8, shape (n_bytes,)
    j : int
    """
    for k, column in enumerate(rows[j : j + 64].reshape(8, 8).T):
        array[i + k * stride : i + k * stride + 8] = column


@instruction
def put_turned(array: Any, i: int, step: int, a: Any, b: Any, c: Any, d: Any) -> None:
    """Store four times four lanes as columns: each row of four `step` elements after the last.

    Parameters
    ----------
    array : ndarray of int32
    i : int
        Where the first row begins.
    step : int
    a, b, c, d : 4 int32
        The columns.
    """
    for k, row in enumerate(np.stack([a, b, c, d], axis=1)):
        array.reshape(-1)[i + k * step : i + k * step + 4] = row


@instruction
def like(lanes: Any, value: Any) -> Any:
    """Repeat a float32 as often as there are lanes.

    Parameters
    ----------
    lanes : n float32
    value : float32

    Returns
    -------
    n float32
    """
    return np.full(len(lanes), value, np.float32)
