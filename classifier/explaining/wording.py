"""Plain words for the features of a model: what an explanation calls them.

Many features say much the same (the length of a line enters alone, with its
ending, with its capitals; a neighbour by its scores and its shape). Each belongs to one
reason, and a reason has one name for people.
"""

import re
from collections.abc import Callable, Collection
from functools import cache

import numpy as np
import numpy.typing as npt

from classifier.explaining.fact_names import PATTERNS, describe_fact
from classifier.kernels.context.inputs import COLUMN_NAMES, INPUTS
from classifier.kernels.first_layer.feature_layout import (
    FACT_NAMES,
    FACT_PAIRS,
    FACT_SIZES,
    PATTERN_NAMES,
)

Reason = tuple[str, ...]
"""A kind of reason, then what tells it from others of its kind."""

# Of the intercepts as well: alone they tell nothing of a line, and they cancel each other.
PAGE: Reason = ("page",)
WORDS: Reason = ("words",)
"""What the words of a line added together, beyond what each of them added."""
TOGETHER: Reason = ("together",)
"""The same of its words and all that stands around it."""
SCORE: Reason = ("score",)
"""A score of the line by a layer before, which adds what its own reasons added to it."""

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


@cache
def shape_reasons() -> tuple[Reason, ...]:
    """Give the reason that each shape feature belongs to, in the order of `FirstLayer.shape`.

    Returns
    -------
    tuple of Reason, length N_SHAPE_FEATURES
        Of facts by their value, of patterns, and of pairs of facts.
    """
    names, sizes = FACT_NAMES, FACT_SIZES
    return (
        *(("facts", name) for name, size in zip(names, sizes, strict=True) for _ in range(size)),
        *(("pattern", name) for name in PATTERN_NAMES),
        *(("facts", names[a], names[b]) for a, b in FACT_PAIRS for _ in range(sizes[a] * sizes[b])),
    )


@cache
def input_reasons() -> tuple[Reason, ...]:
    """Give the reason that each input of a cross belongs to, in the order of `INPUTS`.

    Returns
    -------
    tuple of Reason, length N_INPUTS
    """
    return tuple(
        ("line", f"{distance:+d}") if distance else _reason_of(COLUMN_NAMES[column])
        for column, distance in INPUTS
    )


def _reason_of(column: str) -> Reason:
    """Find the reason that a column belongs to, if it is asked about at the line itself."""
    if column in FACT_NAMES:
        return ("facts", column)
    if match := re.fullmatch(r"\w+ (before|after), fading by .*", column):
        return (match[1],)
    if match := re.fullmatch(r".* (?:of|above|in) the (page|block|list)(?:'s first line)?", column):
        return (match[1],)
    if re.search(r"\bkin(ship)?\b", column):
        return ("kin",)
    if column.startswith("outlook of "):
        return ("outlook",)
    return PLACES.get(column, SCORE)


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
    return NAMED[reason]
