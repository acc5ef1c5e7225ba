"""Kill a run again and again, resume it, and compare the end with a run left in peace.

``python tests/crashes.py 60`` kills 60 times and prints what it saw. These kills
fall at random moments, from the start of the process to its end. Those of
`kill_when_finished` fall where what a resumed run counts and what it leaves alone both matter.
"""

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson
from standby import environment

HERE = Path(__file__).parent
N_SHARDS = 12


def make_shards(folder):
    folder.mkdir()
    for shard in range(N_SHARDS):
        records = [
            {"id": f"{shard}-{i}", "text": f"line {i}\nAD\n{'SLOW' if i % 10 == 0 else ''}"}
            for i in range(60)
        ]
        records[7]["text"] = "WALL"
        records[9] = {"id": "bad", "text": None}
        suffix = (".jsonl", ".jsonl.gz", ".jsonl.zst")[shard % 3]
        from classifier.files.compression import codec_of_name, compress

        data = b"".join(orjson.dumps(record) + b"\n" for record in records)
        (folder / f"{shard:02}{suffix}").write_bytes(compress(data, codec_of_name(suffix)))


def start(source, out, n_finished=None):
    """Begin a run, or one that is killed once so many files are finished."""
    arguments = [
        *("filter", source, "-o", out / "clean", "--workers", "2", "--resume", "-q"),
        *("--on-error", "quarantine", "--excluded", out / "excluded.jsonl"),
        *("--stats", out / "stats.json"),
    ]
    command = [sys.executable, HERE / "doubles.py"]
    if n_finished is not None:
        command = [sys.executable, "-c", f"import crashes; crashes.run_and_die({n_finished})"]
    return subprocess.Popen([*map(str, [*command, *arguments])], env=environment())


def run_and_die(n_finished):
    """Be the command, until so many files are finished, those of earlier runs included."""
    from doubles import use_marked_lines

    from classifier.cli import main
    from classifier.running.progress import Progress

    finish, numbers = Progress.finish_file, itertools.count(1)

    def finish_and_die(progress):
        finish(progress)
        if next(numbers) == n_finished:
            os.kill(os.getpid(), signal.SIGKILL)

    Progress.finish_file = finish_and_die
    use_marked_lines()
    main()


def files_of(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def n_noted(out):
    """Count the files that a resumed run leaves alone."""
    return len(list((out / "clean" / ".linesift" / "done").iterdir()))


def kill_when_finished(*numbers):
    """Kill a run when so many files are finished, resume it, kill it again.

    Returns
    -------
    expected, result : dict
        Files of an undisturbed run and of this one.
    n_left : list of int
        How many files were finished at the end of each process that was killed.
    """
    with tempfile.TemporaryDirectory() as name:
        place, n_left = Path(name), []
        make_shards(place / "in")
        assert start(place / "in", place / "out").wait() == 0
        expected = files_of(place / "out")
        shutil.rmtree(place / "out")
        for number in numbers:
            assert start(place / "in", place / "out", number).wait() == -signal.SIGKILL
            n_left.append(n_noted(place / "out"))
        assert start(place / "in", place / "out").wait() == 0
        return expected, files_of(place / "out"), n_left


def kill_and_resume(n_kills, seed=0, say=lambda message: None):
    """Kill `n_kills` times; return files of the undisturbed run and of the disturbed ones."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make_shards(place / "in")
        out = place / "out"
        started = time.monotonic()
        assert start(place / "in", out).wait() == 0
        seconds = time.monotonic() - started
        expected = files_of(out)
        shutil.rmtree(out)
        results = []
        n_done = 0
        while n_done < n_kills:
            process = start(place / "in", out)
            time.sleep(chance.uniform(0, seconds))
            process.send_signal(signal.SIGKILL)
            was_running = process.wait() == -signal.SIGKILL
            n_done += was_running
            n_finished = len(list((out / "clean").glob("*.jsonl*")))
            say(f"kill {n_done}: {n_finished} of {N_SHARDS} files finished")
            # Every third time it is killed again before it may come to its end.
            if not was_running or n_done % 3 == 0 or n_done == n_kills:
                code = start(place / "in", out).wait()
                results.append(files_of(out) if code == 0 else {"exit code": code})
                shutil.rmtree(out)
        return expected, results


def differences(expected, result):
    """Tell what is wrong with the files of a resumed run; empty if nothing is."""
    return {
        name: (expected.get(name, "not there"), result.get(name, "not there"))
        for name in sorted({*expected, *result})
        if expected.get(name) != result.get(name)
    }


# ruff: noqa: T201
if __name__ == "__main__":
    expected, results = kill_and_resume(int(sys.argv[1]), say=print)
    wrong = list(filter(None, (differences(expected, result) for result in results)))
    print(f"{len(results)} resumed runs compared in {len(expected)} files: {len(wrong)} differ")
    for result in wrong:
        print(result)
    sys.exit(bool(wrong))
