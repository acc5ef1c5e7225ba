"""Time work: repetitions, medians, spread."""

import gc
import math
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from training.corpus import lines_of

BUDGET_SECONDS = 1.2  # of each row, as far as the fewest repetitions allow
FEWEST, MOST = 5, 40
SHORTEST_SECONDS = 0.02  # of one measurement


class Timing(NamedTuple):
    """Seconds of each repetition, and how much was done in one.

    Attributes
    ----------
    name : str
    seconds : list of float
    n_bytes, n_lines, n_documents : int
        UTF-8 bytes of text, lines that are not blank, documents.
    """

    name: str
    seconds: list[float]
    n_bytes: int
    n_lines: int = 0
    n_documents: int = 0

    @property
    def median(self) -> float:
        """Median of the seconds."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Distance of the quartiles over the median."""
        low, high = np.percentile(self.seconds, (25, 75))
        return float(high - low) / self.median

    @property
    def megabytes_per_second(self) -> float:
        """Speed in millions of bytes a second."""
        return self.n_bytes / self.median / 1e6


class Amount(NamedTuple):
    """How much text a piece of work goes over; the fields of `Timing`.

    Attributes
    ----------
    n_bytes : int
        Of UTF-8.
    n_lines : int
        Those that are not blank.
    n_documents : int
    """

    n_bytes: int
    n_lines: int
    n_documents: int


def amount_of(texts: list[str]) -> Amount:
    """Count bytes, lines that are not blank, and documents.

    Parameters
    ----------
    texts : list of str

    Returns
    -------
    Amount
    """
    return Amount(
        sum(len(text.encode()) for text in texts),
        sum(len(lines_of(text)) for text in texts),
        len(texts),
    )


def timed(
    name: str,
    work: Callable[[], object],
    amount: Amount,
    budget: float = BUDGET_SECONDS,
    fewest: int = FEWEST,
) -> Timing:
    """Time `work`, after twice to warm up, until the budget of seconds is spent.

    What takes less than `SHORTEST_SECONDS` is repeated within each measurement:
    a single call right after garbage was collected finds the processor's caches
    cold, as no call in a loop over pages does.

    Parameters
    ----------
    name : str
    work : callable
    amount : Amount
        What it works on.
    budget : float, default BUDGET_SECONDS
        Seconds.
    fewest : int, default FEWEST
        How many measurements there are at least.

    Returns
    -------
    Timing
    """
    work()
    started = time.perf_counter()
    work()
    n_calls = math.ceil(SHORTEST_SECONDS / max(time.perf_counter() - started, 1e-9))
    seconds: list[float] = []
    while len(seconds) < fewest or (sum(seconds) * n_calls < budget and len(seconds) < MOST):
        gc.collect()
        started = time.perf_counter()
        for _ in range(n_calls):
            work()
        seconds.append((time.perf_counter() - started) / n_calls)
    return Timing(name, seconds, *amount)
