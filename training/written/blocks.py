"""Blocks as pages lay them out: lines of the phrase bank in one language, drawn by a plan."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from training.phrases import Phrases
from training.written.slots import BUTTON, TEXT, AdList, Plan

GLUED_SHARE = 0.25  # of buttons that follow a button: printed on one line with it


class Line(NamedTuple):
    """A line of a block: its text, its label and how it is printed.

    Attributes
    ----------
    text : str
    label : int
        Code.
    role : str
        How it is printed; see `training.written.slots`.
    """

    text: str
    label: int
    role: str = TEXT


Bank = dict[str, list[Line]]


def banks(phrases: Phrases) -> dict[str, Bank]:
    """Arrange phrases by language and template.

    Parameters
    ----------
    phrases : Phrases

    Returns
    -------
    dict of str to Bank
    """
    found: dict[str, Bank] = {}
    for text, label, language, template in zip(
        phrases.texts, phrases.labels, phrases.languages, phrases.templates, strict=True
    ):
        lines = found.setdefault(language, {}).setdefault(template, [])
        lines.append(Line(text, int(label)))
    return found


def draw(
    plan: Plan, bank: Bank, rng: np.random.Generator, used: Collection[str] = ()
) -> list[Line]:
    """Compose a block: draw lines for each slot of a plan; none of `used`, and none twice.

    Parameters
    ----------
    plan : Plan
    bank : Bank
        Of one language.
    rng : numpy.random.Generator
    used : collection of str, optional
        Texts that may not be drawn.

    Returns
    -------
    list of Line
        Empty if the bank has nothing for the first slot that is always there.
    """
    block: list[Line] = []
    used = set(used)
    for slot_ in plan:
        choice = [
            line for name in slot_.templates for line in bank.get(name, ()) if line.text not in used
        ]
        if slot_.chance == 1 and not choice and not block:
            return []
        if not choice or rng.random() >= slot_.chance:
            continue
        if slot_.role == BUTTON:  # buttons are short
            choice = sorted(choice, key=lambda line: len(line.text))[: max(1, len(choice) // 3)]
        n = min(int(rng.integers(1, slot_.most + 1)), len(choice))
        for index in rng.choice(len(choice), n, replace=False):
            line = choice[index]._replace(role=slot_.role)
            if slot_.label is not None:
                line = line._replace(label=slot_.label)
            used.add(line.text)
            if (
                line.role == BUTTON
                and block
                and block[-1].role == BUTTON
                and rng.random() < GLUED_SHARE
            ):
                line = line._replace(text=f"{block.pop().text} {line.text}")
            block.append(line)
    return block


def draw_list(
    plan: AdList, bank: Bank, rng: np.random.Generator, used: Collection[str] = ()
) -> list[Line]:
    """Compose a list of advertisements: items built alike, all before or all after their mark.

    Parameters
    ----------
    plan : AdList
    bank : Bank
        Of one language.
    rng : numpy.random.Generator
    used : collection of str, optional
        Texts that may not be drawn.

    Returns
    -------
    list of Line
        As many items as are drawn, two or more, or as the bank has lines for. Empty if it
        has none for an item, or for the mark of a plan that has one.
    """
    mark = draw(plan.mark, bank, rng, used)
    shown = tuple(slot_._replace(chance=1.0) for slot_ in plan.item if rng.random() < slot_.chance)
    heading = draw(plan.heading, bank, rng, used)
    used = {*used, *(line.text for line in heading)}
    is_mark_first = rng.random() < 0.5
    block: list[Line] = []
    for _ in range(rng.integers(2, plan.most + 1)):
        item = draw(shown, bank, rng, used)
        if not item or (plan.mark and not mark):
            break
        used |= {line.text for line in item}
        block += mark + item if is_mark_first else item + mark
    return heading + block if block else []
