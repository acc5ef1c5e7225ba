"""Quality gate: what is fitted anew must not be worse on one fold than it was.

The bundled model has seen all gold pages, so it is never judged here: models
are fitted on four folds and judged on the fifth.
"""

import tempfile
from pathlib import Path

import numpy as np

from classifier import LineClassifier
from classifier.adapt.metrics import confusion, f1
from classifier.labels import LABELS
from training.corpus import Corpus, chosen_pages
from training.fitting.fit import fit_model
from training.fitting.gathering import gold_pages, invented_pages, single_phrases
from training.fitting.material import joined
from training.judging.figures import read_figures, write_figures
from training.phrases import Phrases

BASELINE = Path("data/baseline.json")
HELD_OUT = 0
N_FITS = 2
SLACK = 0.005  # other processors and library versions round differently


def held_out_f1(corpus: Corpus, phrases: Phrases, invented: Corpus) -> dict[str, float]:
    """Fit on all folds but one and return F1 by label on that one, and their mean.

    Without views and placed phrases, which would take longer than a gate may. Twice,
    with what is learnt from in another order, so that other easy lines are drawn to learn from
    and CatBoost samples other lines; the first layers are the same. F1 of a rare label differs
    by some hundredths from one draw to the next, less in the mean.

    Parameters
    ----------
    corpus : Corpus
    phrases : Phrases
    invented : Corpus

    Returns
    -------
    dict of str to float
        `macro` and each label: 0 to 1.
    """
    parts = [gold_pages(corpus), single_phrases(phrases), invented_pages(invented)]
    judge = chosen_pages(corpus, corpus.folds == HELD_OUT)
    values = np.zeros(len(LABELS))
    with tempfile.TemporaryDirectory() as folder:  # of first layers, which are fitted once
        for turn in range(N_FITS):
            layers = fit_model(joined(parts, turn), HELD_OUT, Path(folder))
            found = LineClassifier(layers).label_batch(judge.texts).labels
            values += f1(confusion(judge.labels, found)) / N_FITS
    return {"macro": float(values.mean()), **dict(zip(LABELS, values.tolist(), strict=True))}


def below(found: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    """Return the figures that are below their floors.

    Parameters
    ----------
    found : dict of str to float
        As `held_out_f1` returns it.
    floors : dict of str to float
        By the same names, or some of them.

    Returns
    -------
    dict of str to float
    """
    return {name: found[name] for name, floor in floors.items() if found[name] < floor}


def shortfalls(found: dict[str, float], floors: dict[str, float]) -> list[str]:
    """Say for each figure that is below its floor by how much.

    Parameters
    ----------
    found, floors : dict of str to float
        As for `below`.

    Returns
    -------
    list of str
    """
    return [
        f"{name}: F1 {value:.4f} is below the floor {floors[name]:.4f}"
        for name, value in below(found, floors).items()
    ]


def write_baseline(found: dict[str, float], corpus: Corpus, path: Path, lower: bool) -> None:
    """Set the floors to what was found, less `SLACK`.

    Parameters
    ----------
    found : dict of str to float
        As `held_out_f1` returns it.
    corpus : Corpus
    path : Path
        Of the floors, JSON.
    lower : bool
        Whether floors may fall.

    Raises
    ------
    ValueError
        If a floor would become lower and `lower` is false.
    """
    floors = {name: round(value - SLACK, 4) for name, value in found.items()}
    if path.exists() and not lower:
        old = read_figures(path)["floors"]
        if lower_floors := below(floors, old):
            fallen = "; ".join(
                f"{name}: the floor would fall from {old[name]:.4f} to {value:.4f}"
                for name, value in lower_floors.items()
            )
            raise ValueError(f"{path} stays as it is. {fallen}. Give --lower if that is meant.")
    content = {"data_sha256": corpus.sha256, "floors": floors}
    write_figures(path, content)
