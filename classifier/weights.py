"""The weights of a model: three linear layers, as the kernels take them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class FirstLayer(NamedTuple):
    """Weights of what a line says by itself.

    Attributes
    ----------
    table : ndarray of uint32, shape (2**bits,)
        Four 8-bit weights a hashed token, one label a byte, 128 added to each.
    shape : ndarray of float32, shape (N_SHAPE_FEATURES, 4)
        Weights of facts, pairs of facts and patterns.
    scale, bias : ndarray of float32, shape (4,)
        Unit of the 8-bit weights, and intercepts, by label.
    """

    table: npt.NDArray[np.uint32]
    shape: npt.NDArray[np.float32]
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


class SecondLayer(NamedTuple):
    """Weights of what stands around a line.

    Attributes
    ----------
    window : ndarray of float32, shape (4, N_WINDOW)
    recent : ndarray of float32, shape (4, 2 * N_RECENT)
    summary : ndarray of float32, shape (4, N_SUMMARY)
    bins : ndarray of float32, shape (N_BIN_ROWS, 4)
    bias : ndarray of float32, shape (4,)
    """

    window: npt.NDArray[np.float32]
    recent: npt.NDArray[np.float32]
    summary: npt.NDArray[np.float32]
    bins: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


class ThirdLayer(NamedTuple):
    """Weights of how a line agrees with the lines next to it.

    Attributes
    ----------
    weights : ndarray of float32, shape (N_AGREEMENT, 4)
    bias : ndarray of float32, shape (4,)
    """

    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


class Layers(NamedTuple):
    """All weights of a model."""

    first: FirstLayer
    second: SecondLayer
    third: ThirdLayer
