"""How good labels are: confusion, F1, loss."""

import numpy as np
import numpy.typing as npt

from classifier.adapt.labelled_pages import LabelledPages

MOST_WEIGHT = 5.0  # of a line with a rare label, against 1 for the most frequent


def confusion(
    labels: npt.NDArray[np.integer], predicted: npt.NDArray[np.integer]
) -> npt.NDArray[np.int64]:
    """Count lines by true and predicted label.

    Parameters
    ----------
    labels, predicted : ndarray of int, shape (n_lines,)
        Codes, 0 to 3.

    Returns
    -------
    ndarray of int64, shape (4, 4)
        A row for each true label, a column for each predicted one.
    """
    cells = labels.astype(np.int64) * 4 + predicted
    return np.bincount(cells, minlength=16).reshape(4, 4).astype(np.int64)


def f1(matrix: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """Return F1 of each label; `matrix` may have leading axes before (4, 4).

    Parameters
    ----------
    matrix : ndarray of int, shape (..., 4, 4)
        Counts by true and predicted label, see `confusion`.

    Returns
    -------
    ndarray of float64, shape (..., 4)
        0 to 1; 0 for a label that no line has or was given.
    """
    hits = np.diagonal(matrix, axis1=-2, axis2=-1)
    total = matrix.sum(axis=-1) + matrix.sum(axis=-2)
    found = np.zeros(hits.shape)
    np.divide(2 * hits, total, out=found, where=total > 0)
    return found


def macro_f1(matrix: npt.NDArray[np.integer]) -> float:
    """Return the mean F1 of the labels that lines truly have; 0 if there is no line.

    Parameters
    ----------
    matrix : ndarray of int, shape (4, 4)
        See `confusion`.

    Returns
    -------
    float
        0 to 1.
    """
    occurs = matrix.sum(axis=1) > 0
    return float(f1(matrix)[occurs].mean()) if occurs.any() else 0.0


def log_losses(
    logits: npt.NDArray[np.float32], labels: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    """Compute the logistic loss of each line.

    Parameters
    ----------
    logits : ndarray of float32, shape (n_lines, 4)
    labels : ndarray of uint8, shape (n_lines,)
        Codes of the true labels.

    Returns
    -------
    ndarray of float64, shape (n_lines,)
        In nats, 0 or more.
    """
    exact = logits.astype(np.float64)
    own = np.take_along_axis(exact, labels.astype(np.int64)[:, None], axis=1)[:, 0]
    losses: npt.NDArray[np.float64] = np.logaddexp.reduce(exact, axis=1) - own
    return losses


def line_weights(labels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Weigh lines by one over the root of how often their label occurs, 1 to `MOST_WEIGHT`.

    On thirty pages two labels may have a dozen lines. Counted one by one they
    would be unlearnt: what the many lines of the others have in common speaks
    against them.

    Parameters
    ----------
    labels : ndarray of uint8, shape (n_lines,)
        Codes, 0 to 3.

    Returns
    -------
    ndarray of float64, shape (n_lines,)
        1 for lines of the most frequent label.
    """
    counts = np.maximum(np.bincount(labels, minlength=4), 1)
    weights: npt.NDArray[np.float64] = np.minimum(np.sqrt(counts.max() / counts), MOST_WEIGHT)
    return weights[labels]


def page_losses(pages: LabelledPages, logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return the mean loss of each page's lines that have a label, shape (n_documents,).

    Parameters
    ----------
    pages : LabelledPages
    logits : ndarray of float32, shape (n_lines, 4)
        Of all lines of the pages.

    Returns
    -------
    ndarray of float64, shape (n_documents,)
        In nats, weighted as `line_weights` has it; 0 for a page without labels.
    """
    page = pages.line_pages()[pages.decided]
    labels = pages.labels[pages.decided]
    weights = line_weights(labels)
    losses = np.bincount(
        page, weights * log_losses(logits[pages.decided], labels), len(pages.texts)
    )
    return losses / np.maximum(np.bincount(page, weights, len(pages.texts)), 1e-9)


def decided_confusion(
    pages: LabelledPages, logits: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    """Count the lines that have a label by it and by the most probable one.

    Parameters
    ----------
    pages : LabelledPages
    logits : ndarray of float32, shape (n_lines, 4)
        Of all lines of the pages.

    Returns
    -------
    ndarray of int64, shape (4, 4)
        As by `confusion`.
    """
    return confusion(pages.labels[pages.decided], logits[pages.decided].argmax(axis=1))
