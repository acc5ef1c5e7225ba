"""What there is at a path or URL, as far as one may look."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from classifier.files.local_paths import is_local_folder, status_of
from classifier.files.patience import be_patient
from classifier.files.remote_file import first_line

# Packages that fsspec opens URLs with.
PACKAGES = {
    **dict.fromkeys(("https", "http"), "aiohttp"),
    **dict.fromkeys(("s3", "s3a"), "s3fs"),
    **dict.fromkeys(("gs", "gcs"), "gcsfs"),
    "hf": "huggingface_hub",
}


class PathError(ValueError):
    """Inputs or outputs that cannot be meant as they were given."""


def refuse_empty(path: str | None, what: str) -> None:
    """Refuse an empty path, which would stand for the current folder or the root.

    Parameters
    ----------
    path : str or None
    what : str
        What the path is of, at the beginning of a sentence.

    Raises
    ------
    PathError
        If it is empty; it names the thing by `what`.
    """
    if path == "":
        raise PathError(f"{what} has an empty name, perhaps an unset variable. Give it one.")


def is_remote(path: str) -> bool:
    """Tell whether a path is a URL that fsspec opens.

    Parameters
    ----------
    path : str

    Returns
    -------
    bool
    """
    return "://" in path


def filesystem(url: str) -> tuple[Any, str]:
    """Open the file system of a URL.

    Parameters
    ----------
    url : str
        Such as ``s3://bucket/pages``.

    Returns
    -------
    fsspec.AbstractFileSystem, str
        The file system and the path on it.

    Raises
    ------
    PathError
        If the protocol is unknown or needs a package that is not installed, the file system,
        which some ask at once, cannot be reached, or it has no such names.
    """
    import fsspec

    with reaching(url):
        try:
            system, path = fsspec.core.url_to_fs(url)
        except ImportError as error:
            package = PACKAGES.get(url.partition("://")[0])
            remedy = f". Run: pip install {package}" if package else ""
            raise PathError(f"{url}: {str(error).rstrip('.')}{remedy}") from None
        except ValueError as error:
            raise PathError(f"{url}: {error}. Check what stands before '://'.") from None
    # To FTP and HDFS that is options; "page?id=1" and "page?id=2" would be one file. In a chain
    # it may be part of an address that leads to an archive.
    if "?" in url and "?" not in path and "::" not in url:
        raise PathError(
            f'{url}: there "?" ends a name, and what is behind it would be lost. '
            'Give other names, or "*" in a pattern.'
        )
    be_patient(system)
    return system, path


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Explain why a file system cannot be reached.

    Parameters
    ----------
    url : str
        Named in the message.

    Yields
    ------
    None

    Raises
    ------
    PathError
        Instead of whatever its library raises; each has exceptions of its own.
    """
    try:
        yield
    except PathError:
        raise
    except Exception as error:
        raise PathError(
            f"{url}: it cannot be reached ({first_line(error, str(error))}). "
            "Check the address, the connection and your credentials."
        ) from error


def exists(path: str) -> bool:
    """Tell whether there is something at a path or URL.

    Parameters
    ----------
    path : str

    Returns
    -------
    bool

    Raises
    ------
    PathError
        If the file system of a URL cannot be reached.
    """
    if is_remote(path):
        system, inner = filesystem(path)
        with reaching(path):
            return bool(system.exists(inner))
    return status_of(path) is not None


def size_of(path: str) -> int | None:
    """Give the size in bytes of what is at a path or URL; None if nothing is, or none is known.

    Parameters
    ----------
    path : str

    Returns
    -------
    int or None

    Raises
    ------
    PathError
        If the file system of a URL cannot be reached.
    """
    if is_remote(path):
        system, inner = filesystem(path)
        with reaching(path):
            return system.info(inner).get("size") if system.exists(inner) else None
    status = status_of(path)
    return None if status is None else status.st_size


def is_folder(path: str) -> bool:
    """Tell whether a path or URL leads to a folder, or is written like one.

    Parameters
    ----------
    path : str

    Returns
    -------
    bool

    Raises
    ------
    PathError
        If the file system of a URL cannot be reached.
    """
    if path.endswith("/"):
        return True
    if is_remote(path):
        system, inner = filesystem(path)
        with reaching(path):
            return is_folder_on(system, inner)
    return is_local_folder(path)


def is_folder_on(system: Any, path: str) -> bool:
    """Tell whether a path on a file system leads to a folder.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem
    path : str
        A path on it.

    Returns
    -------
    bool

    Raises
    ------
    Exception
        What the file system raises, if it may not be asked.
    """
    try:
        return bool(system.isdir(path))
    except PermissionError:
        # S3 lists what there is below a name; who may read a file may be refused all lists.
        return bool(system.info(path)["type"] == "directory")


def on_this_machine(path: str) -> str:
    """Give the path in a URL of a local file, ``file://`` for one; other URLs and paths stay.

    Parameters
    ----------
    path : str

    Returns
    -------
    str

    Raises
    ------
    PathError
        If there is no such kind of URL, or its package is not installed.
    """
    if not is_remote(path):
        return path
    from fsspec.implementations.local import LocalFileSystem

    system, inner = filesystem(path)
    return inner if isinstance(system, LocalFileSystem) else path
