"""Arrays as the kernels take them: one dtype, contiguous, read-only."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

CACHE_LINE = 64  # bytes


def aligned(n_bytes: int, boundary: int, before: int = 0) -> npt.NDArray[np.uint8]:
    """Make room whose byte `before` stands at an address that is a multiple of `boundary`.

    Parameters
    ----------
    n_bytes, boundary, before : int

    Returns
    -------
    ndarray of uint8, shape (n_bytes,)
        Holding anything.
    """
    room = np.empty(n_bytes + boundary, np.uint8)
    start = -(room.ctypes.data + before) % boundary
    return room[start : start + n_bytes]


def empty(shape: tuple[int, ...], dtype: Any) -> npt.NDArray[Any]:
    """Make an array as `numpy.empty` does, whose first element begins a cache line.

    numpy's own large ones begin 16 bytes behind one, so that a vector register of their
    elements often lies in two, which takes the processor longer.

    Parameters
    ----------
    shape : tuple of int
    dtype : dtype

    Returns
    -------
    ndarray
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    return aligned(size, CACHE_LINE).view(dtype).reshape(shape)


def fixed(array: npt.NDArray[Any], dtype: Any) -> npt.NDArray[Any]:
    """Return `array` with one dtype, contiguous and read-only.

    Kernels are compiled for a dtype, and take arrays without gaps only. Arrow's buffers
    are read-only, so others are, too.

    Parameters
    ----------
    array : ndarray
    dtype : dtype

    Returns
    -------
    ndarray
        A view, or a copy where the form has to change.
    """
    view = np.ascontiguousarray(array, dtype).view()
    view.flags.writeable = False
    return view
