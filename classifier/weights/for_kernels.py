"""Weights as the kernels take them, worked out once and kept as long as the weights."""

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.kernels.weights import ContextWeights, FirstWeights, Weights
from classifier.weights import ContextLayer, FirstLayer, Layers

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
    made = _from_a_cache_line(make(weights))
    # Another array may get the same id once this one is gone.
    _kept[key] = (weakref.ref(weights, lambda _: _kept.pop(key, None)), made)
    return made


def _from_a_cache_line(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    from classifier.kernels.machine.arrays import empty, fixed

    copy = empty(array.shape, array.dtype)
    copy[...] = array
    return fixed(copy, array.dtype)


def cross_inputs(inputs: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """Look up column and distance of each question of a context layer.

    Parameters
    ----------
    inputs : ndarray of int16, shape (n_crosses, DEPTH)
        Rows of `INPUTS`.

    Returns
    -------
    ndarray of int16, shape (n_crosses, DEPTH, 2)
        Column, and distance in lines.
    """
    from classifier.kernels.context.inputs import INPUTS
    from classifier.kernels.machine.arrays import fixed

    return fixed(np.array(INPUTS, np.int16)[inputs], np.int16)


def shape_rows(shape: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Fold the weights of single facts into those of pairs: half as many rows to add a line.

    Parameters
    ----------
    shape : ndarray of float32, shape (N_SHAPE_FEATURES, N_SCORES)

    Returns
    -------
    ndarray of float32, shape (N_SHAPE_ROWS, N_SCORES)
        Of patterns, then of `SHAPE_TABLES`.
    """
    from classifier.kernels.first_layer import feature_layout as layout
    from classifier.kernels.machine.arrays import fixed

    patterns = slice(layout.PATTERN_START, layout.PATTERN_START + layout.N_PATTERNS)
    tables = [shape[patterns]]
    folded: set[int] = set()
    for number, facts in enumerate(layout.SHAPE_TABLES):
        sizes = [layout.FACT_SIZES[fact] for fact in facts]
        table = np.zeros((*sizes, layout.N_SCORES), np.float32)
        if number < len(layout.FACT_PAIRS):
            start = layout.PAIR_STARTS[number]
            table += shape[start : start + sizes[0] * sizes[1]].reshape(table.shape)
        for axis, fact in enumerate(facts):
            if fact not in folded:
                start = layout.FACT_STARTS[fact]
                own = shape[start : start + sizes[axis]]
                table += own[:, None] if axis == 0 else own
                folded.add(fact)
        tables.append(table.reshape(-1, layout.N_SCORES))
    return fixed(np.concatenate(tables), np.float32)


def first_weights(layer: FirstLayer) -> FirstWeights:
    """Return what the kernels take of the first layer.

    Parameters
    ----------
    layer : FirstLayer

    Returns
    -------
    FirstWeights
    """
    from classifier.kernels.text.characters import load_tables

    bits = len(layer.table).bit_length() - 1
    return FirstWeights(
        tables=load_tables(),
        shift=np.uint64(64 - bits),
        table=layer.table,
        shape=prepared(shape_rows, layer.shape),
        scale=layer.scale,
        bias=layer.bias,
    )


def context_weights(layer: ContextLayer) -> ContextWeights:
    """Return what the kernels take of a context layer.

    Parameters
    ----------
    layer : ContextLayer

    Returns
    -------
    ContextWeights
    """
    from classifier.kernels.context.crosses import prepared_weights

    return ContextWeights(
        inputs=prepared(cross_inputs, layer.inputs),
        borders=layer.borders,
        weights=prepared(prepared_weights, layer.weights),
        scale=layer.scale,
        bias=layer.bias,
    )


def all_weights(layers: Layers) -> Weights:
    """Return what the kernels take of all layers.

    Parameters
    ----------
    layers : Layers

    Returns
    -------
    Weights
    """
    return Weights(
        first=first_weights(layers.first),
        second=context_weights(layers.second),
        third=context_weights(layers.third),
        carry=layers.carry,
    )
