"""Start without what labelling never uses."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_scipy() -> Iterator[None]:
    """Keep numba from importing scipy, unless that has been imported before.

    numba looks for scipy's BLAS, which no kernel calls; importing it takes
    longer than everything else that a command does with one page. Only for
    processes that belong to a command: other code of a process might want
    numba to find it.
    """
    if "scipy" in sys.modules:
        yield
        return
    sys.modules["scipy"] = None  # type: ignore[assignment]  # to import it then fails
    try:
        yield
    finally:
        del sys.modules["scipy"]
