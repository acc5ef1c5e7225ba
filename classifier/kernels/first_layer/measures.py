"""Facts of a line from its counts: small integers, see `FACT_NAMES`."""

from typing import Any, NamedTuple

import numpy as np

from classifier.kernels.first_layer.feature_layout import (
    BEGINNING,
    CAPITALS,
    DIGITS,
    ENDING,
    INDENT,
    LENGTH,
    MARKS,
    N_FACTS,
    SEPARATORS,
    TITLE_CASE,
    UNSPACED_SHARE,
    WORDS,
)
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import inline
from classifier.kernels.text.characters import TRAIT_BEGINNING


def _half_octaves(n: int) -> int:
    """Bucket of a positive count: two buckets for each doubling (1, 2, 3, 4–5, 6–7, 8–11 …)."""
    octave = n.bit_length() - 1
    return max(0, 2 * octave - 1 + ((n >> (octave - 1)) & 1)) if octave else 0


MOST = 256  # larger counts share a bucket
COUNT_BUCKETS = np.array([0] + [1 + _half_octaves(n) for n in range(1, MOST + 1)], np.uint8)
INDENT_BUCKETS = np.array([0, 1, 1, 2, 2, 3, 3, 3, 3, 4], np.uint8)
ALL_CAPITALS, NO_LETTERS = 7, 8
NO_WORD, NO_TITLE, SOME_TITLE, ALL_TITLE = range(4)


class Counts(NamedTuple):
    """What a line has how many of.

    Attributes
    ----------
    chars, letters, upper, digits, marks, unspaced : int
        Characters, and those of each kind.
    words, title, separators : int
        Words, those with a capital first, and separators of items.
    indent : int
        White space before the line, in characters.
    """

    chars: int
    letters: int
    upper: int
    digits: int
    marks: int
    unspaced: int
    words: int
    title: int
    separators: int
    indent: int


@inline
def count_bucket(count: int) -> int:
    """Half-octave bucket of a count (0–16).

    Parameters
    ----------
    count : int
        0 or more.

    Returns
    -------
    int
    """
    return np.int64(at(COUNT_BUCKETS, min(count, MOST)))


@inline
def share_bucket(part: int, whole: int) -> int:
    """Bucket a share: 0 for none, then edges at 5, 10, 20, 40 and 70 percent.

    Parameters
    ----------
    part : int
    whole : int
        1 or more.

    Returns
    -------
    int
        0 to 6.
    """
    # Comparisons are added up: a division, or a branch for 0, takes longer.
    twentieths = 20 * part
    bucket = np.int64(part > 0) + np.int64(twentieths >= whole)
    bucket += np.int64(twentieths >= 2 * whole) + np.int64(twentieths >= 4 * whole)
    return bucket + np.int64(twentieths >= 8 * whole) + np.int64(twentieths >= 14 * whole)


@inline
def measure(facts: Any, row: int, counts: Any, beginning: Any, ending: Any) -> None:
    """Fill row `row` of `facts` from the counts of a line.

    `beginning` and `ending` are the traits of its first and last printed
    character; ``blank_before`` is not known here.

    Parameters
    ----------
    facts : ndarray of uint8, shape (n_lines, N_FACTS)
    row : int
    counts : Counts
    beginning, ending : uint16
    """
    n_letters, n_unspaced, n_words = counts.letters, counts.unspaced, counts.words
    n_printed = max(n_letters + counts.digits + n_unspaced + counts.marks, 1)
    capitals = share_bucket(counts.upper, max(n_letters, 1))
    if counts.upper == n_letters:
        capitals = ALL_CAPITALS if n_letters > 0 else NO_LETTERS
    title = SOME_TITLE if counts.title > 0 else NO_TITLE
    if counts.title == n_words:
        title = ALL_TITLE
    if n_words == 0:
        title = NO_WORD
    own = row * N_FACTS
    put(facts, own + LENGTH, count_bucket(max(counts.chars, 1)) - 1)
    put(facts, own + WORDS, min(count_bucket(n_words + n_unspaced // 2), 11))
    put(facts, own + CAPITALS, capitals)
    put(facts, own + DIGITS, share_bucket(counts.digits, n_printed))
    put(facts, own + MARKS, share_bucket(counts.marks, n_printed))
    put(facts, own + ENDING, np.int64(ending) & 0xF)
    put(facts, own + BEGINNING, (np.int64(beginning) >> TRAIT_BEGINNING) & 0xF)
    put(facts, own + INDENT, at(INDENT_BUCKETS, min(counts.indent, 9)))
    put(facts, own + TITLE_CASE, title)
    put(facts, own + UNSPACED_SHARE, min((n_unspaced * 3 + n_printed - 1) // n_printed, 3))
    put(facts, own + SEPARATORS, min(count_bucket(counts.separators), 3))
