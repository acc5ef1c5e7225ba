"""From scores to probabilities: exponential, logistic and softmax, four labels at once."""

from typing import Any

import numpy as np

from classifier.kernels.bits import put
from classifier.kernels.jit import inline, jit
from classifier.kernels.lanes import (
    exponent,
    floor,
    four,
    four_of,
    greatest,
    highest,
    lane,
    least,
    mantissa,
    place_of_highest,
    power_of_two,
    put_lanes,
    total,
)

LOG2_E = np.float32(1.4426950408889634)
# 2**f on [0, 1): Taylor polynomial of exp(f * ln 2) in Horner form, error below 2e-7.
POLYNOMIAL = tuple(
    np.float32(c)
    for c in (1.5403530e-4, 1.3333558e-3, 9.6181291e-3, 5.5504109e-2, 2.4022651e-1, 6.9314718e-1, 1)
)
# log2 on [1, 2): least squares at Chebyshev's nodes, Horner form, error below 5e-5.
LOG2_POLYNOMIAL = tuple(
    np.float32(c)
    for c in (
        4.3928628e-02,
        -4.0947559e-01,
        1.6101775e00,
        -3.5202188e00,
        5.0697563e00,
        -2.7941537e00,
    )
)
LN_2 = np.float32(0.6931471805599453)
LIMIT = np.float32(80.0)
ONE = np.float32(1.0)
NIL = np.float32(0.0)


@inline
def exponential(x: Any) -> Any:
    """Return ``exp(x)`` of four lanes, cut to [-80, 80]; relative error below 1e-6."""
    t = least(greatest(x, four_of(-LIMIT)), four_of(LIMIT)) * four_of(LOG2_E)
    whole = floor(t)
    f = t - whole
    power = four_of(POLYNOMIAL[0])
    for k in range(1, len(POLYNOMIAL)):
        power = power * f + four_of(POLYNOMIAL[k])
    return power * power_of_two(whole)


@inline
def logistic_shares(scores: Any) -> Any:
    """Return the logistic function of four scores, made to add up to 1."""
    p = four_of(ONE) / (four_of(ONE) + exponential(four_of(NIL) - scores))
    return p / four_of(total(p))


@inline
def probabilities_of(logits: Any) -> Any:
    """Return the softmax of four logits."""
    powers = exponential(logits - four_of(highest(logits)))
    return powers / four_of(total(powers))


@inline
def logarithm(x: Any) -> Any:
    """Return the natural logarithm of four positive lanes; error below 1e-4."""
    m = mantissa(x)
    power = four_of(LOG2_POLYNOMIAL[0])
    for k in range(1, len(LOG2_POLYNOMIAL)):
        power = power * m + four_of(LOG2_POLYNOMIAL[k])
    return (exponent(x) + power) * four_of(LN_2)


@jit
def log_odds(logits: Any, scores: Any) -> None:
    """Turn logits into scores: the logarithm of each label's odds against the other three."""
    for i in range(len(logits)):
        own = 4 * i
        x = four(logits, own)
        powers = exponential(x - four_of(highest(x)))
        a, b, c, d = lane(powers, 0), lane(powers, 1), lane(powers, 2), lane(powers, 3)
        # Added up without the label's own: what is left of 1 would be too inexact.
        put(scores, own, b + (c + d))
        put(scores, own + 1, a + (c + d))
        put(scores, own + 2, d + (a + b))
        put(scores, own + 3, c + (a + b))
        put_lanes(scores, own, logarithm(powers) - logarithm(four(scores, own)))


@jit
def carry_over(carry: Any, before: Any, logits: Any) -> None:
    """Add to logits a part of those of the layer before: `carry` holds one for each label."""
    for i in range(len(logits)):
        own = 4 * i
        put_lanes(logits, own, four(logits, own) + four(carry, 0) * four(before, own))


@jit
def softmax(logits: Any, probabilities: Any, labels: Any) -> None:
    """Turn logits into probabilities (float32) and the most probable label (uint8)."""
    for i in range(len(logits)):
        p = probabilities_of(four(logits, 4 * i))
        put_lanes(probabilities, 4 * i, p)
        # By the probabilities, not the logits: rounding may make two of them equal.
        labels[i] = place_of_highest(p)
