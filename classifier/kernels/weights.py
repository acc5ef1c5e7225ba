"""The weights of a model as the kernels take them: `classifier.weights.for_kernels` lays them out.

Loads no kernel, so that modules may import it at their top.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.kernels.text.characters import CharacterTables


class FirstWeights(NamedTuple):
    """What the first layer scores lines by.

    Attributes
    ----------
    tables : CharacterTables
    shift : uint64
        64 minus the number of bits of a table index.
    table : ndarray of uint64, shape (2**bits,)
        Eight 8-bit weights a token, 128 added to each: of the labels, then of the outlooks.
    shape : ndarray of float32, shape (N_SHAPE_ROWS, N_SCORES)
        Weights of patterns and of facts, as `classifier.weights.for_kernels` lays them out.
    scale, bias : ndarray of float32, shape (N_SCORES,)
        Unit of the 8-bit weights, and intercepts.
    """

    tables: CharacterTables
    shift: np.uint64
    table: npt.NDArray[np.uint64]
    shape: npt.NDArray[np.float32]
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


class ContextWeights(NamedTuple):
    """What a context layer scores lines by.

    Attributes
    ----------
    inputs : ndarray of int16, shape (n_crosses, DEPTH, 2)
        Column and distance of each question.
    borders : ndarray of uint8, shape (n_crosses, DEPTH)
        The answer is yes above the border.
    weights : ndarray of int32 or uint8
        As `classifier.kernels.context.crosses.prepared_weights` lays them out for this processor.
    scale, bias : ndarray of float32, shape (4,)
        Unit of the weights, and intercepts.
    """

    inputs: npt.NDArray[np.int16]
    borders: npt.NDArray[np.uint8]
    weights: npt.NDArray[Any]
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


class Weights(NamedTuple):
    """All weights of a model.

    Attributes
    ----------
    first : FirstWeights
    second, third : ContextWeights
    carry : ndarray of float32, shape (4,)
        Of the logits of the second layer, see `classifier.kernels.activation.carry_over`.
    """

    first: FirstWeights
    second: ContextWeights
    third: ContextWeights
    carry: npt.NDArray[np.float32]
