"""Logs of corrections as if they were one: a page of each text, with what all say of it."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from classifier.annotate.decisions import UNDECIDED, Page


def joined_pages(pages: Iterable[Page], announce: Callable[[str], None]) -> list[Page]:
    """Make one of pages with the same text, as if their logs were one.

    Parameters
    ----------
    pages : iterable of Page
        Some of them are changed.
    announce : callable
        Told of lines that one annotator gave several labels.

    Returns
    -------
    list of Page
        In the order in which their texts come first.
    """
    found: dict[str, Page] = {}
    n_changed: Counter[str] = Counter()
    for page in pages:
        known = found.setdefault(page.text, page)
        if known is page:
            continue
        for annotator, codes in page.decided.items():
            before = known.decisions(annotator)
            is_new = codes != UNDECIDED
            n_changed[annotator] += int((is_new & (before != UNDECIDED) & (before != codes)).sum())
            known.decided[annotator] = np.where(is_new, codes, before)
        if group_name(known.fields) is None:
            known.fields = page.fields
    for annotator, n_lines in n_changed.items():
        if n_lines:  # as of two people who both left --annotator out
            announce(
                f"lines to which the annotator {annotator!r} gives one label and, in a later log "
                f"or document, another: {n_lines}. The last one counts; if these are two people, "
                "give them two names in their logs"
            )
    return list(found.values())


def group_name(record: dict[str, Any]) -> str | None:
    """Name the group that a record gives.

    Parameters
    ----------
    record : dict
        Its ``group`` is any JSON value.

    Returns
    -------
    str or None
        None if it gives none.
    """
    group = record.get("group")
    return None if group is None or group == "" else f"group {group}"
