"""Quality gate: one fold fitted anew must not be worse than it was.

The bundled model has seen all gold pages, so it is never judged here: a model
is fitted on four folds and judged on the fifth.
"""

import json
from pathlib import Path

import numpy as np

from classifier.labels import LABELS
from training.corpus import N_FOLDS, Corpus
from training.crossfit import upper_logits
from training.evaluate import confusion, f1
from training.fit import apply_first_layer, fit_first_layer, measure
from training.phrases import Phrases

BASELINE = Path("data/baseline.json")
HELD_OUT = 0
SLACK = 0.005  # other processors and library versions round differently


def held_out_f1(corpus: Corpus, phrases: Phrases) -> dict[str, float]:
    """Fit on all folds but one and return F1 by label on that one, and their mean."""
    features = measure(corpus, phrases)
    folds = corpus.line_folds()
    scores = np.empty((len(folds), 4), np.float32)
    for fold in range(N_FOLDS):
        # For the second layer each fold is scored by a model without it; none has seen HELD_OUT.
        layer = fit_first_layer(features, corpus.labels, (folds != HELD_OUT) & (folds != fold))
        scores[folds == fold] = apply_first_layer(features.matrix[folds == fold], layer)
    lines = features.lines._replace(scores=scores)
    logits = upper_logits(lines, corpus.labels, corpus.folds != HELD_OUT)
    judged = folds == HELD_OUT
    values = f1(confusion(corpus.labels[judged], logits[judged].argmax(axis=1)))
    return {"macro": float(values.mean()), **dict(zip(LABELS, values.tolist(), strict=True))}


def shortfalls(found: dict[str, float], baseline: dict) -> list[str]:
    """Say for each figure that is below its floor by how much."""
    return [
        f"{name}: F1 {found[name]:.4f} is below the floor {floor:.4f}"
        for name, floor in baseline["floors"].items()
        if found[name] < floor
    ]


def write_baseline(found: dict[str, float], corpus: Corpus, path: Path, lower: bool) -> None:
    """Set the floors to what was found, less `SLACK`.

    Raises
    ------
    ValueError
        If a floor would become lower and `lower` is false.
    """
    floors = {name: round(value - SLACK, 4) for name, value in found.items()}
    if path.exists() and not lower:
        worse = shortfalls(floors, json.loads(path.read_text("utf-8")))
        if worse:
            raise ValueError(f"{'; '.join(worse)}. Give --lower if that is meant.")
    content = {"data_sha256": corpus.sha256, "held_out_fold": HELD_OUT, "floors": floors}
    path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
