"""The command `linesift`: where its process begins, and how it ends.

Loading the commands takes longer than it takes to press Ctrl-C. So nothing is
loaded here before `main` can answer that.
"""

import atexit
import io
import os
import signal
import sys
import time
from itertools import pairwise
from typing import Any, NoReturn

INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What comes again so soon is the same wish: shell and kernel both send a hangup, and fingers
# press Ctrl-C twice. Later, it ends a clean-up that hangs.
REPEATED_SECONDS = 1.0
AGAIN_SECONDS = 0.01


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
        _ask_again()
        _hold_closed_streams()
        _let_streams_wait()
        _buffer_output()
        # What a terminal's encoding has no sign for is shown as an escape, as on standard error.
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        from classifier.commands.group import run

        code = run()
        _ignore_signals()
    except (KeyboardInterrupt, RuntimeError) as error:
        # Where one comes while a class is made, Python 3.11 raises another error for it.
        if not isinstance(error.__cause__ or error, KeyboardInterrupt):
            raise
        _ignore_signals()
        is_run = sys.argv[1:2] in (["filter"], ["label"])
        hint = (
            " Finished files of a folder stay; --resume goes on."
            if is_run and any(map(_is_folder, _outputs(sys.argv)))
            else ""
        )
        try:
            sys.stderr.write(f"linesift: interrupted.{hint}\n")
        except OSError:  # at exit Python would flush once more, fail, and change the code
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
        code = 130
    sys.exit(code)


def _outputs(arguments: list[str]) -> list[str]:
    """Give what an option names as the output; nothing can be loaded any more that knows better."""
    outputs = [value for name, value in pairwise(arguments) if name in ("-o", "--output")]
    for prefix in ("-o", "--output="):
        outputs += [each[len(prefix) :] for each in arguments if each.startswith(prefix)]
    return outputs


def _is_folder(output: str) -> bool:
    if "://" in output:  # nobody waits for an answer now
        return "." not in output.rpartition("/")[2]
    return os.path.isdir(output)  # noqa: PTH112 (pathlib may be what was being loaded)


def _answer_signals() -> None:
    """Let what ends a process be one interrupt, a terminal that closes too."""
    last = -REPEATED_SECONDS

    def interrupt(number: int, frame: Any) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= REPEATED_SECONDS:
            last = now
            raise KeyboardInterrupt

    for number in INTERRUPTS:
        # As nohup sets one, and shells the other for what runs in the background.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)


def _ask_again() -> None:
    """Let an interrupt come once more that Python has printed and thrown away.

    It does so with all that is raised where nobody could catch it, as in what
    cleans up after each import.
    """

    def again(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    def hear(thrown_away: Any) -> None:
        if thrown_away.exc_type is KeyboardInterrupt:
            signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
        else:
            sys.__unraisablehook__(thrown_away)

    signal.signal(signal.SIGALRM, again)
    sys.unraisablehook = hear


def _ignore_signals() -> None:
    """Let no interrupt change the exit code any more: all is done, or cleaned up."""
    for number in (*INTERRUPTS, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)


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


def _let_streams_wait() -> None:
    """Let standard streams wait for whoever is slow.

    Of one that does not, as another program may have set it, "nothing yet" reads like the end.
    """
    for descriptor in range(3):
        if not os.get_blocking(descriptor):
            os.set_blocking(descriptor, True)
            # Others may share it, and count on what they have set.
            atexit.register(os.set_blocking, descriptor, False)


def _buffer_output() -> None:
    """Let standard output take all that is written to it.

    Unbuffered (``PYTHONUNBUFFERED``, ``python -u``) it may take a part of it, say so in what
    `write` returns, and that is what nobody reads.
    """
    if isinstance(sys.stdout.buffer, io.RawIOBase):
        # Not detached: an interrupt just then would leave one that cannot even be flushed.
        buffered = io.BufferedWriter(io.FileIO(sys.stdout.fileno(), "w", closefd=False))
        sys.stdout = io.TextIOWrapper(buffered, sys.stdout.encoding, line_buffering=True)
