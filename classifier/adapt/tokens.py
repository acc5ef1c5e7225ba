"""The tokens of labelled pages, as a matrix of those that occur."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.adapt.labelled_pages import LabelledPages
from classifier.adapt.offset_regression import sparse
from classifier.as_read import as_read, rows_of_lines
from classifier.columns import read_columns
from classifier.features import final_logits, first_layer_inputs
from classifier.kernels.scored_lines import ScoredLines
from classifier.weights import Layers


class Tokens(NamedTuple):
    """What the pages hold: lines, and the tokens that occur in them.

    Attributes
    ----------
    lines : ScoredLines
        Of texts as they are read.
    rows : ndarray of int64, shape (n_lines,)
        Which of these each line of the pages is read as.
    matrix : scipy.sparse.csr_matrix, shape (n_lines, n_tokens)
    places : ndarray of int64, shape (n_tokens,)
        Places of the tokens in the first layer's table.
    """

    lines: ScoredLines
    rows: npt.NDArray[np.int64]
    matrix: Any
    places: npt.NDArray[np.int64]

    def logits(
        self, layers: Layers, added: npt.NDArray[np.float64] | float = 0.0
    ) -> npt.NDArray[np.float32]:
        """Score the lines.

        Parameters
        ----------
        layers : Layers
            The first is not looked at.
        added : ndarray of float64, shape (n_lines, 4), optional
            To the scores of the first layer.

        Returns
        -------
        ndarray of float32, shape (n_lines, 4)
            Logits.
        """
        scores = self.lines.scores.copy()
        scores[self.rows] += added  # once for lines that are read as one
        return final_logits(self.lines._replace(scores=scores), layers)[self.rows]


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
    """
    (column,) = read_columns(pages.texts)
    reading = as_read(column)
    lines, token_rows = first_layer_inputs(reading.column, layers.first)
    rows = rows_of_lines(column, reading, lines.document_offsets)
    matrix = sparse(token_rows)
    occurring = np.unique(matrix.indices).astype(np.int64)
    places = occurring[occurring < len(layers.first.table)]
    return Tokens(lines, rows, matrix[rows][:, places], places)
