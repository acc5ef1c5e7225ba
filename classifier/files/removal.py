"""Files removed, on this machine or another."""

from pathlib import Path

from classifier.files.locations import filesystem, is_remote
from classifier.files.opening import cannot_write
from classifier.files.remote_outputs import remove_remote_file


def remove_file(path: str) -> None:
    """Remove a file, if there is one.

    Parameters
    ----------
    path : str
        A path or URL.

    Raises
    ------
    OutputError
        If it cannot be removed.
    PathError
        If its file system cannot be reached.
    """
    try:
        if is_remote(path):
            remove_remote_file(*filesystem(path))
        else:
            Path(path).unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
