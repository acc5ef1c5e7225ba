"""Plain words for the features of a model: what an explanation calls them.

Many features say much the same (the length of a line enters alone, with its
ending, with its capitals; a neighbour by twelve channels). Each belongs to one
reason, and a reason has one name for people.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from classifier.factnames import PATTERNS, describe_fact

Reason = tuple[str, ...]
"""A kind of reason, then what tells it from others of its kind."""

# Of the intercepts as well: alone they tell nothing of a line, and they cancel each other.
PAGE: Reason = ("page",)

CHANNEL_FACTS = {"sentence_end": "ending", "bullet": "beginning"}
"""Channels of a line that say what the fact of another name says."""
CONTENT_AROUND = frozenset({"content_before", "content_mass", "since_content", "until_content"})
PLACE = frozenset({"lines_before", "lines_after", "position"})
NAMED: dict[Reason, str] = {
    PAGE: "the page as a whole",
    ("before",): "the lines farther above",
    ("after",): "the lines farther below",
    ("place",): "its place in the page",
    ("content around",): "content before and after it",
    ("words in place",): "its own words, with content before and after it",
    ("words and length",): "its own words, with its length",
    ("words and neighbours",): "its own words, with those of the lines next to it",
    ("repetition",): "how often it stands in the page",
    ("labels around",): "the labels of the lines next to it",
}


@lru_cache(maxsize=4096)
def reason_of(feature: str) -> Reason:
    """Find the reason that a feature belongs to.

    Parameters
    ----------
    feature : str
        A name from `classifier.features`.

    Returns
    -------
    Reason
        ``("feature", name)`` for a feature that has no plain name.

    Examples
    --------
    >>> reason_of("length 7 with ending 4"), reason_of("bullet of line -2")
    (('facts', 'length', 'ending'), ('line', '-2'))
    """
    if feature == "always":
        return PAGE
    if match := re.fullmatch(r"(\w+) of line ([+-]\d+)", feature):
        return ("line", match[2])
    if match := re.fullmatch(r"(\w+) of this line", feature):
        return ("facts", CHANNEL_FACTS.get(match[1], match[1]))
    if match := re.fullmatch(r".* of lines (before|after) .*", feature):
        return (match[1],)
    if feature.endswith(" of the page"):
        return PAGE
    if re.fullmatch(r"\w+ here and \w+ \d+ lines? away", feature):
        return ("labels around",)
    if match := re.fullmatch(r"has (\w+)", feature):
        return ("pattern", match[1])
    if match := re.fullmatch(r"(\w+) \d+ with (\w+) \d+", feature):
        return ("facts", match[1], match[2])
    if match := re.fullmatch(r"(.*) \d+", feature):
        return _reason_of_bin(match[1], feature)
    return ("feature", feature)


def _reason_of_bin(name: str, feature: str) -> Reason:
    from classifier.kernels.layout import FACT_NAMES

    parts = name.split(" x ")
    if name in ("patterns", "more patterns"):
        return ("patterns",)
    if set(parts) <= set(FACT_NAMES):
        return ("facts", *parts)
    if name in CONTENT_AROUND:
        return ("content around",)
    if name in PLACE:
        return ("place",)
    if name == "n_lines":
        return PAGE
    if name == "repetition":
        return ("repetition",)
    if parts[-1] == "neighbours":
        return ("words and neighbours",)
    if parts == ["label", "length"]:
        return ("words and length",)
    if parts[0] == "p_content" and set(parts[1:]) <= CONTENT_AROUND:
        return ("words in place",)
    return ("feature", feature)


def describe(
    reason: Reason,
    facts: npt.NDArray[np.uint8],
    patterns: int,
    line_at: Callable[[int], str | None],
) -> str:
    """Name a reason of one line.

    Parameters
    ----------
    reason : Reason
    facts : ndarray of uint8, shape (N_FACTS,)
        Facts of the line.
    patterns : int
        Bits of its patterns.
    line_at : callable
        Gives the beginning of the line at a distance (-1 is the one above);
        None beyond the ends of the page.

    Returns
    -------
    str
        Such as ``"ends with a full stop"``.
    """
    from classifier.kernels.layout import FACT_NAMES, PATTERN_NAMES

    kind, *details = reason
    if kind == "facts":
        values = dict(zip(FACT_NAMES, facts.tolist(), strict=True))
        return ", ".join(describe_fact(name, values[name]) for name in details)
    if kind == "line":
        distance = int(details[0])
        side = "above" if distance < 0 else "below"
        far = "the line" if abs(distance) == 1 else f"{abs(distance)} lines"
        text = line_at(distance)
        return f"{far} {side}: " + ("the page ends" if text is None else f"“{text}”")
    if kind == "pattern":
        return f"holds {PATTERNS.get(details[0], details[0])}"
    if kind == "patterns":
        found = [name for bit, name in enumerate(PATTERN_NAMES) if patterns >> bit & 1]
        if not found:
            return "holds no price, date, address or the like"
        return f"in all it holds: {', '.join(PATTERNS.get(name, name) for name in found)}"
    return NAMED.get(reason, details[0] if details else kind)
