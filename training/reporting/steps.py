"""What each step of the recipe gave: figures of `evaluate` as they were stored after it."""

import csv
import json
import subprocess
from pathlib import Path

from classifier.labels import LABELS
from training.judging.figures import SCORES
from training.reporting.markdown import table

STEPS = Path("data/steps.csv")
AT_LOSS = ("boilerplate", "paywall", "sponsored")


def step_table(path: Path = STEPS) -> str:
    """Lay out the figures that each listed commit has stored, all out of fold over gold.

    Parameters
    ----------
    path : Path, default data/steps.csv
        Rows of ``commit`` and ``step``, what was new in it.

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    ValueError
        If a commit is not in this history, or has no figures.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = []
    for row in rows:
        figures = _figures_at(row["commit"])
        f1 = [figures["macro_f1"], *(figures["labels"][label]["f1"] for label in LABELS)]
        shares = [figures["dropped"][name] for name in AT_LOSS]
        numbers = [*(f"{value:.3f}" for value in f1), *(f"{share:.1%}" for share in shares)]
        cells.append([row["commit"], row["step"], *numbers])
    head = ["commit", "what was new", "macro-F1", *LABELS]
    return table([*head, *(f"{name} dropped at 1 %" for name in AT_LOSS)], cells)


def _figures_at(commit: str) -> dict:
    done = subprocess.run(
        ["git", "show", f"{commit}:{SCORES.as_posix()}"], capture_output=True, check=False
    )
    if done.returncode:
        raise ValueError(
            f"{STEPS}: commit {commit} has no {SCORES} in this history; steps are told from a "
            "repository with all of it (`git fetch --unshallow`)"
        )
    return json.loads(done.stdout)
