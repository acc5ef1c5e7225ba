"""A session: one annotator, documents in order of doubt, a log of all that is done."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from classifier.annotate.agreement import Agreement, agreements
from classifier.annotate.decisions import UNDECIDED, Codes, Page
from classifier.annotate.documents import Document
from classifier.annotate.entries import make_entries, with_known_names
from classifier.annotate.events import Event, Opened, read_action
from classifier.annotate.log_writer import Log
from classifier.annotate.replay import apply_event, check_event
from classifier.files.problems import DataError, Problem
from classifier.labels import LETTERS
from classifier.shown_text import SHOWN_CHARS

MARK_LETTERS = f"{LETTERS}x."
"""A letter for each of `classifier.annotate.events.MARKS`, and one for undecided."""

OTHER_TAB = (
    "another tab has changed this document meanwhile. Nothing was taken back; "
    "the document is shown as it is now."
)

MOST_DIFFERENCES, SNIPPET_CHARS = 200, 200  # of two annotators in the page, and of such a line


class Session:
    """What one annotator does with some documents.

    Parameters
    ----------
    log : Log
        Takes every action, before it counts.
    documents : sequence of Document
        Those of the log if there are none.
    model : LineClassifier
    annotator : str

    Attributes
    ----------
    entries : list of Entry
        Most doubtful first.
    current : int
        The document opened last, in `entries`; of a new session the one with which the log
        ends if that was this annotator's work, else the first not done.

    Raises
    ------
    DataError
        If a document has another text than in the log.
    """

    def __init__(self, log: Log, documents: Sequence[Document], model: Any, annotator: str) -> None:
        self.log = log
        self.annotator = annotator
        self.pages = log.restored.pages
        known = [Document(p.id, p.text, None, p.fields) for p in self.pages.values()]
        named = with_known_names(documents, self.pages)
        self.entries = make_entries(named or known, self.pages, model)
        for entry in self.entries:
            _check_text(entry.opened, self.pages, log.path)
        self._revisions = [0] * len(self.entries)
        self._n_decided = [self._count(number) for number in range(len(self.entries))]
        self._numbers = {entry.opened.document: i for i, entry in enumerate(self.entries)}
        self.current = self._first()

    def open(self, number: int) -> dict[str, Any]:
        """Open a document and describe it for the page.

        Parameters
        ----------
        number : int
            Index in `entries`.

        Returns
        -------
        dict
            JSON: ``id``, ``lines`` (cut to `SHOWN_CHARS`; ``n_cut`` says by how
            much), ``line_numbers`` in the text, ``doubts`` in percent,
            ``predicted`` and ``decided`` as letters, ``cursor``, ``n_actions`` that can be
            undone, ``revision``, ``next`` (document to do), ``progress``.

        Raises
        ------
        OutputError
            If the log cannot be written.
        """
        opened, doubts = self.entries[number]
        if opened.document not in self.pages:
            self._happen(opened)
        self.current = number
        page = self.pages[opened.document]
        spans = page.spans
        return {
            "id": page.id,
            "lines": [page.text[s.start : min(s.end, s.start + SHOWN_CHARS)] for s in spans],
            "n_cut": [max(0, s.end - s.start - SHOWN_CHARS) for s in spans],
            "line_numbers": page.line_numbers,
            "doubts": (doubts * 100).round().astype(int).tolist(),
            "predicted": _letters(page.predicted),
            "cursor": page.last_place(self.annotator),
            **self._state(number),
        }

    def act(self, number: int, action: object) -> dict[str, Any]:
        """Let the annotator do something; it is on disk when this returns.

        Parameters
        ----------
        number : int
            Index in `entries` of an open document.
        action : object
            JSON, as `classifier.annotate.events.read_action` takes it. An undo has another
            field, ``revision``: of what is shown where it was asked for.

        Returns
        -------
        dict
            JSON: ``decided``, ``n_actions``, ``revision``, ``next``, ``progress``, as of `open`.

        Raises
        ------
        ValueError
            If it cannot be done, or another tab has done something that the undo does not know.
        OutputError
            If the log cannot be written; then it was not done.
        """
        document = self.entries[number].opened.document
        if isinstance(action, dict) and "undo" in action:
            action = dict(action)
            revision = action.pop("revision", None)
            if document in self.pages and revision != self._revisions[number]:
                raise ValueError(OTHER_TAB)
        self._happen(read_action(action, self.annotator, document))
        self._revisions[number] += 1  # by an undo as well: what it leaves is not what was before
        self._n_decided[number] = self._count(number)
        return self._state(number)

    def overview(self) -> dict[str, Any]:
        """Describe the session for the page.

        Returns
        -------
        dict
            JSON: ``annotator``, ``log`` (its path), ``current`` (None if there is no document),
            ``documents`` (``id``, number of ``lines``, how many are ``decided``, ``doubt`` from
            0 to 1, ``address`` or None; in the order of `entries`) and ``agreements`` of
            annotators.
        """
        return {
            "annotator": self.annotator,
            "log": self.log.path,
            "current": self.current if self.entries else None,
            "documents": [
                {
                    "id": entry.opened.document,
                    "lines": len(entry.doubts),
                    "decided": self._n_decided[number],
                    "doubt": round(entry.doubt, 3),
                    "address": _address(entry.opened),
                }
                for number, entry in enumerate(self.entries)
            ],
            "agreements": [self._shown(found) for found in agreements(self.pages.values())],
        }

    def _state(self, number: int) -> dict[str, Any]:
        """Describe what is decided: letters of a document, progress over all."""
        page = self.pages[self.entries[number].opened.document]
        return {
            "decided": _letters(page.decisions(self.annotator)),
            "n_actions": page.n_actions(self.annotator),
            "revision": self._revisions[number],
            "next": self._following(number),
            "progress": {
                "documents": len(self.entries),
                "documents_done": sum(map(self._is_done, range(len(self.entries)))),
            },
        }

    def _shown(self, agreement: Agreement) -> dict[str, Any]:
        differences = [
            {**d._asdict(), "text": d.text[:SNIPPET_CHARS], "number": self._numbers.get(d.document)}
            for d in agreement.differences[:MOST_DIFFERENCES]
        ]
        n_all = len(agreement.differences)
        return {**agreement._asdict(), "n_differences": n_all, "differences": differences}

    def _first(self) -> int:
        """Tell where to begin: what somebody else worked on last is no place to go on from."""
        first, last = self._following(-1) or 0, self.log.restored.last
        if last is None:
            return first
        # The log does not say who opened a document: anybody who has labelled lines before.
        everybody = {name for page in self.pages.values() for name in page.decided}
        whose = everybody if isinstance(last, Opened) else {last.annotator}
        return self._numbers.get(last.document, first) if self.annotator in whose else first

    def _is_done(self, number: int) -> bool:
        """Tell whether the annotator has judged every line of a document."""
        return self._n_decided[number] == len(self.entries[number].doubts)

    def _following(self, number: int) -> int | None:
        """Give the next one down the order of doubt that is not done; those before come last."""
        others = chain(range(number + 1, len(self.entries)), range(number))
        return next((i for i in others if not self._is_done(i)), None)

    def _happen(self, event: Event) -> None:
        check_event(self.pages, event)
        self.log.append(event)
        apply_event(self.pages, event)

    def _count(self, number: int) -> int:
        page = self.pages.get(self.entries[number].opened.document)
        return 0 if page is None else int((page.decisions(self.annotator) != UNDECIDED).sum())


def _check_text(opened: Opened, pages: dict[str, Page], file: str) -> None:
    try:
        check_event(pages, opened)
    except ValueError as error:
        remedy = "Give -o another file, or the documents as they were."
        raise DataError(Problem("other text", str(error), remedy), file) from None


def _address(opened: Opened) -> str | None:
    """Give the address of a document, if it is known and no part of its name."""
    url = opened.fields.get("url")
    return url if isinstance(url, str) and url not in opened.document else None


def _letters(codes: Codes) -> str:
    return np.frombuffer(MARK_LETTERS.encode(), np.uint8)[codes].tobytes().decode()
