"""Corrections: labels of gold that were read again and found wrong.

Labels stay as they were made; what was found wrong later stands in
``data/corrections.csv`` with its reason, so that scores can be told with and
without. Nobody corrects a label to please a model.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from classifier.labels import LABELS
from classifier.lines import numbered_lines
from training.pages.rows import read_rows
from training.pages.standoff import LabelRow, absent_pages, line_hash

logger = logging.getLogger(__name__)

CORRECTIONS = Path(__file__).parents[2] / "data" / "corrections.csv"


class Correction(NamedTuple):
    """One line's label, before and after; the line is named as in `standoff.LabelRow`.

    Attributes
    ----------
    source, path : str
    line : int
        From 1, blank lines counted.
    hash : str
    old, new : str
        Labels.
    reason : str
    """

    source: str
    path: str
    line: int
    hash: str
    old: str
    new: str
    reason: str


def read_corrections(path: Path = CORRECTIONS) -> list[Correction]:
    """Read corrections; there are none if there is no file.

    Parameters
    ----------
    path : Path, default CORRECTIONS

    Returns
    -------
    list of Correction

    Raises
    ------
    ValueError
        If a label is unknown, a reason is missing, or a line is corrected twice.
    """
    if not path.exists():
        return []
    found = list(read_rows(path, Correction))
    numbers: dict[tuple, int] = {}
    for number, row in enumerate(found, 2):
        if row.old not in LABELS or row.new not in LABELS or row.old == row.new:
            raise ValueError(
                f"{path}: row {number} turns {row.old!r} into {row.new!r}; "
                f"both must be labels ({', '.join(LABELS)}), and different"
            )
        if not row.reason.strip():
            raise ValueError(f"{path}: row {number} gives no reason")
        first = numbers.setdefault(line_of(row), number)
        if first != number:
            raise ValueError(
                f"{path}: row {first} ({found[first - 2].new}) and row {number} ({row.new}) "
                f"correct one line, {row.line} of {row.source} {row.path}; keep one of them"
            )
    return found


def correct(records: Iterable[dict], corrections: Iterable[Correction]) -> list[dict]:
    """Return labelled documents with corrected labels; the given ones stay as they are.

    Corrections of labelled pages that are not among them are left out; a warning is
    logged that counts them.

    Parameters
    ----------
    records : iterable of dict
        With `id`, `source`, `path`, `text` and `labels`, one for each line that is not blank.
    corrections : iterable of Correction

    Returns
    -------
    list of dict

    Raises
    ------
    ValueError
        If a correction of a page that is there does not fit exactly one line: by source,
        path, number, hash and old label; or if two correct one line.
    """
    pending = defaultdict(list)
    for correction in corrections:
        same_path = pending[correction.source, correction.path]
        if line_of(correction) in map(line_of, same_path):
            raise ValueError(f"{described(correction)} is there twice; keep one of them")
        same_path.append(correction)
    fitted: set[Correction] = set()
    corrected = []
    for record in records:
        labels = list(record["labels"])
        wanted = pending.get((record["source"], record["path"]), []) if pending else []
        position = {
            (n, line_hash(line)): k
            for k, (n, line) in enumerate(numbered_lines(record["text"]) if wanted else ())
        }
        for correction in wanted:
            k = position.get((correction.line, correction.hash))
            # Another page under the same path has other lines.
            if k is None or record["labels"][k] != correction.old:
                continue
            if correction in fitted:
                raise ValueError(f"{described(correction)} fits two lines")
            fitted.add(correction)
            labels[k] = correction.new
        corrected.append({**record, "labels": labels})
    unfitted = [each for same_path in pending.values() for each in same_path if each not in fitted]
    if unfitted:
        absent = absent_pages({record["id"] for record in corrected})
        paths = {(page.source, page.path) for page in absent}
        for correction in unfitted:
            if (correction.source, correction.path) not in paths:
                raise ValueError(
                    f"{described(correction)} fits no line (its hash or old label differs)"
                )
        logger.warning(
            "%d of %d corrections are of pages that are not there, so they are left out",
            *(len(unfitted), len(unfitted) + len(fitted)),
        )
    return corrected


def line_of(correction: Correction) -> tuple:
    """Return what points at the line: all but the new label and the reason.

    Pages under one path may share number and hash of a line, if the old label differs.

    Parameters
    ----------
    correction : Correction

    Returns
    -------
    tuple
        Source, path, line, hash and old label.
    """
    return correction[:5]


def described(correction: Correction) -> str:
    """Name a correction in a message.

    Parameters
    ----------
    correction : Correction

    Returns
    -------
    str
    """
    return f"the correction of {correction.source} {correction.path} line {correction.line}"


def explain(
    corrections: Iterable[Correction],
    record: dict,
    text: str,
    made: Sequence[int],
    given: Sequence[int],
) -> bool:
    """Tell whether labels of a page differ from those as made by corrections alone.

    Parameters
    ----------
    corrections : iterable of Correction
    record : dict
        Of the page, with its `source` and `path` if they are known.
    text : str
    made, given : sequence of int
        Codes of the labels of each line that is not blank, as they were made and now.

    Returns
    -------
    bool
    """
    page = record.get("source"), record.get("path")
    known = {
        (each.line, each.hash, LABELS.index(each.old), LABELS.index(each.new))
        for each in corrections
        if (each.source, each.path) == page
    }
    lines = zip(numbered_lines(text), made, given, strict=True)
    return known.issuperset((n, line_hash(line), a, b) for (n, line), a, b in lines if a != b)


def misfits(corrections: Iterable[Correction], labels: dict[str, list[LabelRow]]) -> list[str]:
    """Return the corrections that do not fit exactly one label row, one sentence each.

    Parameters
    ----------
    corrections : iterable of Correction
    labels : dict of str to list of LabelRow
        By the page's id.

    Returns
    -------
    list of str
    """
    fitting = Counter(
        (row.source, row.path, row.line, row.hash, row.label)
        for rows in labels.values()
        for row in rows
    )
    counts = ((each, fitting[line_of(each)]) for each in corrections)
    return [f"{described(each)} fits {n} label rows, not one" for each, n in counts if n != 1]
