"""A progress bar for people, and the times of a run."""

import os
import sys
import time
from typing import Any

from classifier.running.counts import Counts

SHOW_AFTER_SECONDS = 1.0
USUAL_SIZE = (80, 24)


class Progress:
    """Shows documents, megabytes and the share dropped, on a terminal only.

    Parameters
    ----------
    n_files : int
        How many files there are.
    is_shown : bool
        Whether to show anything.
    may_drop : bool, default True
        Whether the work drops text, so that its share is shown.
    """

    def __init__(self, n_files: int, is_shown: bool, may_drop: bool = True) -> None:
        self.n_files = n_files
        self.may_drop = may_drop
        self.n_resumed = 0
        self.is_shown = is_shown and sys.stderr.isatty()
        self.n_done = 0
        self.counts = Counts()
        """Of what was done in this run; of what was finished before there are none."""
        self.started = time.monotonic()
        self._bar: Any = None

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return time.monotonic() - self.started

    def add(self, counts: Counts) -> None:
        """Take note of what was done.

        Parameters
        ----------
        counts : Counts
            Of what was done since.
        """
        self.counts.add(counts)
        if self.is_shown and self.seconds > SHOW_AFTER_SECONDS:
            self._show(counts.documents)

    def finish_file(self) -> None:
        """Take note of a finished file."""
        self.n_done += 1

    def close(self) -> None:
        """Leave the last state standing."""
        if self._bar is not None:
            self._describe()
            self._bar.close()

    def _show(self, documents: int) -> None:
        columns, rows = _window()
        if self._bar is None:
            from tqdm import tqdm

            # With a delay: at once, it would show a line that knows neither time nor files.
            self._bar = tqdm(
                unit=" documents",
                unit_scale=True,
                ncols=columns,
                nrows=rows,
                file=sys.stderr,
                delay=SHOW_AFTER_SECONDS,
            )
            self._bar.start_t -= self.seconds
            self._bar.last_print_t = self._bar.start_t
            documents = self.counts.documents
        # A window may be made narrower: a longer line would break, and each after it stay.
        self._bar.ncols = columns
        self._describe()
        self._bar.update(documents)

    def _describe(self) -> None:
        megabytes = self.counts.text_bytes / 1e6 / max(self.seconds, 1e-9)
        dropped = f", {self.counts.dropped_ratio:.0%} dropped" if self.may_drop else ""
        self._bar.set_description_str(f"{self.n_done}/{self.n_files} files", refresh=False)
        self._bar.set_postfix_str(f"{megabytes:.1f} MB/s{dropped}", refresh=False)


def _window() -> tuple[int, int]:
    try:
        columns, rows = os.get_terminal_size(sys.stderr.fileno())
    except OSError:  # a window that was closed; the work may go on without
        columns, rows = 0, 0
    # Some terminals tell no size; tqdm would show nothing then.
    return columns or USUAL_SIZE[0], rows or USUAL_SIZE[1]
