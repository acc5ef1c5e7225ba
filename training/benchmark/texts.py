"""Texts to measure on, made from the lines of labelled pages."""

import numpy as np
import pyarrow as pa

from training.corpus import Corpus

PIECE_BYTES = 18_000_000  # size that each kind of text is brought to
LINES_PER_PAGE = 150
LINES_PER_SMALL_PAGE = 12
GIANT_LINES = 1_000_000
GIANT_LINE_PIECES = 1_600_000  # about 100 MB

GOLD, PROSE, MENUS, WIDE = "gold", "prose", "menus", "Chinese and Japanese"
LONG_PAGE, LONG_LINE = "a page of a million lines", "one line of 100 MB"


def make_texts(corpus: Corpus) -> dict[str, list[str]]:
    """Make texts of several kinds, all of about the same size but for the giant ones.

    Lines are used again with a number in front where there are not enough, so
    that no cache of whole lines could help.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    dict of str to list of str
    """
    lines = corpus.lines()
    wide = np.array(
        [sum("\u3040" <= c <= "\u9fff" for c in line) > len(line) / 2 for line in lines]
    )
    length = np.array([len(line) for line in lines])
    kinds = {PROSE: (length > 200) & ~wide, MENUS: (length < 20) & ~wide, WIDE: wide}
    found = {GOLD: list(corpus.texts)}
    for name, chosen in kinds.items():
        found[name] = pages([line for line, take in zip(lines, chosen, strict=True) if take])
    found[LONG_PAGE] = ["\n".join(repeated(lines, GIANT_LINES))]
    found[LONG_LINE] = [" ".join(repeated(lines, GIANT_LINE_PIECES))]
    return found


def repeated(lines: list[str], n: int) -> list[str]:
    """Repeat lines to `n` of them, each time round with a number put in front.

    Parameters
    ----------
    lines : list of str
    n : int

    Returns
    -------
    list of str, length n
    """
    return [
        line if i < len(lines) else f"{i // len(lines)} {line}"
        for i, line in enumerate(lines[j % len(lines)] for j in range(n))
    ]


def pages(lines: list[str]) -> list[str]:
    """Put lines into pages, and repeat them up to `PIECE_BYTES`.

    Parameters
    ----------
    lines : list of str

    Returns
    -------
    list of str
    """
    size = sum(len(line.encode()) + 1 for line in lines)
    many = repeated(lines, int(len(lines) * max(1, PIECE_BYTES / size)))
    return ["\n".join(many[i : i + LINES_PER_PAGE]) for i in range(0, len(many), LINES_PER_PAGE)]


def small_pages(corpus: Corpus, n: int) -> pa.LargeStringArray:
    """Make `n` documents of a dozen lines, over and over the same where there are not enough.

    Parameters
    ----------
    corpus : Corpus
    n : int

    Returns
    -------
    pyarrow.LargeStringArray, length n
    """
    lines = corpus.lines()
    step = LINES_PER_SMALL_PAGE
    once = pa.array(
        ["\n".join(lines[i : i + step]) for i in range(0, len(lines) - step, step)],
        pa.large_string(),
    )
    return pa.concat_arrays([once] * (n // len(once)) + [once[: n % len(once)]])
