"""What each step of the recipe gave: figures of `evaluate` as they were stored after it."""

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

from classifier.labels import LABELS
from training.judging.figures import SCORES
from training.pages.rows import read_rows
from training.reporting.markdown import table

STEPS = Path("data/steps.csv")
AT_LOSS = ("boilerplate", "paywall", "sponsored")


class Step(NamedTuple):
    """A commit after which the recipe was evaluated again, and what was new in it."""

    commit: str
    step: str


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
        If a commit is not in this history, or has no figures; if there is no history.
    """
    cells = []
    for row in read_rows(path, Step):
        figures = _figures_at(row.commit)
        f1 = [figures["macro_f1"], *(figures["labels"][label]["f1"] for label in LABELS)]
        shares = [figures["dropped"][name] for name in AT_LOSS]
        numbers = [*(f"{value:.3f}" for value in f1), *(f"{share:.1%}" for share in shares)]
        cells.append([*row, *numbers])
    head = ["commit", "what was new", "macro-F1", *LABELS]
    return table([*head, *(f"{name} dropped at 1 %" for name in AT_LOSS)], cells)


def _figures_at(commit: str) -> dict:
    done = _git("show", f"{commit}:{SCORES.as_posix()}")
    if done.returncode == 0:
        return json.loads(done.stdout)
    shallow = _git("rev-parse", "--is-shallow-repository")
    if shallow.returncode:
        raise ValueError(
            f"git finds no commits here ({shallow.stderr.partition(chr(10))[0]}); steps are told "
            "from a clone of the repository, as `git clone` makes it"
        )
    remedy = " (`git fetch --unshallow`)" if shallow.stdout.strip() == "true" else ""
    raise ValueError(
        f"{STEPS}: commit {commit} has no {SCORES} in this history; steps are told from a "
        f"clone of the repository with all of it{remedy}"
    )


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", *arguments], capture_output=True, check=False, encoding="utf-8"
        )
    except FileNotFoundError:
        raise ValueError(
            "git is not installed; it reads the commits that steps are told from"
        ) from None
