"""Weights of all crosses of a layer, fitted together."""

import numpy as np
import pytest
from scipy.special import softmax

from classifier.features import cross_cells
from classifier.kernels.context.inputs import CELLS, DEPTH
from classifier.labels import LABELS
from classifier.weights import blank_context_layer
from training.fitting import refitting
from training.fitting.refitting import moved

N_LINES, N_CROSSES = 400, 3
HOLD = 5000.0


@pytest.fixture
def layer():
    """Crosses with random questions and weights, and lines whose labels they nearly tell."""
    rng = np.random.default_rng(0)
    crosses = blank_context_layer(N_CROSSES)
    crosses.inputs[:] = rng.integers(0, 8, (N_CROSSES, DEPTH))
    crosses.borders[:] = rng.integers(50, 200, (N_CROSSES, DEPTH))
    cells = cross_cells(rng.integers(0, 256, (N_LINES, 8), np.uint8), crosses)
    weights, truth = rng.normal(0, 1, (2, N_CROSSES, CELLS, len(LABELS)))
    labels = logits(cells, truth).argmax(axis=1).astype(np.uint8)
    return cells, labels, weights


def logits(cells: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return sum(rows[own] for rows, own in zip(weights, cells.T, strict=True))


def loss(cells, labels, line_weights, weights, bias) -> float:
    own = softmax(logits(cells, weights) + bias, axis=1)[np.arange(len(labels)), labels]
    return float(-(line_weights * np.log(own)).sum())


def test_slopes_are_how_the_loss_changes(layer):
    cells, labels, weights = layer
    line_weights = np.linspace(0.5, 2, N_LINES)
    bias = np.array([0.3, -0.2, 0.1, 0.0])
    found, slopes, bias_slopes = refitting._loss(cells, labels, line_weights, weights, bias)
    assert found == pytest.approx(loss(cells, labels, line_weights, weights, bias), rel=1e-5)
    step = 1e-3
    for place in ((0, int(cells[0, 0]), 2), (2, int(cells[7, 2]), 0)):
        higher = weights.copy()
        higher[place] += step
        change = loss(cells, labels, line_weights, higher, bias) - found
        assert slopes[place] == pytest.approx(change / step, abs=0.05)
    change = loss(cells, labels, line_weights, weights, bias + step * np.eye(4)[1]) - found
    assert bias_slopes[1] == pytest.approx(change / step, abs=0.05)


def test_the_loss_falls_and_what_no_line_speaks_for_stays(layer):
    cells, labels, weights = layer
    line_weights, bias = np.ones(N_LINES, np.float32), np.zeros(4)
    near, near_bias = moved(cells, labels, line_weights, weights, bias, 1.0)
    before = loss(cells, labels, line_weights, weights, bias)
    assert loss(cells, labels, line_weights, near, near_bias) < before / 2
    for cross in range(N_CROSSES):
        empty = np.setdiff1d(np.arange(CELLS), cells[:, cross])
        np.testing.assert_array_equal(near[cross, empty], weights[cross, empty])


def test_few_lines_hardly_move_weights_and_as_many_more_move_them_more(layer):
    cells, labels, weights = layer
    bias = np.zeros(4)
    distances = [
        np.abs(moved(cells, labels, np.full(N_LINES, each), weights, bias, HOLD)[0] - weights).max()
        for each in (1.0, 100.0)
    ]
    assert distances[0] < 0.05 < distances[1]


def test_the_same_lines_give_the_same_weights(layer):
    cells, labels, weights = layer
    first, second = (
        moved(cells, labels, np.ones(N_LINES, np.float32), weights, np.zeros(4), HOLD)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])
