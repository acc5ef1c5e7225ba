"""How good labels are: confusion, F1, loss."""

import numpy as np
import numpy.typing as npt


def confusion(
    labels: npt.NDArray[np.integer], predicted: npt.NDArray[np.integer]
) -> npt.NDArray[np.int64]:
    """Count lines by true (row) and predicted (column) label, shape (4, 4)."""
    cells = labels.astype(np.int64) * 4 + predicted
    return np.bincount(cells, minlength=16).reshape(4, 4).astype(np.int64)


def f1(matrix: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """Return F1 of each label; `matrix` may have leading axes before (4, 4)."""
    hits = np.diagonal(matrix, axis1=-2, axis2=-1)
    total = matrix.sum(axis=-1) + matrix.sum(axis=-2)
    found = np.zeros(hits.shape)
    np.divide(2 * hits, total, out=found, where=total > 0)
    return found


def macro_f1(matrix: npt.NDArray[np.integer]) -> float:
    """Return the mean F1 of the labels that occur, in truth or prediction; 0 if none does."""
    occurs = (matrix.sum(axis=0) + matrix.sum(axis=1)) > 0
    return float(f1(matrix)[occurs].mean()) if occurs.any() else 0.0


def log_losses(
    logits: npt.NDArray[np.float32], labels: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    """Return the logistic loss of each line, in nats, shape (n_lines,)."""
    exact = logits.astype(np.float64)
    own = np.take_along_axis(exact, labels.astype(np.int64)[:, None], axis=1)[:, 0]
    losses: npt.NDArray[np.float64] = np.logaddexp.reduce(exact, axis=1) - own
    return losses
