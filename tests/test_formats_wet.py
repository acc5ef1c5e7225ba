"""WET: output that other readers accept, and damage that costs no neighbour."""

import gzip
import io

import pyarrow as pa
import pytest
from doubles import until_broken
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.files.compression import decompress
from classifier.formats import warc, wet
from classifier.formats.batches import Fields
from classifier.formats.warc_headers import rewrite_header


def page(i, body, kind="conversion", extra=""):
    body = body if isinstance(body, bytes) else body.encode()
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://example.org/{i}\r\n"
        f"WARC-Date: 2024-05-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{i:08}-0000-4000-8000-000000000000>\r\n"
        f"{extra}Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return header.encode() + body + b"\r\n\r\n"


FIELDS = Fields()
SHA1_OF_ABC = b"VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"
SHA1 = "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"
PAGES = [
    page(0, "software: a crawler\r\n", "warcinfo"),
    page(1, "Hallo Wörld\nAD\n", extra=SHA1),
    page(2, "nothing to drop"),
    page(3, "AD", extra="warc-payload-digest: sha256:" + "0" * 64 + "\r\n"),
    page(4, "AD\r\n\r\nWARC/1.0 in the text\nlast", extra=SHA1),
]


def parse(data, fields=FIELDS):
    blocks = list(wet.blocks(io.BytesIO(data), fields))
    return [wet.parse(block, fields) for block in blocks]


def rewrite(data, change, codec=None):
    out = []
    for batch in parse(data):
        texts = [change(text) for text in batch.texts.to_pylist()]
        out.append(wet.render(batch, pa.array(texts, pa.large_string()), codec))
    return b"".join(out)


def without_ads(text):
    return "\n".join(line for line in text.split("\n") if line.strip() != "AD")


def test_file_whose_texts_stay_comes_out_byte_for_byte():
    assert rewrite(b"".join(PAGES), str) == b"".join(PAGES)


def test_addresses_are_those_of_the_headers():
    (batch,) = parse(b"".join(PAGES[:3]))
    assert batch.urls == ["http://example.org/1", "http://example.org/2"]


def test_another_header_may_be_the_identifier():
    (batch,) = parse(page(1, "a", extra="X-Id: seven\r\n") + PAGES[2], Fields(id="x-id"))
    assert batch.ids == [b'"seven"', None]


@pytest.mark.parametrize(
    ("old", "new", "is_text"),
    [
        ("text/plain", "Text/Plain; charset=utf-8", True),
        ("WARC-Type: conversion", "WARC-Type: Conversion", True),
        ("text/plain", "application/json", False),
        ("WARC-Type: conversion", "WARC-Type: metadata", False),
        ("WARC-Type: conversion\r\n", "", False),
        ("Content-Type: text/plain\r\n", "", True),
    ],
)
def test_texts_are_those_of_conversions_to_plain_text(old, new, is_text):
    text = "a page\nContent-Type: image/png"  # none of its header
    data = page(1, text).replace(old.encode(), new.encode())
    (batch,) = parse(data)
    assert batch.texts.to_pylist() == [text] * is_text
    assert wet.render(batch, batch.texts) == data


@pytest.mark.parametrize("codec", [None, "gz"])
def test_result_is_valid_for_warcio_and_fastwarc(codec):
    from fastwarc.warc import ArchiveIterator
    from warcio.archiveiterator import ArchiveIterator as WarcioIterator

    data = rewrite(b"".join(PAGES), without_ads, codec)
    expected = [
        b"software: a crawler\r\n",
        "Hallo Wörld\n".encode(),
        b"nothing to drop",
        b"",
        b"\r\nWARC/1.0 in the text\nlast",
    ]
    expected[4] = b"AD\r\n\r\nWARC/1.0 in the text\nlast".replace(b"AD\r\n", b"", 1)
    records = list(ArchiveIterator(io.BytesIO(data), parse_http=False))
    assert len(records) == 5
    bodies, valid = [], []
    for record in ArchiveIterator(io.BytesIO(data), parse_http=False):
        if "WARC-Block-Digest" in record.headers:
            valid.append(record.verify_block_digest())
        bodies.append(record.reader.read())
    assert bodies == expected
    assert valid == [True, True]
    read = []
    for record in WarcioIterator(io.BytesIO(data), check_digests="raise"):
        read.append(record.content_stream().read())
        assert int(record.rec_headers["Content-Length"]) == len(read[-1])
    assert read == expected


