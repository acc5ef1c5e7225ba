"""What annotators decided on the lines of a document, and the labels that come of it."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.annotate.events import MARKS
from classifier.labels import LABELS
from classifier.lines import Span, line_spans, numbered_lines

Codes = npt.NDArray[np.uint8]

UNDECIDED = len(MARKS)
"""Code of a line that nobody has judged yet."""


@dataclass
class Page:
    """A document and what its annotators say of it.

    Attributes
    ----------
    id, text : str
    predicted : ndarray of uint8, shape (n_lines,)
        Index in `classifier.LABELS` of the label that each line came with.
    fields : dict
        Other fields of its record.
    decided : dict of str to ndarray of uint8, shape (n_lines,)
        By annotator: index in `MARKS` of each line, or `UNDECIDED`.
    """

    id: str
    text: str
    predicted: Codes
    fields: dict[str, Any] = field(default_factory=dict)
    decided: dict[str, Codes] = field(default_factory=dict)
    # Of each action: its first line, its number of lines, and what it changed in their codes
    # (exclusive or), packed: a log may mark the whole of a long document again and again.
    _changes: dict[str, list[tuple[int, int, bytes]]] = field(default_factory=dict, repr=False)

    @property
    def n_lines(self) -> int:
        """Lines that carry a label."""
        return len(self.predicted)

    @cached_property
    def spans(self) -> list[Span]:
        """Where each of them stands in the text."""
        return line_spans(self.text)

    @cached_property
    def line_numbers(self) -> list[int]:
        """What each of them is called: its number in the text, from 1, with the blank ones."""
        return [number for number, _ in numbered_lines(self.text)]

    def decisions(self, annotator: str) -> Codes:
        """Give what an annotator says of each line, `UNDECIDED` at first.

        Parameters
        ----------
        annotator : str

        Returns
        -------
        ndarray of uint8, shape (n_lines,)
            Codes of labels, or `UNSURE` or `UNDECIDED`.
        """
        return self.decided.get(annotator, np.full(self.n_lines, UNDECIDED, np.uint8))

    def n_actions(self, annotator: str) -> int:
        """Count the actions of an annotator that can be taken back.

        Parameters
        ----------
        annotator : str

        Returns
        -------
        int
            0 if none is known of them.
        """
        return len(self._changes.get(annotator, ()))

    def last_place(self, annotator: str) -> int:
        """Give the line behind an annotator's last action, 0 at first.

        Parameters
        ----------
        annotator : str

        Returns
        -------
        int
            Counted from 0 over the lines that are not blank.
        """
        if not self.n_actions(annotator):
            return 0
        first, n, _ = self._changes[annotator][-1]
        return max(0, min(first + n, self.n_lines - 1))

    def mark(self, annotator: str, first: int, codes: Codes) -> None:
        """Set the lines from `first` on to `codes`.

        Parameters
        ----------
        annotator : str
        first : int
            Counted from 0 over the lines that are not blank.
        codes : ndarray of uint8, shape (n_marked,)
        """
        decided = self.decided.setdefault(annotator, self.decisions(annotator))
        place = slice(first, first + len(codes))
        change = zlib.compress((decided[place] ^ codes).tobytes(), 1)
        self._changes.setdefault(annotator, []).append((first, len(codes), change))
        decided[place] = codes

    def undo(self, annotator: str) -> None:
        """Take an annotator's last action back.

        Parameters
        ----------
        annotator : str
            One with an action to take back, see `n_actions`.
        """
        first, n, packed = self._changes[annotator].pop()
        change = np.frombuffer(zlib.decompress(packed), np.uint8)
        self.decided[annotator][first : first + n] ^= change


def agreed_codes(decided: Iterable[Codes], n_lines: int) -> Codes:
    """Put together what several people say of the lines of a document.

    Parameters
    ----------
    decided : iterable of ndarray of uint8, shape (n_lines,)
        The codes of each person.
    n_lines : int

    Returns
    -------
    ndarray of uint8, shape (n_lines,)
        Index in `MARKS`; `UNDECIDED` where nobody has judged the line, or two differ.
    """
    agreed = np.full(n_lines, UNDECIDED, np.uint8)
    differ = np.zeros(n_lines, np.bool_)
    for codes in decided:
        new = codes != UNDECIDED
        differ |= new & (agreed != UNDECIDED) & (agreed != codes)
        agreed[new] = codes[new]
    agreed[differ] = UNDECIDED
    return agreed


def labelled_record(page: Page) -> dict[str, Any]:
    """Give a document as a labelled record.

    Parameters
    ----------
    page : Page

    Returns
    -------
    dict
        Its other fields, ``id``, ``text`` and ``labels``: a label for each
        line that is not blank, None where it is unsure or undecided.
    """
    labels = label_names(agreed_codes(page.decided.values(), page.n_lines))
    return {**page.fields, "id": page.id, "text": page.text, "labels": labels}


def label_names(codes: Codes) -> list[str | None]:
    """Name the labels of lines.

    Parameters
    ----------
    codes : ndarray of uint8, shape (n_lines,)
        Index in `MARKS`, or `UNDECIDED`.

    Returns
    -------
    list of (str or None)
        None where it is unsure or undecided.
    """
    names = (*LABELS, None, None)
    return [names[code] for code in codes.tolist()]
