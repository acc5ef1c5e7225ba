"""Fit the weights of all crosses of a layer together.

Boosting sets the weights of a cross once, by a sample of the lines, and never comes
back to it. Here those of all crosses move at once, on all lines, to where multinomial
logistic loss is least; a penalty on how far they move holds them near where boosting
left them. Without it, or with one that draws them to zero, the layer learns its pages
by heart: on pages that it had not seen its loss rose. (After S. Ren, X. Cao, Y. Wei and
J. Sun, "Global refinement of random forest", 2015, who begin anew from zero.)
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit
from scipy.optimize import minimize

import classifier.kernels.machine.generation  # noqa: F401  teaches numba what lanes are
from classifier.features import cross_cells
from classifier.kernels.machine.lanes import four, put_lanes
from classifier.labels import LABELS
from classifier.weights import ContextLayer
from training.fitting.boosting import lessons, rounded
from training.fitting.material import Material

STEPS = 20  # the loss on other pages is as low as it gets after some sixteen
N_PARTS = 2  # of the lines, a thread each; fixed, so that sums are always taken alike

N_LABELS = len(LABELS)  # four, which fill a vector register


def refitted(
    layer: ContextLayer, inputs: np.ndarray, material: Material, chosen: np.ndarray, hold: float
) -> ContextLayer:
    """Fit the weights of a layer's crosses together, on the chosen lines that count.

    They need not be the lines that the crosses were found by.

    Parameters
    ----------
    layer : ContextLayer
        With the weights that the new ones are held near.
    inputs : ndarray of uint8, shape (n_lines, N_INPUTS)
    material : Material
    chosen : ndarray of bool, shape (n_lines,)
    hold : float
        Half of it is the penalty of a weight that moves by one, in lines' losses.

    Returns
    -------
    ContextLayer
    """
    chosen, targets, line_weights = lessons(material, chosen)
    cells = cross_cells(inputs[chosen], layer)
    weights = layer.weights * layer.scale.astype(np.float64)
    return rounded(layer, *moved(cells, targets, line_weights, weights, layer.bias, hold))


def moved(
    cells: np.ndarray,
    targets: np.ndarray,
    line_weights: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray,
    hold: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Move all weights of crosses to a lower loss, near where they are.

    Parameters
    ----------
    cells : ndarray of uint8, shape (n_lines, n_crosses)
        See `classifier.features.cross_cells`.
    targets : ndarray of uint8, shape (n_lines,)
        Labels.
    line_weights : ndarray of float, shape (n_lines,)
        How much each line counts.
    weights : ndarray of float64, shape (n_crosses, CELLS, 4)
    bias : ndarray of float64, shape (4,)
    hold : float
        As for `refitted`.

    Returns
    -------
    weights, bias : ndarray of float64
        Of the same shapes.
    """
    total = line_weights.sum(dtype=np.float64)
    parts = [
        tuple(np.array_split(array, N_PARTS)[part] for array in (cells, targets, line_weights))
        for part in range(N_PARTS)
    ]

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        near, own_bias = split(parameters)
        found = threads.map(lambda part: _loss(*part, near, own_bias), parts)
        value, slopes, bias_slopes = (sum(figures) for figures in zip(*found, strict=True))
        distance = near - weights
        gradient = np.concatenate([(slopes + hold * distance).ravel(), bias_slopes])
        return (value + hold / 2 * (distance**2).sum()) / total, gradient / total

    def split(parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return parameters[: weights.size].reshape(weights.shape), parameters[weights.size :]

    start = np.concatenate([weights.ravel(), bias])
    with ThreadPoolExecutor(N_PARTS) as threads:
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return split(found.x)


@njit(nogil=True)
def _loss(cells, targets, line_weights, weights, bias):
    """Return the loss of some lines, and its slopes by weights and by bias."""
    n_lines, n_crosses = cells.shape
    n_cells = weights.shape[1]
    total = 0.0
    slopes = np.zeros(weights.shape, np.float32)
    bias_slopes = np.zeros(N_LABELS)
    logits = np.empty(N_LABELS, np.float32)
    rows, start = weights.astype(np.float32), bias.astype(np.float32)
    for line in range(n_lines):
        found = four(start, 0)
        for cross in range(n_crosses):
            cell = np.int64(cells[line, cross])
            found = found + four(rows, N_LABELS * (cross * n_cells + cell))
        put_lanes(logits, 0, found)
        highest = logits.max()
        powers = 0.0
        for label in range(N_LABELS):
            powers += np.exp(logits[label] - highest)
        total += line_weights[line] * (np.log(powers) + highest - logits[targets[line]])
        for label in range(N_LABELS):
            error = np.exp(logits[label] - highest) / powers - (targets[line] == label)
            logits[label] = line_weights[line] * error
            bias_slopes[label] += logits[label]
        errors = four(logits, 0)
        for cross in range(n_crosses):
            row = N_LABELS * (cross * n_cells + np.int64(cells[line, cross]))
            put_lanes(slopes, row, four(slopes, row) + errors)
    return total, slopes, bias_slopes
