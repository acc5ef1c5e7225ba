"""One gzip member or zstd frame, and how much of it to decompress at once."""

from collections.abc import Callable
from functools import partial
from typing import Any

import zstandard
from isal import isal_zlib

# How a part that holds data begins.
START = {"gz": b"\x1f\x8b\x08", "zst": b"\x28\xb5\x2f\xfd"}
# isal's type information calls its exception an instance.
DAMAGE: tuple[type[Exception], ...] = (isal_zlib.error, zstandard.ZstdError)  # type: ignore[assignment]
# Window of 32 kB, with a gzip header and checksum.
GZIP_WINDOW = 16 + 15
# zstd --long=31, as far as the format goes.
ZSTD_MAX_WINDOW = 1 << 31
# gzip decompresses to a thousand times its input at most; small bites bound that.
BITE_BYTES = 1 << 14
# A block of zstd holds up to 128 kB, and may be of four bytes: bites count blocks, too.
BITE_BLOCKS = 64
# No more of a gzip header is waited for; the longest extra field, and names, fit.
HEADER_BYTES = 1 << 17
SHORT_NAME_BYTES = 1 << 8
# Enough for a block of zstd, which comes out whole or not at all.
PROOF_BYTES = 1 << 18


def part_starter(codec: str) -> "Callable[[], GzipMember | ZstdFrame]":
    """Make a function that begins to decompress a part.

    Parameters
    ----------
    codec : str
        ``"gz"`` or ``"zst"``.

    Returns
    -------
    callable
        Its parts are decompressed one after the other: a new one ends the one before.
    """
    if codec == "gz":
        return GzipMember
    # One for all frames: to make it takes ten times as long as to decompress a page.
    return partial(ZstdFrame, zstandard.ZstdDecompressor(max_window_size=ZSTD_MAX_WINDOW))


def is_part(part: "GzipMember | ZstdFrame", data: memoryview) -> bool:
    """Tell whether a part begins here; its first bytes may stand anywhere by chance.

    Parameters
    ----------
    part : GzipMember or ZstdFrame
        A new one.
    data : memoryview
        `PROOF_BYTES`, or all there are; begins with `START`.

    Returns
    -------
    bool
        Whether something comes out of it, and no damage is met.
    """
    if not part.may_begin(data):
        return False
    n_found = 0
    try:
        while n_found < PROOF_BYTES and not part.decoder.eof and (n_bytes := part.bite(data)):
            n_found += len(part.decoder.decompress(data[:n_bytes]))
            data = data[n_bytes:]
    except DAMAGE:
        return False
    return n_found > 0 or part.decoder.eof


class GzipMember:
    """A gzip member.

    Attributes
    ----------
    decoder : decompression object
        What decompresses it.
    """

    def __init__(self) -> None:
        self.decoder: Any = isal_zlib.decompressobj(GZIP_WINDOW)
        self.is_begun = False

    def may_begin(self, data: memoryview) -> bool:
        """Tell at little cost whether `data` may begin a member, given that `START` does.

        Parameters
        ----------
        data : memoryview

        Returns
        -------
        bool
        """
        # Three flags mean nothing. One with a header longer than a bite is not looked for.
        is_possible = len(data) > 3 and not data[3] & 0xE0
        return is_possible and _gzip_header_bytes(data[:BITE_BYTES]) > 0

    def bite(self, data: memoryview) -> int:
        """Tell how much to decompress at once.

        Parameters
        ----------
        data : memoryview
            What comes next.

        Returns
        -------
        int
            Number of bytes; 0 if more of `data` is needed to tell.
        """
        if self.is_begun:
            return min(len(data), BITE_BYTES)
        # isal loses its place in some headers that come in two calls.
        n_header = _gzip_header_bytes(data[:HEADER_BYTES])
        if not n_header and len(data) < HEADER_BYTES:
            return 0
        self.is_begun = True
        # Many members are short, and isal copies what follows one.
        return min(len(data), n_header + BITE_BYTES // 4)


class ZstdFrame:
    """A zstd frame, or one of those that readers pass over.

    Parameters
    ----------
    decompressor : ZstdDecompressor
        Decompresses nothing else meanwhile.

    Attributes
    ----------
    decoder : decompression object
        What decompresses it.
    """

    def __init__(self, decompressor: zstandard.ZstdDecompressor) -> None:
        self.decoder: Any = decompressor.decompressobj()
        self.is_begun = self.is_ending = False
        self.n_left = 0  # up to the next block, or to the end
        self.n_checksum = 0

    def may_begin(self, data: memoryview) -> bool:
        """Tell at little cost whether `data` may begin a frame; as `GzipMember.may_begin`.

        Parameters
        ----------
        data : memoryview

        Returns
        -------
        bool
        """
        return len(data) > 4 and not data[4] & 8  # a flag that means nothing

    def bite(self, data: memoryview) -> int:
        """Tell how much to decompress at once; as `GzipMember.bite`.

        Parameters
        ----------
        data : memoryview

        Returns
        -------
        int
        """
        if not self.is_begun:
            if len(data) < 8:
                return 0
            self._begin(data[:8].tobytes())
        n_bytes, n_blocks = self.n_left, 0
        while n_bytes < BITE_BYTES and n_blocks < BITE_BLOCKS and not self.is_ending:
            if n_bytes + 3 > len(data):
                break
            head = int.from_bytes(data[n_bytes : n_bytes + 3], "little")
            self.is_ending = bool(head & 1)
            is_one_byte = head >> 1 & 3 == 1  # that stands for a run
            n_bytes += 3 + (1 if is_one_byte else head >> 3)
            n_bytes += self.n_checksum if self.is_ending else 0
            n_blocks += 1
        self.n_left = max(0, n_bytes - len(data))
        return min(n_bytes, len(data))

    def _begin(self, head: bytes) -> None:
        """Learn from the first bytes where the first block is (RFC 8878, 3.1)."""
        self.is_begun = True
        if head[:4] != START["zst"]:
            # Of a frame to pass over, nothing comes out. What else it may be is damage.
            self.is_ending = True
            self.n_left = 8 + int.from_bytes(head[4:], "little")
            return
        flags = head[4]
        is_whole = flags >> 5 & 1  # has no window size, but always the size of its content
        n_size = (is_whole, 2, 4, 8)[flags >> 6]
        self.n_left = 5 + (1 - is_whole) + (0, 1, 2, 4)[flags & 3] + n_size
        self.n_checksum = flags & 4


def _gzip_header_bytes(data: memoryview) -> int:
    """Measure the header of a gzip member (RFC 1952, 2.3); 0 if `data` ends within it."""
    if len(data) < 10:
        return 0
    flags, n_bytes = data[3], 10
    if flags & 4:
        n_bytes += 2 + int.from_bytes(data[10:12], "little")
    for has_text in (flags & 8, flags & 16):
        if has_text:
            n_bytes = _after_zero(data, n_bytes)
    n_bytes += flags & 2
    return n_bytes if n_bytes <= len(data) else 0


def _after_zero(data: memoryview, place: int) -> int:
    """Find the first zero from `place`; past the end if there is none."""
    # Most names are short, and a view cannot be searched without a copy.
    for n_bytes in (SHORT_NAME_BYTES, len(data)):
        n_name = data[place : place + n_bytes].tobytes().find(b"\0")
        if n_name >= 0:
            return place + n_name + 1
    return len(data) + 1
