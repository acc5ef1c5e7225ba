"""WET that is damaged, cut off or says a wrong length: no neighbour is lost."""

import gzip
import io
from random import Random

import pytest
from doubles import until_broken
from wet_records import (
    CRLF,
    FIELDS,
    LF,
    PAGES,
    SmallPieces,
    page,
    parse,
    record,
    rewrite,
    texts_and_problems,
)

from classifier.files.compression import decompress
from classifier.formats import warc, warc_beginnings, warc_buffer, wet
from classifier.formats.batches import Fields


def damaged(change):
    return [PAGES[1], change(PAGES[2]), PAGES[4]]


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.replace(b"Content-Length: 15", b"Content-Length: 9"),
        lambda record: record.replace(b"Content-Length: 15", b"Content-Length: 99"),
        lambda record: record.replace(b"Content-Length: 15", b"Content-Length: 99999999999999"),
        lambda record: record.replace(b"Content-Length: 15", b"Content-Length: " + b"9" * 5000),
        lambda record: record.replace(b"Content-Length: 15", b"Content-Length: none"),
        lambda record: record.replace(b"Content-Length: 15\r\n", b""),
        lambda record: record.replace(b"WARC/1.0", b"ARC"),
        lambda record: record[20:],
        lambda record: record.replace(b"to drop", b"to dr\xff\xfe"),
    ],
)
@pytest.mark.parametrize("piece_bytes", [1 << 20, 50])
def test_damaged_record_is_one_problem_between_good_neighbours(change, piece_bytes, monkeypatch):
    monkeypatch.setattr("classifier.files.compression.PIECE_BYTES", piece_bytes)
    monkeypatch.setattr(warc_buffer, "BLOCK_BYTES", 2 * piece_bytes)
    data = b"".join(damaged(change))
    batches = parse(data)
    assert rewrite(data, str) == PAGES[1] + PAGES[4]
    texts = [text for batch in batches for text in batch.texts.to_pylist()]
    assert [text[:4] for text in texts] == ["Hall", "AD\r\n"]
    problems = [(problem.record, problem.raw) for batch in batches for problem in batch.problems]
    assert problems == [(2, change(PAGES[2]))]


@pytest.mark.parametrize("cut", [1, 10, 60, 200])
def test_cut_off_last_record_is_a_problem_only_if_text_is_missing(cut):
    data = b"".join([*PAGES[:4], PAGES[2]])[:-cut]
    (batch,) = parse(data)
    assert {problem.record for problem in batch.problems} == (set() if cut == 1 else {5})


def test_whole_records_before_a_broken_stream_are_read():
    compressed = gzip.compress(b"".join(PAGES * 50), 0)
    stream = decompress(io.BytesIO(compressed[:-100]), "gz")
    blocks, problem = until_broken(wet.blocks(stream, Fields()))
    assert sum(len(wet.parse(block, Fields()).numbers) for block in blocks) > 150
    assert problem.kind == "truncated"
    assert problem.record in (249, 250)


def test_damaged_gzip_member_is_one_problem_between_good_neighbours():
    members = [bytearray(gzip.compress(record)) for record in PAGES]
    for place in range(30, 90):
        members[2][place] ^= 0x55
    stream = decompress(io.BytesIO(b"".join(members)), "gz")
    batches = [wet.parse(block, Fields()) for block in wet.blocks(stream, Fields())]
    assert [number for batch in batches for number in batch.numbers] == [2, 4, 5]
    (problem,) = [problem for batch in batches for problem in batch.problems]
    assert (problem.kind, problem.record) == ("damaged record", 3)
    assert problem.reason.startswith("the compressed data is damaged")


@pytest.mark.parametrize("ends", [LF, CRLF])
@pytest.mark.parametrize("cut", [3, 16, 31, 200, 330])
def test_cut_off_record_does_not_reach_into_the_next(ends, cut):
    whole = [record(i, b"a page\n" * 20, ends) for i in range(3)]
    data = whole[0] + whole[1][:cut] + whole[2]
    texts, problems = texts_and_problems(SmallPieces(data))
    assert texts == ["a page\n" * 20] * 2
    assert [problem.raw for problem in problems] == [whole[1][:cut]]


@pytest.mark.parametrize(("ends", "rest"), [(LF, b"\n\ntwo\n\n"), (CRLF, CRLF), (CRLF, LF)])
def test_wrong_length_that_leads_to_line_ends_of_another_record_costs_no_neighbour(ends, rest):
    first, second, third = (record(i, b"one\n\ntwo", ends) for i in range(3))
    length = len(first + second) - first.index(b"one") - len(rest)
    data = first.replace(b"Length: 8", b"Length: %d" % length) + second + third
    texts, problems = texts_and_problems(io.BytesIO(data))
    assert texts == ["one\n\ntwo"] * 2
    assert [problem.record for problem in problems] == [1]


@pytest.mark.parametrize("version", [b"0.17", b"0.18", b"1.1"])
@pytest.mark.parametrize("colon", [b":", b" :", b"\t:"])
def test_cut_off_record_of_any_version_does_not_reach_into_the_next(version, colon):
    whole = [record(i, b"a page\n" * 20, CRLF).replace(b"1.0", version, 1) for i in range(3)]
    whole = [one.replace(b"WARC-Type:", b"WARC-Type" + colon) for one in whole]
    for cut in (200, len(whole[1]) - 30):
        data = whole[0] + whole[1][:cut] + whole[2]
        texts, problems = texts_and_problems(SmallPieces(data))
        assert texts == ["a page\n" * 20] * 2
        assert [problem.raw for problem in problems] == [whole[1][:cut]]


