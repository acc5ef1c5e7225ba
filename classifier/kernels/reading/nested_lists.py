"""Lists in lists that have marks of their own: "*", then "+", then "o".

These tell how deep an entry is, as inscriptis and lynx print them.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import at
from classifier.kernels.machine.jit import jit
from classifier.kernels.reading.list_entries import STAR, behind_mark
from classifier.kernels.text.splitting import find_newline
from classifier.kernels.text.white_space import behind_indent

PLUS, CIRCLE = ord("+"), ord("o")


@jit
def nested_depth(data: Any, line: int, i: int, end: int) -> int:
    """Return how deep an entry is, by marks of lists in lists: 1 for "*", 2 for "+", 3 for "o".

    Parameters
    ----------
    data : ndarray of uint8
    line, i, end : int
        Where the line begins, where it goes on behind its indent, and where it ends.

    Returns
    -------
    int
        0 for other lines, and those with "+" and "o" that are not indented.
    """
    byte = np.int64(at(data, i)) if i < end else 0
    depth = 0
    if byte == STAR:
        depth = 1
    elif line < i and (byte == PLUS or byte == CIRCLE):
        depth = 2 if byte == PLUS else 3
    return depth * (depth > 0 and behind_mark(data, i + 1, end) > i + 1)


@jit
def has_nested(data: Any, start: int, end: int) -> bool:
    """Tell whether lists in lists have marks of their own: "*", and "+" that is indented.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int

    Returns
    -------
    bool
    """
    has_star = has_plus = False
    line = start
    while line < end and not (has_star and has_plus):
        line_end = find_newline(data, line, end)
        depth = nested_depth(data, line, behind_indent(data, line, line_end), line_end)
        has_star |= depth == 1
        has_plus |= depth == 2
        line = line_end + 1
    return has_star and has_plus
