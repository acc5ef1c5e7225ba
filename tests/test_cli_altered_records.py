"""Damage that is known only behind what it altered: nothing of that is taken for good."""

import gzip
import io
import json
import random

import pytest
import zstandard
from commandline import linesift, said

PACK = {
    "gz": lambda data: gzip.compress(data, 1, mtime=0),
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}
UNPACK = {
    "gz": gzip.decompress,
    "zst": lambda data: (
        zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()
    ),
}
KEEPING = ("--drop", "none", "--on-error", "quarantine")


def records(first, n_records):
    choose = random.Random(first)
    texts = (
        " ".join(f"ferry {choose.randrange(10**6)}" for _ in range(60)) for _ in range(n_records)
    )
    return [
        b'{"id": %d, "text": "%b"}\n' % (first + i, text.encode()) for i, text in enumerate(texts)
    ]


# The second part unpacks to more than is held back until its checksum is known.
GROUPS = [records(0, 50), records(100, 4000), records(5000, 50)]
WHOLE = [record for group in GROUPS for record in group]
UNDAMAGED = [*GROUPS[0], *GROUPS[2]]


def digit_flipped(part, seed):
    """A packed part with one byte changed in its second half, as by a bad disk or line."""
    damaged = bytearray(part)
    damaged[random.Random(seed).randrange(len(part) // 2, len(part) - 8)] ^= 0x55
    return bytes(damaged)


def damaged_file(codec, seed=1):
    parts = [PACK[codec](b"".join(group)) for group in GROUPS]
    return parts[0] + digit_flipped(parts[1], seed) + parts[2]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("codec", ["gz", "zst"])
def test_of_a_large_damaged_part_nothing_comes_out(tmp_path, codec, workers):
    for seed in range(4):
        (tmp_path / f"{seed}.jsonl.{codec}").write_bytes(damaged_file(codec, seed))
    out, stats = tmp_path / "out", tmp_path / "stats.json"
    result = linesift(
        *("filter", tmp_path, "-o", out, *KEEPING, "--stats", stats, "--workers", workers)
    )
    assert "4 errors left out" in said(result, 0)
    assert "may be altered" not in said(result)
    for seed in range(4):
        written = UNPACK[codec]((out / f"{seed}.jsonl.{codec}").read_bytes())
        assert written.splitlines(keepends=True) == UNDAMAGED
    assert json.loads(stats.read_text())["documents"] == 4 * len(UNDAMAGED)


def test_a_file_that_is_one_damaged_part_leaves_no_output(tmp_path):
    path, out = tmp_path / "a.jsonl.gz", tmp_path / "out.jsonl"
    path.write_bytes(gzip.compress(b"".join(WHOLE)))
    assert linesift("filter", path, "-o", out, *KEEPING).returncode == 0
    assert out.read_bytes() == b"".join(WHOLE)
    path.write_bytes(digit_flipped(path.read_bytes(), 1))
    assert "the compressed data is damaged" in said(
        linesift("filter", path, "-o", out, *KEEPING), 0
    )
    assert not out.exists()


def test_what_came_before_a_cut_is_kept_of_a_large_part(tmp_path):
    path, out = tmp_path / "a.jsonl.gz", tmp_path / "out.jsonl"
    path.write_bytes(gzip.compress(b"".join(WHOLE))[:-1000])
    assert "ends in the middle" in said(linesift("filter", path, "-o", out, *KEEPING), 0)
    kept = out.read_bytes().splitlines(keepends=True)
    assert len(kept) > 4000
    assert kept == WHOLE[: len(kept)]


def test_where_texts_cannot_be_taken_back_the_message_says_that_they_may_be_altered(tmp_path):
    data = damaged_file("gz")
    (tmp_path / "a.jsonl.gz").write_bytes(data)
    streams = [
        ["filter", "-", "-o", tmp_path / "out.jsonl", "--drop", "none"],
        ["filter", tmp_path / "a.jsonl.gz", "--drop", "none"],
    ]
    for command in streams:
        result = linesift(*command, "--on-error", "skip", data=data)
        assert "and texts before it may be altered. Fetch the file anew." in said(result, 0)
