"""Runs of the command that begin after its imports: forks of a process that is through them.

Most tests of the command are of what it reads, writes and says, and there are hundreds of runs.
Each is a process of its own, with its own descriptors, folder, variables and exit status; only
its first third of a second, which is always the same, is spent once.
"""

import contextlib
import functools
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).parent
N_STREAMS = 3  # standard input, output and error
TIMEOUT = 120  # seconds


def run(script, arguments, data, cwd):
    """Run a script of this folder that waits for runs, to its end, as `subprocess.run` does."""
    begun = _standby(script).begin(arguments, cwd, is_awaited=True)
    found = begun.communicate(data, TIMEOUT)
    return subprocess.CompletedProcess(arguments, begun.returncode, *found)


def begin(script, *arguments):
    """Begin a run of such a script that goes on while others come and go."""
    return _standby(script).begin(arguments, None, is_awaited=False)


@functools.cache
def _standby(script):
    return Standby([sys.executable, str(HERE / script)])


def environment(**more):
    """Give variables with which a process finds the checkout and the modules of this folder."""
    return {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}", **more}


def await_runs(number):
    """Fork for each run that is asked for through a socket; return in the forks."""
    gc.freeze()  # what is here already is not collected in each fork once more, when it ends
    with socket.socket(fileno=int(number)) as ours, ours.makefile() as words:
        while True:
            _, streams, _, _ = socket.recv_fds(ours, 1, N_STREAMS + 1)
            if not streams:  # those who asked are gone
                os._exit(0)
            *streams, told = streams
            run = json.loads(words.readline())
            # A run that goes on has a parent of its own, which waits for its end.
            is_parent = run["is_awaited"] or os.fork() == 0
            pid = os.fork() if is_parent else None
            if pid == 0:
                break
            for stream in streams:
                os.close(stream)
            with os.fdopen(told, "w") as answer:
                if is_parent:
                    print(pid, file=answer, flush=True)
                    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=answer)
            if is_parent and not run["is_awaited"]:
                os._exit(0)
    os.close(told)
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(run["cwd"])
    os.environ.clear()
    os.environ.update(run["environment"])
    sys.argv[1:] = run["arguments"]


class Standby:
    """A command with its imports done, to be run any number of times.

    It is started as `command` with `--standby` and the number of a socket behind it.
    """

    def __init__(self, command):
        self.ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [*command, "--standby", str(theirs.fileno())],
                env=environment(),
                pass_fds=[theirs.fileno()],
                # Python looks at its streams once, at the start: let them be what runs will have.
                **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE),
            )

    def begin(self, arguments, cwd, *, is_awaited):
        """Begin a run; no other can begin before the end of one that is awaited."""
        run = {
            "arguments": [*map(str, arguments)],
            "cwd": str(cwd or Path.cwd()),
            "environment": environment(),
            "is_awaited": is_awaited,
        }
        (theirs, stdin), *outputs = (os.pipe() for _ in range(N_STREAMS + 1))
        streams = [theirs, *(write for _, write in outputs)]
        try:
            socket.send_fds(self.ours, [b"\n"], streams)
            self.ours.sendall(json.dumps(run).encode() + b"\n")
        except OSError as error:
            raise RuntimeError(self.process.stderr.read().decode()) from error
        for stream in streams:
            os.close(stream)
        return Begun(os.fdopen(stdin, "wb"), *(os.fdopen(read, "rb") for read, _ in outputs))


class Begun:
    """A run that was begun, with as much of `subprocess.Popen` as tests need."""

    def __init__(self, stdin, stdout, stderr, answer):
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self.answer = answer
        self.pid = int(answer.readline())
        self.returncode = None
        self.found = None

    def wait(self):
        """Wait for its end; give the exit code, or the signal that ended it with a minus."""
        if self.returncode is None:
            with self.answer:
                self.returncode = int(self.answer.readline())
        return self.returncode

    def poll(self):
        """Give the exit code; None while it runs."""
        if self.returncode is None and select.select([self.answer], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it ended, and its parent will say so
                os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def communicate(self, data, timeout):
        """Write what it reads, read what it writes, and wait for its end."""
        if self.found is None:
            is_late = threading.Event()
            alarm = threading.Timer(timeout, self._end_late, [is_late])
            alarm.start()
            found = [b"", b""]
            readers = [
                threading.Thread(target=_read, args=(file, found, place))
                for place, file in enumerate((self.stdout, self.stderr))
            ]
            for thread in readers:
                thread.start()
            _write(self.stdin, data)
            for thread in readers:
                thread.join()
            self.wait()
            alarm.cancel()
            if is_late.is_set():
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout, *found)
            self.found = found
        return self.found

    def _end_late(self, is_late):
        is_late.set()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def _read(file, found, place):
    with file:
        found[place] = file.read()


def _write(file, data):
    # Not all of it may be wanted.
    with contextlib.suppress(BrokenPipeError), file:
        file.write(data)
