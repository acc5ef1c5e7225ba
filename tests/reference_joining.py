"""Which lines are read as one, said again in plain Python."""

import re
from itertools import pairwise
from unicodedata import normalize

from reference_counted import INVISIBLE
from reference_entries import SENTENCE, are_ends_blank, begins_entry
from reference_words import character

from classifier.kernels.reading.fragments import LEAST_JOINTS as FEWEST
from classifier.kernels.reading.survey import INDENTED, WRAPPED_LEAST
from classifier.kernels.reading.wrapping import (
    LEAST,
    LEAST_UNCASED,
    LONGEST,
    NARROWEST,
    TENTHS,
    TENTHS_UNCASED,
    TO_LONGER,
    TRIED,
    WIDEST,
)
from classifier.kernels.text import characters
from classifier.kernels.text.splitting import LONG_LINE
from classifier.lines import is_blank

SMALL = re.compile("[\xdf-\u058f\u1e00-\u1fff]")


def joined_lines(lines: list[str]) -> str:
    """Return lines as one, with a blank where they meet, but behind a hyphen."""
    text = lines[0]
    for line in lines[1:]:
        text += line if re.search(r"[^\0-\-]-$", text.lstrip()) else " " + line
    return text


def read_as_one(text: str) -> list[list[str]]:
    """Return the lines of a document, those together that were broken."""
    lines = text.split("\n")
    joined = [False] * (len(lines) - 1)
    for begins, least, tenths in (
        (begin_small(lines), LEAST, TENTHS),
        (begin_uncased(lines), LEAST_UNCASED, TENTHS_UNCASED),
        (are_indented(lines), LEAST, TENTHS),
    ):
        if begins:
            joined = was_wrapped(lines, least, tenths)
            break
    if not any(joined) and not are_ends_blank(lines):
        goes_on_below = [goes_on(line, below) for line, below in pairwise(lines)]
        joined = [is_found and sum(goes_on_below) >= FEWEST for is_found in goes_on_below]
    found = [[lines[0]]]
    for line, is_joined in zip(lines[1:], joined, strict=True):
        if is_joined:
            found[-1][-1] = found[-1][-1].rstrip()
            found[-1].append(line.lstrip())
        else:
            found.append([line])
    return found


def begin_small(lines: list[str]) -> bool:
    """Return whether lines begin with a small letter as where they were wrapped."""
    return sum(is_small(line[0]) for line in below_others(lines)) >= WRAPPED_LEAST


def begin_uncased(lines: list[str]) -> bool:
    """Return whether lines begin with a letter of a script without small ones."""
    found = (re.match("[\u05c0-\u1fff\ua000-\udfff]", line) for line in below_others(lines))
    return sum(map(bool, found)) >= WRAPPED_LEAST


def are_indented(lines: list[str]) -> bool:
    """Return whether nearly all lines are indented."""
    below = below_others(lines)
    return sum(line[0] != " " for line in below) * INDENTED < len(below)


def below_others(lines: list[str]) -> list[str]:
    """Return the lines below others that are not empty."""
    return [line for above, line in pairwise(lines) if above and line]


def goes_on(line: str, below: str) -> bool:
    """Return whether a sentence goes on in the line below."""
    is_left = re.search("(?<! ) $", line) or (below[:1] == " " < min(line[:1], below[1:2]))
    seen, before = line.rstrip(), None
    while seen != before:
        before, seen = seen, re.sub(rf"({INVISIBLE.pattern})$", "", seen).rstrip()
    if not is_left or is_blank(below) or seen == "":
        return False
    if not is_small(below.lstrip()[0]):
        are_left = line[-1] == below[-1] == " "
        if are_left or not is_small(seen[-1]):
            return False
    is_whole = SENTENCE.search(normalize("NFKC", seen)) or begins_entry(line)
    return not (is_whole or begins_entry(below))


def is_small(sign: str) -> bool:
    """Return whether a character is a small letter."""
    if sign.isascii():
        return sign.islower()
    return SMALL.match(sign) is not None and character(sign).kind == characters.LETTER


def was_wrapped(lines: list[str], least: int, tenths: int) -> list[bool]:
    """Tell which lines were wrapped where they end, but for the last."""
    fitting = [fitting_widths(line, below) for line, below in pairwise(lines)]
    first = [*filter(None, fitting)][:TRIED]
    n = most_fitting(first)[1]
    is_likely = len(first) < TRIED or 10 * n >= tenths * TRIED
    width = wrap_width(lines, fitting, least, tenths) if is_likely else 0
    return [width in widths for widths in fitting]


def fitting_widths(line: str, below: str) -> range:
    """Return the widths at which a line ends if it was wrapped before the word below it."""
    n = len(line.rstrip())
    if len(line.encode()) < LONG_LINE or is_blank(below) or begins_entry(below):
        return range(0)
    if re.match(r"[ \t\r]*\|", below):  # of a table
        return range(0)
    first, word = (re.match(r"[^\t-\r ]*", text.lstrip())[0] for text in (line.rstrip(), below))
    if is_unspaced(first) or is_unspaced(word) or line.rstrip().endswith(("…", "...")):
        return range(0)
    return range(n, n + len(word) + 1) if 0 < n <= WIDEST else range(0)


def most_fitting(fitting: list[range]) -> tuple[int, int]:
    """Return the least width that most lines fit, and how many do."""
    counts = {width: sum(width in own for own in fitting) for width in range(NARROWEST, WIDEST + 1)}
    return max(counts.items(), key=lambda item: item[1])


def is_unspaced(word: str) -> bool:
    """Return whether a word is as long as only those of scripts without blanks are."""
    return len(word) > LONGEST and len(word.encode()) > 2 * len(word)


def wrap_width(lines: list[str], fitting: list[range], least: int, tenths: int) -> int:
    """Return the width at which lines were wrapped, 0 if they were not."""
    width, n = most_fitting(fitting)
    n_breaks = sum(map(bool, fitting))
    n_longer = sum(
        len(line.rstrip()) > width
        and re.search("[\t-\r ]", line.strip()) is not None
        and not begins_entry(line)
        for line in lines
    )
    is_wrapped = n >= least and 10 * n >= tenths * n_breaks and TO_LONGER * n_longer <= n
    return width if is_wrapped else 0
