"""Classifiers of single lines, trained on the folds that they are not judged on."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from classifier.labels import LABELS, NAVIGATION
from training.corpus import Corpus

FASTTEXT = {"lr": 0.5, "epoch": 15, "wordNgrams": 2, "minn": 2, "maxn": 5, "dim": 50}

Predict = Callable[[Sequence[str]], np.ndarray]


def flat(lines: Sequence[str]) -> list[str]:
    """Put a single space between words, as fastText needs: a line end would end the line.

    Parameters
    ----------
    lines : sequence of str

    Returns
    -------
    list of str
    """
    return [" ".join(line.split()) for line in lines]


def fit_fasttext(lines: Sequence[str], labels: np.ndarray, **settings: float) -> Any:
    """Fit fastText on `flat` lines, by a file as it wants it.

    Parameters
    ----------
    lines : sequence of str
    labels : ndarray, shape (n_lines,)
    **settings : float
        As `fasttext.train_supervised` takes them.

    Returns
    -------
    object
        Its compiled model, whose `multilinePredict` labels lines: the Python
        wrapper's `predict` does not run on NumPy 2.

    Raises
    ------
    ImportError
        If fastText is not installed.
    """
    import fasttext

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.txt"
        rows = zip(labels, lines, strict=True)
        path.write_text("\n".join(f"__label__{LABELS[k]} {line}" for k, line in rows), "utf-8")
        # Several threads change the same weights at once: no two fits would be alike.
        return fasttext.train_supervised(str(path), verbose=0, thread=1, **settings).f


def train_fasttext(lines: Sequence[str], labels: np.ndarray) -> Predict:
    """Train fastText on words, word pairs and parts of words; its defaults learn too little.

    Parameters
    ----------
    lines : sequence of str
    labels : ndarray, shape (n_lines,)

    Returns
    -------
    callable
        Gives codes for a sequence of lines.

    Raises
    ------
    ImportError
        If fastText is not installed.
    """
    model = fit_fasttext(flat(lines), labels, **FASTTEXT)

    def predict(some: Sequence[str]) -> np.ndarray:
        names, _ = model.multilinePredict(flat(some), 1, 0.0, "strict")
        # A line of unknown words has no answer; most lines are navigation.
        codes = {f"__label__{label}": code for code, label in enumerate(LABELS)}
        return np.array([codes[n[0]] if n else NAVIGATION for n in names], np.uint8)

    return predict


def train_tfidf(lines: Sequence[str], labels: np.ndarray) -> Predict:
    """Train logistic regression on TF-IDF of words and word pairs.

    Parameters
    ----------
    lines : sequence of str
    labels : ndarray, shape (n_lines,)

    Returns
    -------
    callable
        Gives codes for a sequence of lines.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32),
        LogisticRegression(C=10, max_iter=60, tol=1e-3),
    )
    return model.fit(lines, labels).predict


TRAINERS = {"fastText": train_fasttext, "TF-IDF + logistic regression": train_tfidf}


def out_of_fold(corpus: Corpus, train: Callable[..., Predict]) -> np.ndarray:
    """Label every line with a classifier trained on the other folds.

    Parameters
    ----------
    corpus : Corpus
    train : callable
        Such as `train_tfidf`.

    Returns
    -------
    ndarray of uint8, shape (n_lines,)
    """
    lines = corpus.lines()
    folds = corpus.line_folds()
    predicted = np.empty(len(lines), np.uint8)
    for fold in np.unique(folds):
        own = folds == fold
        seen = np.flatnonzero(~own)
        predict = train([lines[i] for i in seen], corpus.labels[seen])
        predicted[own] = predict([lines[i] for i in np.flatnonzero(own)])
    return predicted
