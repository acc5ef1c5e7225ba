"""Start workers without other processes' talk."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

NO_TRACKER_WARNINGS = "ignore:resource_tracker"  # as for -W: how their messages begin


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put off an interrupt from the terminal until processes and threads have been started.

    What is started here never gets one, not even while it imports what it needs: the
    parent decides when to end.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
