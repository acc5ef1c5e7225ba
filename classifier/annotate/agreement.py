"""How far two annotators agree: Cohen's kappa over the lines that both judged."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import numpy as np

from classifier.annotate.decisions import UNDECIDED, Codes, Page
from classifier.annotate.events import MARKS


class Agreement(NamedTuple):
    """Two annotators compared.

    Attributes
    ----------
    annotators : (str, str)
    n_lines : int
        Lines that both judged; unsure is a judgement too.
    n_alike : int
        Lines on which they say the same.
    kappa : float or None
        -1 to 1; None where chance alone would agree on every line.
    """

    annotators: tuple[str, str]
    n_lines: int
    n_alike: int
    kappa: float | None


def agreements(pages: Iterable[Page]) -> list[Agreement]:
    """Compare all annotators of some documents in pairs.

    Parameters
    ----------
    pages : iterable of Page

    Returns
    -------
    list of Agreement
        One for each pair that judged a line in common, by name.
    """
    judged: dict[tuple[str, str], list[tuple[Codes, Codes]]] = defaultdict(list)
    for page in pages:
        for pair in combinations(sorted(page.decided), 2):
            judged[pair].append((page.decided[pair[0]], page.decided[pair[1]]))
    found = []
    for pair in sorted(judged):
        first, second = map(np.concatenate, zip(*judged[pair], strict=True))
        both = (first != UNDECIDED) & (second != UNDECIDED)
        if both.any():
            first, second = first[both], second[both]
            n_alike = int((first == second).sum())
            found.append(Agreement(pair, len(first), n_alike, kappa(first, second)))
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