@pytest.mark.parametrize("said", [b"150000", b"1000000"])  # the file is longer, or shorter
@pytest.mark.parametrize("is_broken", [False, True])
def test_what_a_wrong_length_held_back_comes_in_blocks_of_the_usual_size(
    said, is_broken, monkeypatch
):
    monkeypatch.setattr(warc_buffer, "BLOCK_BYTES", 2000)
    wrong = PAGES[2].replace(b"Length: 15", b"Length: " + said)
    data = wrong + b"".join(page(i, f"page {i}\n" * 20) for i in range(500))
    stream = io.BytesIO(data)
    if is_broken:
        stream = decompress(io.BytesIO(gzip.compress(data, 0)[:-8]), "gz")
    blocks, problem = until_broken(wet.blocks(stream, FIELDS))
    assert (problem is not None) == is_broken
    if is_broken and said == b"1000000":  # as much may be missing as it says
        assert (blocks, problem.raw) == ([], data)
        return
    assert b"".join(block.content.data for block in blocks) == data
    assert max(len(block.content.data) for block in blocks) < 3000
    numbers = [n for block in blocks for n in wet.parse(block, FIELDS).numbers]
    assert numbers == list(range(2, 502))


def test_blocks_of_what_is_short_end_by_its_number(monkeypatch):
    monkeypatch.setattr(warc_buffer, "BLOCK_RECORDS", 100)
    data = b"WARC/1\n" * 1000 + b"\n" + PAGES[2]
    blocks = list(wet.blocks(io.BytesIO(data), FIELDS))
    assert b"".join(block.content.data for block in blocks) == data
    assert max(len(block.content.found) for block in blocks) == 100
    batches = [wet.parse(block, FIELDS) for block in blocks]
    assert [problem.record for batch in batches for problem in batch.problems] == [*range(1, 1001)]
    assert [number for batch in batches for number in batch.numbers] == [1001]


@pytest.mark.parametrize(("tail", "n_texts"), [(LF, 2), (b"", 1)])
def test_record_before_a_damaged_gzip_member_stays_if_anything_ends_it(tail, n_texts):
    members = [bytearray(gzip.compress(record(i, b"a page", CRLF, tail))) for i in range(3)]
    members[1][10:40] = bytes(30)
    stream = decompress(io.BytesIO(b"".join(members)), "gz")
    texts, problems = texts_and_problems(stream)
    assert texts == ["a page"] * n_texts
    assert [problem.record for problem in problems] == [n_texts]


def test_long_damage_is_told_in_pieces_and_costs_no_byte_or_neighbour(monkeypatch):
    monkeypatch.setattr(warc, "MAX_HEADER_BYTES", 400)
    monkeypatch.setattr(warc, "MAX_DAMAGE_BYTES", 100)
    texts, problems = texts_and_problems(SmallPieces(PAGES[2] + b"x" * 1000 + b"\n\n" + PAGES[2]))
    assert texts == ["nothing to drop"] * 2
    assert len(problems) > 1
    assert b"".join(problem.raw for problem in problems) == b"x" * 1000 + b"\n\n"


class Counted:
    """A pattern that adds up how many bytes it has looked at."""

    def __init__(self, pattern):
        self.pattern, self.n_bytes = pattern, 0

    def search(self, data, start, end):
        match = self.pattern.search(data, start, end)
        self.n_bytes += (match.end() if match else end) - start
        return match


@pytest.mark.parametrize(
    "end",
    [
        b"xx\n\nWARC/1.0\nWARC-Type: x^\n\nfoo\n",  # one sign of an end, and a record before it
        b"xx^WARC/1.0\nfoo\n",  # one sign, and no line end
    ],
)
def test_lengths_that_lead_to_one_place_are_no_reason_to_search_all_before_it_again(
    end, monkeypatch
):
    counted = Counted(warc_beginnings.SURE_BEGINNING)
    monkeypatch.setattr(warc_beginnings, "SURE_BEGINNING", counted)
    monkeypatch.setattr(warc_buffer, "BLOCK_RECORDS", 300)
    header = "WARC/1.0\nContent-Length: {:08}\n\n"
    size, place = len(header.format(0)), end.index(b"^")
    headers = [header.format(place + i * size).encode() for i in reversed(range(1000))]
    data = b"".join(headers) + end.replace(b"^", b"")
    texts, problems = texts_and_problems(io.BytesIO(data))
    assert not texts
    assert len(problems) >= 1000
    assert counted.n_bytes < 2 * len(data)


BETWEEN = [b"\n", b"\n\n", b"\r\n\r\n", b"a page\n", b"WARC/1\n", b"\n\nWARC/1.0\nWARC-Type: x"]


def made_up_file(random):
    """Give headers, whose bodies end after any of the parts that follow, and other parts."""
    data, lengths = b"", [0]
    for n_later in range(random.randrange(60)):
        part = random.choice(BETWEEN)
        if random.random() < 0.5:
            n_parts = min(n_later, random.randrange(9))
            length = len(data) - lengths[n_later - n_parts]
            kind = random.choice([b"", b"", b"WARC-Type: x\n"])
            part = b"WARC/1.0\n%bContent-Length: %d\n\n" % (kind, length)
        data = part + data
        lengths.append(len(data))
    return data


def test_what_is_known_of_beginnings_changes_no_record(monkeypatch):
    random = Random(0)
    files = [made_up_file(random) for _ in range(2000)]

    def found():
        return [
            [block.content for block in wet.blocks(SmallPieces(data), FIELDS)] for data in files
        ]

    def look(known, data, start, end):
        return warc_beginnings.SURE_BEGINNING.search(data, start, end) is not None

    monkeypatch.setattr(warc_buffer, "BLOCK_RECORDS", 3)
    with_memory = found()
    monkeypatch.setattr(warc_beginnings.KnownBeginning, "is_within", look)
    assert found() == with_memory
