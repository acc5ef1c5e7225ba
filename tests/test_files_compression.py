"""gzip and zstd: many members and frames, and damage that is noticed."""

import bz2
import gzip
import io
import lzma
import random
import struct
import tracemalloc
import zlib
from functools import partial

import pytest
import zstandard
from doubles import until_broken

from classifier.files.compressed_part import START, part_starter
from classifier.files.compression import (
    codec_of_bytes,
    compress,
    decompress,
    empty_stream,
    read_pieces,
)
from classifier.files.problems import BrokenFileError, Problem
from classifier.files.streams import peek

HELD_BYTES = 200_000  # fewer than are held back as a rule, so that tests pass them soon


def noise(n_bytes, seed=0):
    """Bytes that no codec makes fewer; the same in each run, since by chance some begin a part."""
    return random.Random(seed).randbytes(n_bytes)


PARTS = [b"first\n" * 1000, b"", noise(300_000), b"last"]


def pack(part, codec):
    return gzip.compress(part) if codec == "gz" else zstandard.compress(part)


def read(data, codec):
    return list(read_pieces(decompress(io.BytesIO(data), codec)))


@pytest.mark.parametrize("codec", ["gz", "zst"])
def test_all_members_and_frames_are_read(codec):
    data = b"".join(pack(part, codec) for part in PARTS)
    assert codec_of_bytes(data[:4]) == codec
    assert b"".join(read(data, codec)) == b"".join(PARTS)


def test_zeros_after_gzip_members_are_padding():
    data = gzip.compress(b"one") + b"\0" * 40_000 + gzip.compress(b"two") + b"\0" * 512
    assert b"".join(read(data, "gz")) == b"onetwo"


def test_zstd_frame_without_a_size_and_with_a_long_window_is_read():
    parameters = zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = compressor.compress(b"abc" * 100_000) + compressor.flush()
    assert b"".join(read(data, "zst")) == b"abc" * 100_000


@pytest.mark.parametrize("codec", ["gz", "zst"])
@pytest.mark.parametrize("cut", [1, 5, 1000, 200_000])
def test_what_came_before_a_cut_is_read_and_the_cut_noticed(codec, cut):
    whole, torn = noise(100_000), noise(300_000, 1)
    data = pack(whole, codec) + pack(torn, codec)
    pieces, problem = until_broken(read_pieces(decompress(io.BytesIO(data[:-cut]), codec)))
    assert problem.kind == "truncated"
    assert b"".join(pieces).startswith(whole)


