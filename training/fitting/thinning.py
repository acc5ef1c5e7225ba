"""Thin out the lines that the context layers learn from: few easy ones stand for all of them.

Words alone tell what most lines are. From such a line a context layer has little to
learn. So a line stays with a chance that grows with how wrong the first layer is about it
and with what it weighs, and weighs one over that chance more: sums over lines are in the
mean what they were (importance sampling, as in A. Katharopoulos and F. Fleuret,
"Not All Samples Are Created Equal: Deep Learning with Importance Sampling", 2018).
"""

import numpy as np
from scipy.special import softmax

from training.corpus import UNLABELLED
from training.fitting.gathering import VIEW_WEIGHT
from training.fitting.material import Material

LEAST_CHANCE = 0.15  # of staying, of a line that the first layer is sure of, and right about
CHANCE_OF_ERROR = 2.0  # times the probability that the first layer leaves to other labels


def thinned(material: Material, scores: np.ndarray) -> Material:
    """Leave lines out of fitting the context layers, and let others weigh more for them.

    Parameters
    ----------
    material : Material
    scores : ndarray of float32, shape (n_lines, 4)
        By label, of first layers that have not seen the lines.

    Returns
    -------
    Material
    """
    known = material.labels != UNLABELLED
    labels = np.where(known, material.labels, 0)
    missed = 1 - softmax(scores, axis=1)[np.arange(len(labels)), labels]
    chances = np.clip(CHANCE_OF_ERROR * missed, LEAST_CHANCE, 1)
    chances *= np.minimum(material.context_weights / VIEW_WEIGHT, 1)  # less for light lines
    stays = np.random.default_rng(0).random(len(labels)) < chances
    weights = np.divide(material.context_weights, chances, where=stays, out=np.zeros(len(labels)))
    return material._replace(context_weights=weights.astype(np.float32))
