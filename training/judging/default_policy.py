"""What dropping all that is not content costs and brings."""

import numpy as np

from classifier.adapt.metrics import confusion
from classifier.as_read import line_characters
from classifier.labels import CONTENT, PAYWALL, SPONSORED
from training.corpus import Corpus
from training.judging.scores import label_f1


def figures_of(corpus: Corpus, predicted: np.ndarray) -> dict:
    """Score labels, and say what dropping all that is not content costs and brings.

    Parameters
    ----------
    corpus : Corpus
    predicted : ndarray, shape (n_lines,)
        Codes; any but that of content for boilerplate of whatever kind.

    Returns
    -------
    dict of str to float
        F1 as by `label_f1`, and shares, 0 to 1: `content_loss`, of the characters of content,
        and of the lines dropped `boilerplate`, `paywall_dropped` and `sponsored_dropped`.
    """
    is_content = corpus.labels == CONTENT
    goes = predicted != CONTENT
    characters = line_characters(corpus.texts) * is_content
    return {
        **label_f1(confusion(corpus.labels, predicted)),
        "content_loss": float(characters[goes].sum() / characters.sum()),
        "boilerplate": float(goes[~is_content].mean()),
        "paywall_dropped": float(goes[corpus.labels == PAYWALL].mean()),
        "sponsored_dropped": float(goes[corpus.labels == SPONSORED].mean()),
    }
