"""What a run counts: documents, lines and characters by label, drops, errors."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from classifier.formats.records import Problem
from classifier.labels import LABELS

MAX_EXAMPLES = 20
RATIO_BINS = 10


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
    content_ratios : list of int, shape (10,)
        Documents by content ratio, in tenths.
    errors : Counter
        Records and files left out because of errors, by kind.
    examples : list of str
        The first error messages.
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
    content_ratios: list[int] = field(default_factory=lambda: [0] * RATIO_BINS)
    errors: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def n_errors(self) -> int:
        """Number of errors of all kinds."""
        return sum(self.errors.values())

    @property
    def dropped_ratio(self) -> float:
        """Share of the text that was dropped, 0 to 1."""
        return 1 - self.kept_bytes / self.text_bytes if self.text_bytes else 0.0

    def add(self, other: "Counts") -> None:
        """Add the counts of another part."""
        for name in ("documents", "kept", "text_bytes", "kept_bytes", "paywalled", "truncated"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("lines", "characters", "content_ratios"):
            pairs = zip(getattr(self, name), getattr(other, name), strict=True)
            setattr(self, name, [a + b for a, b in pairs])
        self.dropped += other.dropped
        self.errors += other.errors
        self.examples = (self.examples + other.examples)[:MAX_EXAMPLES]

    def add_statistics(self, statistics: Any) -> None:
        """Add the statistics of a batch's documents.

        Parameters
        ----------
        statistics : DocumentStatistics
            Arrays with a row per document, from the model.
        """
        lines, characters = statistics.lines.sum(axis=0), statistics.characters.sum(axis=0)
        self.lines = [a + b for a, b in zip(self.lines, lines.tolist(), strict=True)]
        self.characters = [a + b for a, b in zip(self.characters, characters.tolist(), strict=True)]
        self.paywalled += int(statistics.paywalled.sum())
        self.truncated += int(statistics.truncated.sum())
        histogram, _ = np.histogram(statistics.content_ratio, RATIO_BINS, (0.0, 1.0))
        self.content_ratios = [
            a + b for a, b in zip(self.content_ratios, histogram.tolist(), strict=True)
        ]

    def add_problem(self, problem: Problem, file: str) -> None:
        """Count an error."""
        self.errors[problem.kind] += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(problem.message(file))

    def to_dict(self) -> dict[str, Any]:
        """Give the counts as JSON values, labels by name."""
        return {
            "documents": self.documents,
            "kept_documents": self.kept,
            "dropped_documents": dict(sorted(self.dropped.items())),
            "lines": dict(zip(LABELS, self.lines, strict=True)),
            "characters": dict(zip(LABELS, self.characters, strict=True)),
            "text_bytes": self.text_bytes,
            "kept_text_bytes": self.kept_bytes,
            "paywalled_documents": self.paywalled,
            "truncated_documents": self.truncated,
            "content_ratio_histogram": self.content_ratios,
            "errors": {"total": self.n_errors, **dict(sorted(self.errors.items()))},
            "error_examples": self.examples,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Counts":
        """Read what `to_dict` gave."""
        errors = Counter({k: n for k, n in data["errors"].items() if k != "total"})
        return cls(
            data["documents"],
            data["kept_documents"],
            Counter(data["dropped_documents"]),
            [data["lines"][label] for label in LABELS],
            [data["characters"][label] for label in LABELS],
            data["text_bytes"],
            data["kept_text_bytes"],
            data["paywalled_documents"],
            data["truncated_documents"],
            data["content_ratio_histogram"],
            errors,
            data["error_examples"],
        )
