"""Views of a document: the same labelled lines, as another extractor might print them.

Gold pages are printed whole, with all their menus. Most people's text has been
through a main-content extractor that took some of these away. A model that has
only seen whole pages takes a title without a menu above it for a menu.
"""

from typing import NamedTuple

import numpy as np

from classifier.labels import NAVIGATION
from classifier.layers import ScoredLines

THINNED_SHARE = (0.3, 1.0)  # of a page's runs of navigation lines, drawn for each page


class View(NamedTuple):
    """Some lines of some documents.

    Attributes
    ----------
    rows : ndarray of int64, shape (n_lines,)
        Rows of the whole corpus, in order.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
    """

    rows: np.ndarray
    document_offsets: np.ndarray


def select_documents(lines: ScoredLines, documents: np.ndarray) -> View:
    """Take the documents chosen by a bool array, whole."""
    sizes = np.diff(lines.document_offsets)
    rows = np.flatnonzero(np.repeat(documents, sizes))
    return View(rows, np.concatenate([[0], np.cumsum(sizes[documents])]))


def thinned(lines: ScoredLines, labels: np.ndarray, documents: np.ndarray, seed: int = 0) -> View:
    """Take the chosen documents without a part of their runs of navigation lines.

    Each run of navigation lines goes with a probability drawn for its page
    from `THINNED_SHARE`; all other lines stay.
    """
    rng = np.random.default_rng(seed)
    rows, sizes = [], []
    for document in np.flatnonzero(documents):
        first, last = lines.document_offsets[document : document + 2]
        own = labels[first:last]
        run = np.cumsum(np.concatenate([[0], own[1:] != own[:-1]])) if len(own) else own
        goes = rng.random(run.max(initial=0) + 1) < rng.uniform(*THINNED_SHARE)
        kept = first + np.flatnonzero((own != NAVIGATION) | ~goes[run])
        rows.append(kept)
        sizes.append(len(kept))
    return View(np.concatenate(rows), np.concatenate([[0], np.cumsum(sizes)]))


def view_of(lines: ScoredLines, view: View) -> ScoredLines:
    """Return the lines of a view."""
    return ScoredLines(
        *(
            view.document_offsets.astype(np.int64)
            if name == "document_offsets"
            else np.ascontiguousarray(array[view.rows])
            for name, array in lines._asdict().items()
        )
    )
