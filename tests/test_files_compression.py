"""gzip and zstd: many members and frames, and damage that is noticed."""

import bz2
import gzip
import io
import lzma
import os
from functools import partial

import pytest
import zstandard
from doubles import until_broken

from classifier.files.compressed_members import HELD_BYTES
from classifier.files.compressed_part import START
from classifier.files.compression import (
    codec_of_bytes,
    compress,
    decompress,
    empty_stream,
    read_pieces,
)
from classifier.files.problems import BrokenFileError, Problem
from classifier.files.streams import peek

PARTS = [b"first\n" * 1000, b"", os.urandom(300_000), b"last"]


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
    parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = compressor.compress(b"abc" * 100_000) + compressor.flush()
    assert b"".join(read(data, "zst")) == b"abc" * 100_000


@pytest.mark.parametrize("codec", ["gz", "zst"])
@pytest.mark.parametrize("cut", [1, 5, 1000, 200_000])
def test_what_came_before_a_cut_is_read_and_the_cut_noticed(codec, cut):
    whole, torn = os.urandom(100_000), os.urandom(300_000)
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
@pytest.mark.parametrize("n_bytes", [300, 300_000, 1_500_000])
@pytest.mark.parametrize("codec", ["gz", "zst"])
def test_a_damaged_part_costs_no_other(codec, n_bytes, bite_bytes, monkeypatch):
    monkeypatch.setattr("classifier.files.compressed_part.BITE_BYTES", bite_bytes)
    checked = zstandard.ZstdCompressor(write_checksum=True)
    # By chance the first bytes of a part stand inside of one, too.
    texts = [b"%d" % i + START[codec] + os.urandom(n_bytes) for i in range(6)]
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


@pytest.mark.parametrize("n_bytes", [300, 300_000])
def test_text_whose_checksum_fails_is_not_given_out(n_bytes):
    text = b"11 million " * (n_bytes // 11)
    wrong = gzip.compress(text, 0).replace(b"11 million", b"99 million", 1)
    pieces = read_pieces(decompress(io.BytesIO(wrong + gzip.compress(b"good")), "gz"))
    found = [*pieces]
    assert [type(piece) for piece in found] == [Problem, bytes]
    assert found[1] == b"good"


def test_damage_at_the_end_is_the_end():
    data = gzip.compress(b"one") + damage(gzip.compress(os.urandom(500)))
    pieces, problem = until_broken(read_pieces(decompress(io.BytesIO(data), "gz")))
    assert (pieces[0], problem.kind) == (b"one", "damaged")


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
