"""Start without what labelling never uses, and without other processes' talk."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

NO_TRACKER_WARNINGS = "ignore:resource_tracker"  # as for -W: how their messages begin


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


def start_quiet_trackers() -> None:
    """Start the processes that track locks and files of workers, without their warnings.

    They free what a run that was stopped has left; what they say of that on
    stderr is no concern of a user's, who has been told why the run ended. They
    take their warning filters from `sys.warnoptions`.
    """
    from multiprocessing import resource_tracker

    from joblib.externals.loky.backend import resource_tracker as loky_tracker

    sys.warnoptions.append(NO_TRACKER_WARNINGS)
    try:
        loky_tracker.ensure_running()
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(NO_TRACKER_WARNINGS)
