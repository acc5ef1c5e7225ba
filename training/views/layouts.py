"""Pages in other layouts: the same lines, with other bullets, indents and blank lines, or wrapped.

These are up to whatever prints a page, and there are more of such than extractors to print views.
"""

import re
import textwrap
from typing import NamedTuple

import numpy as np

from training.corpus import UNLABELLED, Corpus, lines_of
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
    width : int or None
        At how many characters lines are wrapped, as html2text and mails have them.
    """

    between: str | None = None
    bullet: str | None = None
    is_flat: bool = False
    width: int | None = None


LAYOUTS = {
    "no blank lines": Layout(between="\n"),
    "a blank line after each line": Layout(between="\n\n"),
    "lists with -": Layout(bullet="- "),
    "lists with *": Layout(bullet="* "),
    "no indents": Layout(is_flat=True),
    "wrapped at 78": Layout(width=78),
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
        With as many lines that are not blank, or more if they are wrapped.
    """
    lines = text.split("\n") if layout.between is None else lines_of(text)
    if layout.bullet is not None:
        lines = [BULLET.sub(lambda found: found[1] + layout.bullet, line) for line in lines]
    if layout.is_flat:
        lines = [line.lstrip(" \t") for line in lines]
    if layout.width is not None:
        lines = [part for line in lines for part in wrapped(line, layout.width)]
    return (layout.between or "\n").join(lines)


def wrapped(line: str, width: int) -> list[str]:
    """Wrap a line, with its indent before all that it becomes.

    Parameters
    ----------
    line : str
    width : int
        In characters; only words are longer.

    Returns
    -------
    list of str
        At least one.
    """
    text = line.lstrip(" \t")
    indent = line[: len(line) - len(text)]
    parts = textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False
    )
    return parts or [line]


def in_layouts(corpus: Corpus) -> dict[str, Corpus]:
    """Print pages in each of `LAYOUTS`.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    dict of str to Corpus
        `FULL_VIEW`, the pages as they are, and the others. Of what a line is wrapped into, the
        first part alone has its label, so that all are judged on as many lines.
    """
    return {FULL_VIEW: corpus, **{name: _in_layout(corpus, own) for name, own in LAYOUTS.items()}}


def _in_layout(corpus: Corpus, layout: Layout) -> Corpus:
    found = corpus._replace(texts=[laid_out(text, layout) for text in corpus.texts])
    if layout.width is None:
        return found
    n_parts = np.array([len(lines_of(laid_out(line, layout))) for line in corpus.lines()])
    labels = np.full(n_parts.sum(), UNLABELLED, np.uint8)
    labels[np.cumsum(n_parts) - n_parts] = corpus.labels
    line_counts = np.bincount(corpus.line_pages(), n_parts, len(corpus.texts)).astype(np.int64)
    return found._replace(labels=labels, line_counts=line_counts)
