"""Start workers without other processes' talk."""

import sys

NO_TRACKER_WARNINGS = "ignore:resource_tracker"  # as for -W: how their messages begin


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
