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
import socket
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).parent
N_STREAMS = 3  # standard input, output and error
TIMEOUT = 120  # seconds


def run(script, arguments, data, cwd):
    """Run a script of this folder that waits for runs, to its end."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    return _standby(script).run([*map(str, arguments)], data, cwd, environment, TIMEOUT)


@functools.cache
def _standby(script):
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    return Standby([sys.executable, str(HERE / script)], environment)


def await_runs(number):
    """Fork for each run that is asked for through a socket; return in the forks."""
    gc.freeze()  # what is here already is not collected in each fork once more, when it ends
    with socket.socket(fileno=int(number)) as ours, ours.makefile("rw") as words:
        while True:
            _, streams, _, _ = socket.recv_fds(ours, 1, N_STREAMS)
            if not streams:  # those who asked are gone
                os._exit(0)
            run = json.loads(words.readline())
            pid = os.fork()
            if pid == 0:
                break
            for stream in streams:
                os.close(stream)
            print(pid, file=words, flush=True)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=words, flush=True)
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(run["cwd"])
    os.environ.clear()
    os.environ.update(run["environment"])
    sys.argv[1:] = run["arguments"]


class Standby:
    """A command with its imports done, to be run any number of times, one after the other.

    It is started as `command` with `--standby` and the number of a socket behind it.
    """

    def __init__(self, command, environment):
        self.ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [*command, "--standby", str(theirs.fileno())],
                env=environment,
                pass_fds=[theirs.fileno()],
                # Python looks at its streams once, at the start: let them be what runs will have.
                **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE),
            )
        self.words = self.ours.makefile("rw")

    def run(self, arguments, data, cwd, environment, timeout):
        """Run the command as `subprocess.run` does, with its output captured."""
        run = {"arguments": arguments, "cwd": str(cwd or Path.cwd()), "environment": environment}
        (read_data, write_data), *outputs = (os.pipe() for _ in range(N_STREAMS))
        streams = [read_data, *(write for _, write in outputs)]
        try:
            socket.send_fds(self.ours, [b"\n"], streams)
            print(json.dumps(run), file=self.words, flush=True)
            pid = int(self.words.readline())
        except OSError as error:
            raise RuntimeError(self.process.stderr.read().decode()) from error
        for stream in streams:
            os.close(stream)
        alarm = threading.Timer(timeout, os.kill, (pid, 9))
        alarm.start()
        found = [b"", b""]
        readers = [
            threading.Thread(target=_read, args=(read, found, place))
            for place, (read, _) in enumerate(outputs)
        ]
        for thread in readers:
            thread.start()
        _write(write_data, data)
        for thread in readers:
            thread.join()
        status = int(self.words.readline())
        alarm.cancel()
        return subprocess.CompletedProcess(arguments, status, *found)


def _read(descriptor, found, place):
    with os.fdopen(descriptor, "rb") as file:
        found[place] = file.read()


def _write(descriptor, data):
    # Not all of it may be wanted.
    with contextlib.suppress(BrokenPipeError), os.fdopen(descriptor, "wb") as file:
        file.write(data)
