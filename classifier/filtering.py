"""Which lines a filter drops and why: keep mask and reasons.

What is to be dropped says a `classifier.policy`. Whether a whole document is dropped is
decided in `classifier.statistics`; the text itself is only touched in
`classifier.kernels.rewrite`.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from classifier.labels import CONTENT, LABELS, label_codes


def line_reasons(
    labels: npt.NDArray[np.uint8],
    probabilities: npt.NDArray[np.float32],
    threshold: float | None = None,
) -> npt.NDArray[np.uint8]:
    """Find the label for which each line would be dropped.

    Parameters
    ----------
    labels : ndarray of uint8, shape (n_lines,)
        Most probable label of each line.
    probabilities : ndarray of float32, shape (n_lines, 4)
        Probability of each label, 0 to 1.
    threshold : float, optional
        On the probability of content, see `FilterPolicy.threshold`.

    Returns
    -------
    ndarray of uint8, shape (n_lines,)
        The line's own label; under a threshold its most probable label other
        than content. It says nothing of whether the line is dropped.
    """
    if threshold is None:
        return labels
    others: npt.NDArray[np.intp] = probabilities[:, CONTENT + 1 :].argmax(axis=1)
    return (others + CONTENT + 1).astype(np.uint8)


def keep_mask(
    labels: npt.NDArray[np.uint8],
    probabilities: npt.NDArray[np.float32],
    drop: Iterable[str],
    threshold: float | None = None,
) -> npt.NDArray[np.bool_]:
    """Decide which lines stay.

    Parameters
    ----------
    labels : ndarray of uint8, shape (n_lines,)
    probabilities : ndarray of float32, shape (n_lines, 4)
    drop : iterable of str
        Labels to drop.
    threshold : float, optional
        As in `line_reasons`.

    Returns
    -------
    ndarray of bool, shape (n_lines,)
        True where the line stays.
    """
    dropped = np.zeros(len(LABELS), np.bool_)
    dropped[label_codes(drop)] = True
    keep: npt.NDArray[np.bool_] = ~dropped[line_reasons(labels, probabilities, threshold)]
    if threshold is not None:
        # In double precision: a threshold rounded to float32 could meet a
        # probability that it lies just above.
        keep |= probabilities[:, CONTENT].astype(np.float64) >= threshold
    return keep
