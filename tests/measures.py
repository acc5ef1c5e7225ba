"""Measure the command as docs/cluster.md tells: memory, workers, throughput.

``python tests/measures.py memory`` runs one worker over inputs from 10 MB to
3 GB, ``lines`` over one text of very many lines, ``workers`` compares two with
one, ``throughput`` gives seconds of the processor by format. Numbers after it
name other sizes in MB. Pages are the samples of this repository, each time
rearranged and cut differently; all is printed as rows of
Markdown. Wall-clock times mean something on a quiet machine only.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from pipelines_pages import make_documents

from classifier.files.compression import codec_of_name, compress

ROOT = Path(__file__).parents[1]
# A process starts with its parent's most memory; this parent is small.
LAUNCH = """
import os, subprocess, sys
command = [sys.executable, "-c", "from classifier.cli import main; main()", *sys.argv[1:]]
_, status, usage = os.wait4(subprocess.Popen(command).pid, 0)
print(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""
MEMORY_SIZES = [10, 100, 1000, 3000]
LINES_SIZES = [2, 20]
WORKERS_SIZES = [1200]
THROUGHPUT_SIZES = [130]
N_SHARDS = 8
REPETITIONS = 3
# Read and written so much faster that starting would count twice as much.
LARGER_PARQUET = 2.5
PART_DOCUMENTS = 10_000
# A dump of Common Crawl, see docs/cluster.md: text in MB; and what a core costs.
DUMP_MEGABYTES = 20.8e6
DUMP_CORES = 96
CORE_HOUR_USD = 0.04


class Cost(NamedTuple):
    """What a command took: seconds by the clock and of the processor, most memory at a time."""

    wall: float
    cpu: float
    peak_bytes: int


def run(*arguments):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    command = [sys.executable, "-c", LAUNCH, *map(str, arguments)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    wall = time.perf_counter() - started
    status, cpu, peak = done.stdout.splitlines()[-1].split()
    if status != "0":
        sys.exit(f"the command failed: {arguments}")
    return Cost(wall, float(cpu), int(peak) * 1024)


def parts(megabytes):
    """Give documents again and again, until their texts have so many megabytes; and their size."""
    documents = [row for row in make_documents(PART_DOCUMENTS) if row["text"]]
    n_bytes = sum(len(row["text"].encode()) for row in documents)
    average = n_bytes / len(documents)
    left = int(megabytes * 1e6 / average)
    while left > 0:
        yield documents[:left], average
        left -= len(documents)


def as_wet(row):
    body = row["text"].encode()
    header = (
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://example.org/\r\n"
        f"WARC-Record-ID: <urn:{row['id']}>\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return header.encode() + body + b"\r\n\r\n"


def write(path, megabytes):
    """Write documents in the format that the name says; return the bytes and number of texts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    n_bytes = n_documents = 0
    writer = None
    with path.open("wb") as file:
        for rows, average in parts(megabytes):
            n_documents += len(rows)
            n_bytes += int(average * len(rows))
            if path.suffix == ".parquet":
                table = pa.Table.from_pylist(rows)
                writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
                writer.write_table(table)
            elif ".wet" in path.suffixes:
                for row in rows:  # each a gzip member of its own, as crawls have it
                    file.write(compress(as_wet(row), codec_of_name(path.name)))
            else:
                data = b"".join(orjson.dumps(row) + b"\n" for row in rows)
                file.write(compress(data, codec_of_name(path.name)))
        if writer is not None:
            writer.close()
    return n_bytes, n_documents


def memory(folder, sizes):
    yield "| input | MB of text | most memory, MB |"
    yield "| --- | --- | --- |"
    for name in ("pages.jsonl", "pages.parquet"):
        for megabytes in sizes:
            n_bytes, _ = write(folder / name, megabytes)
            cost = run("filter", "-q", folder / name, "-o", folder / f"out-{name}")
            yield f"| `{name}` | {n_bytes / 1e6:.0f} | {cost.peak_bytes / 1e6:.0f} |"


def lines(folder, sizes):
    yield "| command | MB of text | million lines | most memory, MB |"
    yield "| --- | --- | --- | --- |"
    path, line = folder / "letters.txt", b"a\n"
    for command in ("filter", "label"):
        for megabytes in sizes:
            n_lines = megabytes * 1_000_000 // len(line)
            path.write_bytes(line * n_lines)
            cost = run(command, "-q", path, "-o", folder / f"{command}.{path.name}l")
            yield f"| {command} | {megabytes} | {n_lines / 1e6} | {cost.peak_bytes / 1e6:.0f} |"


def workers(folder, sizes):
    yield f"load of the machine: {os.getloadavg()[0]:.1f}"
    yield "| input | MB | s, 1 worker | s, 2 workers | times as fast | s of the processor |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for megabytes in sizes:
        for name in ("shards.jsonl.gz", "one.jsonl", "one.jsonl.gz", "one.parquet"):
            source, size = folder / name, megabytes
            if name.startswith("shards"):
                source = folder / "shards"
                for shard in range(N_SHARDS):
                    write(source / f"{shard}.jsonl.gz", megabytes / N_SHARDS)
            else:
                size *= LARGER_PARQUET if source.suffix == ".parquet" else 1
                write(source, size)
            costs = {1: [], 2: []}
            for _ in range(REPETITIONS):
                for n, found in costs.items():
                    found.append(run("filter", "-q", source, "-o", folder / f"o-{source.name}",
                                     "--workers", n))  # fmt: skip
            wall, cpu = ({n: min(cost[i] for cost in costs[n]) for n in costs} for i in (0, 1))
            yield (
                f"| {source.name} | {size:.0f} | {wall[1]:.1f} | {wall[2]:.1f} "
                f"| {wall[1] / wall[2]:.2f} | {cpu[1]:.1f}, {cpu[2]:.1f} |"
            )


def dump_cost(speed, speed_without_labelling):
    """Say what a dump of a crawl costs at so many MB a second of one core."""
    hours, hours_without = (
        DUMP_MEGABYTES / found / 3600 for found in (speed, speed_without_labelling)
    )
    yield f"| core hours | {DUMP_MEGABYTES / 1e6:.1f}e6 MB / {speed:.1f} MB/s = {hours:.0f} |"
    yield f"| of these, labelling | {hours - hours_without:.0f} |"
    yield f"| on {DUMP_CORES} cores | {hours / DUMP_CORES:.1f} h |"
    yield f"| at {CORE_HOUR_USD} USD a core hour | {hours * CORE_HOUR_USD:.0f} USD |"


def throughput(folder, sizes):
    yield "| what | s of the processor | MB/s | documents/s | most memory, MB |"
    yield "| --- | --- | --- | --- | --- |"
    speeds = []  # ends with those of WET, with labelling and without
    for megabytes in sizes:
        for name in ("p.parquet", "p.jsonl", "p.jsonl.gz", "p.jsonl.zst", "p.wet.gz"):
            n_bytes, n_documents = write(folder / name, megabytes)
            for options in ([], ["--drop", "none"]) if name == "p.wet.gz" else ([],):
                command = ("filter", "-q", *options, folder / name, "-o", folder / f"out-{name}")
                costs = [run(*command) for _ in range(REPETITIONS)]
                cpu = min(cost.cpu for cost in costs)
                peak = max(cost.peak_bytes for cost in costs)
                speeds.append(n_bytes / 1e6 / cpu)
                yield (
                    f"| `{' '.join(['linesift', 'filter', *options])}` on `{name[1:]}` | {cpu:.1f} "
                    f"| {n_bytes / 1e6 / cpu:.0f} | {n_documents / cpu:,.0f} | {peak / 1e6:.0f} |"
                )
    yield from dump_cost(*speeds[-2:])


MEASURES = {
    "memory": (memory, MEMORY_SIZES),
    "lines": (lines, LINES_SIZES),
    "workers": (workers, WORKERS_SIZES),
    "throughput": (throughput, THROUGHPUT_SIZES),
}

# ruff: noqa: T201
if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in MEASURES:
        sys.exit(__doc__)
    name, *sizes = sys.argv[1:]
    measure, usual = MEASURES[name]
    run("warm")
    with tempfile.TemporaryDirectory() as folder:
        for row in measure(Path(folder), [int(size) for size in sizes] or usual):
            print(row, flush=True)
