"""From scores to probabilities: exponential, logistic and softmax, of four labels a line.

Four lines at a time, which is as many as a register holds; what is left alone. Functions
of one register take and return float32, four for each of its lines.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.machine.lane_functions import (
    across,
    beside,
    exponent,
    floor,
    greatest,
    least,
    mantissa,
    place_of_highest,
    power_of_two,
)
from classifier.kernels.machine.lanes import four, like, put_lanes, sixteen

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
def _exponential(x: Any) -> Any:
    """Return ``exp(x)``, cut to [-80, 80]; relative error below 1e-6."""
    t = least(greatest(x, like(x, -LIMIT)), like(x, LIMIT)) * like(x, LOG2_E)
    whole = floor(t)
    f = t - whole
    power = like(x, POLYNOMIAL[0])
    for k in range(1, len(POLYNOMIAL)):
        power = power * f + like(x, POLYNOMIAL[k])
    return power * power_of_two(whole)


@inline
def _logarithm(x: Any) -> Any:
    """Return the natural logarithm of positive lanes; error below 1e-4."""
    m = mantissa(x)
    power = like(x, LOG2_POLYNOMIAL[0])
    for k in range(1, len(LOG2_POLYNOMIAL)):
        power = power * m + like(x, LOG2_POLYNOMIAL[k])
    return (exponent(x) + power) * like(x, LN_2)


@inline
def _shared(p: Any) -> Any:
    """Divide the four of each line by their sum."""
    pairs = p + across(p)
    return p / (pairs + beside(pairs))


@inline
def _below_highest(logits: Any) -> Any:
    """Return by how much each logit differs from the highest of its line."""
    pairs = greatest(logits, across(logits))
    return logits - greatest(pairs, beside(pairs))


@inline
def _logistic(scores: Any) -> Any:
    """Return the logistic function of scores."""
    return like(scores, ONE) / (like(scores, ONE) + _exponential(like(scores, NIL) - scores))


@inline
def _logistic_shares(scores: Any) -> Any:
    """Return the logistic function of scores, made to add up to 1."""
    return _shared(_logistic(scores))


@inline
def _probabilities_of(logits: Any) -> Any:
    """Return the softmax of the logits of each line."""
    return _shared(_exponential(_below_highest(logits)))


@inline
def _log_odds_of(logits: Any) -> Any:
    """Return the logarithm of each label's odds against the other three."""
    x = greatest(_below_highest(logits), like(logits, -LIMIT))
    powers = _exponential(x)
    # Added up without the label's own: what is left of 1 would be too inexact.
    other = across(powers)
    return x - _logarithm(beside(powers) + (other + beside(other)))


@inline
def _map_lines(work: Any, source: Any, target: Any) -> None:
    """Fill `target` with what `work` makes of each line of `source`; both have four columns.

    Parameters
    ----------
    work : callable
        One of the functions above: takes and returns four lines' lanes, or one's.
    source, target : ndarray of float32, shape (n_lines, 4)
    """
    n = 4 * len(source)
    for i in range(0, n - 15, 16):
        put_lanes(target, i, work(sixteen(source, i)))
    for i in range(n - n % 16, n, 4):
        put_lanes(target, i, work(four(source, i)))


@jit
def fill_shares(scores: Any, shares: Any) -> None:
    """Fill `shares` with the logistic function of scores, made to add up to 1 in each line.

    Parameters
    ----------
    scores, shares : ndarray of float32, shape (n_lines, 4)
    """
    _map_lines(_logistic_shares, scores, shares)


@jit
def fill_likelihoods(outlooks: Any, likelihoods: Any) -> None:
    """Fill `likelihoods` with the logistic function of the outlooks' scores.

    Parameters
    ----------
    outlooks, likelihoods : ndarray of float32, shape (n_lines, 4)
    """
    _map_lines(_logistic, outlooks, likelihoods)


@jit
def log_odds(logits: Any, scores: Any) -> None:
    """Turn logits into scores: the logarithm of each label's odds against the other three.

    Parameters
    ----------
    logits, scores : ndarray of float32, shape (n_lines, 4)
    """
    _map_lines(_log_odds_of, logits, scores)


@jit
def carry_over(carry: Any, before: Any, logits: Any) -> None:
    """Add to logits a part of those of the layer before: `carry` holds one for each label.

    Parameters
    ----------
    carry : ndarray of float32, shape (4,)
    before, logits : ndarray of float32, shape (n_lines, 4)
    """
    for i in range(0, 4 * len(logits), 4):
        put_lanes(logits, i, four(logits, i) + four(carry, 0) * four(before, i))


@jit
def softmax(logits: Any, probabilities: Any, labels: Any) -> None:
    """Turn logits into probabilities (float32) and the most probable label (uint8).

    Parameters
    ----------
    logits, probabilities : ndarray of float32, shape (n_lines, 4)
    labels : ndarray of uint8, shape (n_lines,)
        Filled with codes; of equal ones the first.
    """
    _map_lines(_probabilities_of, logits, probabilities)
    for i in range(len(logits)):
        # By the probabilities, not the logits: rounding may make two of them equal.
        labels[i] = place_of_highest(four(probabilities, 4 * i))
