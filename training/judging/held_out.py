"""What models say of pages that they have not seen."""

from collections.abc import Sequence

import numpy as np

from classifier import LineClassifier
from classifier.labels import LABELS
from classifier.weights import Layers


def held_out_probabilities(
    texts: Sequence[str], folds: np.ndarray, models: dict[int, Layers]
) -> np.ndarray:
    """Label pages, each with the model that has not seen its fold.

    Parameters
    ----------
    texts : sequence of str, length n_documents
    folds : ndarray of int64, shape (n_documents,)
    models : dict of int to Layers
        For each fold that a page is in.

    Returns
    -------
    ndarray of float32, shape (n_lines, 4)
        Of all lines that are not blank, page after page.
    """
    pages: dict[int, np.ndarray] = {}
    for fold, layers in models.items():
        own = np.flatnonzero(folds == fold)
        found = LineClassifier(layers).label_batch([texts[page] for page in own])
        for place, page in enumerate(own.tolist()):
            rows = slice(*found.document_offsets[place : place + 2])
            pages[page] = found.probabilities[rows]
    empty = np.empty((0, len(LABELS)), np.float32)
    return np.concatenate([empty, *(pages[page] for page in range(len(texts)))])
