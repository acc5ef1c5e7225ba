"""What must hold of the committed labels, told from pointers and hashes alone.

No page text is needed: two lines with one hash are the same line. Here is what holds of
gold, and of any pages; `training.pages.check_added` has the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise

from classifier.labels import LABELS
from training.pages.added_pages import AddedPage
from training.pages.additions import AddedRow
from training.pages.standoff import LabelRow, Page

SAME_PAGE = 0.5  # of the longer page's distinct lines shared: one page twice
COMMON_LINE = 60  # pages; a line on more of them ("Home") says nothing of kinship


def problems(pages: list[Page], labels: dict[str, list[LabelRow]]) -> list[str]:
    """Return what is wrong with gold, one sentence each; nothing if all is well.

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
        *repeated(pages, "html_sha256"),
    ]


def unknown_labels(labels: Mapping[str, Sequence[LabelRow | AddedRow]]) -> list[str]:
    """Find rows whose label is none of the four.

    Parameters
    ----------
    labels : mapping of str to sequence of (LabelRow or AddedRow)
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
        if len(rows) != page.n_lines:
            found.append(f"page {page.id} has {page.n_lines} lines but {len(rows)} labels")
        if any((row.source, row.path) != (page.source, page.path) for row in rows):
            found.append(f"page {page.id}: source or path is not that of pages.csv")
    found += unordered(labels)
    strangers = labels.keys() - {page.id for page in pages}
    return found + [f"labels of {name}, which is not in pages.csv" for name in sorted(strangers)]


def unordered(labels: Mapping[str, Sequence[LabelRow | AddedRow]]) -> list[str]:
    """Find pages whose rows do not go down the page, each line once.

    Parameters
    ----------
    labels : mapping of str to sequence of (LabelRow or AddedRow)
        By the page's id.

    Returns
    -------
    list of str
    """
    found = []
    for name, rows in labels.items():
        if falls := [later.line for row, later in pairwise(rows) if later.line <= row.line]:
            found.append(f"page {name}: its lines do not rise, or come twice, first {falls[0]}")
    return found


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


def repeated(pages: Iterable[Page | AddedPage], field: str) -> list[str]:
    """Find pages that stand in the lists twice.

    Parameters
    ----------
    pages : iterable of (Page or AddedPage)
    field : str
        What tells a page: "id", or a hash.

    Returns
    -------
    list of str
    """
    owners: dict[str, list[str]] = defaultdict(list)
    for page in pages:
        owners[getattr(page, field)].append(page.id)
    return [
        f"pages {', '.join(names)} have the same {field}"
        for names in owners.values()
        if len(names) > 1
    ]


def shared_across_sides(
    sides: Mapping[str, int], labels: Mapping[str, Sequence[LabelRow | AddedRow]]
) -> list[str]:
    """Find pages on different sides of a split that are mostly the same lines.

    Parameters
    ----------
    sides : mapping of str to int
        Of each page, by its id: a fold, or the test set.
    labels : mapping of str to sequence of (LabelRow or AddedRow)
        By the page's id.

    Returns
    -------
    list of str
    """
    distinct = {name: {row.hash for row in labels.get(name, [])} for name in sides}
    holders: dict[str, list[str]] = defaultdict(list)
    for name, hashes in distinct.items():
        for value in hashes:
            holders[value].append(name)
    common: dict[tuple[str, str], int] = defaultdict(int)
    for names in holders.values():
        if len(names) <= COMMON_LINE:
            for pair in combinations(names, 2):
                common[pair] += 1
    return [
        f"pages {one} and {other} share {count} lines but are on two sides of a split"
        for (one, other), count in common.items()
        if sides[one] != sides[other]
        and count >= SAME_PAGE * max(len(distinct[one]), len(distinct[other]))
    ]
