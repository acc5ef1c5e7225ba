"""Files of web servers, which fsspec reads in parts and some servers send in one go only."""

import io
from typing import Any

ABSENT = {404, 410}


def is_web(system: Any) -> bool:
    """Tell whether a file system of fsspec is that of web servers.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem

    Returns
    -------
    bool
    """
    return "http" in system.protocol


def require_answer(system: Any, url: str) -> None:
    """Tell why a file was not found, if not because its server says that there is none.

    To fsspec a host that is not there and a file that one may not read are no files, too.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem
        That of web servers.
    url : str

    Raises
    ------
    Exception
        What went wrong, as aiohttp tells it.
    """
    try:
        system.info(url)
    except FileNotFoundError as error:
        reason = error.__cause__
        if reason is not None and getattr(reason, "status", None) not in ABSENT:
            raise reason from None


def open_web(system: Any, url: str) -> Any:
    """Open a file to read.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem
        That of web servers.
    url : str

    Returns
    -------
    binary file
        Without a size, if it is sent in one go; then it can be read once, from its start.
    """
    stream = system.open(url, "rb")
    if stream.size is None or stream.size <= stream.blocksize:
        return stream
    # That a server sends no parts shows only beyond the first, when much is read already.
    try:
        stream.seek(-1, io.SEEK_END)
        stream.read(1)
        stream.seek(0)
    except ValueError:
        stream.close()
        return system.open(url, "rb", block_size=0)
    except BaseException:
        stream.close()
        raise
    return stream
