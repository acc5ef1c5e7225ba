"""One look at a document, which tells the rules of reading that can matter to it.

Most rules matter to few documents, but each would have to look at all bytes to know. What they
ask for first, they ask for together here, 64 bytes at a time.
"""

from typing import Any

from classifier.kernels.machine.bits import ONE, ZERO, count_ones, trailing_zeros
from classifier.kernels.machine.blocks import BLOCK, bytes_between
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.reading.fragments import LEAST_JOINTS, joints_of
from classifier.kernels.reading.list_entries import STAR
from classifier.kernels.reading.markdown import HASH, UNDERSCORE, may_break_lines
from classifier.kernels.reading.nested_lists import PLUS
from classifier.kernels.text.characters import code_point, is_small
from classifier.kernels.text.masks import bits_below, shifted
from classifier.kernels.text.splitting import NEWLINE
from classifier.kernels.text.white_space import BLANK

# What may be: that sentences were broken into lines, that lines were wrapped at some width, and
# whether hardly any line begins with a small letter, as the script has none; marks of Markdown;
# indents; white space where most lines end; lists in lists with marks of their own.
MAY_BREAK, MAY_WRAP, IS_UNCASED, MAY_MARK, MAY_INDENT, MAY_TRAIL = 1, 2, 4, 8, 16, 32
MAY_NEST = 64
ANYTHING = MAY_MARK | MAY_INDENT | MAY_TRAIL | MAY_NEST  # of a text that has been changed since
# Lead bytes of scripts with small letters, and of those that have none, but blanks: Hebrew to
# Khmer, Hangul.
FIRST_CASED, LAST_CASED, OTHER_CASED = 0xC3, 0xD6, 0xE1
FIRST_UNCASED, LAST_UNCASED, FIRST_HANGUL, LAST_HANGUL = 0xD7, 0xE1, 0xEA, 0xED
# Where lines may have been wrapped, as many begin small, or nearly all of so many are indented.
WRAPPED_LEAST, INDENTED = 2, 10


@inline
def _count_scripts(data: Any, block: int, lines: Any, tables: Any) -> tuple[int, int]:
    """Count of some characters beyond ASCII the small letters, and those without such ones."""
    uncased = bytes_between(data, block, FIRST_UNCASED, LAST_UNCASED)
    uncased |= bytes_between(data, block, FIRST_HANGUL, LAST_HANGUL)
    cased = bytes_between(data, block, FIRST_CASED, LAST_CASED)
    cased |= bytes_between(data, block, OTHER_CASED, OTHER_CASED)
    cased &= lines
    n_small = 0
    while cased != ZERO:
        n_small += is_small(code_point(data, block + trailing_zeros(cased))[0], tables)
        cased &= cased - ONE
    return n_small, count_ones(lines & uncased)


@jit
def survey(data: Any, start: int, end: int, tables: Any) -> int:
    """Tell which rules can matter to a document.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
    tables : CharacterTables

    Returns
    -------
    int
        Bits: `MAY_BREAK` and those behind it. What may be, need not.
    """
    n_lines = n_trailed = n_below = n_indented = n_small = n_uncased = n_joints = 0
    marks = indents = pluses = ZERO
    newlines_before, spaces_before = ~ZERO, ~ZERO
    blanks_before = stars_before = ZERO
    for block in range(start, end + 1, BLOCK):
        newlines = bytes_between(data, block, NEWLINE, NEWLINE)
        if end - block < BLOCK:
            newlines |= ~bits_below(end - block)
        blanks = bytes_between(data, block, BLANK, BLANK)
        # The last bytes of U+00A0 and U+3000 as well, and others.
        spaces = bytes_between(data, block, 0, BLANK)
        spaces |= bytes_between(data, block, 0xA0, 0xA0) | bytes_between(data, block, 0x80, 0x80)
        behind_newlines = shifted(newlines, newlines_before, ONE)
        behind_spaces = shifted(spaces, spaces_before, ONE)
        n_lines += count_ones(newlines & ~behind_newlines)
        n_trailed += count_ones(newlines & ~behind_newlines & behind_spaces)
        indents |= behind_newlines & ~newlines & spaces
        lines, joints = joints_of(newlines, newlines_before, blanks, blanks_before)
        n_below += count_ones(lines)
        n_indented += count_ones(lines & blanks)
        n_joints += count_ones(joints)
        n_small += count_ones(lines & bytes_between(data, block, ord("a"), ord("z")))
        wide = lines & bytes_between(data, block, 0x80, 0xFF)
        if wide != ZERO:
            small, uncased = _count_scripts(data, block, wide, tables)
            n_small += small
            n_uncased += uncased
        stars = bytes_between(data, block, STAR, STAR)
        marks |= stars & shifted(stars, stars_before, ONE)
        marks |= bytes_between(data, block, HASH, HASH) & behind_spaces
        marks |= bytes_between(data, block, UNDERSCORE, UNDERSCORE)
        pluses |= bytes_between(data, block, PLUS, PLUS) & behind_spaces
        newlines_before, spaces_before = newlines, spaces
        blanks_before, stars_before = blanks, stars
    is_indented = (n_below - n_indented) * INDENTED < n_below
    is_uncased = n_small < WRAPPED_LEAST <= n_uncased
    of_lines = MAY_BREAK * (n_joints >= LEAST_JOINTS) + IS_UNCASED * is_uncased
    of_lines += MAY_WRAP * (n_small >= WRAPPED_LEAST or is_uncased or is_indented)
    of_space = MAY_INDENT * (indents != ZERO) + MAY_TRAIL * (2 * n_trailed >= max(n_lines, 1))
    is_marked = marks != ZERO or may_break_lines(data, start, end)
    return of_lines + of_space + MAY_MARK * is_marked + MAY_NEST * (pluses != ZERO)
