"""The HTML of labelled pages from their public repositories, with git.

Only the trees are fetched, with no more history than needed, then the files of our
pages; a run that was stopped goes on where it was. Repositories are rewritten, and
lose commits: what is lost costs no other page.
"""

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.pages.sources import AnyPage, has_page, html_path

HOST = "https://github.com"
# Some pages are what a commit replaced, and lie in its parent; a few perhaps
# farther back, so all of history (git's own word for it) comes second.
DEPTHS = (2, 2**31 - 1)


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
        If a page has no commit, or git cannot reach the repository, or does not get to work
        in ours; or, after all else was written, if it cannot get some commits or files.
    """
    for page in pages:
        if not re.fullmatch("[0-9a-f]{40}", page.commit):  # git might take it for an option
            raise ValueError(f"page {page.id}: {page.commit!r} is no commit")
    folder.mkdir(parents=True, exist_ok=True)
    missing = [page for page in pages if not has_page(folder, page)]
    if not missing:
        return []
    bare = bare_repository(repo, repositories, host)
    lost: dict[str, str] = {}
    for depth in DEPTHS:
        wanted = [page for page in missing if page.commit not in lost]
        if wanted:
            lost |= fetch_versions(bare, wanted, folder, depth)
            missing = [page for page in missing if not has_page(folder, page)]
    if missing and lost:
        raise ValueError(f"cannot get {', '.join(lost)} ({next(iter(lost.values()))})")
    return missing


def bare_repository(repo: str, repositories: Path, host: str) -> Path:
    """Return the repository to fetch into, set up if it is not there.

    Parameters
    ----------
    repo, repositories, host
        As in `fetch`.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If another git is at work there, or was killed.
    """
    bare = repositories / f"{repo.replace('/', '_')}.git"
    if not bare.exists():
        begun = bare.with_suffix(".begun")  # takes the name that is looked for when it is complete
        shutil.rmtree(begun, ignore_errors=True)
        git(None, "init", "--quiet", "--bare", str(begun))
        git(begun, "remote", "add", "origin", f"{host}/{repo}")
        git(begun, "config", "remote.origin.promisor", "true")
        git(begun, "config", "remote.origin.partialclonefilter", "blob:none")
        begun.rename(bare)
    for lock in bare.glob("*.lock"):
        # Not removed here: whose it is cannot be told.
        raise ValueError(
            f"{lock} is there: if no git is at work in that folder, one was killed; "
            "then remove the file and run this again"
        )
    return bare


def fetch_versions(bare: Path, pages: list[AnyPage], folder: Path, depth: int) -> dict[str, str]:
    """Fetch pages from so many commits of history, as far as they are there.

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
    dict of str to str
        As `fetch_objects` returns it.
    """
    lost = fetch_objects(bare, sorted({page.commit for page in pages}), f"--depth={depth}")
    blobs = {page: list(_versions(bare, page)) for page in pages if page.commit not in lost}
    objects = sorted({blob for found in blobs.values() for blob in found})
    lost |= fetch_objects(bare, objects, "--no-write-fetch-head")
    for page, found in blobs.items():
        for blob in found:
            if blob in lost:
                continue
            html = git(bare, "cat-file", "blob", blob)
            if html[:2] == b"\x1f\x8b":
                html = gzip.decompress(html)
            if page.is_from(html):
                html_path(folder, page.id).write_bytes(html)
                break
    return lost


def fetch_objects(bare: Path, objects: Sequence[str], *options: str) -> dict[str, str]:
    """Fetch commits or files: all at once, or one by one if some of them cannot be had.

    Parameters
    ----------
    bare : Path
        The repository, to fetch into.
    objects : sequence of str
        Their hashes.
    *options : str
        Of ``git fetch``.

    Returns
    -------
    dict of str to str
        Git's words on each that cannot be had.

    Raises
    ------
    ValueError
        If git cannot reach the repository.
    """

    def failure(some: Sequence[str]) -> str:
        quiet = ("--quiet", "--no-tags", "--filter=blob:none", *options)
        try:
            git(bare, "fetch", *quiet, "--stdin", "origin", given="\n".join(some))
        except ValueError as error:
            return str(error)
        return ""

    if not objects or not (words := failure(objects)):
        return {}
    if len(objects) == 1:
        return {objects[0]: words}
    git(bare, "ls-remote", "--quiet", "origin", "HEAD")  # or each of them would fail, one by one
    words_on = {each: failure([each]) for each in objects}
    return {each: words for each, words in words_on.items() if words}


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
    # Of what is not there any more GitHub asks whose it is; at a terminal git waited for an answer.
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        run = subprocess.run(
            command, input=given.encode(), capture_output=True, check=False, env=environment
        )
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
