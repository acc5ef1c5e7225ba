"""How a page is laid out, if otherwise than the labelled pages are.

There "•" or "*" stands before an entry of a list, with two spaces before it, and blank lines
stand around paragraphs. Markdown has "-", too; others print no indents, or no blank lines, or
leave indents and ends of lines as they are in a page's source. Dashes stand before what somebody
says as well, but that ends as sentences do.
"""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import ONE, ZERO, at, count_ones, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import jit
from classifier.kernels.reading.list_entries import DASH, is_entry
from classifier.kernels.reading.nested_lists import has_nested, nested_depth
from classifier.kernels.reading.one_line import middle_of_line
from classifier.kernels.reading.paragraphs import has_paragraph
from classifier.kernels.reading.speech import are_spoken, count_dashes, run_of_dashes
from classifier.kernels.reading.stray_indents import are_indents_stray
from classifier.kernels.reading.survey import MAY_INDENT, MAY_NEST, MAY_TRAIL
from classifier.kernels.text.masks import bits_below, shifted
from classifier.kernels.text.splitting import NEWLINE, find_newline
from classifier.kernels.text.white_space import are_ends_blank, behind_indent, is_blank

# Lead bytes of white space beyond ASCII, and of bullets: of U+00A0, and of U+1000 to U+3FFF.
LATIN, OTHER_SPACE, WIDE_SPACE = 0xC2, 0xE1, 0xE3
# Blank lines are as good as none where there are so few gaps, and so many lines to each.
MOST_GAPS, LINES_TO_GAP = 2, 10
# How a document is laid out otherwise, as bits: entries have dashes, which are read as bullets;
# most of these are spoken, and none is a bullet in runs of such; no entry is indented, and all
# are read as if they were; hardly any line is blank between others, and blank lines are read
# around paragraphs; line ends are doubled, and read by half; most lines end in white space, which
# is not read; nor are indents, as they are stray; lists in lists have marks of their own, "*", "+"
# and "o" as inscriptis and lynx print them, which are read as "*" at the depth that they tell; all
# stands on one line, of which the middle is read.
# Above these, how many blank lines of each gap are not read, for no gap has fewer than one more.
DASHES, SPOKEN, FLAT, DENSE, DOUBLED, TRAILED, STRAYED, NESTED = 1, 2, 4, 8, 16, 32, 64, 128
ALONE = 256
SURPLUS_SHIFT = 9


@jit
def _behind_plain_lines(data: Any, start: int, end: int) -> tuple[int, int]:
    """Return where a line begins that is not plain, from the line at `start` on; how many are.

    Plain are lines that begin with a letter or digit, say: they are not blank, not indented, and
    no entries.
    """
    n = 0
    newlines_before = ~ZERO
    for block in range(start, end, BLOCK):
        newlines = bytes_between(data, block, NEWLINE, NEWLINE)
        lines = shifted(newlines, newlines_before, ONE)
        newlines_before = newlines
        if end - block < BLOCK:
            lines &= bits_below(end - block)
        # Up to "-", and where some characters begin, are white space and marks of entries.
        plain = bytes_between(data, block, DASH + 1, LATIN - 1)
        plain |= bytes_between(data, block, LATIN + 1, OTHER_SPACE - 1)
        plain |= bytes_between(data, block, WIDE_SPACE + 1, 0xFF)
        others = lines & ~plain
        if others != ZERO:
            lines &= others ^ (others - ONE)
            return block + trailing_zeros(others), n + count_ones(lines) - 1
        n += count_ones(lines)
    return end, n


@jit
def layout_of(data: Any, start: int, end: int, signs: int, tables: Any) -> int:
    """Tell how a document is laid out.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    signs : int
        Which rules can matter to it, as `survey` tells.
    tables : CharacterTables

    Returns
    -------
    int
        Bits; 0 if it is read as it is.
    """
    if middle_of_line(data, start, end, tables)[0] > start:
        return ALONE
    is_nested = signs & MAY_NEST > 0 and has_nested(data, start, end)
    is_stray = signs & MAY_INDENT > 0 and are_indents_stray(data, start, end, is_nested, tables)
    n_lines = n_blanks = n_gaps = n_wide_gaps = n_dashes = n_sentences = 0
    has_entries = has_indents = has_speech = has_speech_indents = False
    run_end = start  # of dashes
    is_doubled = True
    least_blanks = end - start  # of a gap
    line = start
    while line < end:
        if has_indents and least_blanks == 1 and n_gaps > MOST_GAPS and not is_doubled:
            break  # only dashes are left to find
        line_end = find_newline(data, line, end)
        i = behind_indent(data, line, line_end)
        if is_blank(data, i, line_end, tables):
            n_blanks += n_lines > 0
            line = line_end + 1
        else:
            if n_blanks > 0:
                least_blanks = min(least_blanks, n_blanks)
                n_gaps += 1
                n_wide_gaps += n_blanks > 2
                n_blanks = 0
            elif n_lines > 0:
                is_doubled = False
            n_lines += 1
            if is_entry(data, i, line_end):
                if np.int64(at(data, i)) != DASH:
                    has_entries = True
                    has_indents |= i > line
                elif line >= run_end:
                    n, n_own, is_indented, run_end = run_of_dashes(data, line, end, tables)
                    n_dashes += n
                    n_sentences += n_own
                    if are_spoken(n, n_own):
                        has_speech = True
                        has_speech_indents |= is_indented
                    else:
                        has_entries = True
                        has_indents |= is_indented
            elif is_nested and nested_depth(data, line, i, line_end) > 0:
                has_entries = has_indents = True
            line, n_plain = _behind_plain_lines(data, line_end + 1, end)
            n_lines += n_plain
            is_doubled &= n_plain == 0
    n, n_own = count_dashes(data, max(line, run_end), end, tables)
    n_dashes += n
    is_spoken = n_dashes > 0 and are_spoken(n_dashes, n_sentences + n_own)
    if not is_spoken:
        has_entries |= has_speech
        has_indents |= has_speech_indents
    is_flat = has_entries and (is_stray or not has_indents)
    is_doubled &= n_wide_gaps > 0  # or they are paragraphs, set apart as usual
    surplus = least_blanks - 1 if n_gaps > 0 and not is_doubled else 0
    n_gaps = n_wide_gaps if is_doubled else n_gaps
    is_dense = n_lines > 1 and n_gaps <= min(MOST_GAPS, n_lines // LINES_TO_GAP)
    is_dense = is_dense and has_paragraph(data, start, end, is_stray, tables)
    of_dashes = DASHES * (n_dashes > 0) + SPOKEN * is_spoken
    of_blanks = DENSE * is_dense + DOUBLED * is_doubled + (surplus << SURPLUS_SHIFT)
    is_trailed = signs & MAY_TRAIL > 0 and are_ends_blank(data, start, end, tables)
    of_space = TRAILED * is_trailed + STRAYED * is_stray + NESTED * is_nested
    return of_dashes + FLAT * is_flat + of_blanks + of_space
