"""Pages in other layouts, copied as if they were laid out as the labelled pages are.

`classifier.kernels.reading.page_layout` tells what is usual and how a page differs.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.reading.list_entries import BULLET, DASH, STAR, is_entry
from classifier.kernels.reading.nested_lists import nested_depth
from classifier.kernels.reading.one_line import middle_of_line
from classifier.kernels.reading.page_layout import (
    ALONE,
    DENSE,
    DOUBLED,
    FLAT,
    NESTED,
    SPOKEN,
    STRAYED,
    SURPLUS_SHIFT,
    TRAILED,
)
from classifier.kernels.reading.paragraphs import is_like_paragraph
from classifier.kernels.reading.speech import are_spoken, run_of_dashes
from classifier.kernels.text.byte_strings import copy_bytes
from classifier.kernels.text.splitting import NEWLINE, find_newline
from classifier.kernels.text.white_space import (
    BLANK,
    behind_indent,
    find_printed,
    is_blank,
    printed_end,
)

INDENT = 2  # spaces before an entry
MOST_ADDED = 7  # bytes to a line: an indent for each list it is in, or a bullet; a blank line


@jit
def copy_in_usual_layout(
    data: Any, start: int, end: int, tables: Any, layout: int, copy: Any, n: int
) -> int:
    """Copy a document as it is read: lines that are not blank stay so, in their order.

    Parameters
    ----------
    data, start, end, tables
        As in `classifier.kernels.reading.page_layout.layout_of`.
    layout : int
        As it has been told.
    copy : ndarray of uint8
        Output from ``copy[n]`` on, with room for the document, `MOST_ADDED` bytes more for each
        of its lines, and a block more.
    n : int

    Returns
    -------
    int
        Where the copy ends.
    """
    if layout == 0:
        return copy_bytes(data, start, end, copy, n)
    if layout & ALONE:
        first, stop = middle_of_line(data, start, end, tables)
        return copy_bytes(data, first, stop, copy, n)
    line = run_end = start
    n_lines = n_blanks = 0
    was_paragraph = is_list = False
    while line < end:
        line_end = find_newline(data, line, end)
        i = behind_indent(data, line, line_end)
        if is_blank(data, i, line_end, tables):
            n_blanks += 1
            line = line_end + 1
            continue
        if n_lines > 0:
            if layout & DOUBLED:
                n_blanks = (n_blanks - 1) // 2
            elif n_blanks > 0:
                n_blanks -= layout >> SURPLUS_SHIFT
        depth = nested_depth(data, line, i, line_end) if layout & NESTED else 0
        text_end = printed_end(data, i, line_end, tables) if layout & TRAILED else line_end
        if layout & STRAYED:
            line = find_printed(data, i, line_end, tables)
        if layout & DENSE:
            is_paragraph = is_like_paragraph(data, line, line_end, tables)
            n_blanks += n_lines > 0 and n_blanks == 0 and (is_paragraph or was_paragraph)
            was_paragraph = is_paragraph
        for _ in range(n_blanks):
            put(copy, n, NEWLINE)
            n += 1
        n_lines += 1
        n_blanks = 0
        if depth > 0:
            for _ in range(INDENT * depth - (i - line)):
                put(copy, n, BLANK)
                n += 1
            n = copy_bytes(data, line, i, copy, n)
            put(copy, n, STAR)
            n += 1
            line = i + 1
        elif i < line_end and is_entry(data, i, line_end):
            is_dash = np.int64(at(data, i)) == DASH
            if is_dash and line >= run_end:
                n_run, n_own, _, run_end = run_of_dashes(data, line, end, tables)
                is_list = not (layout & SPOKEN and are_spoken(n_run, n_own))
            if layout & FLAT and (is_list or not is_dash):
                for _ in range(INDENT):
                    put(copy, n, BLANK)
                    n += 1
            if is_dash and is_list:
                n = copy_bytes(data, line, i, copy, n)
                for k in range(len(BULLET)):
                    put(copy, n, at(BULLET, k))
                    n += 1
                line = i + 1
        n = copy_bytes(data, line, text_end, copy, n)
        if line_end < end:
            put(copy, n, NEWLINE)
            n += 1
        line = line_end + 1
    return n
