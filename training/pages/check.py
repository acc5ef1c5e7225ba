"""What must hold of the committed labels, told from pointers and hashes alone.

No page text is needed: two lines with one hash are the same line.
"""

from collections import defaultdict
from itertools import combinations, pairwise

from classifier.labels import LABELS
from training.corpus import fold_of
from training.pages.standoff import LabelRow, Page

SAME_PAGE = 0.5  # of the longer page's distinct lines shared: one page twice
COMMON_LINE = 60  # pages; a line on more of them ("Home") says nothing of kinship


def problems(pages: list[Page], labels: dict[str, list[LabelRow]]) -> list[str]:
    """Return what is wrong with pages and labels, one sentence each; nothing if all is well.

    Parameters
    ----------
    pages : list of Page
    labels : dict of str to list of LabelRow
        By the page's id.

    Returns
    -------
    list of str
    """
    return [
        *unknown_labels(labels),
        *uncovered(pages, labels),
        *divided(pages, "site"),
        *divided(pages, "host"),
        *repeated(pages),
        *shared_across_folds(pages, labels),
    ]


def unknown_labels(labels: dict[str, list[LabelRow]]) -> list[str]:
    """Find rows whose label is none of the four.

    Parameters
    ----------
    labels : dict of str to list of LabelRow
        By the page's id.

    Returns
    -------
    list of str
    """
    return [
        f"page {row.id}: line {row.line} is labelled {row.label!r}; labels are {', '.join(LABELS)}"
        for rows in labels.values()
        for row in rows
        if row.label not in LABELS
    ]


def uncovered(pages: list[Page], labels: dict[str, list[LabelRow]]) -> list[str]:
    """Find pages without a label for each of their lines, and labels without a page.

    Parameters
    ----------
    pages : list of Page
    labels : dict of str to list of LabelRow
        By the page's id.

    Returns
    -------
    list of str
    """
    found = []
    for page in pages:
        rows = labels.get(page.id, [])
        lines = [row.line for row in rows]
        if len(rows) != page.n_lines:
            found.append(f"page {page.id} has {page.n_lines} lines but {len(rows)} labels")
        if any(later <= line for line, later in pairwise(lines)):
            found.append(f"page {page.id}: its lines do not rise")
        if any((row.source, row.path) != (page.source, page.path) for row in rows):
            found.append(f"page {page.id}: source or path is not that of pages.csv")
    strangers = labels.keys() - {page.id for page in pages}
    return found + [f"labels of {name}, which is not in pages.csv" for name in sorted(strangers)]


def divided(pages: list[Page], field: str) -> list[str]:
    """Find sites (or hosts) whose pages lie in several groups, and so perhaps in several folds.

    Parameters
    ----------
    pages : list of Page
    field : str
        "site" or "host".

    Returns
    -------
    list of str
    """
    groups: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        if name := getattr(page, field):
            groups[name].add(page.group)
    return [
        f"{field} {name} is in several groups: {', '.join(sorted(found))}"
        for name, found in groups.items()
        if len(found) > 1
    ]


def repeated(pages: list[Page]) -> list[str]:
    """Find pages that stand in the list twice.

    Parameters
    ----------
    pages : list of Page

    Returns
    -------
    list of str
    """
    found = []
    for field in ("id", "html_sha256"):
        owners: dict[str, list[str]] = defaultdict(list)
        for page in pages:
            owners[getattr(page, field)].append(page.id)
        found += [
            f"pages {', '.join(names)} have the same {field}"
            for names in owners.values()
            if len(names) > 1
        ]
    return found


def shared_across_folds(pages: list[Page], labels: dict[str, list[LabelRow]]) -> list[str]:
    """Find pages of different folds that are mostly the same lines.

    Parameters
    ----------
    pages : list of Page
    labels : dict of str to list of LabelRow
        By the page's id.

    Returns
    -------
    list of str
    """
    distinct = {page.id: {row.hash for row in labels.get(page.id, [])} for page in pages}
    holders: dict[str, list[str]] = defaultdict(list)
    for name, hashes in distinct.items():
        for value in hashes:
            holders[value].append(name)
    common: dict[tuple[str, str], int] = defaultdict(int)
    for names in holders.values():
        if len(names) <= COMMON_LINE:
            for pair in combinations(names, 2):
                common[pair] += 1
    fold = {page.id: fold_of(page.group) for page in pages}
    return [
        f"pages {one} and {other} share {count} lines but are on two sides of a split"
        for (one, other), count in common.items()
        if fold[one] != fold[other]
        and count >= SAME_PAGE * max(len(distinct[one]), len(distinct[other]))
    ]
