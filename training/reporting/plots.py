"""Plots of held-out labels: confusion, precision and recall, reliability, content lost."""

from pathlib import Path

import numpy as np

from classifier.adapt.metrics import confusion
from classifier.as_read import line_characters
from classifier.labels import COLOURS, CONTENT, LABELS
from training.corpus import Corpus
from training.judging.reliability import reliability

CURVE_POINTS = 400

# How a line of each label is drawn in every plot; the styles tell them apart in grey, too.
LINES = {
    label: {"label": label, "color": COLOURS[label], "linestyle": style}
    for label, style in zip(LABELS, ("-", "--", "-.", ":"), strict=True)
}
MEAN = {"label": "mean", "color": "black", "linestyle": (0, (6, 1, 1, 1, 1, 1)), "linewidth": 1}
POINTS = {"marker": "o", "markersize": 4}


def precision_recall(probability: np.ndarray, is_label: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return recall and precision of lines by falling probability, at most `CURVE_POINTS` each.

    Parameters
    ----------
    probability : ndarray, shape (n_lines,)
        Of one label.
    is_label : ndarray of bool, shape (n_lines,)

    Returns
    -------
    recall, precision : ndarray of float64
    """
    hits = np.cumsum(is_label[np.argsort(-probability, kind="stable")])
    places = np.unique(np.linspace(0, len(hits) - 1, CURVE_POINTS).astype(np.int64))
    # Rare labels end early: their own places, too.
    own = np.searchsorted(hits, np.linspace(1, hits[-1], CURVE_POINTS))
    places = np.unique(np.concatenate([places, own]))
    return hits[places] / hits[-1], hits[places] / (places + 1)


def loss_curve(corpus: Corpus, probabilities: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the share of content characters lost and of boilerplate lines dropped, rising.

    Parameters
    ----------
    corpus : Corpus
    probabilities : ndarray, shape (n_lines, 4)

    Returns
    -------
    lost, dropped : ndarray of float64
        0 to 1.
    """
    content = probabilities[:, CONTENT].astype(np.float64)
    is_content = corpus.labels == CONTENT
    order = np.argsort(content[is_content], kind="stable")
    lost = np.cumsum(line_characters(corpus.texts)[is_content][order])
    boilerplate = np.sort(content[~is_content])
    dropped = np.searchsorted(boilerplate, content[is_content][order]) / len(boilerplate)
    places = np.unique(np.geomspace(1, len(lost), CURVE_POINTS).astype(np.int64) - 1)
    return lost[places] / lost[-1], dropped[places]


def write_plots(
    folder: Path, corpus: Corpus, probabilities: np.ndarray, curve: dict[str, dict]
) -> None:
    """Write one SVG file a plot.

    Parameters
    ----------
    folder : Path
    corpus : Corpus
    probabilities : ndarray of float32, shape (n_lines, 4)
        Out of fold, calibrated.
    curve : dict of str to dict
        Scores by how much was learnt from; none leaves the plot out, and removes an earlier
        one, which is of other pages.
    """
    plots = {
        "confusion": _confusion_figure(corpus, probabilities),
        "precision-recall": _precision_recall_figure(corpus, probabilities),
        "reliability": _reliability_figure(corpus, probabilities),
        "content-loss": _loss_figure(corpus, probabilities),
    }
    if curve:
        plots["learning-curve"] = _learning_figure(curve)
    else:
        (folder / "learning-curve.svg").unlink(missing_ok=True)
    save(folder, plots)


def _confusion_figure(corpus: Corpus, probabilities: np.ndarray):
    page, axes = _page()
    matrix = confusion(corpus.labels, probabilities.argmax(axis=1))
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix):
        shade = "white" if shares[row, column] > 0.5 else "black"
        text = f"{count:,}\n{shares[row, column]:.1%}"
        axes.text(column, row, text, ha="center", va="center", color=shade)
    axes.set_xticks(range(len(LABELS)), LABELS)
    axes.set_yticks(range(len(LABELS)), LABELS)
    axes.set(xlabel="predicted", ylabel="labelled", title="Lines, and shares of the label")
    return page


def _precision_recall_figure(corpus: Corpus, probabilities: np.ndarray):
    page, axes = _page()
    for code, label in enumerate(LABELS):
        if (is_label := corpus.labels == code).any():
            axes.plot(*precision_recall(probabilities[:, code], is_label), **LINES[label])
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.01))
    axes.legend()
    return page


def _reliability_figure(corpus: Corpus, probabilities: np.ndarray):
    page, axes = _page()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    for code, label in enumerate(LABELS):
        points = reliability(probabilities[:, code], corpus.labels == code)
        axes.plot(*points, **POINTS, **LINES[label])
    axes.set(xlabel="probability", ylabel="share of lines with the label")
    axes.legend()
    return page


def _loss_figure(corpus: Corpus, probabilities: np.ndarray):
    page, axes = _page()
    axes.plot(*loss_curve(corpus, probabilities))
    axes.set(xscale="log", xlim=(1e-4, 1), ylim=(0, 1.01))
    axes.set(xlabel="content characters lost", ylabel="boilerplate lines dropped")
    return page


def _learning_figure(curve: dict[str, dict]):
    page, axes = _page()
    pages = [row["pages"] for row in curve.values()]
    for score, line in {"macro_f1": MEAN, **LINES}.items():
        values = [row[score] for row in curve.values()]
        axes.plot(pages, values, **POINTS, **line)
    axes.set(xlabel="pages learnt from", ylabel="F1 on pages of other groups")
    axes.legend()
    return page


def _page():
    """Make a figure with one pair of axes; return both."""
    page = blank_figure(6, 5)
    return page, page.add_subplot()


def blank_figure(width: float, height: float):
    """Make a figure without a window.

    Parameters
    ----------
    width, height : float
        Inches.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    page = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(page)
    return page


def save(folder: Path, plots: dict) -> None:
    """Write figures as SVG files; the same figures make the same files.

    Parameters
    ----------
    folder : Path
    plots : dict of str to matplotlib.figure.Figure
        By the name of the file, without its ending.
    """
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "linesift"}):
        for name, page in plots.items():
            page.savefig(folder / f"{name}.svg", metadata={"Date": None})
