"""What a run counts: documents, lines and characters by label, lengths, drops, errors."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.files.problems import Problem
from classifier.formats.hosts import host_of
from classifier.labels import LABELS, PAYWALL
from classifier.running.host_counts import HostCounts

MAX_EXAMPLES = 20
RATIO_BINS = 10
LENGTH_BINS = 40  # for the length 0, then one for each doubling


@dataclass
class Counts:
    """Counts of a batch, a file or a run; they add up.

    Attributes
    ----------
    documents, kept : int
        Documents read, and those of them that came out.
    dropped : Counter
        Documents dropped, by reason.
    lines, characters : list of int, shape (4,)
        Labelled lines and their code points, by label.
    text_bytes, kept_bytes : int
        Size of the texts read and of what came out of them.
    paywalled, truncated : int
        Documents so judged.
    ratios : list of int, shape (4 * 10,)
        Documents by the share of their characters that has a label, in tenths,
        label after label.
    lengths, kept_lengths : list of int, shape (40,)
        Documents by bytes of text before and after: those of none, of 1, of
        2 and 3, of 4 to 7, and so on.
    hosts : HostCounts
        Where the paywall text comes from.
    errors : Counter
        Records and files left out because of errors, by kind.
    examples : list of str
        The first error messages.
    identified : int
        Documents with an identifier of their own. Of this run alone: notes do not have it.
    """

    documents: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    lines: list[int] = field(default_factory=lambda: [0] * len(LABELS))
    characters: list[int] = field(default_factory=lambda: [0] * len(LABELS))
    text_bytes: int = 0
    kept_bytes: int = 0
    paywalled: int = 0
    truncated: int = 0
    ratios: list[int] = field(default_factory=lambda: [0] * (len(LABELS) * RATIO_BINS))
    lengths: list[int] = field(default_factory=lambda: [0] * LENGTH_BINS)
    kept_lengths: list[int] = field(default_factory=lambda: [0] * LENGTH_BINS)
    hosts: HostCounts = field(default_factory=HostCounts)
    errors: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    identified: int = field(default=0, compare=False)

    @property
    def n_errors(self) -> int:
        """Number of errors of all kinds."""
        return sum(self.errors.values())

    @property
    def dropped_ratio(self) -> float:
        """Share of the text that was dropped, 0 to 1."""
        return 1 - self.kept_bytes / self.text_bytes if self.text_bytes else 0.0

    def add(self, other: "Counts") -> None:
        """Add the counts of another part.

        Parameters
        ----------
        other : Counts
        """
        numbers = ("documents", "kept", "text_bytes", "kept_bytes", "paywalled", "truncated")
        for name in (*numbers, "identified"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("lines", "characters", "ratios", "lengths", "kept_lengths"):
            setattr(self, name, _sums(getattr(self, name), getattr(other, name)))
        self.hosts.merge(other.hosts)
        self.dropped += other.dropped
        self.errors += other.errors
        self.examples = (self.examples + other.examples)[:MAX_EXAMPLES]

    def add_statistics(self, statistics: Any, urls: Sequence[str | None] = ()) -> None:
        """Add the statistics of a batch's documents.

        Parameters
        ----------
        statistics : DocumentStatistics
            Arrays with a row per document, from the model.
        urls : sequence of (str or None), optional
            Address of each document.
        """
        characters = statistics.characters
        self.lines = _sums(self.lines, statistics.lines.sum(axis=0).tolist())
        self.characters = _sums(self.characters, characters.sum(axis=0).tolist())
        self.paywalled += int(statistics.paywalled.sum())
        self.truncated += int(statistics.truncated.sum())
        shares = characters / np.maximum(characters.sum(axis=1, keepdims=True), 1)
        bins = np.minimum((shares * RATIO_BINS).astype(np.int64), RATIO_BINS - 1)
        cells = (bins + RATIO_BINS * np.arange(len(LABELS))).ravel()
        self.ratios = _sums(self.ratios, np.bincount(cells, minlength=len(self.ratios)).tolist())
        if urls:
            for document in np.flatnonzero(characters[:, PAYWALL]).tolist():
                host = host_of(urls[document])
                if host is not None:
                    self.hosts.add(host, 1, int(characters[document, PAYWALL]))
            self.hosts.forget_small()

    def add_lengths(
        self, lengths: npt.NDArray[np.integer], kept_lengths: npt.NDArray[np.integer]
    ) -> None:
        """Add the lengths of a batch's documents.

        Parameters
        ----------
        lengths, kept_lengths : ndarray of int64, shape (n_documents,)
            Bytes of UTF-8 as read and as written; 0 for what is dropped.
        """
        self.text_bytes += int(lengths.sum())
        self.kept_bytes += int(kept_lengths.sum())
        self.lengths = _sums(self.lengths, _by_doubling(lengths))
        self.kept_lengths = _sums(self.kept_lengths, _by_doubling(kept_lengths))

    def add_problem(self, problem: Problem, file: str) -> None:
        """Count an error.

        Parameters
        ----------
        problem : Problem
        file : str
            Its name, for the message.
        """
        self.errors[problem.kind] += 1
        # What is told of a run is its first error; this one also explains those before it.
        place = 0 if problem.is_altered else len(self.examples)
        self.examples.insert(place, problem.message(file))
        del self.examples[MAX_EXAMPLES:]


def _sums(one: list[int], other: list[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _by_doubling(lengths: npt.NDArray[np.integer]) -> list[int]:
    """Count numbers by their binary digits."""
    digits = np.minimum(np.frexp(lengths.astype(np.float64))[1], LENGTH_BINS - 1)
    counts: list[int] = np.bincount(digits, minlength=LENGTH_BINS).tolist()
    return counts
