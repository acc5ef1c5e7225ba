"""Addresses of links: where one may begin, and where it ends.

It stands in round brackets behind square ones, as Markdown has it, or in brackets behind bare
words: "Home (https://…)", "Home [https://…]" or "Home <https://…>".
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.byte_strings import begins_with
from classifier.kernels.text.white_space import BLANK

BRACKET, BRACKET_END, ROUND, ROUND_END = ord("["), ord("]"), ord("("), ord(")")
LESS, GREATER, QUOTE, APOSTROPHE = ord("<"), ord(">"), ord('"'), ord("'")
ESCAPE = ord("\\")
SLASH, HASH, ZERO_SIGN, NINE_SIGN = ord("/"), ord("#"), ord("0"), ord("9")
SCRIPT = np.frombuffer(b"javascript:", np.uint8)
HTTP, HTTPS = np.frombuffer(b"http://", np.uint8), np.frombuffer(b"https://", np.uint8)
MAIL, PHONE = np.frombuffer(b"mailto:", np.uint8), np.frombuffer(b"tel:", np.uint8)


@jit
def find_link(data: Any, start: int, end: int) -> int:
    """Find where an address may begin: "](", or another bracket and what addresses begin with.

    Parameters
    ----------
    data : ndarray of uint8
    start, end : int

    Returns
    -------
    int
        The first such place in ``data[start:end]``, that of what the bracket stands behind; or
        `end`.
    """
    blocks_end = min(end, len(data) - BLOCK + 1)
    i = start
    while i < blocks_end:
        openers = bytes_between(data, i, ROUND, ROUND) | bytes_between(data, i, LESS, LESS)
        openers |= bytes_between(data, i, BRACKET, BRACKET)
        while openers != ZERO:
            place = i + trailing_zeros(openers) - 1
            if place >= start and _is_link(data, place, end):
                return place
            openers &= openers - ONE
        i += BLOCK
    for place in range(max(i - 1, start), end):
        if _is_link(data, place, end):
            return place
    return end


@jit
def _is_link(data: Any, place: int, end: int) -> bool:
    if place + 1 >= end:
        return False
    byte, opener = np.int64(at(data, place)), np.int64(at(data, place + 1))
    if opener == LESS:  # a path there is a tag: "</b>"
        return byte >= BLANK and byte != ROUND and _has_scheme(data, place + 2, end)
    if opener == BRACKET:
        return byte == BLANK and _is_address(data, place + 2, end, BRACKET_END)
    if opener == ROUND and byte == BLANK:
        return _is_address(data, _behind_spaces(data, place + 2, end), end, ROUND_END)
    return opener == ROUND and byte == BRACKET_END


@jit
def _is_address(data: Any, i: int, end: int, closer: int) -> bool:
    """Return whether an address that stands behind bare words begins at byte `i`.

    No phonetic script between slashes is one, nor a number behind a hash.
    """
    if i >= end:
        return False
    byte = np.int64(at(data, i))
    if byte == SLASH:
        while BLANK < byte < 0x80 and byte != closer:
            i += 1
            byte = np.int64(at(data, i)) if i < end else 0
        return byte == closer
    if byte == HASH:
        return i + 1 < end and not ZERO_SIGN <= np.int64(at(data, i + 1)) <= NINE_SIGN
    return _has_scheme(data, i, end)


@jit
def _has_scheme(data: Any, i: int, end: int) -> bool:
    return (
        begins_with(data, i, end, HTTPS)
        or begins_with(data, i, end, HTTP)
        or begins_with(data, i, end, MAIL)
        or begins_with(data, i, end, PHONE)
        or begins_with(data, i, end, SCRIPT)
    )


@inline
def _behind_spaces(data: Any, i: int, end: int) -> int:
    while i < end and np.int64(at(data, i)) == BLANK:
        i += 1
    return i


@jit
def address_end(data: Any, start: int, end: int) -> int:
    """Return the place behind the address, and title, in the brackets at `start`.

    Parameters
    ----------
    data : ndarray of uint8
    start, end : int
        Where the first bracket stands, and how far is looked.

    Returns
    -------
    int
        -1 if that is no address: it has white space in it, or does not end before `end`.
    """
    opener = np.int64(at(data, start))
    if opener != ROUND:
        closer = BRACKET_END if opener == BRACKET else GREATER
        i = start + 1
        while i < end and np.int64(at(data, i)) > BLANK and np.int64(at(data, i)) != closer:
            i += 1
        return i + 1 if i < end and np.int64(at(data, i)) == closer else -1
    i = _behind_spaces(data, start + 1, end)
    if i < end and np.int64(at(data, i)) == LESS:
        while i < end and np.int64(at(data, i)) != GREATER:
            i += 1
        i += 1
    else:
        # There spaces may stand in the brackets of code.
        is_script = begins_with(data, i, end, SCRIPT)
        depth = 0
        while i < end:
            byte = np.int64(at(data, i))
            if byte == BLANK and (depth == 0 or not is_script):
                break
            if byte < BLANK or (byte == ROUND_END and depth == 0):
                break
            if byte == ROUND:
                depth += 1
            elif byte == ROUND_END:
                depth -= 1
            i += 2 if byte == ESCAPE else 1
    i = _behind_title(data, _behind_spaces(data, i, end), end)
    return i + 1 if i < end and np.int64(at(data, i)) == ROUND_END else -1


@jit
def _behind_title(data: Any, start: int, end: int) -> int:
    """Return the place behind the title at `start`, or `start` if there is none.

    A title in quotation marks ends with one before a round bracket, whatever else it quotes;
    a bracket outside of quotations closes the link.
    """
    quote = np.int64(at(data, start)) if start < end else 0
    if quote == ROUND:
        depth = 0
        for i in range(start, end):
            byte = np.int64(at(data, i))
            depth += int(byte == ROUND) - int(byte == ROUND_END)
            if depth == 0:
                return _behind_spaces(data, i + 1, end)
    if quote == QUOTE or quote == APOSTROPHE:
        is_quoted = True
        for i in range(start + 1, end):
            byte = np.int64(at(data, i))
            if byte == quote:
                is_quoted = not is_quoted
            elif byte == ROUND_END and i > start + 1 and np.int64(at(data, i - 1)) == quote:
                return i
            elif byte == ROUND_END and not is_quoted:
                break
    return start
