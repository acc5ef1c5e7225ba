"""WET: output that other readers accept, whatever the line ends of its records."""

import gzip
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wet_records import (
    CRLF,
    LF,
    PAGES,
    SHA1,
    SHA1_OF_ABC,
    SmallPieces,
    page,
    parse,
    record,
    rewrite,
    texts_and_problems,
    without_ads,
)

from classifier.formats import warc_buffer, wet
from classifier.formats.batches import Fields
from classifier.formats.warc_headers import rewrite_header


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
    for found in ArchiveIterator(io.BytesIO(data), parse_http=False):
        if "WARC-Block-Digest" in found.headers:
            valid.append(found.verify_block_digest())
        bodies.append(found.reader.read())
    assert bodies == expected
    assert valid == [True, True]
    read = []
    for found in WarcioIterator(io.BytesIO(data), check_digests="raise"):
        read.append(found.content_stream().read())
        assert int(found.rec_headers["Content-Length"]) == len(read[-1])
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


def test_blocks_are_cut_between_records_wherever_pieces_end(monkeypatch):
    monkeypatch.setattr("classifier.files.compression.PIECE_BYTES", 37)
    monkeypatch.setattr(warc_buffer, "BLOCK_BYTES", 500)
    blocks = list(wet.blocks(io.BytesIO(b"".join(PAGES)), Fields()))
    assert len(blocks) > 2
    assert b"".join(block.content.data for block in blocks) == b"".join(PAGES)
    assert [n for block in blocks for n in wet.parse(block, Fields()).numbers] == [2, 3, 4, 5]


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
    monkeypatch.setattr(warc_buffer, "BLOCK_BYTES", 300)
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
