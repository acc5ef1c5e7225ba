"""What must hold of the pages labelled beside gold, and of all labelled pages together.

A page of a site that is held out teaches what is to be judged, whichever list it is in:
groups and lines are compared over gold, the pages labelled in addition and the test set.
"""

from collections import ChainMap, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from classifier.lines import numbered_lines
from training.corpus import fold_of
from training.pages.added_pages import AddedPage, read_added_pages
from training.pages.additions import ADDITIONS, AddedRow, labelled_collections
from training.pages.check import repeated, shared_across_sides, unknown_labels, unordered
from training.pages.files import read_records
from training.pages.rebuild import build_additions
from training.pages.rows import read_rows
from training.pages.sources import html_path
from training.pages.standoff import LabelRow, Page, line_hash, read_sources
from training.pages.testset import TESTSET, read_test_pages

RowsByPage = dict[str, list[AddedRow]]

ARCHIVE = "web.archive.org"  # keeps pages of all sites
TEST_SIDE = -1  # of the split: no fold


def problems_beside(
    gold: Sequence[Page],
    labels: Mapping[str, Sequence[LabelRow]],
    folders: Sequence[Path],
    pages_folder: Path,
) -> tuple[int, list[str]]:
    """Return what is wrong with the committed labels beside gold's own, one sentence each.

    Parameters
    ----------
    gold : sequence of Page
    labels : mapping of str to sequence of LabelRow
        Of gold, by the page's id.
    folders : sequence of Path
        May hold pages labelled in addition, ``<collection>/documents.jsonl.gz``.
    pages_folder : Path
        May hold ``<id>.html`` of pages of the test set.

    Returns
    -------
    n_texts : int
        Of how many pages the text is there, so that it was compared.
    problems : list of str
    """
    added, tested = read_added_pages(), read_test_pages()
    added_rows, test_rows = read_rows_in_order(ADDITIONS), read_rows_in_order(TESTSET)
    beside = ChainMap(*added_rows.values(), *test_rows.values())
    there = texts_there(folders, pages_folder, tested)
    texts = {name: text for name, text in there if name in beside}
    return len(texts), [
        *added_problems(added, added_rows),
        *added_problems(tested, test_rows),
        *joint_problems(gold, added, tested, ChainMap(labels, beside)),
        *unlike_texts(texts, beside),
    ]


def texts_there(
    folders: Sequence[Path], pages_folder: Path, tested: Sequence[AddedPage]
) -> Iterator[tuple[str, str]]:
    """Yield id and text of the pages beside gold that are there, and of others like them.

    Parameters
    ----------
    folders, pages_folder
        As in `problems_beside`.
    tested : sequence of AddedPage

    Yields
    ------
    name, text : str
    """
    for _, _, documents in labelled_collections(folders, ADDITIONS):
        for record in read_records(documents) if documents else ():
            yield record["id"], record["text"]
    there = [page for page in tested if html_path(pages_folder, page.id).exists()]
    if there:  # or no extractor is needed
        for records in build_additions(there, read_sources(), pages_folder).values():
            yield from ((record["id"], record["text"]) for record in records)


def read_rows_in_order(rows_folder: Path) -> dict[str, RowsByPage]:
    """Read all label rows as they stand in the files, by collection and page.

    Parameters
    ----------
    rows_folder : Path
        Holds ``<collection>.csv.gz``.

    Returns
    -------
    dict of str to dict of str to list of AddedRow
    """
    found: dict[str, RowsByPage] = {}
    for collection, path, _ in labelled_collections((), rows_folder):
        pages = found.setdefault(collection, {})
        for row in read_rows(path, AddedRow):
            pages.setdefault(row.id, []).append(row)
    return found


