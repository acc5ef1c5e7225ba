"""The command `linesift`: where its process begins, and how it ends.

Loading the commands takes longer than it takes to press Ctrl-C. So nothing is
loaded here before `main` can answer that.
"""

import io
import os
import signal
import sys
from typing import Any, NoReturn


def main() -> NoReturn:
    """Run the command and end the process with its exit code.

    0 done, 1 bad data or model, 2 usage, 130 interrupted; a closed pipe ends
    quietly.

    Raises
    ------
    SystemExit
        Always, with the exit code.
    """
    try:
        _answer_signals()
        _hold_closed_streams()
        _buffer_output()
        # What a terminal's encoding has no sign for is shown as an escape, as on standard error.
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        from classifier.commands.group import run

        code = run()
    except KeyboardInterrupt:
        is_run = sys.argv[1:2] in (["filter"], ["label"])
        has_output = any(
            argument == "--output" or argument.startswith(("-o", "--output="))
            for argument in sys.argv
        )
        hint = (
            " Finished files of a folder stay; --resume goes on." if is_run and has_output else ""
        )
        sys.stderr.write(f"linesift: interrupted.{hint}\n")
        code = 130
    sys.exit(code)


def _answer_signals() -> None:
    """Let what ends a process be an interrupt, a terminal that closes too."""
    signal.signal(signal.SIGTERM, _interrupt)
    hangup = getattr(signal, "SIGHUP", None)  # not on Windows
    if hangup and signal.getsignal(hangup) != signal.SIG_IGN:  # as nohup sets it
        signal.signal(hangup, _interrupt)


def _hold_closed_streams() -> None:
    """Hold the places of closed streams, so that no file that is opened later gets them.

    Python leaves such streams None. Standard output becomes one that fails if
    something is written to it, as in other programs.
    """
    if sys.stdin is None:
        _hold(os.O_WRONLY)
    if sys.stdout is None:
        sys.stdout = os.fdopen(_hold(os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(_hold(os.O_WRONLY), "w")


def _hold(mode: int) -> int:
    descriptor = os.open(os.devnull, mode)
    os.set_inheritable(descriptor, True)  # workers would find it closed
    return descriptor


def _buffer_output() -> None:
    """Let standard output take all that is written to it.

    Unbuffered (``PYTHONUNBUFFERED``, ``python -u``) it may take a part of it, say so in what
    `write` returns, and that is what nobody reads.
    """
    if isinstance(sys.stdout.buffer, io.RawIOBase):
        encoding = sys.stdout.encoding
        buffered = io.BufferedWriter(sys.stdout.detach())
        sys.stdout = io.TextIOWrapper(buffered, encoding, line_buffering=True)


def _interrupt(number: int, frame: Any) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # shell and kernel both send a hangup: clean up once
    raise KeyboardInterrupt
