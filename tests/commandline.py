"""The command as a process, with a small model in its place, and records to give it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import standby

HERE = Path(__file__).parent
COMMAND = [sys.executable, str(HERE / "doubles.py")]
PAGE = "Title\nAD buy this\n\nBody\n"
TORN = "".join(f"{i * i} " for i in range(9999))
KEPT = "Title\n\nBody\n"
RECORDS = [{"id": "a", "text": PAGE}, {"id": 2, "text": "WALL"}, {"text": "no change", "x": [1]}]
LONG = f"{'a' * 300}.txt"


def linesift(*arguments, data=b"", cwd=None, preexec_fn=None):
    if preexec_fn is None:
        return standby.run("doubles.py", arguments, data, cwd)
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=data,
        capture_output=True,
        cwd=cwd,
        env=standby.environment(),
        timeout=standby.TIMEOUT,
        preexec_fn=preexec_fn,
    )


def linesift_with(variables, *arguments):
    """Run the command from its start, with variables that libraries read when they are loaded."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=standby.environment(**variables))


def run_python(program, *arguments, **options):
    """Run a program of some lines to its end."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, **{"env": standby.environment(), **pipes, **options})


def lines_of(records):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def objects(data):
    return [json.loads(line) for line in data.splitlines()]


def said(result, code=None):
    """Message of a command that ended with a code: one line that begins with its name."""
    message = result.stderr.decode()
    assert code in (None, result.returncode), message
    assert "Traceback" not in message
    assert message.startswith("linesift: ")
    assert message.count("\n") == 1
    return message


def start(*arguments, ignored=(), **options):
    """Begin a run, deaf to the signals that are to be ignored."""
    heard = [signal.signal(number, signal.SIG_IGN) for number in ignored]
    try:
        command = [*COMMAND, *map(str, arguments)]
        return subprocess.Popen(command, env=standby.environment(), **options)
    finally:
        for number, handler in zip(ignored, heard, strict=True):
            signal.signal(number, handler)


def read_terminal(ours):
    """Read what a terminal gets, to the end of those who write to it, and close it."""
    shown = b""
    with contextlib.suppress(OSError):  # how Linux ends a terminal
        while piece := os.read(ours, 1 << 16):
            shown += piece
    os.close(ours)
    return shown
