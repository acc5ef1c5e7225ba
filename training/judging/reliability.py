"""Whether probabilities are right as often as they say."""

import numpy as np

from classifier.labels import LABELS

N_BINS = 15  # of equal width


def reliability(probability: np.ndarray, is_label: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return mean probability and share of the label in bins of equal width that are not empty.

    Parameters
    ----------
    probability : ndarray, shape (n_lines,)
        Of one label.
    is_label : ndarray of bool, shape (n_lines,)

    Returns
    -------
    means, shares : ndarray of float64
    """
    bins = _bins(probability)
    counts = np.bincount(bins, minlength=N_BINS)
    used = counts > 0
    means = np.bincount(bins, probability, N_BINS)[used] / counts[used]
    return means, np.bincount(bins, is_label, N_BINS)[used] / counts[used]


def calibration_errors(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return the expected calibration error, overall and by label.

    Overall: of the most probable label, in `N_BINS` bins
    (Naeini et al., "Obtaining well calibrated probabilities", 2015). By label:
    of its probability in all lines.

    Parameters
    ----------
    probabilities : ndarray, shape (n_lines, 4)
    labels : ndarray, shape (n_lines,)

    Returns
    -------
    dict of str to float
        `overall` and each label: 0 to 1.
    """
    predicted = probabilities.argmax(axis=1)
    errors = {"overall": _error(probabilities.max(axis=1), predicted == labels)}
    for code, label in enumerate(LABELS):
        errors[label] = _error(probabilities[:, code], labels == code)
    return errors


def _error(confidence: np.ndarray, is_right: np.ndarray) -> float:
    gaps = np.bincount(_bins(confidence), is_right - confidence.astype(np.float64), N_BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def _bins(probability: np.ndarray) -> np.ndarray:
    return np.minimum((probability * N_BINS).astype(np.int64), N_BINS - 1)
