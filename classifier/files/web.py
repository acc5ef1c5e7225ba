"""Files of web servers, which say why they show none, and send some in one go only."""

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


def hides_refusals(system: Any) -> bool:
    """Tell whether what a server refuses to show looks like no file: on the web and on hf://.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem

    Returns
    -------
    bool
    """
    return is_web(system) or "hf" in system.protocol


def require_answer(system: Any, path: str) -> None:
    """Tell why a file was not found, if not because its server says that there is none.

    To fsspec a host that is not there and a file that one may not read are no files, too.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem
        One that hides refusals.
    path : str
        A path on it.

    Raises
    ------
    Exception
        What went wrong, as the library that asks the server tells it.
    """
    try:
        system.info(path)
    except FileNotFoundError as error:
        reason = error.__cause__
        if reason is not None and _status(reason) not in ABSENT:
            raise reason from None


def _status(reason: BaseException) -> int | None:
    # As aiohttp has it, or requests and httpx.
    response = getattr(reason, "response", None)
    return getattr(reason, "status", getattr(response, "status_code", None))


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
