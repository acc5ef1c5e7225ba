"""Files removed, on this machine or another."""

from pathlib import Path

from classifier.files.locations import filesystem, is_remote, reaching
from classifier.files.opening import cannot_write


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
    if is_remote(path):
        system, inner = filesystem(path)
        with reaching(path):
            if system.exists(inner):
                system.rm_file(inner)  # rm would take brackets in a name for a pattern
    else:
        try:
            Path(path).unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error
