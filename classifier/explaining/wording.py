"""Plain words for the features of a model: what an explanation calls them.

Many features say much the same (the length of a line enters alone, with its
ending, with its capitals; a neighbour by its scores and its shape). Each belongs to one
reason, and a reason has one name for people.
"""

import re
from collections.abc import Callable, Collection
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from classifier.explaining.fact_names import PATTERNS, describe_fact

Reason = tuple[str, ...]
"""A kind of reason, then what tells it from others of its kind."""

# Of the intercepts as well: alone they tell nothing of a line, and they cancel each other.
PAGE: Reason = ("page",)
WORDS: Reason = ("words",)
"""What the words of a line added together, beyond what each of them added."""
TOGETHER: Reason = ("together",)
"""The same of its words and all that stands around it."""

PLACES: dict[str, Reason] = {
    "content before": ("content around",),
    "lines since content": ("content around",),
    "lines until content": ("content around",),
    "lines before": ("place",),
    "lines after": ("place",),
    "position": ("place",),
    "repetition": ("repetition",),
}
NAMED: dict[Reason, str] = {
    PAGE: "the page as a whole",
    WORDS: "its words together",
    TOGETHER: "its words and surroundings together",
    ("before",): "the lines farther above",
    ("after",): "the lines farther below",
    ("place",): "its place in the page",
    ("content around",): "content before and after it",
    ("repetition",): "how often it stands in the page",
    ("kin",): "the lines that share words with it",
    ("outlook",): "what it says of the lines around it",
    ("block",): "the block that it stands in",
    # In prose most lines begin alike, so this is said of pages without a list, too.
    ("list",): "lines beside it that begin alike",
}
# What the lines on one side are called where there are none: that tells something, too.
NOTHING: dict[Reason, str] = {
    ("before",): "no lines above",
    ("after",): "no lines below",
}


@lru_cache(maxsize=4096)
def reason_of(feature: str) -> Reason:
    """Find the reason that a feature belongs to.

    Parameters
    ----------
    feature : str
        A name from `classifier.explaining.feature_names`.

    Returns
    -------
    Reason
        ``("feature", name)`` for a feature that has no plain name.

    Examples
    --------
    >>> reason_of("length 7 with ending 4"), reason_of("score of content of line -2")
    (('facts', 'length', 'ending'), ('line', '-2'))
    """
    from classifier.kernels.first_layer.feature_layout import FACT_NAMES

    if feature in PLACES:
        return PLACES[feature]
    if match := re.fullmatch(r".* of line ([+-]\d+)", feature):
        return ("line", match[1])
    if match := re.fullmatch(r"\w+ (before|after), fading by .*", feature):
        return (match[1],)
    if match := re.fullmatch(
        r".* (?:of|above|in) the (page|block|list)(?:'s first line)?", feature
    ):
        return (match[1],)
    if re.search(r"\bkin(ship)?\b", feature):
        return ("kin",)
    if feature.startswith("outlook of "):
        return ("outlook",)
    if match := re.fullmatch(r"has (\w+)", feature):
        return ("pattern", match[1])
    if match := re.fullmatch(r"(\w+) \d+ with (\w+) \d+", feature):
        return ("facts", match[1], match[2])
    fact = re.sub(r" \d+$", "", feature)
    return ("facts", fact) if fact in FACT_NAMES else ("feature", feature)


def describe(
    reason: Reason,
    facts: npt.NDArray[np.uint8],
    line_at: Callable[[int], str],
    ends: Collection[Reason] = (),
) -> str:
    """Name a reason of one line.

    Parameters
    ----------
    reason : Reason
    facts : ndarray of uint8, shape (N_FACTS,)
        Facts of the line.
    line_at : callable
        Says what stands at a distance (-1 is the line above).
    ends : collection of Reason, default ()
        Which of `NOTHING` are so: the line is the first of its page, or the last.

    Returns
    -------
    str
        Such as ``"ends with a full stop"``.
    """
    from classifier.kernels.first_layer.feature_layout import FACT_NAMES

    kind, *details = reason
    if reason in ends:
        return NOTHING[reason]
    if kind == "facts":
        values = dict(zip(FACT_NAMES, facts.tolist(), strict=True))
        return ", ".join(describe_fact(name, values[name]) for name in details)
    if kind == "line":
        distance = int(details[0])
        side = "above" if distance < 0 else "below"
        far = "the line" if abs(distance) == 1 else f"{abs(distance)} lines"
        return f"{far} {side}: {line_at(distance)}"
    if kind == "pattern":
        return f"holds {PATTERNS[details[0]]}"
    return NAMED.get(reason, details[0] if details else kind)
