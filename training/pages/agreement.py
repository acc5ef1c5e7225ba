"""How far labels of two passes agree: ours with those of gold, and ours with ours.

Some gold pages were among the pages that were read for `training.pages.additions`, first those
of collections and later those of packages, and not marked as such; some pages of packages
were read twice. The second labels stand in ``data/labels/reread``.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from classifier.adapt.metrics import confusion, f1
from classifier.annotate.agreement import kappa
from classifier.labels import LABELS
from training.pages.additions import ADDITIONS, AddedRow
from training.pages.check import unknown_labels
from training.pages.rows import read_label_rows
from training.pages.standoff import LABELS_FOLDER, read_labels
from training.pages.testset import TESTSET

Line = tuple[str, int, str]  # its page, its number there, and its hash
REREAD = LABELS_FOLDER / "reread"
SECOND_PASSES = {
    "gold, read among pages of collections": REREAD / "gold.csv.gz",
    "gold, read among pages of packages": REREAD / "gold-packages.csv.gz",
    "pages of packages, read twice": REREAD / "packages.csv.gz",
}


def labels_by_line(rows: Iterable) -> dict[Line, str]:
    """Return the label of each line that a label row points at.

    Parameters
    ----------
    rows : iterable of (LabelRow or AddedRow)

    Returns
    -------
    dict of Line to str
    """
    return {(row.id, row.line, row.hash): row.label for row in rows}


def first_pass() -> dict[Line, str]:
    """Return the label of each line of all labelled pages.

    Returns
    -------
    dict of Line to str

    Raises
    ------
    ValueError
        If a label is unknown.
    """
    labels = read_labels()
    if unknown := unknown_labels(labels):
        raise ValueError(unknown[0])
    found = labels_by_line(row for rows in labels.values() for row in rows)
    for folder in (ADDITIONS, TESTSET):
        for path in folder.glob("*.csv.gz"):
            found |= read_labels_by_line(path)
    return found


def read_labels_by_line(path: Path) -> dict[Line, str]:
    """Read the label of each line of a file of label rows.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of Line to str

    Raises
    ------
    ValueError
        If a label is unknown; the message names file and row.
    """
    return labels_by_line(read_label_rows(path, AddedRow))


def lost_lines(path: Path, first: dict[Line, str], second: dict[Line, str]) -> list[str]:
    """Say how many lines of a second pass are none of the first, and which comes first.

    Parameters
    ----------
    path : Path
        Of the second pass.
    first, second : dict of Line to str

    Returns
    -------
    list of str
        One sentence, or none.
    """
    lost = [line for line in second if line not in first]
    if not lost:
        return []
    page, number, _ = lost[0]
    counts = f"{len(lost):,} of {len(second):,} rows fit no labelled line"
    return [f"{path}: {counts}, first line {number} of {page}"]


def agreement_text(first: dict[Line, str], second: dict[Line, str]) -> str:
    """Say on how many lines two sets of labels agree, and how well label by label.

    Parameters
    ----------
    first, second : dict of Line to str

    Returns
    -------
    str
    """
    both = [line for line in second if line in first]
    if not both:
        return "no line has two labels"
    labels, others = (
        np.array([LABELS.index(given[line]) for line in both], np.int64)
        for given in (first, second)
    )
    scores = f1(confusion(labels, others))
    alike = kappa(labels, others)
    by_label = ", ".join(f"{k} {v:.3f}" for k, v in zip(LABELS, scores, strict=True))
    return (
        f"{len({page for page, *_ in both})} pages, {len(both):,} lines: "
        f"{np.mean(labels == others):.1%} alike, "
        f"kappa {'undefined' if alike is None else format(alike, '.3f')}; F1 {by_label}"
    )
