"""What goes when a given share of the characters of content is lost."""

import numpy as np

from classifier.as_read import line_characters
from classifier.labels import CONTENT, LABELS
from training.corpus import Corpus
from training.judging.intervals import draws, limits

LOSS_AT = 0.01  # share of content characters lost at which dropping is reported


def dropped_at_loss(corpus: Corpus, probabilities: np.ndarray) -> dict:
    """Find how much goes when `LOSS_AT` of all content characters is lost.

    Lines go by rising probability of content, whatever their label.

    Parameters
    ----------
    corpus : Corpus
    probabilities : ndarray, shape (n_lines, 4)

    Returns
    -------
    dict
        `content_loss`; the `threshold`; the share of lines that go, 0 to 1, of `boilerplate`
        and of each label but content; and by the same names `intervals`, each of two floats:
        the threshold is found anew on the pages drawn.
    """
    content = probabilities[:, CONTENT].astype(np.float64)
    order = np.argsort(content, kind="stable")
    content, labels, pages = content[order], corpus.labels[order], corpus.line_pages()[order]
    characters = (line_characters(corpus.texts) * (corpus.labels == CONTENT))[order]

    def shares(n_drawn: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the threshold, and shares of boilerplate and its labels; NaN for none of them."""
        lines = n_drawn[pages]
        lost = np.cumsum(lines * characters)
        last = min(np.searchsorted(lost, LOSS_AT * lost[-1], side="right"), len(lost) - 1)
        n_below = np.searchsorted(content, content[last])  # all lines strictly below it go
        goes, stand = (
            np.bincount(labels[:n], lines[:n], len(LABELS))[CONTENT + 1 :]
            for n in (n_below, len(labels))
        )
        goes, stand = np.append(goes.sum(), goes), np.append(stand.sum(), stand)
        found = np.full(len(stand), np.nan)
        np.divide(goes, stand, out=found, where=stand > 0)
        return float(content[last]), found

    names = ("boilerplate", *LABELS[CONTENT + 1 :])
    threshold, found = shares(np.ones(len(corpus.texts), np.int64))
    low, high = limits(np.array([shares(drawn)[1] for drawn in draws(len(corpus.texts))]))
    return {
        "content_loss": LOSS_AT,
        "threshold": threshold,
        **dict(zip(names, found.tolist(), strict=True)),
        "intervals": dict(zip(names, np.stack([low, high], axis=1).tolist(), strict=True)),
    }
