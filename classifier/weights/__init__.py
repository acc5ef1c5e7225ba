"""The weights of a model, as they are fitted and stored: a linear layer, and two of crosses.

`classifier.weights.for_kernels` makes of them what the kernels take.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class FirstLayer(NamedTuple):
    """Weights of what a line says by itself.

    Attributes
    ----------
    table : ndarray of uint64, shape (2**bits,)
        Eight 8-bit weights a hashed token, a byte for each label, then one for each outlook
        (`classifier.kernels.first_layer.feature_layout.OUTLOOK_NAMES`), 128 added to each.
    shape : ndarray of float32, shape (N_SHAPE_FEATURES, N_SCORES)
        Weights of facts, pairs of facts and patterns.
    scale, bias : ndarray of float32, shape (N_SCORES,)
        Unit of the 8-bit weights, and intercepts.
    """

    table: npt.NDArray[np.uint64]
    shape: npt.NDArray[np.float32]
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


def token_levels(layer: FirstLayer, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the 8-bit weights of some tokens, in units of the layer's scale.

    Parameters
    ----------
    layer : FirstLayer
    places : ndarray of int64, shape (n_tokens,)
        Places of the tokens in its table.

    Returns
    -------
    ndarray of int64, shape (n_tokens, N_SCORES)
        -127 to 127.
    """
    packed = np.ascontiguousarray(layer.table[places].astype("<u8"))
    return packed.view(np.uint8).reshape(len(places), -1).astype(np.int64) - 128


def packed_levels(levels: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Put 8-bit weights into words of the table.

    Parameters
    ----------
    levels : ndarray of int64, shape (n_tokens, N_SCORES)
        As `token_levels` returns them.

    Returns
    -------
    ndarray of uint64, shape (n_tokens,)
    """
    packed = np.ascontiguousarray((levels + 128).astype(np.uint8)).view("<u8").ravel()
    return packed.astype(np.uint64)


class ContextLayer(NamedTuple):
    """Weights of crosses of what stands around a line: an ensemble of oblivious decision trees.

    Attributes
    ----------
    inputs : ndarray of int16, shape (n_crosses, DEPTH)
        Row of `INPUTS` that each question asks about.
    borders : ndarray of uint8, shape (n_crosses, DEPTH)
        The answer is yes above the border.
    weights : ndarray of int8, shape (n_crosses, CELLS, 4)
        A row for each combination of answers; the first question is the lowest bit.
    scale, bias : ndarray of float32, shape (4,)
        Unit of the weights, and intercepts, by label.
    """

    inputs: npt.NDArray[np.int16]
    borders: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


class Layers(NamedTuple):
    """All weights of a model.

    Attributes
    ----------
    first : FirstLayer
    second : ContextLayer
        Looks at the scores of the first, near a line and far from it.
    third : ContextLayer
        Looks at those of the second, around a line and in its page; blocks, lists and kin
        stay as the first's scores told.
    carry : ndarray of float32, shape (4,)
        What is added of each logit of the second layer to that of the third, a skip
        connection: where the third was misled by its neighbours, the second need not have been.
    """

    first: FirstLayer
    second: ContextLayer
    third: ContextLayer
    carry: npt.NDArray[np.float32]


def blank_first_layer(bits: int) -> FirstLayer:
    """Make a first layer whose weights are all zero.

    Parameters
    ----------
    bits : int
        Its table has ``2**bits`` places.

    Returns
    -------
    FirstLayer
        Of a scale of 1.
    """
    from classifier.kernels.first_layer.feature_layout import N_SCORES, N_SHAPE_FEATURES

    return FirstLayer(
        np.full(1 << bits, 0x8080808080808080, np.uint64),
        np.zeros((N_SHAPE_FEATURES, N_SCORES), np.float32),
        np.ones(N_SCORES, np.float32),
        np.zeros(N_SCORES, np.float32),
    )


def blank_context_layer(n_crosses: int = 1) -> ContextLayer:
    """Make a context layer whose weights are all zero.

    Parameters
    ----------
    n_crosses : int, default 1

    Returns
    -------
    ContextLayer
        Of a scale of 1; its questions all ask whether the first input is above 0.
    """
    from classifier.kernels.context import inputs as c

    return ContextLayer(
        np.zeros((n_crosses, c.DEPTH), np.int16),
        np.zeros((n_crosses, c.DEPTH), np.uint8),
        np.zeros((n_crosses, c.CELLS, 4), np.int8),
        np.ones(4, np.float32),
        np.zeros(4, np.float32),
    )


def fixed_layers(layers: Layers) -> Layers:
    """Return weights read-only, as `classifier.kernels.machine.arrays.fixed` makes arrays.

    Parameters
    ----------
    layers : Layers

    Returns
    -------
    Layers
        Of read-only arrays; copies where those given can be written.
    """
    from classifier.kernels.machine.arrays import fixed

    first = FirstLayer(*(fixed(array, array.dtype) for array in layers.first))
    second, third = (
        ContextLayer(*(fixed(array, array.dtype) for array in layer))
        for layer in (layers.second, layers.third)
    )
    return Layers(first, second, third, fixed(layers.carry, np.float32))
