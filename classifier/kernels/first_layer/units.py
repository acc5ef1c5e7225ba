"""Units of a line: its words, and the characters of scripts that are written without spaces.

Each becomes tokens of its own and with the unit before it; of longer words, the two
ends as well. Longer words, and pairs of unspaced characters, are terms too: what lines
of a page are compared by (`kinship`).
"""

from typing import Any

import numpy as np

from classifier.kernels.first_layer.feature_layout import (
    PAIR_WEIGHT,
    TERM_MAX_WEIGHT,
    TERM_MIN_BYTES,
    TERM_WEIGHT_BITS,
)
from classifier.kernels.first_layer.hashing import (
    MIX,
    SEED_BEGINNING,
    SEED_END,
    SEED_PAIR,
    SEED_UNIT,
    SPREAD,
)
from classifier.kernels.first_layer.stream_hashes import hash_ascii, hash_stream
from classifier.kernels.first_layer.words import POINT_MASK, write_stream
from classifier.kernels.machine.bits import ONE, ZERO, at, put, trailing_zeros
from classifier.kernels.machine.jit import inline
from classifier.kernels.text.masks import bits_below, word_size

AFFIX_MIN_BYTES = 6  # shorter words have no beginning and end of their own
HASH_SHIFT = np.uint64(32 + TERM_WEIGHT_BITS)
WEIGHT_BITS = np.uint64(TERM_WEIGHT_BITS)


@inline
def put_ends(tokens: Any, n_tokens: int, beginning: Any, ending: Any, n_bytes: int) -> int:
    """Append the two ends of a word, if it is long enough.

    Parameters
    ----------
    tokens : ndarray of uint64
    n_tokens : int
    beginning, ending : uint64
    n_bytes : int
        Of the word.

    Returns
    -------
    int
        `n_tokens` from now on.
    """
    # Written in any case: a branch here would be guessed wrong too often.
    put(tokens, n_tokens, beginning ^ SEED_BEGINNING)
    put(tokens, n_tokens + 1, ending ^ SEED_END)
    return n_tokens + 2 * (n_bytes >= AFFIX_MIN_BYTES)


@inline
def put_term(terms: Any, n_terms: int, unit: Any, weight: int) -> int:
    """Append a term.

    Parameters
    ----------
    terms : ndarray of uint32
    n_terms : int
    unit : uint64
        A hash.
    weight : int
        At most `TERM_MAX_WEIGHT`.

    Returns
    -------
    int
        `n_terms` from now on.
    """
    found = (((unit * MIX) >> HASH_SHIFT) << WEIGHT_BITS) | np.uint64(weight)
    put(terms, n_terms, np.uint32(found))
    return n_terms + 1


@inline
def put_word(terms: Any, n_terms: int, unit: Any, n_bytes: int) -> int:
    """Append a word as a term, if it is long enough.

    Parameters
    ----------
    terms, n_terms, unit
        As in `put_term`.
    n_bytes : int
        Of the word.

    Returns
    -------
    int
        `n_terms` from now on.
    """
    # Written in any case, as above.
    put_term(terms, n_terms, unit, min(n_bytes, TERM_MAX_WEIGHT))
    return n_terms + (n_bytes >= TERM_MIN_BYTES)


@inline
def put_unit(tokens: Any, n_tokens: int, unit: Any, units: Any) -> tuple[int, Any]:
    """Append a unit, and its pair with the one before if there is one.

    Parameters
    ----------
    tokens : ndarray of uint64
    n_tokens : int
    unit : uint64
        A hash.
    units : tuple of 3 uint64
        The line's first unit, the one before, and the hash of all.

    Returns
    -------
    n_tokens : int
    units : tuple of 3 uint64
    """
    first, previous, line_hash = units
    put(tokens, n_tokens, unit ^ SEED_UNIT)
    put(tokens, n_tokens + 1, (previous * MIX + unit) ^ SEED_PAIR)
    n_tokens += 1 + (previous != ZERO)
    return n_tokens, (unit if first == ZERO else first, unit, (line_hash ^ unit) * MIX)


@inline
def read_ascii_words(
    window: Any,
    folded: Any,
    tokens: Any,
    n_tokens: int,
    terms: Any,
    n_terms: int,
    units: Any,
) -> tuple[int, int, Any]:
    """Read the words of a window without other characters than ASCII in them.

    Parameters
    ----------
    window : Window
    folded : ndarray of uint8
        Folded bytes of the window, from its first on.
    tokens, n_tokens, terms, n_terms, units
        As in `put_unit` and `put_term`.

    Returns
    -------
    n_tokens, n_terms : int
    units : tuple of 3 uint64
    """
    starts = window.starts
    while starts != ZERO:
        s = trailing_zeros(starts)
        starts &= starts - ONE
        n_bytes = word_size(window.ends, s)
        unit, beginning, ending = hash_ascii(folded, s, n_bytes)
        n_tokens = put_ends(tokens, n_tokens, beginning, ending, n_bytes)
        n_terms = put_word(terms, n_terms, unit, n_bytes)
        n_tokens, units = put_unit(tokens, n_tokens, unit, units)
    return n_tokens, n_terms, units


@inline
def read_units(
    window: Any,
    folded: Any,
    scratch: Any,
    n_tokens: int,
    terms: Any,
    n_terms: int,
    units: Any,
) -> tuple[int, int, Any]:
    """Read the words and unspaced characters of a window, whatever their script.

    Parameters
    ----------
    window, folded
        As in `read_ascii_words`.
    scratch : FirstScratch
        With what `read_window` has seen; its `tokens` are filled.
    n_tokens, terms, n_terms, units
        As in `put_unit` and `put_term`.

    Returns
    -------
    n_tokens, n_terms : int
    units : tuple of 3 uint64
    """
    seen, stream, tokens = scratch.seen, scratch.stream, scratch.tokens
    rest = window.starts | window.unspaced
    while rest != ZERO:
        s = trailing_zeros(rest)
        here = rest & (ZERO - rest)
        rest ^= here
        if window.unspaced & here != ZERO:
            unit = (at(seen, s) & POINT_MASK) * SPREAD
            if units[1] != ZERO:
                n_terms = put_term(terms, n_terms, units[1] * MIX + unit, PAIR_WEIGHT)
        else:
            n_bytes = word_size(window.ends, s)
            own = bits_below(n_bytes) << np.uint64(s)
            if window.wide & own == ZERO:
                unit, beginning, ending = hash_ascii(folded, s, n_bytes)
            else:
                n_bytes, script = write_stream(
                    folded, seen, window.leads & own, s, s + n_bytes, stream
                )
                unit, beginning, ending = hash_stream(stream, 0, n_bytes, script)
            n_tokens = put_ends(tokens, n_tokens, beginning, ending, n_bytes)
            n_terms = put_word(terms, n_terms, unit, n_bytes)
        n_tokens, units = put_unit(tokens, n_tokens, unit, units)
    return n_tokens, n_terms, units
