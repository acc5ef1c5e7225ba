"""Small made-up pages, and probabilities of their lines, for tests of judging."""

import numpy as np

from classifier.labels import LABELS
from training.corpus import Corpus, fold_of


def corpus_of(pages, language="fr"):
    """Make a corpus of {group: [(text of a line, label), …]}, a page each."""
    common = {"language": language, "source": "made up", "page_type": "article"}
    records = [{"id": group, "group": group, **common} for group in pages]
    return Corpus(
        ["\n\n".join(text for text, _ in lines) for lines in pages.values()],
        np.array([label for lines in pages.values() for _, label in lines], np.uint8),
        np.array([len(lines) for lines in pages.values()]),
        np.array([fold_of(group) for group in pages]),
        records,
        "",
    )


def certain(labels):
    """Return probabilities that are sure of the given labels."""
    return np.eye(len(LABELS), dtype=np.float32)[labels]
