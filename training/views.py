"""Views to learn from: pages as other extractors print them, kept by `training.prints`."""

import re
from pathlib import Path
from zlib import crc32

import numpy as np

from training.corpus import Corpus, chosen_pages, lines_of, read_gold

FULL_VIEW = "full"  # is the labelled text
ADDED_FOLDER = "added"  # beside the views of gold, those of pages labelled in addition
# Those that break lines as the labelled text does not. Of a page that was labelled in
# addition one of them is learnt from, for the time that fitting takes.
DRAWN_VIEWS = ("beautifulsoup", "inscriptis", "wet")
MARKS = re.compile(r"\W+")  # what extractors print differently: bullets, spaces, Markdown


def read_views(folder: Path) -> dict[str, Corpus]:
    """Read the views of the labelled pages, by name.

    Raises
    ------
    ValueError
        If there are none.
    """
    paths = sorted(folder.glob("*.jsonl.gz"))
    if not paths:
        raise ValueError(f"{folder}: has no views; make them with `python -m training views build`")
    return {path.name.removesuffix(".jsonl.gz"): read_gold(path) for path in paths}


def read_drawn_views(folder: Path) -> dict[str, Corpus]:
    """Read the views of the pages that were labelled in addition: each page in one view.

    Returns
    -------
    dict of str to Corpus
        `FULL_VIEW`, which has all pages, and `DRAWN_VIEWS`; empty if the HTML of
        these pages was not there.
    """
    if not (folder / ADDED_FOLDER).is_dir():
        return {}
    views = read_views(folder / ADDED_FOLDER)
    drawn = {name: chosen_pages(views[name], are_drawn(views[name], name)) for name in DRAWN_VIEWS}
    return {FULL_VIEW: views[FULL_VIEW], **drawn}


def are_drawn(view: Corpus, name: str) -> np.ndarray:
    """Tell which pages are drawn for a view, by their identifiers: bool, shape (n_documents,)."""
    draws = [crc32(record["id"].encode()) % len(DRAWN_VIEWS) for record in view.records]
    return np.array(draws, np.int64) == DRAWN_VIEWS.index(name)


def new_lines(views: dict[str, Corpus]) -> dict[str, np.ndarray]:
    """Find the lines of each view that no view before it has of the same page.

    Such are pieces of lines, and lines glued together. Lines that differ in `MARKS` alone
    are the same; `FULL_VIEW` comes first.

    Returns
    -------
    dict of str to ndarray of bool, shape (n_lines,)
    """
    seen: dict[str, set[str]] = {}
    found = {}
    for name in sorted(views, key=lambda name: (name != FULL_VIEW, name)):
        is_new = []
        for text, record in zip(views[name].texts, views[name].records, strict=True):
            known = seen.setdefault(record["id"], set())
            for line in lines_of(text):
                words = MARKS.sub(" ", line).strip()
                is_new.append(words not in known)
                known.add(words)
        found[name] = np.array(is_new, bool)
    return found
