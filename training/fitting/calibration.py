"""Calibration: one temperature and a shift for each label, from pages that a model has not seen.

Boosting is over-confident on pages of new sites. What is fitted here is folded
into the third layer, so that labelling needs no step more.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax

from classifier.labels import LABELS
from classifier.weights import Layers

SMALLEST = 1e-9
# Rare labels count more, so that more of their lines are found: sponsored ones most, which
# are hardest to tell from content, then those of walls, which are missed more in other
# extractors' prints; content as well, since a lost title is worse than a menu's line that
# stays. With more of it for rare labels than this, navigation is no longer calibrated.
LABEL_WEIGHTS = (1.76, 1.0, 2.5, 3.12)


def fit_calibration(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Fit temperature and shifts by logistic loss, weighted by `LABEL_WEIGHTS`.

    Parameters
    ----------
    logits : ndarray of float, shape (n_lines, 4)
        Of lines that the model has not seen.
    labels : ndarray of uint8, shape (n_lines,)

    Returns
    -------
    ndarray of float64, shape (5,)
        Factor of all logits, then what is added to each.
    """
    logits = logits.astype(np.float64)
    is_label = np.eye(len(LABELS))[labels]
    weights = np.take(LABEL_WEIGHTS, labels)
    weights = weights / weights.sum()

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        probabilities = applied(parameters, logits)
        own = np.maximum((probabilities * is_label).sum(axis=1), 1e-12)
        slope = (probabilities - is_label) * weights[:, None]
        gradient = np.concatenate([[(slope * logits).sum()], slope.sum(axis=0)])
        return float(-(weights * np.log(own)).sum()), gradient

    start = np.array([1.0, 0, 0, 0, 0])
    return minimize(loss, start, jac=True, method="L-BFGS-B").x


def applied(parameters: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return calibrated probabilities of logits, shape (n_lines, 4).

    Parameters
    ----------
    parameters : ndarray, shape (5,)
        As `fit_calibration` returns them.
    logits : ndarray, shape (n_lines, 4)

    Returns
    -------
    ndarray, shape (n_lines, 4)
    """
    return softmax(logits * parameters[0] + parameters[1:], axis=1)


def calibrated(layers: Layers, parameters: np.ndarray) -> Layers:
    """Fold temperature and shifts into the third layer and what is carried over to it.

    Parameters
    ----------
    layers : Layers
    parameters : ndarray, shape (5,)
        As `fit_calibration` returns them.

    Returns
    -------
    Layers
    """
    third = layers.third
    return layers._replace(
        third=third._replace(
            scale=(third.scale * parameters[0]).astype(np.float32),
            bias=(third.bias * parameters[0] + parameters[1:]).astype(np.float32),
        ),
        carry=(layers.carry * parameters[0]).astype(np.float32),
    )


def cross_calibrated(
    models: dict[int, Layers], probabilities: np.ndarray, labels: np.ndarray, folds: np.ndarray
) -> tuple[np.ndarray, dict[int, Layers], np.ndarray]:
    """Calibrate what models say of the folds that they have not seen, and the models themselves.

    What is fitted for a fold is fitted on the others.

    Parameters
    ----------
    models : dict of int to Layers
        By the fold that a model has not seen.
    probabilities : ndarray of float32, shape (n_lines, 4)
        Of the lines of each fold, from its model.
    labels : ndarray of uint8, shape (n_lines,)
    folds : ndarray of int64, shape (n_lines,)

    Returns
    -------
    ndarray of float32, shape (n_lines, 4)
        Calibrated.
    dict of int to Layers
        By the fold that neither model nor calibration has seen, to be judged on other texts.
    ndarray of float64, shape (5,)
        What is fitted on all folds, for a model of the same recipe.
    """
    logits = np.log(np.maximum(probabilities.astype(np.float64), SMALLEST))
    found, by_fold = np.empty_like(probabilities), {}
    for fold, layers in models.items():
        own = folds == fold
        parameters = fit_calibration(logits[~own], labels[~own])
        found[own] = applied(parameters, logits[own])
        by_fold[fold] = calibrated(layers, parameters)
    return found, by_fold, fit_calibration(logits, labels)
