"""Labelled documents built anew: the HTML printed by the pinned extractor, labels added.

Each line of a print is compared with the hash of its label row, so that another
version of the extractor or of a page shows as lines that do not match.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from classifier.files.whole_files import new_file
from classifier.lines import numbered_lines
from training.pages.added_pages import AddedPage, text_hash
from training.pages.check import unknown_labels, unordered
from training.pages.sources import html_path
from training.pages.standoff import LabelRow, Page, line_hash

EXTRACTOR = "resiliparse"
EXTRACTOR_VERSION = "2.0.1"


class Mismatch(NamedTuple):
    """A page whose print is not the labelled one, or that is not there, and the reason.

    Attributes
    ----------
    page : Page
    reason : str
    """

    page: Page
    reason: str


def check_extractor() -> None:
    """Refuse any version of the extractor but the pinned one.

    Raises
    ------
    ValueError
        If another version is installed.
    """
    installed = version(EXTRACTOR)
    if installed != EXTRACTOR_VERSION:
        raise ValueError(
            f"the labels are for {EXTRACTOR} {EXTRACTOR_VERSION}, {installed} is installed; "
            f"pip install {EXTRACTOR}=={EXTRACTOR_VERSION}"
        )


def mismatch(page: Page, text: str, rows: list[LabelRow]) -> Mismatch | None:
    """Compare a print with its label rows, line by line, and look at the rows themselves.

    Parameters
    ----------
    page : Page
    text : str
        As it is printed now.
    rows : list of LabelRow

    Returns
    -------
    Mismatch or None
        None if all lines are the same, and each has one known label.
    """
    printed = {n: line_hash(line) for n, line in numbered_lines(text)}
    labelled = {row.line: row.hash for row in rows}
    differing = [
        n for n in sorted(printed.keys() | labelled.keys()) if printed.get(n) != labelled.get(n)
    ]
    if differing:
        return Mismatch(page, f"{len(differing)} lines differ, first {differing[0]}")
    by_page = {page.id: rows}
    found = [*unknown_labels(by_page), *unordered(by_page)]
    return Mismatch(page, found[0].removeprefix(f"page {page.id}: ")) if found else None


def labelled_document(page: Page, repo: str, text: str, rows: list[LabelRow]) -> dict:
    """Return one record of the labelled documents' format.

    Parameters
    ----------
    page : Page
    repo : str
    text : str
    rows : list of LabelRow

    Returns
    -------
    dict
        Its `text`, `labels`, one for each line that is not blank, `repo`, and the fields of
        `Page` but `n_lines` and `html_sha256`; a `page_type` that is not known is None.
    """
    return {
        "id": page.id,
        "source": page.source,
        "repo": repo,
        "commit": page.commit,
        "path": page.path,
        "url": page.url,
        "host": page.host,
        "site": page.site,
        "language": page.language,
        "page_type": page.page_type or None,
        "text": text,
        "labels": [row.label for row in rows],
        "group": page.group,
    }


def build(
    pages: Iterable[Page],
    labels: dict[str, list[LabelRow]],
    sources: dict[str, dict[str, str]],
    folder: Path,
) -> Iterator[dict | Mismatch]:
    """Print each page's HTML and join it with its labels.

    Parameters
    ----------
    pages : iterable of Page
    labels : dict of str to list of LabelRow
        Label rows by the page's id.
    sources : dict
        Repository of each source.
    folder : Path
        Holds ``<id>.html`` for each page.

    Yields
    ------
    dict or Mismatch
        The document, or why there is none.
    """
    from training.render import resiliparse_full

    for page in pages:
        path = html_path(folder, page.id)
        if not path.exists():
            yield Mismatch(page, f"{path} is not there; run `python -m training sources fetch`")
            continue
        html = path.read_bytes()
        text, rows = resiliparse_full(html), labels.get(page.id, [])
        differing = mismatch(page, text, rows)
        if differing is None and not page.is_from(html):
            # The lines are the same, but what other extractors print of it need not be.
            differing = Mismatch(
                page, "other bytes than were labelled; run `python -m training sources fetch`"
            )
        yield differing or labelled_document(page, sources[page.source]["repo"], text, rows)


def build_additions(
    pages: Iterable[AddedPage], sources: dict[str, dict[str, str]], folder: Path
) -> dict[str, list[dict]]:
    """Print those of the pages labelled in addition whose HTML is there.

    Their labels stay apart, see `training.pages.additions`.

    Parameters
    ----------
    pages : iterable of AddedPage
    sources : dict
        Repository of each source.
    folder : Path
        Holds ``<id>.html`` for each page that could be had.

    Returns
    -------
    dict of str to list of dict
        By collection: the documents, of those pages that print as they did.
    """
    from training.render import resiliparse_full

    found: dict[str, list[dict]] = {}
    for page in pages:
        path = html_path(folder, page.id)
        if not path.exists():
            continue
        text = resiliparse_full(path.read_bytes())
        known = page._asdict()
        if text_hash(text) != known.pop("text_sha256"):
            continue
        document = {**known, "repo": sources[page.source]["repo"], "text": text}
        found.setdefault(page.collection, []).append(document)
    return found


def write_documents(path: Path, documents: Iterable[dict]) -> None:
    """Write JSON Lines, gzipped; equal documents give equal bytes.

    Parameters
    ----------
    path : Path
    documents : iterable of dict
    """
    lines = (json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    with new_file(path) as file:
        file.write(gzip.compress("".join(lines).encode(), mtime=0))
