"""Texts as JSON writes them: quotes, backslashes and control characters escaped.

The bytes are those that orjson gives. But orjson wants strings, which have to be decoded from
UTF-8 and encoded again; here a column stays bytes (docs/performance.md tells what that saves).
"""

import json
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.kernels.machine.arrays import fixed
from classifier.kernels.machine.bits import at, count_ones, put, store8, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between, copy_block
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.masks import bits_below

LAST_CONTROL, QUOTE, BACKSLASH = 0x1F, ord('"'), ord("\\")
LAST_ASCII = 0x7F
MOST_BYTES = 6  # of an escape: \u001f
_WRITTEN = [json.dumps(chr(byte))[1:-1].encode() for byte in range(BACKSLASH + 1)]
ESCAPES = np.array([int.from_bytes(written, "little") for written in _WRITTEN], np.uint64)
ESCAPE_BYTES = np.array([len(written) for written in _WRITTEN], np.int64)


@inline
def _is_special(byte: Any) -> bool:
    return byte <= LAST_CONTROL or byte == QUOTE or byte == BACKSLASH


@inline
def _specials(data: Any, i: int) -> Any:
    """Return the mask of bytes to be escaped among the 64 from ``data[i]`` on."""
    found = bytes_between(data, i, 0, LAST_CONTROL)
    found |= bytes_between(data, i, QUOTE, QUOTE)
    return found | bytes_between(data, i, BACKSLASH, BACKSLASH)


@jit
def _count_specials(data: Any, start: int, end: int) -> int:
    found = 0
    i = start
    while i < min(end, len(data) - BLOCK + 1):
        here = _specials(data, i)
        if end - i < BLOCK:
            here &= bits_below(end - i)
        found += count_ones(here)
        i += BLOCK
    for j in range(i, end):
        found += _is_special(at(data, j))
    return found


@inline
def _copy_plain(data: Any, start: int, end: int, out: Any, filled: int) -> int:
    """Copy bytes up to the first to be escaped, at most a block; return how many there were."""
    if start <= len(data) - BLOCK:
        copy_block(data, start, out, filled)
        return min(trailing_zeros(_specials(data, start)), end - start)
    i = start
    while i < end and not _is_special(at(data, i)):
        put(out, filled + i - start, at(data, i))
        i += 1
    return i - start


@jit
def _escape(data: Any, offsets: Any, out: Any, out_offsets: Any) -> None:
    filled = 0
    for d in range(len(offsets) - 1):
        put(out_offsets, d, filled)
        i, end = at(offsets, d), at(offsets, d + 1)
        while i < end:
            n = _copy_plain(data, i, end, out, filled)
            i += n
            filled += n
            if n < BLOCK and i < end:
                byte = np.int64(at(data, i))
                store8(out, filled, at(ESCAPES, byte))
                filled += at(ESCAPE_BYTES, byte)
                i += 1
    put(out_offsets, len(offsets) - 1, filled)


@jit
def _find_ascii(data: Any, starts: Any, ends: Any, found: Any) -> None:
    for t in range(len(starts)):
        i, end = at(starts, t), at(ends, t)
        others = 0
        while others == 0 and i < min(end, len(data) - BLOCK + 1):
            here = bytes_between(data, i, LAST_ASCII + 1, 0xFF)
            if end - i < BLOCK:
                here &= bits_below(end - i)
            others += count_ones(here)
            i += BLOCK
        while others == 0 and i < end:
            others += at(data, i) > LAST_ASCII
            i += 1
        put(found, t, np.uint8(others == 0))


def are_ascii(
    data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Tell which texts, or other stretches of bytes, are ASCII alone.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
    starts, ends : ndarray of int64, shape (n_texts,)
        Where in `data` each begins and ends.

    Returns
    -------
    ndarray of bool, shape (n_texts,)
    """
    found = np.empty(len(starts), np.uint8)
    _find_ascii(fixed(data, np.uint8), fixed(starts, np.int64), fixed(ends, np.int64), found)
    return found.view(np.bool_)


def escape_texts(
    data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    r"""Escape the texts of a column for JSON, without the quotes around them.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
        Valid UTF-8 of all texts.
    offsets : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` is ``data[offsets[i]:offsets[i + 1]]``.

    Returns
    -------
    data : ndarray of uint8, shape (n_bytes_out,)
    offsets : ndarray of int64, shape (n_texts + 1,)
        Of the escaped texts.

    Examples
    --------
    >>> text = np.frombuffer('say "no"\n'.encode(), np.uint8)
    >>> escape_texts(text, np.array([0, 9]))[0].tobytes()
    b'say \\"no\\"\\n'
    """
    data, offsets = fixed(data, np.uint8), fixed(offsets, np.int64)
    n_specials = _count_specials(data, offsets[0], offsets[-1])
    n_bytes = offsets[-1] - offsets[0] + (MOST_BYTES - 1) * n_specials
    out = np.empty(n_bytes + BLOCK, np.uint8)  # copying goes a block further at most
    out_offsets = np.empty(len(offsets), np.int64)
    _escape(data, offsets, out, out_offsets)
    return out[: out_offsets[-1]], out_offsets
