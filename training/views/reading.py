"""Views to learn from: pages as other extractors print them, kept by `training.views.printing`."""

import re
from pathlib import Path
from zlib import crc32

import numpy as np

from training.corpus import Corpus, chosen_pages, corpus_of, lines_of
from training.pages.added_pages import COLLECTION_WITHOUT_HTML, read_added_pages
from training.pages.files import read_documents
from training.views.comparison import lacking_pages, regrouped_pages, relabelled_pages

FULL_VIEW = "full"  # is the labelled text
ADDED_FOLDER = "added"  # beside the views of gold, those of pages labelled in addition
# Those that break lines as the labelled text does not. Of a page that was labelled in
# addition one of them is learnt from, for the time that fitting takes.
DRAWN_VIEWS = ("beautifulsoup", "inscriptis", "wet")
REMEDY = "make the views of these pages with `python -m training views build`"
MARKS = re.compile(r"\W+")  # what extractors print differently: bullets, spaces, Markdown


def read_views(folder: Path) -> dict[str, Corpus]:
    """Read the views of the labelled pages, by name.

    Parameters
    ----------
    folder : Path
        Holds ``<view>.jsonl.gz``.

    Returns
    -------
    dict of str to Corpus

    Raises
    ------
    ValueError
        If there are none.
    """
    paths = sorted(folder.glob("*.jsonl.gz"))
    if not paths:
        raise ValueError(f"{folder} has no views; {REMEDY}")
    return {path.name.removesuffix(".jsonl.gz"): corpus_of(read_documents(path)) for path in paths}


def read_views_of(gold: Corpus, folder: Path) -> dict[str, Corpus]:
    """Read the views of gold, by name; refuse those of other pages, groups or labels.

    Groups, which say the fold, are compared in every view; texts and labels in `FULL_VIEW`,
    which the others are made with.

    Parameters
    ----------
    gold : Corpus
        With labels as they were made, as those of views are, or corrected.
    folder : Path
        Holds ``<view>.jsonl.gz``.

    Returns
    -------
    dict of str to Corpus

    Raises
    ------
    ValueError
        If there are none, or if they are of other pages.
    """
    views = read_views(folder)
    if FULL_VIEW not in views:
        raise ValueError(f"{folder} has no view {FULL_VIEW}; {REMEDY}")
    full = views[FULL_VIEW]
    differing = regrouped_pages(views.values(), gold) | relabelled_pages(full, gold)
    differing |= lacking_pages(full, gold)
    if differing:
        n_pages = len(differing.union(record["id"] for record in gold.records))
        raise ValueError(
            f"{folder}: {len(differing):,} of {n_pages:,} pages are not in both gold and the view "
            f"{FULL_VIEW}, or have another text, group or labels in a view, such as "
            f"{min(differing)}; {REMEDY}"
        )
    return views


def unprinted_pages(drawn: dict[str, Corpus], taught: Corpus) -> set[str]:
    """Name the pages labelled in addition that are learnt from, but in no view though they could.

    Parameters
    ----------
    drawn : dict of str to Corpus
        From `read_drawn_views`.
    taught : Corpus
        All pages that are learnt from.

    Returns
    -------
    set of str

    Raises
    ------
    ValueError
        If the views have pages that are not learnt from, or not as they are there.
    """
    if drawn:
        strangers = regrouped_pages(drawn.values(), taught)
        strangers |= relabelled_pages(drawn[FULL_VIEW], taught)
        if strangers:
            raise ValueError(
                f"the folder {ADDED_FOLDER} of the views has {len(strangers):,} pages that are not "
                f"learnt from, or have another text, group or labels, such as {min(strangers)}; "
                f"{REMEDY}, or remove that folder"
            )
    pages = read_added_pages()
    with_html = {page.id for page in pages if page.collection != COLLECTION_WITHOUT_HTML}
    printed = {record["id"] for record in drawn[FULL_VIEW].records} if drawn else set()
    return with_html.intersection(record["id"] for record in taught.records) - printed


def read_drawn_views(folder: Path) -> dict[str, Corpus]:
    """Read the views of the pages that were labelled in addition: each page in one view.

    Parameters
    ----------
    folder : Path
        Holds them in `ADDED_FOLDER`.

    Returns
    -------
    dict of str to Corpus
        `FULL_VIEW`, which has all pages, and `DRAWN_VIEWS`; empty if the HTML of
        these pages was not there.

    Raises
    ------
    ValueError
        If there are some views of theirs, but not all of these.
    """
    if not (folder / ADDED_FOLDER).is_dir():
        return {}
    views = read_views(folder / ADDED_FOLDER)
    if missing := {FULL_VIEW, *DRAWN_VIEWS} - views.keys():
        raise ValueError(
            f"{folder / ADDED_FOLDER}: has no view {', '.join(sorted(missing))}; "
            "make it with `python -m training views build`"
        )
    drawn = {name: chosen_pages(views[name], are_drawn(views[name], name)) for name in DRAWN_VIEWS}
    return {FULL_VIEW: views[FULL_VIEW], **drawn}


def are_drawn(view: Corpus, name: str) -> np.ndarray:
    """Tell which pages are drawn for a view, by their identifiers: bool, shape (n_documents,).

    Parameters
    ----------
    view : Corpus
    name : str
        One of `DRAWN_VIEWS`.

    Returns
    -------
    ndarray of bool, shape (n_documents,)
    """
    draws = [crc32(record["id"].encode()) % len(DRAWN_VIEWS) for record in view.records]
    return np.array(draws, np.int64) == DRAWN_VIEWS.index(name)


def new_lines(views: dict[str, Corpus]) -> dict[str, np.ndarray]:
    """Find the lines of each view that no view before it has of the same page.

    Such are pieces of lines, and lines glued together. Lines that differ in `MARKS` alone
    are the same; `FULL_VIEW` comes first.

    Parameters
    ----------
    views : dict of str to Corpus

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
