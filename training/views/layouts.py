"""Pages in other layouts: the same lines, with other bullets, indents and blank lines.

These are up to whatever prints a page, and there are more of such than extractors to print views.
"""

import re
from typing import NamedTuple

from training.corpus import Corpus, lines_of
from training.views.reading import FULL_VIEW

BULLET = re.compile(r"^([ \t]*)[•*·‣▪◦–-][ \t]+(?=\S)")


class Layout(NamedTuple):
    """What of a page's layout is changed; by default nothing.

    Attributes
    ----------
    between : str or None
        What stands between two lines that are not blank.
    bullet : str or None
        What lists are marked with.
    is_flat : bool
        Whether lines lose their indents.
    """

    between: str | None = None
    bullet: str | None = None
    is_flat: bool = False


LAYOUTS = {
    "no blank lines": Layout(between="\n"),
    "a blank line after each line": Layout(between="\n\n"),
    "lists with -": Layout(bullet="- "),
    "lists with *": Layout(bullet="* "),
    "no indents": Layout(is_flat=True),
}


def laid_out(text: str, layout: Layout) -> str:
    """Print a page in another layout.

    Parameters
    ----------
    text : str
    layout : Layout

    Returns
    -------
    str
        With as many lines that are not blank.
    """
    lines = text.split("\n") if layout.between is None else lines_of(text)
    if layout.bullet is not None:
        lines = [BULLET.sub(lambda found: found[1] + layout.bullet, line) for line in lines]
    if layout.is_flat:
        lines = [line.lstrip(" \t") for line in lines]
    return (layout.between or "\n").join(lines)


def in_layouts(corpus: Corpus) -> dict[str, Corpus]:
    """Print pages in each of `LAYOUTS`.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    dict of str to Corpus
        `FULL_VIEW`, the pages as they are, and the others.
    """
    return {
        FULL_VIEW: corpus,
        **{
            name: corpus._replace(texts=[laid_out(text, layout) for text in corpus.texts])
            for name, layout in LAYOUTS.items()
        },
    }
