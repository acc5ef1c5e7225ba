"""Time whole commands in processes of their own: files in, files out, starting included."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import orjson

from training.benchmark.own import page_of
from training.benchmark.timing import Amount, Timing, amount_of

REPETITIONS = 3
# Copies of the gold texts in one file, 430 MB of text: as large as a shard should
# be, so that starting counts for as little as it does in use.
COPIES = 24
SHARDS = 8
SHARD_COPIES = 8
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
COMMAND = "from classifier.cli import main; main()"
IMPORT = """
import time
started = time.perf_counter()
from classifier import LineClassifier
print(time.perf_counter() - started)
"""


class Files(NamedTuple):
    """Files of the gold texts, and how much text is in them.

    Attributes
    ----------
    folder : Path
        Holds them, and what commands write.
    gz, zst : Path
        JSON Lines, the same in both.
    shards : list of Path
        Smaller ones.
    amount, shards_amount : Amount
        Of text in `gz` or `zst`, and in all shards.
    page : Path
        The text of one page.
    """

    folder: Path
    gz: Path
    zst: Path
    shards: list[Path]
    amount: Amount
    shards_amount: Amount
    page: Path


def write_files(texts: list[str], folder: Path) -> Files:
    """Write the inputs of all commands.

    Parameters
    ----------
    texts : list of str
        Gold.
    folder : Path
        Where they go.

    Returns
    -------
    Files
    """
    import zstandard
    from isal import igzip

    data = b"".join(
        orjson.dumps({"id": i, "text": text}, option=orjson.OPT_APPEND_NEWLINE)
        for i, text in enumerate(texts)
    )
    gz, zst, page = folder / "pages.jsonl.gz", folder / "pages.jsonl.zst", folder / "page.txt"
    # One member of all texts at level 1 of gzip, again and again until the file is a large one.
    member, frame = igzip.compress(data, 1), zstandard.ZstdCompressor(3).compress(data)
    gz.write_bytes(member * COPIES)
    zst.write_bytes(frame * COPIES)
    shards = [folder / "shards" / f"{i:02}.jsonl.gz" for i in range(SHARDS)]
    shards[0].parent.mkdir()
    for shard in shards:
        shard.write_bytes(member * SHARD_COPIES)
    page.write_text(page_of(texts), "utf-8")
    amount = amount_of(texts)
    return Files(
        folder,
        gz,
        zst,
        shards,
        Amount(*(n * COPIES for n in amount)),
        Amount(*(n * SHARD_COPIES * SHARDS for n in amount)),
        page,
    )


def run_command(arguments: list[str], **environment: str) -> float:
    """Run `linesift` with `arguments`; return the seconds it took.

    Parameters
    ----------
    arguments : list of str
    **environment : str
        Variables to set.

    Returns
    -------
    float

    Raises
    ------
    subprocess.CalledProcessError
        If the command fails.
    """
    # Python keeps compiled modules, as it does for users, whatever it was told here.
    kept = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**kept, **environment},
    )
    return time.perf_counter() - started


def interleaved(works: dict[str, Callable[[], float]]) -> dict:
    """Repeat several things in turn, so that what slows the machine down slows all of them.

    Parameters
    ----------
    works : dict of str to callable
        Functions that return seconds, by name.

    Returns
    -------
    dict of str to list of float
    """
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(REPETITIONS):
        for name, work in works.items():
            found[name].append(work())
    return found


def file_timings(files: Files) -> list[Timing]:
    """Time filtering of packed files, and the same with nothing to drop.

    Parameters
    ----------
    files : Files

    Returns
    -------
    list of Timing
        Both, for each way of packing.
    """
    works = {}
    for path in (files.gz, files.zst):
        out = files.folder / f"out-{path.name}"
        kind = path.name.partition(".")[2]
        command = ["filter", "-q", str(path), "-o", str(out)]
        works[f"filter, .{kind}"] = partial(run_command, command)
        works[f"filter --drop none, .{kind}"] = partial(run_command, [*command, "--drop", "none"])
    seconds = interleaved(works)
    return [Timing(name, some, *files.amount) for name, some in seconds.items()]


def worker_timings(files: Files) -> list[Timing]:
    """Time filtering of many files by one process and by two.

    Parameters
    ----------
    files : Files

    Returns
    -------
    list of Timing, length 2
    """
    names = [str(path) for path in files.shards]
    command = ["filter", "-q", *names, "-o", str(files.folder / "clean")]
    seconds = interleaved(
        {
            name: partial(run_command, [*command, "--workers", n])
            for name, n in (("1 worker", "1"), ("2 workers", "2"))
        }
    )
    return [Timing(name, some, *files.shards_amount) for name, some in seconds.items()]


def start_timings(files: Files) -> list[Timing]:
    """Time starting: of the import, of a command on one page, warm and cold.

    Parameters
    ----------
    files : Files

    Returns
    -------
    list of Timing
        Cold once only: each such run compiles the kernels.
    """
    amount = amount_of([files.page.read_text("utf-8")])
    command = ["filter", "-q", str(files.page)]

    def import_seconds() -> float:
        done = subprocess.run([sys.executable, "-c", IMPORT], check=True, capture_output=True)
        return float(done.stdout)

    run_command(command)
    seconds = interleaved(
        {
            "import classifier": import_seconds,
            "linesift filter, one page, warm": partial(run_command, command),
        }
    )
    with tempfile.TemporaryDirectory() as cache:
        cold = run_command(command, NUMBA_CACHE_DIR=cache)
    seconds["linesift filter, one page, cold (kernels are compiled)"] = [cold]
    return [Timing(name, some, *amount) for name, some in seconds.items()]
