"""Where the pages come from that were labelled beside gold: ``pages.csv`` of their folder.

Those of ``data/labels/additions`` are learnt from, those of `training.pages.testset` are not.
Of some only the text was there when they were labelled, not their HTML; so a page is
known by what is printed of it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from training.pages.additions import ADDITIONS, read_additions
from training.pages.rows import read_rows

PAGES = ADDITIONS / "pages.csv"
COLLECTION_WITHOUT_HTML = "unlabelled"  # of those labelled in addition; it came as text


class AddedPage(NamedTuple):
    """What is known of a page that was labelled beside gold, without its text.

    Attributes
    ----------
    id, collection : str
        `collection` names the file of its label rows.
    source, commit, path : str
        Where it comes from; `source` is one of ``sources.json``. Of a page that comes
        with a package, `commit` is the package's version.
    url, group, language : str
    text_sha256 : str
        Of the text that was labelled, as resiliparse prints it.
    """

    id: str
    collection: str
    source: str
    commit: str
    path: str
    url: str
    group: str
    language: str
    text_sha256: str

    def is_from(self, html: bytes) -> bool:
        """Tell whether the page's text is what is printed of this HTML.

        Parameters
        ----------
        html : bytes

        Returns
        -------
        bool
        """
        from training.render import resiliparse_full

        return text_hash(resiliparse_full(html)) == self.text_sha256


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_added_pages(path: Path = PAGES) -> list[AddedPage]:
    """Read what is known of the pages that were labelled in addition, or of others.

    Parameters
    ----------
    path : Path, default PAGES

    Returns
    -------
    list of AddedPage
    """
    return list(read_rows(path, AddedPage))


def added_pages(
    folders: Sequence[Path], sources: dict[str, dict[str, str]], rows_folder: Path = ADDITIONS
) -> Iterator[AddedPage]:
    """Yield what is to be known of the pages with label rows, from their documents.

    Parameters
    ----------
    folders : sequence of Path
        Hold ``<collection>/documents.jsonl.gz``.
    sources : dict
        Commit of each source.
    rows_folder : Path, default ADDITIONS

    Yields
    ------
    AddedPage
    """
    for collection, record, _ in read_additions(folders, rows_folder):
        known = {name: record.get(name) or "" for name in AddedPage._fields}
        if not known["path"]:  # WCXB, whose pages are named after their files
            path = f"dev/html/{record['id']}.html.gz"
            known |= {"source": collection, "commit": sources[collection]["commit"], "path": path}
        known |= {"collection": collection, "text_sha256": text_hash(record["text"])}
        yield AddedPage(**known)
