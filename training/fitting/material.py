"""What models are fitted on: pages, the label and weight of each line, and whose fold it is."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from classifier.labels import CONTENT
from training.corpus import UNLABELLED, Corpus, lines_of

# A title is short, stands below a menu and is missed more than any other line. Three
# times, because less still lost the title of the one page labelled by hand.
OPENING_WEIGHT = 3.0


class Material(NamedTuple):
    """Pages to fit on.

    Attributes
    ----------
    texts : list of str, length n_documents
    folds : ndarray of int64, shape (n_documents,)
        0–4.
    labels : ndarray of uint8, shape (n_lines,)
        `UNLABELLED` for lines that nothing is known of; they are only context.
    first_weights, context_weights : ndarray of float32, shape (n_lines,)
        How much a line counts in fitting the first layer, and the others; 0 leaves it out.
    line_counts : ndarray of int64, shape (n_documents,)
    """

    texts: list[str]
    folds: np.ndarray
    labels: np.ndarray
    first_weights: np.ndarray
    context_weights: np.ndarray
    line_counts: np.ndarray

    line_folds, line_pages = Corpus.line_folds, Corpus.line_pages


def pages(
    texts: Iterable[str],
    folds: np.ndarray,
    labels: np.ndarray,
    first: float | np.ndarray,
    context: float | np.ndarray,
) -> Material:
    """Make material of pages; weights for all lines, or one for each.

    Parameters
    ----------
    texts : iterable of str
    folds : ndarray of int, shape (n_documents,)
    labels : ndarray, shape (n_lines,)
    first, context : float or ndarray of float, shape (n_lines,)

    Returns
    -------
    Material
    """
    texts = list(texts)
    line_counts = np.array([len(lines_of(text)) for text in texts], np.int64)
    known = labels != UNLABELLED
    context = context * np.where(_openings(labels, line_counts), OPENING_WEIGHT, 1)
    return Material(
        texts,
        np.asarray(folds, np.int64),
        np.asarray(labels, np.uint8),
        (known * np.float32(1) * first).astype(np.float32),
        (known * np.float32(1) * context).astype(np.float32),
        line_counts,
    )


def _openings(labels: np.ndarray, line_counts: np.ndarray) -> np.ndarray:
    """Find lines of content with something else, or nothing, above: bool, shape (n_lines,)."""
    above = np.concatenate([[UNLABELLED], labels[:-1]])
    starts = np.cumsum(line_counts) - line_counts
    above[starts[line_counts > 0]] = UNLABELLED
    return (labels == CONTENT) & (above != CONTENT)


def joined(parts: Sequence[Material], turn: int = 0) -> Material:
    """Put material together, beginning with part `turn` and ending with the one before.

    From material in another order `training.fitting.thinning` draws other lines to learn from.

    Parameters
    ----------
    parts : sequence of Material
    turn : int, default 0
        Less than the number of parts.

    Returns
    -------
    Material
    """
    texts, *arrays = zip(*parts[turn:], *parts[:turn], strict=True)
    return Material(list(chain(*texts)), *(np.concatenate(array) for array in arrays))
