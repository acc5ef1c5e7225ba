"""How far two annotators agree: Cohen's kappa over the lines that both judged, and the others."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import numpy as np

from classifier.annotate.decisions import UNDECIDED, Codes, Page
from classifier.annotate.events import MARKS

MOST_ANNOTATORS = 20  # compared; a log may be joined of many, and pairs are many more


class Difference(NamedTuple):
    """A line on which two annotators differ.

    Attributes
    ----------
    document : str
        Its identifier.
    line : int
        Counted from 0 over the lines that are not blank.
    line_number : int
        Counted from 1 over all lines.
    text : str
        The line itself.
    labels : (str, str)
        What each says of it, in `classifier.annotate.events.MARKS`.
    """

    document: str
    line: int
    line_number: int
    text: str
    labels: tuple[str, str]


class Agreement(NamedTuple):
    """Two annotators compared.

    Attributes
    ----------
    annotators : (str, str)
    n_lines : int
        Lines that both judged; unsure is a judgement too.
    differences : list of Difference
        Those of these lines on which they do not say the same.
    kappa : float or None
        -1 to 1; None where chance alone would agree on every line.
    """

    annotators: tuple[str, str]
    n_lines: int
    differences: list[Difference]
    kappa: float | None


def agreements(pages: Iterable[Page]) -> list[Agreement]:
    """Compare annotators of some documents in pairs, at most those `MOST_ANNOTATORS` who did most.

    Parameters
    ----------
    pages : iterable of Page

    Returns
    -------
    list of Agreement
        One for each pair that judged a line in common, by name.
    """
    pages = list(pages)
    n_judged: Counter[str] = Counter()
    for page in pages:
        for name, codes in page.decided.items():
            n_judged[name] += int((codes != UNDECIDED).sum())
    compared = {name for name, _ in n_judged.most_common(MOST_ANNOTATORS)}
    shared: dict[tuple[str, str], list[Page]] = defaultdict(list)
    for page in pages:
        for pair in combinations(sorted(compared & page.decided.keys()), 2):
            shared[pair].append(page)
    found = []
    for pair in sorted(shared):
        own = shared[pair]
        first, second = (np.concatenate([page.decided[name] for page in own]) for name in pair)
        both = (first != UNDECIDED) & (second != UNDECIDED)
        if both.any():
            differences = [line for page in own for line in _differences(page, pair)]
            value = kappa(first[both], second[both])
            found.append(Agreement(pair, int(both.sum()), differences, value))
    return found


def _differences(page: Page, pair: tuple[str, str]) -> list[Difference]:
    first, second = (page.decided[name] for name in pair)
    differ = (first != second) & (first != UNDECIDED) & (second != UNDECIDED)
    found = []
    for i in np.flatnonzero(differ).tolist():
        labels = MARKS[first[i]], MARKS[second[i]]
        text = page.text[slice(*page.spans[i])]
        found.append(Difference(page.id, i, page.line_numbers[i], text, labels))
    return found


def kappa(first: Codes, second: Codes) -> float | None:
    """Compute Cohen's kappa of two judgements of the same lines.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (n_lines,)
        Index in `classifier.annotate.events.MARKS`.

    Returns
    -------
    float or None
        1 for full agreement, 0 for as much as chance gives; None where it is
        undefined, because both use one and the same label throughout.

    References
    ----------
    J. Cohen, A coefficient of agreement for nominal scales, 1960.

    Examples
    --------
    >>> kappa(np.array([0, 0, 1, 1], np.uint8), np.array([0, 0, 1, 0], np.uint8))
    0.5
    """
    shares = [np.bincount(codes, minlength=len(MARKS)) / len(codes) for codes in (first, second)]
    by_chance = float(shares[0] @ shares[1])
    alike = float((first == second).mean())
    return None if by_chance == 1 else (alike - by_chance) / (1 - by_chance)
