"""Weights as the kernels take them, worked out once and kept as long as the weights."""

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

_kept: dict[tuple[int, Callable[..., Any]], tuple[Any, npt.NDArray[Any]]] = {}


def prepared(
    make: Callable[[npt.NDArray[Any]], npt.NDArray[Any]], weights: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """Return ``make(weights)``, made only once for an array that stays the same.

    Working out takes longer than labelling a page, and many are labelled alone.

    Parameters
    ----------
    make : callable
        A function of a module: what is kept is kept by it.
    weights : ndarray
        Not to be changed afterwards.

    Returns
    -------
    ndarray
    """
    key = (id(weights), make)
    found = _kept.get(key)
    if found is not None and found[0]() is weights:
        return found[1]
    made = make(weights)
    # Another array may get the same id once this one is gone.
    _kept[key] = (weakref.ref(weights, lambda _: _kept.pop(key, None)), made)
    return made


def cross_inputs(inputs: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """Look up column and distance of each question of a context layer."""
    from classifier.kernels.arrays import fixed
    from classifier.kernels.context_layout import INPUTS

    return fixed(np.array(INPUTS, np.int16)[inputs], np.int16)


def cross_weights(weights: npt.NDArray[np.int8]) -> npt.NDArray[Any]:
    """Lay out the weights of crosses for this processor."""
    from classifier.kernels.crosses import prepared_weights

    return prepared_weights(weights)
