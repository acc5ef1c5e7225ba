"""How often a view's line got a wrong label: rates from lines that were read one by one.

``data/labels/alignment_check.csv`` points at lines of the views and says which
label was carried over and which one the page and gold's labels call for; that
gold itself may be wrong is not counted. Two samples a view, both drawn by the
hash of view, page and line number: ten lines of each label, and fifteen lines
that gold prints otherwise (split, glued, or with other marks), where mistakes
are likelier.
"""

from collections import Counter
from typing import NamedTuple

from scipy.stats import binomtest

from classifier.labels import LABELS
from training.pages.rows import read_rows
from training.pages.standoff import LABELS_FOLDER

VERDICTS = LABELS_FOLDER / "alignment_check.csv"
SAMPLES = ("label", "reworded")


class Verdict(NamedTuple):
    """One line that was read.

    Attributes
    ----------
    view, id : str
        The print.
    line : int
        Number of the line in the print, from 1.
    hash : str
        Short hash of the line.
    sample : str
        One of `SAMPLES`.
    carried, judged : str
        Label by alignment, and by reading the page.
    """

    view: str
    id: str
    line: int
    hash: str
    sample: str
    carried: str
    judged: str


def read_verdicts() -> list[Verdict]:
    """Read the lines that were checked.

    Returns
    -------
    list of Verdict

    Raises
    ------
    ValueError
        If a label or a sample is unknown.
    """
    found = list(read_rows(VERDICTS, Verdict))
    for number, verdict in enumerate(found, 2):
        labels = {verdict.carried, verdict.judged}
        if not labels <= set(LABELS) or verdict.sample not in SAMPLES:
            raise ValueError(f"{VERDICTS}: row {number} has an unknown label or sample")
    return found


def error_counts(verdicts: list[Verdict]) -> dict[tuple[str, str], tuple[int, int]]:
    """Count lines checked and lines wrong for each view and sample.

    Parameters
    ----------
    verdicts : list of Verdict

    Returns
    -------
    dict
        By view and sample: lines checked, lines wrong.
    """
    checked = Counter((each.view, each.sample) for each in verdicts)
    wrong = Counter((each.view, each.sample) for each in verdicts if each.carried != each.judged)
    return {key: (n, wrong[key]) for key, n in checked.items()}


def interval(wrong: int, checked: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate (Wilson).

    Parameters
    ----------
    wrong, checked : int

    Returns
    -------
    tuple of float and float
        0 to 1.
    """
    found = binomtest(wrong, checked).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def rates_text(verdicts: list[Verdict]) -> str:
    """Lay out the error rates for a terminal.

    Parameters
    ----------
    verdicts : list of Verdict

    Returns
    -------
    str
    """
    counts = error_counts(verdicts)
    rows = [*counts.items()]
    for sample in SAMPLES:
        cells = [cell for (_, of), cell in counts.items() if of == sample]
        rows.append((("all", sample), tuple(map(sum, zip(*cells, strict=True)))))
    out = [f"{'view':14} {'sample':9} checked  wrong   rate  95 % interval"]
    for (view, sample), (checked, wrong) in rows:
        low, high = interval(wrong, checked)
        out.append(
            f"{view:14} {sample:9} {checked:7} {wrong:6} {wrong / checked:6.1%}"
            f"  [{low:.1%}, {high:.1%}]"
        )
    return "\n".join(out)
