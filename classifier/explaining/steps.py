"""What each answer to a question of a context layer adds to the scores.

A line takes one row of weights of each cross, by its answers to six questions.
Answered one after the other, each question moves the mean of the rows that are
still possible, from the mean of all to the row taken: that step is what its
column added (A. Saabas, "Interpreting random forests", 2014, does so for
trees). The steps and the first mean add up to the row.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.explaining.contributions import Values
from classifier.features import cross_cells
from classifier.labels import LABELS
from classifier.weights import ContextLayer, Layers


class Steps(NamedTuple):
    """All steps of a context layer, in the order of the inputs that are asked about.

    Attributes
    ----------
    values : ndarray of float64, shape (n_questions, CELLS, 4)
        What a question adds to each score, by the row of its cross that is taken at last.
    crosses : ndarray of int64, shape (n_questions,)
        Which cross each question belongs to.
    inputs : ndarray of int16, shape (n_asked,)
        The inputs that are asked about, rising.
    starts : ndarray of int64, shape (n_asked,)
        First question about each of them.
    always : ndarray of float64, shape (4,)
        What is added whatever the answers.
    """

    values: Values
    crosses: npt.NDArray[np.int64]
    inputs: npt.NDArray[np.int16]
    starts: npt.NDArray[np.int64]
    always: Values


class ModelSteps(NamedTuple):
    """The steps of both context layers of a model.

    Attributes
    ----------
    second, third : Steps
    """

    second: Steps
    third: Steps


def model_steps(layers: Layers) -> ModelSteps:
    """Take the steps of a model.

    Parameters
    ----------
    layers : Layers

    Returns
    -------
    ModelSteps
        They depend on the weights alone: one call does for any number of documents.
    """
    return ModelSteps(_steps_of(layers.second), _steps_of(layers.third))


def added_by_inputs(
    inputs: npt.NDArray[np.uint8], layer: ContextLayer, steps: Steps
) -> npt.NDArray[np.float64]:
    """Add up the steps of some lines by the input that was asked about.

    Parameters
    ----------
    inputs : ndarray of uint8, shape (n_lines, n_inputs)
        As `classifier.features.context_inputs` measures them.
    layer : ContextLayer
    steps : Steps
        Those of `layer`.

    Returns
    -------
    ndarray of float64, shape (n_lines, n_inputs, 4)
    """
    added = np.zeros((*inputs.shape, len(LABELS)))
    questions = np.arange(len(steps.values))
    for line, cells in enumerate(cross_cells(inputs, layer)):
        taken = steps.values[questions, cells[steps.crosses]]
        added[line, steps.inputs] = np.add.reduceat(taken, steps.starts)
    return added


def _steps_of(layer: ContextLayer) -> Steps:
    """Take the steps of a layer."""
    weights = layer.weights.astype(np.float64) * layer.scale
    n_crosses, n_cells, n_labels = weights.shape
    depth = layer.inputs.shape[1]
    values = np.empty((n_crosses, depth, n_cells, n_labels))
    mean = weights.mean(axis=1, keepdims=True)
    before = mean
    for question in range(depth):
        # Rows that the answers so far leave: the lowest bits are settled.
        n_settled = 1 << (question + 1)
        possible = weights.reshape(n_crosses, n_cells // n_settled, n_settled, n_labels).mean(
            axis=1
        )
        after = np.tile(possible, (1, n_cells // n_settled, 1))
        values[:, question] = after - before
        before = after
    order = np.argsort(layer.inputs, axis=None, kind="stable")
    inputs, starts = np.unique(layer.inputs.ravel()[order], return_index=True)
    return Steps(
        values.reshape(-1, n_cells, n_labels)[order],
        order // depth,
        inputs,
        starts,
        layer.bias + mean.sum(axis=(0, 1)),
    )