def test_each_record_is_a_gzip_member_of_its_own():
    data = rewrite(b"".join(PAGES), str, "gz")
    assert data.count(b"\x1f\x8b\x08") >= 5
    assert gzip.decompress(data) == b"".join(PAGES)


def test_dropped_record_goes_and_numbers_and_ids_are_of_the_file():
    (batch,) = parse(b"".join(PAGES))
    assert batch.numbers == [2, 3, 4, 5]
    assert batch.ids[0] == b'"<urn:uuid:00000001-0000-4000-8000-000000000000>"'
    kept = rewrite(b"".join(PAGES), lambda text: None if text.startswith("Hallo") else text)
    assert kept == b"".join(PAGES[:1] + PAGES[2:])


def test_digest_keeps_its_algorithm_and_base_and_an_unknown_one_goes():
    header = b"WARC/1.0\r\nWARC-Block-Digest: md5:" + b"0" * 32 + b"\r\nContent-Length: 3"
    assert rewrite_header(header, b"abc") == header.replace(
        b"0" * 32, b"900150983cd24fb0d6963f7d28e17f72"
    )
    for unknown in (b"odd:xyz", b"shake128:ABC"):
        header = b"WARC/1.0\r\nWARC-Block-Digest: " + unknown + b"\r\nContent-Length: 9"
        assert rewrite_header(header, b"abc") == b"WARC/1.0\r\nContent-Length: 3"


def test_a_digest_of_blanks_takes_no_time():
    """By a pattern that goes back for each of them it would take half an hour."""
    field = b"\r\nWARC-Block-Digest: sha1:" + b" " * 500_000 + b"x"
    header = b"WARC/1.0" + field + b"\r\nContent-Length: 3"
    assert rewrite_header(header, b"abc") == b"".join(
        (b"WARC/1.0\r\nWARC-Block-Digest: sha1:", SHA1_OF_ABC, b"\r\nContent-Length: 3")
    )


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
    monkeypatch.setattr(warc, "BLOCK_BYTES", 2 * piece_bytes)
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


def test_blocks_are_cut_between_records_wherever_pieces_end(monkeypatch):
    monkeypatch.setattr("classifier.files.compression.PIECE_BYTES", 37)
    monkeypatch.setattr(warc, "BLOCK_BYTES", 500)
    blocks = list(wet.blocks(io.BytesIO(b"".join(PAGES)), Fields()))
    assert len(blocks) > 2
    assert b"".join(block.content.data for block in blocks) == b"".join(PAGES)
    assert [n for block in blocks for n in wet.parse(block, Fields()).numbers] == [2, 3, 4, 5]


CRLF, LF = b"\r\n", b"\n"


def record(i, body, ends=LF, tail=None):
    """A record whose lines end as `ends` says: all alike, or in turn."""
    ends = [ends] if isinstance(ends, bytes) else ends
    lines = [*page(i, body, extra=SHA1).partition(CRLF + CRLF)[0].split(CRLF), b""]
    header = b"".join(line + ends[n % len(ends)] for n, line in enumerate(lines))
    return header + body + (2 * ends[0] if tail is None else tail)


def texts_and_problems(stream):
    batches = [wet.parse(block, Fields()) for block in wet.blocks(stream, Fields())]
    problems = [problem for batch in batches for problem in batch.problems]
    return [text for batch in batches for text in batch.texts.to_pylist()], problems


class SmallPieces(io.BytesIO):
    def read1(self, size=-1):
        return super().read1(min(size, 37))


line_end = st.sampled_from([LF, CRLF])
mixed_record = st.tuples(
    st.lists(st.sampled_from([b"a page", b"\n", b"\n\n", CRLF + CRLF, b"WARC/1.0 quoted"])),
    st.lists(line_end, min_size=1, max_size=3),
    st.lists(line_end, min_size=1, max_size=4),
)


