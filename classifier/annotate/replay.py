"""Events happen to documents, one after another, if they can: what is decided is their sum."""

import numpy as np

from classifier.annotate.decisions import UNDECIDED, Page
from classifier.annotate.events import MARKS, Accepted, Event, Marked, Opened, Undone
from classifier.labels import label_codes
from classifier.lines import line_spans


def apply_event(pages: dict[str, Page], event: Event) -> None:
    """Let an event happen.

    Parameters
    ----------
    pages : dict of str to Page
        Documents by identifier; changed.
    event : Event

    Raises
    ------
    ValueError
        As `check_event`; nothing is changed then.
    """
    check_event(pages, event)
    if isinstance(event, Opened):
        predicted = label_codes(event.predicted)
        page = Page(event.document, event.text, predicted, event.fields)
        # Of joined logs each accepts what its own model said.
        pages.setdefault(event.document, page).predicted = predicted
        return
    page = pages[event.document]
    if isinstance(event, Marked):
        codes = np.full(event.last + 1 - event.first, MARKS.index(event.label), np.uint8)
        page.mark(event.annotator, event.first, codes)
    elif isinstance(event, Accepted):
        decided = page.decisions(event.annotator)
        page.mark(event.annotator, 0, np.where(decided == UNDECIDED, page.predicted, decided))
    else:
        page.undo(event.annotator)


def check_event(pages: dict[str, Page], event: Event) -> None:
    """Check that an event can happen; of joined logs each may open the same document.

    Parameters
    ----------
    pages : dict of str to Page
        What was opened so far, by identifier.
    event : Event

    Raises
    ------
    ValueError
        If it cannot: a document unknown, of another text or without a label
        for each line; a line that it does not have; nothing to undo.
    """
    page = pages.get(event.document)
    name = f"document {event.document!r}"
    if isinstance(event, Opened):
        if page is not None and page.text != event.text:
            raise ValueError(f"{name} was opened before with another text")
        n_lines = len(line_spans(event.text))
        if len(event.predicted) != n_lines:
            raise ValueError(
                f"{name} has {n_lines} lines that are not blank "
                f"but {len(event.predicted)} predicted labels"
            )
    elif page is None:
        raise ValueError(f"{name} was not opened before")
    elif isinstance(event, Marked):
        if event.last >= page.n_lines:
            raise ValueError(
                f"{name} has {page.n_lines} lines that are not blank, "
                f"so no line {event.last} (counted from 0)"
            )
    elif isinstance(event, Undone) and not page.n_actions(event.annotator):
        raise ValueError(f"{event.annotator!r} has nothing to undo on {name}")
