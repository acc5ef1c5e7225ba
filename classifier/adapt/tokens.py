"""The tokens of labelled pages, as a matrix of those that occur."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.adapt.labelled_pages import LabelledPages
from classifier.adapt.offset_regression import sparse
from classifier.as_read import as_read
from classifier.columns import read_columns
from classifier.features import first_layer_inputs
from classifier.kernels.scored_lines import ScoredLines
from classifier.weights import Layers


class Tokens(NamedTuple):
    """What the pages hold: lines, and the tokens that occur in them.

    Attributes
    ----------
    lines : ScoredLines
    matrix : scipy.sparse.csr_matrix, shape (n_lines, n_tokens)
    places : ndarray of int64, shape (n_tokens,)
        Places of the tokens in the first layer's table.
    """

    lines: ScoredLines
    matrix: Any
    places: npt.NDArray[np.int64]


def read_tokens(pages: LabelledPages, layers: Layers) -> Tokens:
    """Measure pages by the first layer's tokens.

    Parameters
    ----------
    pages : LabelledPages
    layers : Layers
        The first alone is looked at; it scores the lines.

    Returns
    -------
    Tokens
        Of texts as they are read.
    """
    (column,) = read_columns(pages.texts)
    lines, rows = first_layer_inputs(as_read(column), layers.first)
    matrix = sparse(rows)
    occurring = np.unique(matrix.indices).astype(np.int64)
    places = occurring[occurring < len(layers.first.table)]
    return Tokens(lines, matrix[:, places], places)
