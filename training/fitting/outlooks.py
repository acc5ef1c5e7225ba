"""What lines are to say of the lines around them: what the outlooks of the first layer learn.

Auxiliary targets, as of multi-task learning; the scores for them are features of the next layers.
Learnt from whole real pages alone: phrases and invented pages stand in no real place.
"""

import numpy as np

from classifier.labels import CONTENT
from training.fitting.material import Material

LINES_ABOVE = 8
PAGE_SHARE = 0.3  # of a page's lines that are content; of most pages it is less


def outlook_targets(material: Material) -> np.ndarray:
    """Say of each line what is around it: bool, shape (n_lines, 4).

    The columns are those of `OUTLOOK_NAMES`: whether the line below is content, whether that
    above is, whether most of the eight above are, and whether the page has much content.

    Parameters
    ----------
    material : Material

    Returns
    -------
    ndarray of bool, shape (n_lines, 4)
    """
    is_content = material.labels == CONTENT
    n_pages, pages = len(material.texts), material.line_pages()
    starts = np.cumsum(material.line_counts) - material.line_counts
    n_above = np.minimum(np.arange(len(pages)) - starts[pages], LINES_ABOVE)
    passed = np.concatenate([[0], np.cumsum(is_content)])  # content lines before each line
    n_content = passed[:-1] - passed[np.arange(len(pages)) - n_above]
    is_above = np.concatenate([[False], is_content[:-1]]) & (n_above > 0)
    is_below = np.concatenate([is_content[1:], [False]])
    is_below[starts[starts > 0] - 1] = False
    shares = np.bincount(pages, is_content, n_pages) / np.maximum(material.line_counts, 1)
    return np.column_stack(
        [is_below, is_above, 2 * n_content > n_above, (shares > PAGE_SHARE)[pages]]
    )


def outlook_weights(material: Material) -> np.ndarray:
    """Say how much each line counts for the outlooks: float32, shape (n_lines,).

    Parameters
    ----------
    material : Material

    Returns
    -------
    ndarray of float32, shape (n_lines,)
    """
    # Only real pages, and of other prints of them the lines that are new there, count both for
    # the first layer and for those that see contexts.
    return material.first_weights * (material.context_weights > 0)
