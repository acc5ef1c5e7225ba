"""How well kept text matches the main content that people marked (WCXB, development pages).

The published rule: lower-cased words as a bag; precision, recall and F1 of the
kept text on each page, then the plain mean over pages.
"""

import re
from pathlib import Path

import numpy as np

from classifier.labels import CONTENT
from classifier.weights import Layers
from training.corpus import fold_of, lines_of
from training.judging.held_out import held_out_probabilities
from training.judging.intervals import mean_interval
from training.judging.scores import frequent
from training.pages.files import read_records

THRESHOLDS = tuple(step / 20 for step in range(1, 20))
LEAST_PAGES = 10  # of a page type
MEASURES = ("precision", "recall", "f1")


def read_wcxb(path: Path) -> list[dict]:
    """Read the pages that come with their marked main content; none if the file is not there.

    Parameters
    ----------
    path : Path
        JSON Lines, gzipped or not.

    Returns
    -------
    list of dict
    """
    if not path.exists():
        return []
    return [page for page in read_records(path) if "main_content" in page]


def words(text: str) -> list[str]:
    """Return the words of a text, lower-cased.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
    """
    return re.findall(r"\w+", text.lower())


def overlap(text: str, main: str, keeps: np.ndarray) -> np.ndarray:
    """Compare what is kept of a page with its main content, for several ways of keeping.

    Parameters
    ----------
    text, main : str
    keeps : ndarray of bool, shape (n_ways, n_lines)
        Of the lines that are not blank.

    Returns
    -------
    ndarray of float64, shape (n_ways, 3)
        Precision, recall and F1 of words.
    """
    lines = [words(line) for line in lines_of(text)]
    wanted = words(main)
    codes: dict[str, int] = {}
    flat = [codes.setdefault(word, len(codes)) for line in lines for word in line]
    target = np.bincount(np.array([codes.setdefault(w, len(codes)) for w in wanted], np.int64))
    target = np.pad(target, (0, len(codes) - len(target)))
    sizes = np.array([len(line) for line in lines], np.int64)
    line_of = np.repeat(np.arange(len(lines)), sizes)
    found = np.empty((len(keeps), 3))
    for way, keep in enumerate(keeps):
        kept = np.array(flat, np.int64)[keep[line_of]]
        common = np.minimum(np.bincount(kept, minlength=len(codes)), target).sum()
        found[way] = (
            common / max(len(kept), 1),
            common / max(len(wanted), 1),
            2 * common / max(len(kept) + len(wanted), 1),
        )
    return found


def wcxb_scores(documents: list[dict], models: dict[int, Layers]) -> dict:
    """Score held-out pages at the default policy, and at a threshold chosen on other folds.

    Parameters
    ----------
    documents : list of dict
        `text`, `main_content`, `group`, `page_type`.
    models : dict of int to Layers
        By the fold that a model has not seen.

    Returns
    -------
    dict
        `pages`, how many; `default` and `threshold`: `precision`, `recall` and `f1`, means
        over pages, and the `interval` of F1; `page_types`: for each `pages`, and F1 as
        `default` and `threshold`; `thresholds`: by fold.
    """
    texts = [document["text"] for document in documents]
    folds = np.array([fold_of(document["group"]) for document in documents])
    probabilities = held_out_probabilities(texts, folds, models)
    predicted = probabilities.argmax(axis=1)
    # The default policy first, then every threshold.
    content = probabilities[:, CONTENT].astype(np.float64)
    keeps = np.stack([predicted == CONTENT, *(content >= each for each in THRESHOLDS)])
    counts = [len(lines_of(text)) for text in texts]
    pages = np.split(keeps, np.cumsum(counts)[:-1], axis=1)
    measured = np.stack(
        [
            overlap(text, document["main_content"], own)
            for text, document, own in zip(texts, documents, pages, strict=True)
        ]
    )
    ways = np.empty(len(texts), np.int64)
    for fold in np.unique(folds):
        ways[folds == fold] = 1 + measured[folds != fold, 1:, 2].mean(axis=0).argmax()
    by_policy = {
        "default": measured[:, 0],
        "threshold": measured[np.arange(len(texts)), ways],
    }
    types = np.array([document["page_type"] for document in documents])
    return {
        "pages": len(texts),
        **{
            name: dict(zip(MEASURES, values.mean(axis=0).tolist(), strict=True))
            | {"interval": mean_interval(values[:, 2])}
            for name, values in by_policy.items()
        },
        "thresholds": [THRESHOLDS[ways[folds == fold][0] - 1] for fold in np.unique(folds)],
        "page_types": {
            kind: {
                "pages": n_pages,
                **{name: float(v[types == kind, 2].mean()) for name, v in by_policy.items()},
            }
            for kind, n_pages in frequent(types.tolist(), LEAST_PAGES)
        },
    }