@pytest.mark.parametrize("codec", ["gz", "zst"])
def test_flipped_bytes_are_noticed(codec):
    checked = zstandard.ZstdCompressor(write_checksum=True)
    text = b"".join(b"line %d\n" % i for i in range(50_000))
    data = bytearray(gzip.compress(text) if codec == "gz" else checked.compress(text))
    for place in range(len(data) // 2, len(data) // 2 + 20):
        data[place] ^= 0x55
    with pytest.raises(BrokenFileError) as caught:
        read(bytes(data), codec)
    assert caught.value.problem.kind in ("damaged", "truncated")


def damage(part):
    middle = len(part) // 2
    return (
        part[:middle]
        + bytes(byte ^ 0x55 for byte in part[middle : middle + 9])
        + part[middle + 9 :]
    )


@pytest.mark.parametrize("bite_bytes", [1 << 14, 100])
@pytest.mark.parametrize("n_bytes", [300, 60_000, 300_000])
@pytest.mark.parametrize("codec", ["gz", "zst"])
def test_a_damaged_part_costs_no_other(codec, n_bytes, bite_bytes, monkeypatch):
    monkeypatch.setattr("classifier.files.compressed_part.BITE_BYTES", bite_bytes)
    monkeypatch.setattr("classifier.files.compressed_members.HELD_BYTES", HELD_BYTES)
    checked = zstandard.ZstdCompressor(write_checksum=True)
    # By chance the first bytes of a part stand inside of one, too.
    texts = [b"%d" % i + START[codec] + noise(n_bytes, i) for i in range(6)]
    parts = [gzip.compress(text) if codec == "gz" else checked.compress(text) for text in texts]
    parts[2], parts[4] = damage(parts[2]), damage(parts[4])
    pieces, before = [b""], []
    for piece in read_pieces(decompress(io.BytesIO(b"".join(parts)), codec)):
        if isinstance(piece, Problem):
            assert piece.kind == "damaged"
            before.append(pieces[-1])
            pieces.append(b"")
        else:
            pieces[-1] += piece
    assert len(before) == 2
    if n_bytes < HELD_BYTES:
        assert pieces == [texts[0] + texts[1], texts[3], texts[5]]
    assert pieces[0].startswith(texts[0] + texts[1])
    assert pieces[1].startswith(texts[3])
    assert pieces[2] == texts[5]


@pytest.mark.parametrize("codec", ["gz", "zst"])
def test_a_part_that_follows_where_one_was_cut_between_two_bites_is_read(codec):
    torn = pack(b"".join(b"line %d\n" % i for i in range(50_000)), codec)
    n_bytes = part_starter(codec)().bite(memoryview(torn))
    assert 0 < n_bytes < len(torn)
    good = b"".join(b"page %d\n" % i for i in range(50_000))
    stream = io.BytesIO(torn[:n_bytes] + pack(good, codec))
    found = [*read_pieces(decompress(stream, codec))]
    assert isinstance(found[0], Problem)
    assert (found[0].kind, b"".join(found[1:])) == ("damaged", good)


@pytest.mark.parametrize("n_bytes", [300, 300_000])
def test_text_whose_checksum_fails_is_not_given_out(n_bytes):
    text = b"11 million " * (n_bytes // 11)
    wrong = gzip.compress(text, 0).replace(b"11 million", b"99 million", 1)
    pieces = read_pieces(decompress(io.BytesIO(wrong + gzip.compress(b"good")), "gz"))
    found = [*pieces]
    assert [type(piece) for piece in found] == [Problem, bytes]
    assert found[1] == b"good"


@pytest.mark.parametrize("codec", ["gz", "zst"])
def test_what_is_written_has_a_checksum(codec):
    text = noise(300)
    data = bytearray(compress(text, codec))
    place = data.index(text[100:200])  # which is not packed, since it cannot be made less
    data[place] ^= 1
    with pytest.raises(BrokenFileError, match="damaged"):
        read(bytes(data), codec)


def test_damage_at_the_end_is_the_end():
    data = gzip.compress(b"one") + damage(gzip.compress(noise(500)))
    pieces, problem = until_broken(read_pieces(decompress(io.BytesIO(data), "gz")))
    assert (pieces[0], problem.kind) == (b"one", "damaged")


class Pieces(io.BytesIO):
    """A stream that comes in the given pieces."""

    def __init__(self, *pieces):
        self.pieces = [piece for piece in pieces if piece]

    def read(self, n_bytes):
        return self.pieces.pop(0) if self.pieces else b""


def read_split(codec, *pieces):
    return b"".join(read_pieces(decompress(Pieces(*pieces), codec)))


def gzip_member(text, extra=None, name=None, comment=None, has_crc=False):
    """Give a member (RFC 1952), and how long its header is."""
    fields = b"" if extra is None else struct.pack("<H", len(extra)) + extra
    fields += b"".join(field + b"\0" for field in (name, comment) if field is not None)
    flags = 2 * has_crc + 4 * (extra is not None) + 8 * (name is not None)
    header = START["gz"] + bytes([flags + 16 * (comment is not None)]) + b"\1\2\3\4\0\3" + fields
    if has_crc:
        header += struct.pack("<H", zlib.crc32(header) & 0xFFFF)
    body = zlib.compress(text, wbits=-15) + struct.pack("<II", zlib.crc32(text), len(text))
    return header + body, len(header)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"extra": b"SL\4\0abcd"},
        {"name": b"pages.jsonl"},
        {"comment": b"some"},
        {"has_crc": True},
        {"extra": b"", "name": b""},
        {"name": b"n", "comment": b""},
        {"extra": b"SL\1\0\0", "name": b"pages", "comment": b"some", "has_crc": True},
    ],
)
def test_gzip_headers_may_come_in_two_reads(fields):
    member, n_header = gzip_member(b"A page. " * 5, **fields)
    both = b"A page. " * 10
    assert gzip.decompress(member * 2) == both
    for start in (0, len(member)):
        for cut in range(start, start + n_header + 2):
            assert read_split("gz", (member * 2)[:cut], (member * 2)[cut:]) == both
    assert read_split("gz", *(bytes([byte]) for byte in member * 2)) == both


def test_gzip_headers_may_be_long():
    member, _ = gzip_member(b"A page.", b"e" * 60_000, b"n" * 30_000, b"c" * 30_000, has_crc=True)
    assert b"".join(read(member * 20, "gz")) == b"A page." * 20
    member, _ = gzip_member(b"A page.", comment=b"c" * 2_000_000)
    assert b"".join(read(member * 2, "gz")) == b"A page." * 2


