"""Whether probabilities are right as often as they say."""

import numpy as np

from classifier.labels import LABELS
from training.judging.intervals import bootstrap

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


def calibration_scores(
    probabilities: np.ndarray, labels: np.ndarray, line_pages: np.ndarray
) -> dict[str, dict]:
    """Return the expected calibration error with its interval, overall and by label.

    Overall: of the most probable label, in `N_BINS` bins
    (Naeini et al., "Obtaining well calibrated probabilities", 2015). By label:
    of its probability in all lines.

    Drawn pages differ from what probabilities say by chance too, and an error of either
    sign adds to it: these intervals lie higher than those of other figures.

    Parameters
    ----------
    probabilities : ndarray, shape (n_lines, 4)
    labels : ndarray, shape (n_lines,)
    line_pages : ndarray of int, shape (n_lines,)
        The page of each line, from 0 on.

    Returns
    -------
    dict of str to dict
        `overall` and each label: `error`, 0 to 1, and `interval`; the `mean` of what was said, and
        the `share` of lines of which it was true.
    """
    n_lines = np.bincount(line_pages)

    def error(sums: np.ndarray) -> np.ndarray:
        return np.abs(sums[..., :N_BINS]).sum(axis=-1) / sums[..., N_BINS]

    found = {}
    for name, (confidence, is_right) in _confidences(probabilities, labels).items():
        gaps = _page_gaps(confidence, is_right, line_pages)
        pages = np.concatenate([gaps, n_lines[:, np.newaxis]], axis=1)
        found[name] = {
            "error": float(error(pages.sum(axis=0))),
            "interval": bootstrap(pages, error).tolist(),
            "mean": float(confidence.mean(dtype=np.float64)),
            "share": float(is_right.mean()),
        }
    return found


def _confidences(
    probabilities: np.ndarray, labels: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return what each error compares: a probability, and whether it came true."""
    predicted = probabilities.argmax(axis=1)
    of_labels = {
        label: (probabilities[:, code], labels == code) for code, label in enumerate(LABELS)
    }
    return {"overall": (probabilities.max(axis=1), predicted == labels), **of_labels}


def _page_gaps(confidence: np.ndarray, is_right: np.ndarray, line_pages: np.ndarray) -> np.ndarray:
    """Add up, a row each page and a column each bin, by how much the probability was too low."""
    n = line_pages.max(initial=0) + 1
    cells = line_pages * N_BINS + _bins(confidence)
    gaps = np.bincount(cells, is_right - confidence.astype(np.float64), n * N_BINS)
    return gaps.reshape(n, N_BINS)


def _bins(probability: np.ndarray) -> np.ndarray:
    return np.minimum((probability * N_BINS).astype(np.int64), N_BINS - 1)
