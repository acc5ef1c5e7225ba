"""Kill a run again and again, resume it, and compare the end with a run left in peace.

``python tests/crashes.py 60`` kills 60 times and prints what it saw. The kills
fall at random moments, from the start of the process to its end.
"""

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


def start(source, out):
    arguments = [
        *("filter", source, "-o", out / "clean", "--workers", "2", "--resume", "-q"),
        *("--on-error", "quarantine", "--excluded", out / "excluded.jsonl"),
        *("--stats", out / "stats.json"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    return subprocess.Popen(
        [sys.executable, str(HERE / "doubles.py"), *map(str, arguments)], env=environment
    )


def files_of(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


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