@given(st.lists(line_end, max_size=3), st.lists(mixed_record, min_size=1, max_size=5))
@example([CRLF], [([b"a page"], [LF], [LF, LF]), ([b"a page"], [CRLF], [CRLF] * 3)])
def test_no_mixture_of_line_ends_costs_a_text_or_a_byte(before, records):
    from warcio.archiveiterator import ArchiveIterator

    bodies = [b"".join(body) for body, _, _ in records]
    data = b"".join(
        record(i, bodies[i], ends, b"".join(tail)) for i, (_, ends, tail) in enumerate(records)
    )
    expected = [body.decode() for body in bodies]
    assert texts_and_problems(SmallPieces(data)) == (expected, [])
    assert rewrite(b"".join(before) + data, str) == b"".join(before) + data
    read = [record.content_stream().read() for record in ArchiveIterator(io.BytesIO(data))]
    assert read == bodies


def test_additional_empty_lines_pass_and_are_no_records():
    between = [CRLF, LF + CRLF, LF, b"", CRLF]
    data = CRLF + b"".join(one + lines for one, lines in zip(PAGES, between, strict=True))
    (batch,) = parse(data)
    assert (batch.numbers, batch.problems) == ([2, 3, 4, 5], [])
    kept = rewrite(data, lambda text: None if text.startswith("Hallo") else text)
    assert kept == data.replace(PAGES[1], b"")


def test_numbers_go_on_over_blocks_with_empty_lines(monkeypatch):
    monkeypatch.setattr(warc, "BLOCK_BYTES", 300)
    blocks = list(wet.blocks(SmallPieces(CRLF.join(PAGES)), Fields()))
    assert [block.content.data[:5] for block in blocks] == [b"WARC/"] * len(blocks)
    assert [n for block in blocks for n in wet.parse(block, Fields()).numbers] == [2, 3, 4, 5]
    assert len(blocks) > 1


def test_file_of_empty_lines_alone_has_no_record():
    assert texts_and_problems(io.BytesIO(CRLF * 5)) == ([], [])
    assert rewrite(CRLF * 5, str) == CRLF * 5


def test_empty_lines_never_begin_a_gzip_member_but_the_first():
    from warcio.archiveiterator import ArchiveIterator

    data = rewrite(CRLF.join(PAGES), without_ads, "gz")
    lengths = [len(r.content_stream().read()) for r in ArchiveIterator(io.BytesIO(data))]
    assert len(lengths) == 5


@pytest.mark.parametrize("ends", [LF, CRLF, [LF, CRLF], [CRLF, LF, LF]])
def test_new_text_keeps_the_line_ends_of_its_record(ends):
    from warcio.archiveiterator import ArchiveIterator

    data = record(1, b"AD\nkept\n", ends, LF + CRLF) + record(2, b"kept\n", CRLF)
    written = rewrite(data, without_ads)
    first = next(ArchiveIterator(io.BytesIO(written), check_digests="raise"))
    assert first.content_stream().read() == b"kept\n"
    digest = first.rec_headers["WARC-Block-Digest"].encode()
    expected = data.replace(b"AD\n", b"").replace(b"Length: 8", b"Length: 5")
    assert written == expected.replace(SHA1[19:-2].encode(), digest, 1)


def test_removed_digest_takes_its_own_line_end():
    header = b"WARC/1.0\nWARC-Block-Digest: odd:xyz\r\nContent-Length: 9\n"
    assert rewrite_header(header, b"abc") == b"WARC/1.0\nContent-Length: 3\n"


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
    monkeypatch.setattr(warc, "BLOCK_BYTES", 2000)
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
    monkeypatch.setattr(warc, "BLOCK_RECORDS", 100)
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


def test_fields_that_go_on_in_a_second_line_are_read_and_corrected():
    folded = page(1, "AD\nabc", extra=SHA1)
    for name in (b"WARC-Type:", b"Content-Length:", b"WARC-Block-Digest:"):
        folded = folded.replace(name + b" ", name + b"\r\n \t")
    made = rewrite(folded, without_ads)
    assert made.count(b":\r\n \t") == 3
    assert b"Content-Length:\r\n \t3\r\n\r\nabc\r\n\r\n" in made
    assert b"WARC-Block-Digest:\r\n \tsha1:" + SHA1_OF_ABC in made


def test_a_field_of_blank_lines_takes_no_time():
    header = b"WARC/1.0\r\nContent-Length:" + b"\r\n \t " * 100_000
    assert rewrite_header(header, b"abc") == header
