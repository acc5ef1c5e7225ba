"""Links read by their words: "[Home](https://…)", as Markdown has them, as "Home".

What stands in the brackets is read, a description of an image, too; the brackets and the
address behind them are not, nor is one behind bare words, "Home (https://…)", "Home [https://…]"
or "Home <https://…>". Models learn from pages without addresses: where each entry of a menu has
one, they say more than the words. A line of nothing else, "![](https://…)", is read as ":", since
each that is not blank has a label. The words may stand on several lines: "[Home", "News](https://…)".
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.reading.addresses import (
    BRACKET,
    BRACKET_END,
    ESCAPE,
    address_end,
    find_link,
)
from classifier.kernels.text.byte_strings import copy_bytes
from classifier.kernels.text.splitting import find_line, find_newline
from classifier.kernels.text.white_space import BLANK, find_printed

# An image in a link is two deep. Each bracket that goes moves what stands in it, so those
# that are deeper stay, or a line of many would take long.
MOST_NESTED = 8
IMAGE = ord("!")
WORDLESS = ord(":")  # what is read of a line that has none


@jit
def _without_bracket(copy: Any, first: int, bracket: int, n: int) -> int:
    """Take a bracket out of ``copy[first:n]``, with the sign of an image; return the end."""
    target = bracket
    if bracket > first and np.int64(at(copy, bracket - 1)) == IMAGE:
        target -= 1
    for source in range(bracket + 1, n):
        put(copy, target, at(copy, source))
        target += 1
    return target


@jit
def copy_without_addresses(
    data: Any, start: int, end: int, tables: Any, brackets: Any, copy: Any, n: int
) -> tuple[int, bool]:
    """Copy a line without the addresses of links.

    If nothing is left, it is all of the line, or ":" if words could have stood in brackets.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    tables : CharacterTables
    brackets : ndarray of int64, shape (MOST_NESTED,)
        Scratch.
    copy : ndarray of uint8
        Output from ``copy[n]`` on, with as much room as the line takes, and a block more.
    n : int

    Returns
    -------
    n : int
        Where the copy ends.
    is_from_above : bool
        Whether a link ends in it whose words begin on a line above.
    """
    first = n
    depth = 0
    is_from_above = False
    is_for_words = False  # whether an address stands behind brackets for words
    link = find_link(data, start, end)
    i = start
    while i < end:
        if link < i:
            link = find_link(data, i, end)
        byte = np.int64(at(data, i))
        if i == link:
            # No further than the next link, so that no byte is looked at many times.
            link = find_link(data, i + 2, end)
            behind = address_end(data, i + 1, link)
            is_open = byte == BRACKET_END and depth > 0
            depth -= is_open
            if behind >= 0:
                is_for_words |= byte == BRACKET_END
                is_from_above |= byte == BRACKET_END and not is_open
                if is_open and depth < MOST_NESTED:
                    n = _without_bracket(copy, first, at(brackets, depth), n)
                while byte == BLANK and n > first and np.int64(at(copy, n - 1)) == BLANK:
                    n -= 1
                if byte != BLANK and byte != BRACKET_END:  # the end of a word
                    put(copy, n, byte)
                    n += 1
                i = behind
                continue
        elif byte == BRACKET:
            if depth < MOST_NESTED:
                put(brackets, depth, n)
            depth += 1
        elif byte == BRACKET_END:
            depth -= depth > 0
        elif byte == ESCAPE and i + 1 < end:
            put(copy, n, byte)
            n += 1
            i += 1
        put(copy, n, at(data, i))
        n += 1
        i += 1
    if find_printed(copy, first, n, tables) == n:
        if is_for_words:
            put(copy, first, WORDLESS)
            n = first + 1
        else:
            n = copy_bytes(data, start, end, copy, first)
    return n, is_from_above


@jit
def without_bracket_above(copy: Any, start: int, end: int, tables: Any) -> int:
    """Take out the last bracket that is not closed: there begin the words of a link below.

    A line of nothing else is read as ":".

    Parameters
    ----------
    copy : ndarray of uint8
        Valid UTF-8 in ``copy[start:end]``, and 64 bytes of anything behind it; changed in place.
    start, end : int
        Lines above that of the address.
    tables : CharacterTables

    Returns
    -------
    int
        Where they end now.
    """
    depth = 0
    i = end - 1
    while i >= start:
        byte, before = np.int64(at(copy, i)), np.int64(at(copy, i - 1)) if i > start else BLANK
        if before != ESCAPE:
            if byte == BRACKET and depth == 0:
                line, line_end = find_line(copy, start, i), find_newline(copy, i, end)
                words_end = i - (before == IMAGE)
                is_wordless = find_printed(copy, line, words_end, tables) == words_end
                if is_wordless and find_printed(copy, i + 1, line_end, tables) == line_end:
                    put(copy, i, WORDLESS)
                    return end
                return _without_bracket(copy, line, i, end)
            depth += int(byte == BRACKET_END) - int(byte == BRACKET)
        i -= 1
    return end
