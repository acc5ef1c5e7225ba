"""gzip and zstd: many members and frames, and damage that is noticed."""

import gzip
import io
import os

import pytest
import zstandard
from doubles import until_broken

from classifier.formats.compression import (
    codec_of_bytes,
    compress,
    decompress,
    empty_stream,
    read_pieces,
)
from classifier.formats.records import BrokenFileError
from classifier.formats.streams import peek

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
