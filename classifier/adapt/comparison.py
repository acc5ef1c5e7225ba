"""Two models side by side: the lines whose label changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.adapt.metrics import confusion
from classifier.labels import LABELS
from classifier.lines import numbered_lines
from classifier.model import LineClassifier
from classifier.shown_text import beginning, one_line

BATCH_DOCUMENTS = 100
SHOWN_CHARACTERS = 100  # of a line, in a terminal


class Change(NamedTuple):
    """A line that gets another label.

    Attributes
    ----------
    number : int
        Line of the text, from 1, blank ones included.
    text : str
    before, after : str
        Labels.
    p_before, p_after : float
        Probability of its label by each model, 0 to 1.
    """

    number: int
    text: str
    before: str
    after: str
    p_before: float
    p_after: float


class Comparison(NamedTuple):
    """A document as two models see it.

    Attributes
    ----------
    id : str
    changes : list of Change
    counts : ndarray of int64, shape (4, 4)
        Lines by label before (row) and after (column).
    """

    id: str
    changes: list[Change]
    counts: npt.NDArray[np.int64]


@dataclass
class Totals:
    """What changes over all documents.

    Attributes
    ----------
    counts : ndarray of int64, shape (4, 4)
        Lines by label before (row) and after (column).
    n_documents, n_changed_documents : int
    """

    counts: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros((4, 4), np.int64))
    n_documents: int = 0
    n_changed_documents: int = 0

    def add(self, comparison: Comparison) -> None:
        """Count one document.

        Parameters
        ----------
        comparison : Comparison
        """
        self.counts += comparison.counts
        self.n_documents += 1
        self.n_changed_documents += bool(comparison.changes)

    @property
    def n_lines(self) -> int:
        """All lines."""
        return int(self.counts.sum())

    @property
    def n_changed_lines(self) -> int:
        """Lines whose label changes."""
        return self.n_lines - int(np.trace(self.counts))

    def __str__(self) -> str:
        """Say how many lines change, then from which label to which."""
        moves = {
            f"{before} -> {after}": int(self.counts[i, j])
            for i, before in enumerate(LABELS)
            for j, after in enumerate(LABELS)
            if i != j and self.counts[i, j]
        }
        return "".join(
            [
                f"{self.n_changed_lines:,} of {self.n_lines:,} lines change, "
                f"in {self.n_changed_documents:,} of {self.n_documents:,} documents",
                *(f"\n{n:7,}  {move}" for move, n in sorted(moves.items(), key=lambda m: -m[1])),
            ]
        )


def compare_documents(
    documents: Iterable[tuple[str, str]], before: LineClassifier, after: LineClassifier
) -> Iterator[Comparison]:
    """Label documents with two models.

    Parameters
    ----------
    documents : iterable of (str, str)
        Identifier and text of each.
    before, after : LineClassifier

    Yields
    ------
    Comparison
        One a document, in order.
    """
    remaining = iter(documents)
    while batch := list(islice(remaining, BATCH_DOCUMENTS)):
        texts = [text for _, text in batch]
        old, new = before.label_batch(texts), after.label_batch(texts)
        bounds = old.document_offsets.tolist()
        for (name, text), first, last in zip(batch, bounds, bounds[1:], strict=False):
            here = slice(first, last)
            yield _compare(name, text, old.probabilities[here], new.probabilities[here])


def _compare(
    name: str,
    text: str,
    before: npt.NDArray[np.float32],
    after: npt.NDArray[np.float32],
) -> Comparison:
    old, new = before.argmax(axis=1), after.argmax(axis=1)
    lines = numbered_lines(text)
    changes = [
        Change(
            *lines[i],
            LABELS[old[i]],
            LABELS[new[i]],
            float(before[i, old[i]]),
            float(after[i, new[i]]),
        )
        for i in np.flatnonzero(old != new).tolist()
    ]
    return Comparison(name, changes, confusion(old, new))


def describe_changes(comparison: Comparison) -> str:
    """Lay out the lines that change in one document, for a terminal.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    str
        A line for its identifier, then one for each change.
    """
    rows = [one_line(comparison.id)]
    rows += [
        f"{change.number:7}  {change.before} {change.p_before:.2f} -> "
        f"{change.after} {change.p_after:.2f}  {beginning(change.text, SHOWN_CHARACTERS)}"
        for change in comparison.changes
    ]
    return "\n".join(rows)
