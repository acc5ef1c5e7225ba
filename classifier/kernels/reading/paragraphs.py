"""Lines that are taken for paragraphs by their length, where no blank line is in a page."""

from typing import Any

from classifier.kernels.machine.bits import count_ones
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.masks import bits_below
from classifier.kernels.text.splitting import find_long_line, find_newline
from classifier.kernels.text.white_space import find_printed, printed_end

PARAGRAPH = 40  # code points of such a line


@inline
def is_like_paragraph(data: Any, start: int, end: int, tables: Any) -> bool:
    """Return whether a line is as long as a paragraph, without white space at its end.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
        The line.
    tables : CharacterTables

    Returns
    -------
    bool
    """
    if end - start < PARAGRAPH:
        return False
    text_end = printed_end(data, start, end, tables)
    n = text_end - start
    if n < PARAGRAPH or n >= 4 * PARAGRAPH:  # none has more than four bytes
        return n >= PARAGRAPH
    for i in range(start, text_end, BLOCK):
        tails = bytes_between(data, i, 0x80, 0xBF)
        if text_end - i < BLOCK:
            tails &= bits_below(text_end - i)
        n -= count_ones(tails)
    return n >= PARAGRAPH


@jit
def has_paragraph(data: Any, start: int, end: int, is_stray: bool, tables: Any) -> bool:
    """Return whether any line is as long as a paragraph.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
        `start` is where a line begins.
    is_stray : bool
        Whether indents do not count.
    tables : CharacterTables

    Returns
    -------
    bool
    """
    line = find_long_line(data, start, end)
    while line < end:
        line_end = find_newline(data, line, end)
        text = find_printed(data, line, line_end, tables) if is_stray else line
        if is_like_paragraph(data, text, line_end, tables):
            return True
        line = find_long_line(data, line_end + 1, end)
    return False
