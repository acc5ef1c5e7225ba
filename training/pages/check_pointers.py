"""What must hold of rows that point at labelled pages, and of the sources that these name."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from training.pages.added_pages import AddedPage
from training.pages.rows import numbered_rows
from training.pages.standoff import LABELS_FOLDER, LabelRow, Page

VERDICT_ROWS = LABELS_FOLDER / "documents.csv"
REVIEWED_ROWS = LABELS_FOLDER / "reviewed.csv"


class ReadRow(NamedTuple):
    """What was found of one page that was read for its verdicts, as it stands in the file."""

    source: str
    path: str
    id: str
    paywalled: str
    truncated: str
    note: str


class ReviewedRow(NamedTuple):
    """What was decided on a line that was read again."""

    source: str
    path: str
    line: int
    decision: str


def pointer_problems(
    pages: Sequence[Page],
    labels: Mapping[str, Sequence[LabelRow]],
    verdicts: Path = VERDICT_ROWS,
    reviewed: Path = REVIEWED_ROWS,
) -> list[str]:
    """Find rows that point at no labelled page or line, or at a page again, one sentence each.

    Parameters
    ----------
    pages : sequence of Page
        Gold's.
    labels : mapping of str to sequence of LabelRow
        By the page's id.
    verdicts, reviewed : Path
        Pages that were read for their verdicts, and lines that were read again.

    Returns
    -------
    list of str
    """
    unread = {(page.source, page.path, page.id) for page in pages}
    lines = {(row.source, row.path, row.line) for rows in labels.values() for row in rows}
    found = []
    for number, row in numbered_rows(verdicts, ReadRow):
        if row[:3] not in unread:
            found.append(f"{verdicts}: row {number} points at no page {row.id}, or a second time")
        unread.discard(row[:3])
    for number, reviewed_row in numbered_rows(reviewed, ReviewedRow):
        if reviewed_row[:3] not in lines:
            line, path = reviewed_row.line, reviewed_row.path
            found.append(f"{reviewed}: row {number} points at no labelled line, {line} of {path}")
    return found


def unknown_sources(
    pages: Iterable[Page | AddedPage], sources: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Find sources of pages of which it is not known where they are, or under which licence.

    Parameters
    ----------
    pages : iterable of (Page or AddedPage)
    sources : mapping of str to mapping of str to str
        See `training.pages.standoff.read_sources`.

    Returns
    -------
    list of str
    """
    return [
        f"source {name}: sources.json has no {field} of it"
        for name in sorted({page.source for page in pages})
        for field in ("repo", "licence")
        if not sources.get(name, {}).get(field)
    ]
