"""Line rules: those of C4 as datatrove has them, and those of RefinedWeb from its paper."""

import re
from collections.abc import Iterator, Sequence

from training.corpus import lines_of

ENDING_WORDS = re.compile(
    r"(read more|see more|items in cart|sign[- ]?in|\.\.\.|…)\W*$", re.IGNORECASE
)
COUNTER = re.compile(r"^\W*\d[\d.,]*[kKmM]?\s+(likes|shares|comments|retweets|reposts|views)\b")


def refinedweb_lines(text: str) -> Iterator[str]:
    """Apply RefinedWeb's corrections of lines (Penedo et al. 2023, appendix G.2) to a text."""
    for line in text.split("\n"):
        stripped = line.strip()
        letters = [c for c in stripped if c.isalpha()]
        words = stripped.split()
        if (
            len(words) < 2
            or not letters
            or sum(c.isupper() for c in letters) > len(letters) / 2
            or COUNTER.match(stripped)
            or (len(words) <= 10 and ENDING_WORDS.search(stripped))
        ):
            continue
        yield line


def c4_kept(text: str) -> list[bool]:
    """Apply C4's line rules as datatrove has them; none is kept of a page that it drops."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter

    # Only its rules for lines and pages: to count sentences it would load a tokenizer.
    rules = C4QualityFilter(
        min_num_sentences=-1, filter_curly_bracket=False, remove_citations=False
    )
    document = Document(text, "")
    passed = rules.filter(document)
    return in_order(lines_of(text), document.text.split("\n") if passed is True else [])


def refinedweb_kept(text: str) -> list[bool]:
    """Apply RefinedWeb's rules for lines."""
    return in_order(lines_of(text), list(refinedweb_lines(text)))


def in_order(lines: Sequence[str], kept: Sequence[str]) -> list[bool]:
    """Say which lines are those that were kept, in order."""
    rest = iter(kept)
    wanted = next(rest, None)
    found = []
    for line in lines:
        is_kept = wanted is not None and line.strip() == wanted.strip()
        found.append(is_kept)
        if is_kept:
            wanted = next(rest, None)
    return found
