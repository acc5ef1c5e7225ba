"""Line rules: those of C4 as datatrove has them, and those of RefinedWeb from its paper."""

import re
from collections.abc import Callable, Iterator, Sequence

from training.corpus import lines_of

ENDING_WORDS = re.compile(
    r"(read more|see more|items in cart|sign[- ]?in|\.\.\.|…)\W*$", re.IGNORECASE
)
COUNTER = re.compile(r"^\W*\d[\d.,]*[kKmM]?\s+(likes|shares|comments|retweets|reposts|views)\b")


def refinedweb_lines(text: str) -> Iterator[str]:
    """Apply RefinedWeb's corrections of lines (Penedo et al. 2023, appendix G.2) to a text.

    Parameters
    ----------
    text : str

    Yields
    ------
    str
        The lines that stay.
    """
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


def c4_rules(**options: bool) -> Callable[[str], str | None]:
    """Set up C4's rules for lines and pages as datatrove has them.

    Parameters
    ----------
    **options : bool
        Of datatrove's filter.

    Returns
    -------
    callable
        Gives what is kept of a text; None if they drop the page.

    Raises
    ------
    ImportError
        If datatrove is not installed.
    """
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter

    # To count sentences it would load a tokenizer.
    rules = C4QualityFilter(min_num_sentences=-1, filter_curly_bracket=False, **options)

    def keep(text: str) -> str | None:
        document = Document(text, "")
        return document.text if rules.filter(document) is True else None

    return keep


def c4_kept(text: str) -> list[bool]:
    """Apply C4's line rules as datatrove has them; none is kept of a page that it drops.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of bool
        One for each line that is not blank.
    """
    # datatrove would break lines at other signs, too, and what it then keeps is no line of ours.
    lines = [" ".join(line.splitlines()) for line in lines_of(text)]
    kept = c4_rules(remove_citations=False)("\n".join(lines))
    return in_order(lines, [] if kept is None else kept.split("\n"))


def refinedweb_kept(text: str) -> list[bool]:
    """Apply RefinedWeb's rules for lines.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of bool
        One for each line that is not blank.
    """
    return in_order(lines_of(text), list(refinedweb_lines(text)))


def in_order(lines: Sequence[str], kept: Sequence[str]) -> list[bool]:
    """Say which lines are those that were kept, in order.

    Parameters
    ----------
    lines : sequence of str
    kept : sequence of str

    Returns
    -------
    list of bool
        As long as `lines`.
    """
    rest = iter(kept)
    wanted = next(rest, None)
    found = []
    for line in lines:
        is_kept = wanted is not None and line.strip() == wanted.strip()
        found.append(is_kept)
        if is_kept:
            wanted = next(rest, None)
    return found
