"""The HTML of labelled pages: from their public repositories, or from archives.

A page knows its HTML when it sees it (`is_from`), and is kept as ``<id>.html``. Of a
repository only the trees are fetched, with no more history than needed, then the files
of our pages; a run that was stopped goes on where it was.
"""

import gzip
import lzma
import shutil
import subprocess
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from training.pages.added_pages import AddedPage
from training.pages.standoff import Page

AnyPage = Page | AddedPage
HOST = "https://github.com"
# Some pages are what a commit replaced, and lie in its parent; a few perhaps
# farther back, so all of history (git's own word for it) comes second.
DEPTHS = (2, 2**31 - 1)
ARCHIVES = "*/pages.tar.xz"  # inside the folder of `take`


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
    """
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
                if page is None or not member.isfile():
                    continue
                html = members.extractfile(member).read()
                if page.is_from(html):
                    html_path(folder, page.id).write_bytes(html)
                    taken.add(page.id)
    except (OSError, EOFError, tarfile.TarError, lzma.LZMAError, zlib.error) as error:
        raise ValueError(f"{archive}: cannot be read ({error})") from None
    return taken


def fetch(
    repo: str, pages: list[AnyPage], folder: Path, repositories: Path, host: str = HOST
) -> list[AnyPage]:
    """Fetch pages of one public repository; return those that it did not give.

    Parameters
    ----------
    repo : str
        Owner and name.
    pages : list of Page or AddedPage
        Pages of this repository, each with its commit and path.
    folder : Path
        Where the HTML goes.
    repositories : Path
        Where the bare repository is kept.
    host : str, default HOST
        Address that the repository's name is appended to.

    Returns
    -------
    list of (Page or AddedPage)

    Raises
    ------
    ValueError
        If git cannot reach the repository or a commit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [page for page in pages if not has_page(folder, page)]
    if not missing:
        return []
    bare = repositories / f"{repo.replace('/', '_')}.git"
    if not bare.exists():
        begun = bare.with_suffix(".begun")  # takes the name that is looked for when it is complete
        shutil.rmtree(begun, ignore_errors=True)
        git(None, "init", "--quiet", "--bare", str(begun))
        git(begun, "remote", "add", "origin", f"{host}/{repo}")
        git(begun, "config", "remote.origin.promisor", "true")
        git(begun, "config", "remote.origin.partialclonefilter", "blob:none")
        begun.rename(bare)
    for depth in DEPTHS:
        if missing:
            missing = fetch_versions(bare, missing, folder, depth)
    return missing


def fetch_versions(bare: Path, pages: list[AnyPage], folder: Path, depth: int) -> list[AnyPage]:
    """Fetch pages from so many commits of history; return those that are not there.

    Parameters
    ----------
    bare : Path
        The repository, to fetch into.
    pages : list of (Page or AddedPage)
    folder : Path
        Where the HTML goes.
    depth : int
        How many commits before each page's own.

    Returns
    -------
    list of (Page or AddedPage)
    """
    quiet = ("fetch", "--quiet", "--no-tags", "--filter=blob:none")
    commits = sorted({page.commit for page in pages})
    git(bare, *quiet, f"--depth={depth}", "origin", *commits)
    blobs = {page: list(_versions(bare, page)) for page in pages}
    objects = sorted({blob for found in blobs.values() for blob in found})
    if objects:
        git(bare, *quiet, "--no-write-fetch-head", "--stdin", "origin", given="\n".join(objects))
    for page, found in blobs.items():
        for blob in found:
            html = git(bare, "cat-file", "blob", blob)
            if html[:2] == b"\x1f\x8b":
                html = gzip.decompress(html)
            if page.is_from(html):
                html_path(folder, page.id).write_bytes(html)
                break
    return [page for page in pages if not has_page(folder, page)]


def git(repository: Path | None, *arguments: str, given: str = "") -> bytes:
    """Run git and return what it prints.

    Parameters
    ----------
    repository : Path or None
        None for none.
    *arguments : str
        Of git.
    given : str, default ""
        For its standard input.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        With git's own words if it fails.
    """
    place = [] if repository is None else [f"--git-dir={repository}"]
    command = ["git", *place, *arguments]
    try:
        run = subprocess.run(command, input=given.encode(), capture_output=True, check=False)
    except FileNotFoundError:
        raise ValueError("git is not installed; install it, or use --from FOLDER") from None
    if run.returncode:
        words = run.stderr.decode("utf-8", "replace").strip()
        raise ValueError(f"git {arguments[0]} in {repository} failed: {words}")
    return run.stdout


def _versions(bare: Path, page: AnyPage) -> Iterator[str]:
    """Yield the git objects that a page's path named up to its commit, the latest first."""
    for commit in git(bare, "rev-list", page.commit, "--", page.path).decode().split():
        for entry in git(bare, "ls-tree", "-z", commit, "--", page.path).split(b"\0"):
            if entry:
                yield entry.split(b"\t")[0].split()[2].decode()
