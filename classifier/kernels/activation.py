"""Arithmetic of the layers: exponential and weighted sum, in forms that vectorise."""

from typing import Any

import numpy as np

from classifier.kernels.bits import flat_at, float_from_bits
from classifier.kernels.jit import inline, inline_reassociating

LOG2_E = np.float32(1.4426950408889634)
# 2**f on [0, 1): Taylor polynomial of exp(f * ln 2) in Horner form, error below 2e-7.
POLYNOMIAL = tuple(np.float32(c) for c in (1.5403530e-4, 1.3333558e-3, 9.6181291e-3, 5.5504109e-2, 2.4022651e-1, 6.9314718e-1, 1.0))
LIMIT = np.float32(80.0)


@inline
def exponential(x: Any) -> Any:
    """Return ``exp(x)`` in single precision for `x` cut to [-80, 80]; relative error below 1e-6."""
    t = min(max(x, -LIMIT), LIMIT) * LOG2_E
    whole = np.floor(t)
    f = t - whole
    power = POLYNOMIAL[0]
    power = power * f + POLYNOMIAL[1]
    power = power * f + POLYNOMIAL[2]
    power = power * f + POLYNOMIAL[3]
    power = power * f + POLYNOMIAL[4]
    power = power * f + POLYNOMIAL[5]
    power = power * f + POLYNOMIAL[6]
    return power * float_from_bits((np.int32(whole) + np.int32(127)) << np.int32(23))


@inline_reassociating
def weighted_sum(values: Any, start: int, weights: Any, weights_start: int, n: int) -> Any:
    """Sum ``values * weights`` over `n` places of two arrays seen as flat."""
    total = np.float32(0.0)
    for j in range(n):
        total += flat_at(values, start + j) * flat_at(weights, weights_start + j)
    return total
