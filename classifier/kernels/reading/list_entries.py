"""Entries of lists: what stands behind a bullet, a dash, a number or another sign."""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import at
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.byte_strings import begins_with
from classifier.kernels.text.characters import PUNCTUATION, SYMBOL, code_point, kind_of
from classifier.kernels.text.white_space import BLANK, TAB

DASH, STAR = ord("-"), ord("*")
BULLET = np.frombuffer("•".encode(), np.uint8)
NO_BREAK, NARROW = (np.frombuffer(sign.encode(), np.uint8) for sign in "\u00a0\u202f")
MOST_DIGITS = 3  # of the number before an entry


@jit
def behind_mark(data: Any, i: int, end: int) -> int:
    """Return where a line goes on behind a mark that ends at byte `i`.

    Parameters
    ----------
    data : ndarray of uint8
    i, end : int

    Returns
    -------
    int
        `i` if no blank, no-break space or tab stands there, or nothing is behind it.
    """
    text = i
    while text < end:
        byte = np.int64(at(data, text))
        if byte == BLANK or byte == TAB:
            text += 1
        elif begins_with(data, text, end, NO_BREAK):
            text += len(NO_BREAK)
        elif begins_with(data, text, end, NARROW):
            text += len(NARROW)
        else:
            break
    return text if text < end and np.int64(at(data, text)) > BLANK else i


@inline
def is_entry(data: Any, i: int, end: int) -> bool:
    """Return whether the mark of an entry stands at byte `i`, and something behind it.

    Parameters
    ----------
    data : ndarray of uint8
    i, end : int
        Byte of the line, and its end.

    Returns
    -------
    bool
    """
    byte = np.int64(at(data, i))
    size = 1
    if byte == np.int64(at(BULLET, 0)):
        size = len(BULLET)
        if not begins_with(data, i, end, BULLET):
            return False
    elif byte != DASH and byte != STAR:
        return False
    return behind_mark(data, i + size, end) > i + size


@jit
def begins_entry(data: Any, i: int, end: int, tables: Any) -> bool:
    """Return whether an entry begins at byte `i`: with a number or another sign, too.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    i, end : int
        Byte of a line, before its end.
    tables : CharacterTables

    Returns
    -------
    bool
    """
    if is_entry(data, i, end):
        return True
    mark_end = i
    while mark_end < end and ord("0") <= np.int64(at(data, mark_end)) <= ord("9"):
        mark_end += 1
    if mark_end > i:
        if mark_end == end or mark_end - i > MOST_DIGITS:
            return False
        byte = np.int64(at(data, mark_end))
        if byte != ord(".") and byte != ord(")"):
            return False
        mark_end += 1
    elif np.int64(at(data, i)) >= 0x80:
        point, width = code_point(data, i)
        kind = kind_of(point, tables)
        if kind != PUNCTUATION and kind != SYMBOL:
            return False
        mark_end += width
    return i < mark_end < behind_mark(data, mark_end, end)
