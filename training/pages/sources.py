"""The HTML of labelled pages: how it is kept, and how it is taken from archives.

A page knows its HTML when it sees it (`is_from`), and is kept as ``<id>.html``.
`training.pages.repositories` gets pages from public repositories.
"""

import lzma
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from training.pages.added_pages import AddedPage
from training.pages.standoff import Page, read_pages

AnyPage = Page | AddedPage
ARCHIVES = "*/pages.tar.xz"  # inside the folder of `take`
MOST_BYTES = 1 << 26  # of a page


def html_path(folder: Path, name: str) -> Path:
    """Return where a folder holds the HTML of a page.

    Parameters
    ----------
    folder : Path
    name : str
        The page's identifier.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If the name leads elsewhere.
    """
    if Path(name).name != name:
        raise ValueError(f"{name!r} names no page: it has folders in it")
    return folder / f"{name}.html"


def has_page(folder: Path, page: AnyPage) -> bool:
    """Tell whether the folder holds the page's HTML.

    Parameters
    ----------
    folder : Path
        Holds ``<id>.html``.
    page : Page or AddedPage

    Returns
    -------
    bool
        False if it holds other HTML under that name.
    """
    path = html_path(folder, page.id)
    return path.exists() and page.is_from(path.read_bytes())


def require_labelled_html(folder: Path, names: Iterable[str]) -> None:
    """Refuse pages that are judged by if their HTML is not there, or not what was labelled.

    Parameters
    ----------
    folder : Path
        Holds ``<id>.html``.
    names : iterable of str
        Identifiers; of the HTML of pages that are not in the list of gold nothing is known.

    Raises
    ------
    ValueError
        It names the first of them, and the command that gets what was labelled.
    """
    wanted = set(names)
    absent = [name for name in sorted(wanted) if not html_path(folder, name).exists()]
    pages = [page for page in read_pages() if page.id in wanted]
    other = [] if absent else [page.id for page in pages if not has_page(folder, page)]
    if absent or other:
        first, *more = absent or other
        also = f" (and {len(more)} more)" if more else ""
        fault = "is not there" if absent else "has other bytes than were labelled"
        raise ValueError(
            f"{html_path(folder, first)}{also} {fault}; run `python -m training sources fetch`, "
            "with `--from` a folder that has the pages, if there is one"
        )


def take(origin: Path, pages: list[AnyPage], folder: Path) -> list[AnyPage]:
    """Unpack pages from the archives in a folder; return those that they lack.

    Parameters
    ----------
    origin : Path
        Folder with the archives, `ARCHIVES` below it.
    pages : list of (Page or AddedPage)
    folder : Path
        Where the HTML goes.

    Returns
    -------
    list of (Page or AddedPage)

    Raises
    ------
    ValueError
        If there is no archive, or one cannot be read.
    """
    archives = sorted(origin.glob(ARCHIVES))
    if not archives:
        raise ValueError(f"{origin}: has no archive {ARCHIVES}")
    wanted = {html_path(folder, p.id).name: p for p in pages if not has_page(folder, p)}
    for archive in archives:
        taken = unpack(archive, wanted, folder)
        wanted = {name: page for name, page in wanted.items() if page.id not in taken}
    return list(wanted.values())


def unpack(archive: Path, wanted: dict[str, AnyPage], folder: Path) -> set[str]:
    """Unpack the pages that are in an archive; return their identifiers.

    Parameters
    ----------
    archive : Path
    wanted : dict of str to Page or AddedPage
        By the name of the file in the archive, with its folders or without any.
    folder : Path
        Where the HTML goes.

    Returns
    -------
    set of str

    Raises
    ------
    ValueError
        If the archive cannot be read.
    """
    taken = set()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(archive) as members:
            for member in members:
                # Names come from the list of pages: nothing is written elsewhere.
                page = wanted.get(member.name) or wanted.get(Path(member.name).name)
                # Of a sparse file some bytes may say that it is as long as they like.
                if page is None or not member.isfile() or member.size > MOST_BYTES:
                    continue
                html = members.extractfile(member).read()
                if page.is_from(html):
                    html_path(folder, page.id).write_bytes(html)
                    taken.add(page.id)
    except (OSError, EOFError, tarfile.TarError, lzma.LZMAError, zlib.error) as error:
        raise ValueError(f"{archive}: cannot be read ({error})") from None
    return taken
