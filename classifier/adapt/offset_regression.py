"""What a linear layer must add to given scores: logistic regression with offsets."""

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.features import Rows

ITERATIONS = 200
TOLERANCE = 1e-6  # the fit ends when an iteration lowers the loss by a smaller share

Values = npt.NDArray[np.float64]


def sparse(rows: Rows) -> Any:
    """Make a scipy.sparse.csr_matrix of `rows`.

    Parameters
    ----------
    rows : Rows
        As `classifier.features.first_layer_inputs` gives them.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n_lines, n_columns)
        A value that stands several times in a row is added up.
    """
    from scipy.sparse import csr_matrix

    shape = (len(rows.row_offsets) - 1, rows.n_columns)
    matrix = csr_matrix((rows.values, rows.columns, rows.row_offsets), shape=shape)
    matrix.sum_duplicates()
    return matrix


def fit_difference(
    matrix: Any,
    offsets: Values,
    labels: npt.NDArray[np.uint8],
    weights: Values,
    strength: float,
) -> Values:
    """Find weights that correct scores, no larger than the labels call for.

    Minimises the multinomial logistic loss of ``offsets + matrix @ difference``,
    plus half of `strength` times the sum of squares of `difference`.

    Parameters
    ----------
    matrix : scipy.sparse.csr_matrix, shape (n_lines, n_columns)
    offsets : ndarray of float64, shape (n_lines, 4)
        Scores as they are, in logits.
    labels : ndarray of uint8, shape (n_lines,)
    weights : ndarray of float64, shape (n_lines,)
        How much each line counts.
    strength : float
        Above 0.

    Returns
    -------
    ndarray of float64, shape (n_columns, 4)
    """
    from scipy.optimize import minimize

    shape = (matrix.shape[1], offsets.shape[1])
    targets = np.eye(shape[1])[labels]
    transposed = matrix.T.tocsr()

    def loss_and_gradient(flat: Values) -> tuple[float, Values]:
        difference = flat.reshape(shape)
        scores = offsets + matrix @ difference
        logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        loss = strength / 2 * (flat @ flat) - weights @ (logs * targets).sum(axis=1)
        excess = (np.exp(logs) - targets) * weights[:, None]
        return loss, (transposed @ excess + strength * difference).ravel()

    options = {"maxiter": ITERATIONS, "ftol": TOLERANCE}
    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x, np.float64).reshape(shape)