def added_problems(pages: Sequence[AddedPage], rows: Mapping[str, RowsByPage]) -> list[str]:
    """Return what is wrong with pages labelled beside gold, one sentence each.

    Parameters
    ----------
    pages : sequence of AddedPage
    rows : mapping of str to dict of str to list of AddedRow
        By collection and page, see `read_rows_in_order`.

    Returns
    -------
    list of str
    """
    found = []
    for collection in sorted(rows.keys() | {page.collection for page in pages}):
        labels = rows.get(collection, {})
        listed = {page.id for page in pages if page.collection == collection}
        found += unknown_labels(labels) + unordered(labels)
        found += [
            f"page {name} of {collection} has no labels" for name in sorted(listed - labels.keys())
        ]
        found += [
            f"labels of {name} in {collection}.csv.gz, which is not in pages.csv as one of these"
            for name in sorted(labels.keys() - listed)
        ]
    return found


def joint_problems(
    gold: Sequence[Page],
    added: Sequence[AddedPage],
    tested: Sequence[AddedPage],
    labels: Mapping[str, Sequence[LabelRow | AddedRow]],
) -> list[str]:
    """Return what is wrong with all labelled pages together, one sentence each.

    Parameters
    ----------
    gold, added, tested : sequence of (Page or AddedPage)
        Pages to judge and learn from, to learn from alone, and of the test set.
    labels : mapping of str to sequence of (LabelRow or AddedRow)
        Of all of them, by the page's id.

    Returns
    -------
    list of str
    """
    sites = {page.site for page in gold}
    return [
        *repeated([*gold, *added, *tested], "id"),
        *divided_addresses([*gold, *added, *tested], sites),
        *shared_across_sides(sides([*gold, *added], tested), labels),
    ]


def sides(learnt: Sequence[Page | AddedPage], tested: Sequence[AddedPage]) -> dict[str, int]:
    """Return on which side of a split each page is: in a fold, or in the test set.

    Parameters
    ----------
    learnt, tested : sequence of (Page or AddedPage)

    Returns
    -------
    dict of str to int
        By the page's id. Pages of the test set of groups that are learnt from are not
        there: no figure counts them.
    """
    groups = {page.group for page in learnt}
    unseen = {page.id: TEST_SIDE for page in tested if page.group not in groups}
    return {page.id: fold_of(page.group) for page in learnt} | unseen


def domains(url: str) -> Iterator[str]:
    """Yield the host of an address, then each domain that it is in, but for the last.

    Parameters
    ----------
    url : str

    Yields
    ------
    str
        Nothing if there is no host, or it keeps pages of all sites.
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    while "." in host and host != ARCHIVE:
        yield host
        host = host.partition(".")[2]


def divided_addresses(pages: Sequence[Page | AddedPage], sites: set[str]) -> list[str]:
    """Find hosts and sites whose pages lie in several groups, by the pages' addresses.

    Parameters
    ----------
    pages : sequence of (Page or AddedPage)
    sites : set of str
        Registered domains that are known. Of others is known which are names of groups.

    Returns
    -------
    list of str
    """
    own = {page.group for page in pages}
    groups: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for n, name in enumerate(domains(page.url)):
            if n == 0 or name in sites or name in own:
                groups[name].add(page.group)
            if name in own:
                groups[name].add(name)
    return [
        f"pages at {name} are in several groups: {', '.join(sorted(found))}"
        for name, found in groups.items()
        if len(found) > 1
    ]


def unlike_texts(texts: Mapping[str, str], labels: Mapping[str, Sequence[AddedRow]]) -> list[str]:
    """Find texts with lines that no label row points at, or that are not what it points at.

    Parameters
    ----------
    texts : mapping of str to str
    labels : mapping of str to sequence of AddedRow
        By the page's id, like the texts.

    Returns
    -------
    list of str
    """
    found = []
    for name, text in texts.items():
        printed = {(n, line_hash(line)) for n, line in numbered_lines(text)}
        if differing := printed ^ {(row.line, row.hash) for row in labels[name]}:
            found.append(f"page {name}: line {min(differing)[0]} has no label, or another line's")
    return found
