"""What is said of finished fits that are kept, and cannot be read again."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

FAULTS = (ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)


@contextmanager
def kept_fits(work: Path) -> Iterator[None]:
    """Name the kept fits that are damaged, and what to do, if what is done with them fails.

    Parameters
    ----------
    work : Path
        As `training.fitting.crossfit.kept_folder` takes it.

    Yields
    ------
    None

    Raises
    ------
    click.ClickException
        If something failed as it does with damaged files, and there are some.
    """
    try:
        yield
    except FAULTS:
        damaged = [str(path) for path in sorted(work.glob("*/*.npz")) if is_damaged(path)]
        if not damaged:
            raise
        it, is_ = ("them", "are") if len(damaged) > 1 else ("it", "is")
        raise click.ClickException(
            f"{', '.join(damaged)}: {is_} damaged; remove {it} and run this again"
        ) from None


def is_damaged(path: Path) -> bool:
    """Tell whether a file of arrays was cut, or has other bytes than were written.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is not None
    except (ValueError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return True
