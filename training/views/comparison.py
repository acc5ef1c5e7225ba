"""Whether views are of the pages that are learnt from, as these are labelled now.

A view has texts, groups and labels of its own. After pages were labelled or grouped anew, or
moved to the test set, old views would teach a model what was held out from it.
"""

from collections.abc import Iterable

import numpy as np

from training.corpus import Corpus
from training.pages import corrections


def regrouped_pages(views: Iterable[Corpus], labelled: Corpus) -> set[str]:
    """Name the pages of views that are not among the labelled ones, or of another group there.

    Parameters
    ----------
    views : iterable of Corpus
    labelled : Corpus

    Returns
    -------
    set of str
        Their identifiers.
    """
    groups = {record["id"]: record["group"] for record in labelled.records}
    printed = (record for view in views for record in view.records)
    return {record["id"] for record in printed if groups.get(record["id"]) != record["group"]}


def relabelled_pages(view: Corpus, labelled: Corpus) -> set[str]:
    """Name the pages of a view whose text or labels are not the labelled ones.

    Parameters
    ----------
    view : Corpus
        Prints of what was labelled, with labels as they were made.
    labelled : Corpus
        With labels as they were made, or corrected.

    Returns
    -------
    set of str
        Their identifiers.
    """
    printed, known = lines_by_page(view), corrections.read_corrections()
    found = set()
    for record, text, labels in lines_by_page(labelled).values():
        _, print_of_it, made = printed.get(record["id"], (record, text, labels))
        is_same = text == print_of_it and (
            np.array_equal(made, labels)
            or corrections.explain(known, record, text, made.tolist(), labels.tolist())
        )
        if not is_same:
            found.add(record["id"])
    return found


def lacking_pages(view: Corpus, labelled: Corpus) -> set[str]:
    """Name the labelled pages that a view lacks.

    Parameters
    ----------
    view, labelled : Corpus

    Returns
    -------
    set of str
        Their identifiers.
    """
    return lines_by_page(labelled).keys() - lines_by_page(view).keys()


def lines_by_page(corpus: Corpus) -> dict[str, tuple[dict, str, np.ndarray]]:
    """Return record, text and label codes of each page with a line, by its identifier.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    dict of str to tuple
    """
    labels = np.split(corpus.labels, np.cumsum(corpus.line_counts))[:-1]
    pages = zip(corpus.records, corpus.texts, labels, strict=True)
    return {page[0]["id"]: page for page in pages if len(page[2])}
