"""Entries of lists, and ends of lines, said again in plain Python."""

import re

from reference_words import character

from classifier.kernels.text import characters
from classifier.lines import is_blank

BEHIND_MARK = "[ \t\u00a0\u202f]+(?=[^\0- \u00a0\u202f])"
ENTRY = re.compile(rf"([ \t\r]*)([-*•]){BEHIND_MARK}")
OTHER_ENTRY = re.compile(rf"[ \t\r]*([0-9]{{1,3}}[.)]|[^\0-\x7f]){BEHIND_MARK}")
TRAILING = re.compile("[\t\v\f\r\x1c-\x1f \xa0\u1680\u2000\u3000]$")
SENTENCE = re.compile(r"""[.!?:…؟。۔।][\s"'’“”」』)\]}】》>»›→▶►]*$""")


def are_ends_blank(lines: list[str]) -> bool:
    """Return whether most lines that are not blank have white space at their ends."""
    printed = [line for line in lines if not is_blank(line)]
    n_trailed = sum(bool(TRAILING.search(line)) for line in printed)
    other_space = sum(line != "" and is_blank(line) and not TRAILING.search(line) for line in lines)
    return n_trailed > 0 and 2 * n_trailed >= len(printed) + other_space


def begins_entry(line: str) -> bool:
    """Return whether a line is an entry, with a number or another sign as well."""
    if ENTRY.match(line):
        return True
    other = OTHER_ENTRY.match(line)
    signs = (characters.PUNCTUATION, characters.SYMBOL)
    return bool(other) and (other[1].isascii() or character(other[1]).kind in signs)
