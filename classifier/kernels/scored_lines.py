"""What passes from the first layer to those behind it, and what training asks for.

Loads no kernel, so that modules may import it at their top.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class ScoredLines(NamedTuple):
    """Lines of a column after the first layer, a row a labelled line.

    Attributes
    ----------
    starts, ends : ndarray of int64, shape (n_lines,)
        Byte offsets in the UTF-8 of the line's document.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``i`` are ``document_offsets[i]:document_offsets[i + 1]``.
    scores : ndarray of float32, shape (n_lines, 4)
        A column a label.
    outlooks : ndarray of float32, shape (n_lines, 4)
        What a line says of the lines around it, a column for each of
        `classifier.kernels.first_layer.feature_layout.OUTLOOK_NAMES`.
    facts : ndarray of uint8, shape (n_lines, N_FACTS)
        Buckets, see `classifier.kernels.first_layer.feature_layout.FACT_NAMES`.
    patterns : ndarray of int64, shape (n_lines,)
        A bit for each of `classifier.kernels.first_layer.feature_layout.PATTERN_NAMES`.
    hashes : ndarray of uint64, shape (n_lines,)
        Equal for lines that differ only in case, digits and white space.
    terms : ndarray of uint32, shape (n_terms,)
        What lines are compared by, see `classifier.kernels.first_layer.units`.
    term_offsets : ndarray of int64, shape (n_lines + 1,)
        Terms of line ``i`` are ``terms[term_offsets[i]:term_offsets[i + 1]]``.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    document_offsets: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    outlooks: npt.NDArray[np.float32]
    facts: npt.NDArray[np.uint8]
    patterns: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint64]
    terms: npt.NDArray[np.uint32]
    term_offsets: npt.NDArray[np.int64]


class Collected(NamedTuple):
    """Features as training wants them, copied out by the layer that measures them.

    Attributes
    ----------
    is_wanted : bool
        If not, nothing is written, and arrays may have no room.
    tokens : ndarray of uint32, shape (n_tokens,)
        By the first layer: places of the tokens in its table, line after line.
    token_offsets : ndarray of int64, shape (n_lines + 1,)
        By the first layer: tokens of line ``i`` are
        ``tokens[token_offsets[i]:token_offsets[i + 1]]``; the first element is not written.
    columns : ndarray of uint8, shape (n_lines, N_COLUMNS)
        By a context layer, see `classifier.kernels.context.inputs.COLUMN_NAMES`.
    """

    is_wanted: bool = False
    tokens: npt.NDArray[np.uint32] = np.empty(0, np.uint32)
    token_offsets: npt.NDArray[np.int64] = np.empty(0, np.int64)
    columns: npt.NDArray[np.uint8] = np.empty((0, 0), np.uint8)
