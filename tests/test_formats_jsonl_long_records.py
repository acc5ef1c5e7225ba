"""JSON Lines with a record longer than is read: a bad record of bounded size among good ones."""

import gzip
import io
import tracemalloc

import pytest
from commandline import objects
from hypothesis import given
from hypothesis import strategies as st
from jsonl_records import FIELDS
from shards import do

from classifier.files import compression
from classifier.files.compression import decompress
from classifier.files.problems import DataError
from classifier.formats import jsonl, warc

LIMIT = 200
SHORT = b'{"text": "Home"}\n'
LONG = b'{"text": "' + b"x" * 5000 + b'"}\n'


@pytest.fixture
def small(monkeypatch):
    """A small limit, and pieces that are smaller still."""
    monkeypatch.setattr(jsonl, "MAX_RECORD_BYTES", LIMIT)
    monkeypatch.setattr(jsonl, "KEPT_BYTES", 50)
    monkeypatch.setattr(compression, "PIECE_BYTES", 64)


def numbers_and_problems(stream):
    batches = [jsonl.parse(block, FIELDS) for block in jsonl.blocks(stream, FIELDS)]
    problems = [problem for batch in batches for problem in batch.problems]
    return [number for batch in batches for number in batch.numbers], problems


def test_the_limit_is_that_of_a_body_in_warc():
    assert jsonl.MAX_RECORD_BYTES == warc.MAX_BODY_BYTES
    assert jsonl.TOO_LONG.message("a.jsonl").startswith("a.jsonl: it is longer than 2 GB. Give")


@given(
    lengths=st.lists(st.integers(0, 60) | st.integers(180, 190) | st.just(999), max_size=12),
    piece_bytes=st.integers(1, LIMIT),
    block_bytes=st.sampled_from([1, 300, 1 << 20]),
    end=st.sampled_from([b"", SHORT[:-1]]),
)
def test_wherever_pieces_end_records_up_to_the_limit_are_read_and_no_longer_ones(
    lengths, piece_bytes, block_bytes, end
):
    lines = [b'{"text": "%b"}\n' % (b"x" * length) for length in lengths] + [b"\n", end]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(jsonl, "MAX_RECORD_BYTES", LIMIT)
        patched.setattr(jsonl, "BLOCK_BYTES", block_bytes)
        patched.setattr(compression, "PIECE_BYTES", piece_bytes)
        numbers, problems = numbers_and_problems(io.BytesIO(b"".join(lines)))
    is_long = {number: len(line) > LIMIT for number, line in enumerate(lines, 1) if line.strip()}
    assert numbers == [number for number in is_long if not is_long[number]]
    assert [problem.record for problem in problems] == [n for n in is_long if is_long[n]]


def test_only_the_beginning_of_a_long_record_is_kept(small):
    numbers, (problem,) = numbers_and_problems(io.BytesIO(SHORT + LONG + SHORT))
    assert numbers == [1, 3]
    assert (problem.kind, problem.record, problem.raw) == ("too long", 2, LONG[:50])


def test_a_long_record_takes_no_more_memory_than_the_limit_allows(monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_RECORD_BYTES", 4 << 20)
    stream = io.BytesIO(SHORT + b"x" * (50 << 20) + b"\n" + SHORT)
    tracemalloc.start()
    try:
        numbers, problems = numbers_and_problems(stream)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (numbers, len(problems)) == ([1, 3], 1)
    assert most < 3 * jsonl.MAX_RECORD_BYTES


def test_lines_behind_damage_in_a_long_record_are_read(small):
    members = [gzip.compress(part) for part in (SHORT + LONG[:-9], LONG + SHORT, SHORT)]
    members[1] = members[1][:-8] + b"\0" * 8  # of its checksum and size
    stream = decompress(io.BytesIO(b"".join(members)), "gz")
    numbers, problems = numbers_and_problems(stream)
    assert numbers[0] == 1
    assert len(numbers) >= 2
    assert {problem.kind for problem in problems} == {"too long", "damaged"}


@pytest.mark.parametrize("n_workers", [1, 2])
@pytest.mark.parametrize("on_error", ["skip", "quarantine"])
def test_a_run_leaves_a_long_record_out(tmp_path, small, monkeypatch, n_workers, on_error):
    monkeypatch.setattr(jsonl, "BLOCK_BYTES", 300)
    (tmp_path / "in.jsonl").write_bytes(20 * SHORT + LONG + 20 * SHORT)
    paths = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    options = {"on_error": on_error, "n_workers": n_workers}
    for is_resumed in (False, True):
        counts = do(*paths, **options, is_resumed=is_resumed)
        assert (counts.documents, counts.errors) == (40, {"too long": 1})
        assert paths[1].read_bytes() == 40 * SHORT
    if on_error == "quarantine":
        (entry,) = objects((tmp_path / "out.jsonl.quarantine.jsonl").read_bytes())
        assert (entry["record"], entry["raw"]) == (21, LONG[:50].decode())


def test_a_run_that_is_to_fail_names_the_long_record(tmp_path, small):
    (tmp_path / "in.jsonl").write_bytes(SHORT + LONG + SHORT)
    with pytest.raises(
        DataError, match=r"in\.jsonl, record 2: it is longer than .* --on-error skip"
    ):
        do(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()
