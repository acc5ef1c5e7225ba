"""Pages that were run together on one line, of which the middle third is read.

It tells best what most of the page is, for menus are at the ends, which are what is read of a
long line else.
"""

from typing import Any

import numpy as np

from classifier.kernels.first_layer.feature_layout import HEAD_BYTES, TAIL_BYTES
from classifier.kernels.machine.bits import at
from classifier.kernels.machine.jit import jit
from classifier.kernels.reading.sentences import is_sentence
from classifier.kernels.text.splitting import find_newline
from classifier.kernels.text.white_space import BLANK, find_printed, printed_end

# Bytes of the middle at least, so that paragraphs that stand alone are read as they are; of its
# end, in which a sentence may end; and of a sentence's end before a blank.
LEAST_MIDDLE = 2 * (HEAD_BYTES + TAIL_BYTES)
SENTENCE, MOST_CLOSING = 320, 8


@jit
def middle_of_line(data: Any, start: int, end: int, tables: Any) -> tuple[int, int]:
    """Return where the middle third of a page on one line begins and ends.

    It ends with a sentence if one ends in its last `SENTENCE` bytes.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    tables : CharacterTables

    Returns
    -------
    first, stop : int
        Both are `start` where there are more lines, or the third is shorter than `LEAST_MIDDLE`,
        or blank.
    """
    line = find_printed(data, start, end, tables)
    line_end = find_newline(data, line, end)
    if find_printed(data, line_end, end, tables) < end:
        return start, start
    line_end = printed_end(data, line, line_end, tables)
    third = (line_end - line) // 3
    if third < LEAST_MIDDLE:
        return start, start
    first, stop = line + third, line_end - third
    while np.int64(at(data, first)) & 0xC0 == 0x80:
        first += 1
    while np.int64(at(data, stop)) & 0xC0 == 0x80:
        stop -= 1
    if find_printed(data, first, stop, tables) == stop:
        return start, start
    for i in range(stop, stop - SENTENCE, -1):
        if np.int64(at(data, i)) == BLANK and is_sentence(data, i - MOST_CLOSING, i, tables):
            return first, i
    return first, stop