def test_a_gzip_header_that_is_cut_off_is_noticed():
    member, n_header = gzip_member(b"A page.", name=b"pages", comment=b"some", has_crc=True)
    for cut in range(1, n_header + 1):
        pieces, problem = until_broken(read_pieces(decompress(Pieces(member, member[:cut]), "gz")))
        assert (pieces, problem.kind) == ([b"A page."], "truncated")


@pytest.mark.parametrize("has_size", [True, False])
@pytest.mark.parametrize("has_checksum", [True, False])
@pytest.mark.parametrize("n_bytes", [0, 3, 300, 20_000])
def test_zstd_frames_may_come_in_two_reads(n_bytes, has_checksum, has_size):
    compressor = zstandard.ZstdCompressor(write_checksum=has_checksum)
    compressor = compressor.compressobj(size=n_bytes if has_size else -1)
    text = noise(n_bytes)
    frame = compressor.compress(text[:100]) + compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    frame += compressor.compress(text[100:]) + compressor.flush()
    data = b"\x5a\x2a\x4d\x18\x04\0\0\0skip" + frame + frame
    for cut in [*range(40), *range(len(data) - 20, len(data))]:
        assert read_split("zst", data[:cut], data[cut:]) == text * 2
    assert read_split("zst", *(bytes([byte]) for byte in data)) == text * 2


@pytest.mark.parametrize("before", [b"", START["zst"] + b"\xff" * 20])
def test_zstd_that_grows_a_thousandfold_takes_little_memory(before):
    n_blocks, run = 2000, 0x100002.to_bytes(3, "little") + b"\n"  # stands for 128 kB
    frame = START["zst"] + b"\0\x38" + run * n_blocks + b"\1\0\0"
    tracemalloc.start()
    try:
        pieces = read_pieces(decompress(io.BytesIO(before + frame), "zst"))
        n_bytes = sum(len(piece) for piece in pieces if isinstance(piece, bytes))
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    assert n_bytes == n_blocks << 17


@pytest.mark.parametrize("codec", ["gz", "zst"])
@pytest.mark.parametrize("after", [b"", b"\0", b"\x08", b"\x1f", b"\xff" * 9])
def test_a_part_is_found_after_much_that_begins_like_one(codec, after):
    before, good = b"?" + (START[codec] + after) * 1000, pack(b"good", codec)
    found = [*read_pieces(decompress(io.BytesIO(pack(b"one", codec) + before + good), codec))]
    assert [type(piece) for piece in found] == [bytes, Problem, bytes]
    assert (found[0], found[2]) == (b"one", b"good")


def test_zstd_files_may_begin_with_a_frame_to_skip():
    data = b"\x5a\x2a\x4d\x18\x04\0\0\0skip" + zstandard.compress(b"text")
    assert codec_of_bytes(data[:4]) == "zst"
    assert b"".join(read(data, "zst")) == b"text"


@pytest.mark.parametrize("codec", ["gz", "zst"])
def test_looking_ahead_loses_neither_bytes_nor_damage(codec):
    data = pack(b"".join(b"text %d " % i for i in range(100_000)), codec)
    head, stream = peek(decompress(io.BytesIO(data[:-1]), codec), 10)
    assert head == b"text 0 tex"
    seen, problem = until_broken(read_pieces(stream))
    assert problem.kind == "truncated"
    assert b"".join(seen).startswith(b"text 0 text 1 ")


@pytest.mark.parametrize("codec", ["gz", "zst", None])
def test_compressed_batches_join_and_are_the_same_every_time(codec):
    data = compress(b"one\n", codec) + compress(b"", codec) + compress(b"two\n", codec)
    assert b"".join(read(data, codec)) == b"one\ntwo\n"
    assert compress(b"one\n", codec) == compress(b"one\n", codec)
    assert b"".join(read(empty_stream(codec), codec)) == b""


@pytest.mark.parametrize("text", [b"", b"A page"])
@pytest.mark.parametrize(
    "pack", [lzma.compress, *(partial(bz2.compress, compresslevel=n) for n in (1, 5, 9))]
)
def test_what_is_packed_in_another_way_is_named(pack, text):
    with pytest.raises(BrokenFileError) as caught:
        codec_of_bytes(pack(text))
    assert "which is not read. Unpack it, or" in caught.value.problem.message("x")
    assert codec_of_bytes(b"BZh, the page") is None
