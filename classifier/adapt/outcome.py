"""What an adaptation gained: for people, and for the model to carry along."""

import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.adapt.fitting import Adaptation
from classifier.adapt.labelled_pages import LabelledPages, text_digest
from classifier.adapt.metrics import confusion, decided_confusion, f1, macro_f1
from classifier.adapt.thresholds import label_losses, loss_table
from classifier.labels import CONTENT, LABELS
from classifier.layers import probabilities


def describe(pages: LabelledPages, adaptation: Adaptation) -> str:
    """Lay out F1 on pages held out, before and after, for a terminal.

    Parameters
    ----------
    pages : LabelledPages
        Those that taught the model.
    adaptation : Adaptation
        What `adapt` made of them.

    Returns
    -------
    str
        A table with a row for each label; – where no line has it.
    """
    before = decided_confusion(pages, adaptation.before)
    after = decided_confusion(pages, adaptation.after)
    lines = before.sum(axis=1)
    rows = [
        f"{_counted(pages)}. F1 on pages held out:",
        f"{'':12} {'lines':>8} {'before':>8} {'after':>8}",
    ]
    for code, label in enumerate(LABELS):
        scores = (f"{f1(matrix)[code]:.3f}" if lines[code] else "–" for matrix in (before, after))
        rows.append(f"{label:12} {lines[code]:8} " + " ".join(f"{score:>8}" for score in scores))
    rows.append(f"{'mean':12} {lines.sum():8} {macro_f1(before):8.3f} {macro_f1(after):8.3f}")
    return "\n".join(rows)


def _counted(pages: LabelledPages) -> str:
    """Say how much is labelled."""
    n_pages, n_lines = len(pages.texts), int(pages.decided.sum())
    return (
        f"{n_pages} page{'s' * (n_pages != 1)}, {n_lines} line{'s' * (n_lines != 1)} with a label"
    )


def describe_labels(pages: LabelledPages, labels: npt.NDArray[np.uint8]) -> str:
    """Say how good labels are, and what dropping by them alone loses and drops.

    Parameters
    ----------
    pages : LabelledPages
        That did not teach the model.
    labels : ndarray of uint8, shape (n_lines,)
        Codes, as the model gives them.

    Returns
    -------
    str
        Two lines, for a terminal; – where no line has a label.
    """
    matrix = confusion(pages.labels[pages.decided], labels[pages.decided])
    n_lines = matrix.sum(axis=1)
    scores = (
        f"{label} {f1(matrix)[code]:.3f}" if n_lines[code] else f"{label} –"
        for code, label in enumerate(LABELS)
    )
    lost = label_losses(pages, labels).mean()
    is_boilerplate = pages.decided & (pages.labels != CONTENT)
    dropped = (labels[is_boilerplate] != CONTENT).sum() / max(is_boilerplate.sum(), 1)
    return (
        f"{_counted(pages)}. F1: {', '.join(scores)}\n"
        f"Without a threshold: content lost {lost:.3f}, boilerplate dropped {dropped:.3f}"
    )


def adapted_metadata(
    pages: LabelledPages, adaptation: Adaptation, origin: dict[str, Any]
) -> dict[str, Any]:
    """Describe an adapted model.

    Its table of content losses is that of the pages held out: what the model
    promised before was for other weights and other pages.

    Parameters
    ----------
    pages : LabelledPages
    adaptation : Adaptation
    origin : dict
        Metadata of the model that it began with.

    Returns
    -------
    dict
        Plain values.
    """
    from classifier import __version__

    confusions = {
        "before": decided_confusion(pages, adaptation.before),
        "after": decided_confusion(pages, adaptation.after),
    }
    return {
        "version": __version__,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "n_documents": len(pages.texts),
        "n_lines": int(pages.decided.sum()),
        "pages": sorted({text_digest(text) for text in pages.texts} | set(origin.get("pages", ()))),
        "strength": adaptation.strength,
        "scores": {name: _scores(matrix) for name, matrix in confusions.items()},
        "loss_table": loss_table(pages, probabilities(adaptation.after)[:, CONTENT]),
        "adapted_from": {
            name: value for name, value in origin.items() if name not in ("loss_table", "pages")
        },
    }


def _scores(matrix: npt.NDArray[np.int64]) -> dict[str, float | None]:
    """Give macro-F1 and F1 of each label; None for one that no line has."""
    occurs = matrix.sum(axis=1) > 0
    found = zip(LABELS, f1(matrix).tolist(), occurs, strict=True)
    return {
        "macro_f1": macro_f1(matrix),
        **{label: score if is_there else None for label, score, is_there in found},
    }
