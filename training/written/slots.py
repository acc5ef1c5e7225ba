"""Places in the plan of a block of a page: which templates may stand there, and how often."""

from typing import Any, NamedTuple

TEXT, BULLET, BUTTON = "text", "bullet", "button"


class Slot(NamedTuple):
    """A place in a plan: up to `most` lines of some templates, with a chance of being there.

    With a `label`, lines take it instead of their own: a log-in form within a
    wall is of the wall, a teaser within a sponsored list is sponsored.

    Attributes
    ----------
    templates : tuple of str
    chance : float
        0 to 1.
    most : int
    role : str
        How its lines are printed.
    label : int or None
        Code.
    """

    templates: tuple[str, ...]
    chance: float = 1.0
    most: int = 1
    role: str = TEXT
    label: int | None = None


Plan = tuple[Slot, ...]


class AdList(NamedTuple):
    """A list of up to `most` advertisements.

    Each item is drawn anew, but has the same slots; its mark, if there is one, is the same
    for all.

    Attributes
    ----------
    heading, item, mark : Plan
    most : int
    """

    heading: Plan
    item: Plan
    mark: Plan
    most: int


def slot(templates: str, *others: Any, **named: Any) -> Slot:
    """Make a slot of templates separated by spaces.

    Parameters
    ----------
    templates : str
    *others, **named
        The other fields of `Slot`.

    Returns
    -------
    Slot
    """
    return Slot(tuple(templates.split()), *others, **named)
