"""Patterns such as prices, dates and addresses, seen in the last few tokens.

The scanner keeps the last five tokens, twelve bits each, newest lowest: kind in
the low four, above it how much white space stands before. A pattern is a
comparison with that history.
"""

from typing import Any

import numpy as np

from classifier.kernels.first_layer.feature_layout import (
    ARROW,
    COPYRIGHT,
    CURRENCY_SIGN,
    DATE,
    ELLIPSIS,
    EMAIL,
    HANDLE,
    LONG_NUMBER,
    PERCENT,
    PLACEHOLDER,
    PRICE,
    TIME,
    URL,
    YEAR,
)
from classifier.kernels.first_layer.windows import sign_at
from classifier.kernels.machine.bits import ONE, ZERO, at, count_ones, trailing_zeros
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.text.characters import (
    KIND_AT,
    KIND_CLOSE,
    KIND_COLON,
    KIND_CURRENCY,
    KIND_DASH,
    KIND_DOT,
    KIND_NUMBER,
    KIND_OPEN,
    KIND_SLASH,
    KIND_WORD,
    TRAIT_KIND,
)
from classifier.kernels.text.masks import bits_below, word_size

TOKEN_BITS = 12
KIND_BITS = 4
KIND_MASK = (1 << KIND_BITS) - 1
GAP_MASK = (1 << TOKEN_BITS) - 1 - KIND_MASK
# A word directly behind an "@".
AFTER_AT_MASK = KIND_MASK << TOKEN_BITS | GAP_MASK | KIND_MASK
AFTER_AT = KIND_AT << TOKEN_BITS | KIND_WORD

# Indexed by the pattern code among a character's traits.
SIGN_PATTERNS = np.array([0, ARROW, PERCENT, COPYRIGHT, ELLIPSIS, CURRENCY_SIGN, 0, 0], np.int64)

# Kinds without which, or a digit, a window's tokens show no pattern: of it, the last
# token is all that a later window may ask for.
TELLING_KINDS = sum(
    1 << kind for kind in (KIND_CURRENCY, KIND_AT, KIND_SLASH, KIND_OPEN, KIND_CLOSE)
)
FEW_EVENTS = 5  # a window of fewer tokens shares a history with its neighbours, if it has any
MOST_GAPS = 15  # white space remembered from one window to the next


@inline
def _remember(history: int, n_spaces: int, kind: int) -> int:
    """Append a token that stands after `n_spaces` (below 256) to a history."""
    return (history << TOKEN_BITS) | (n_spaces << KIND_BITS) | kind


@inline
def _kind_at(history: int, back: int) -> int:
    """Return the kind of the token so many places `back`."""
    return (history >> (TOKEN_BITS * back)) & KIND_MASK


@inline
def _touches(history: int, back: int) -> bool:
    """Return whether the token so many places `back` follows the one before at once."""
    return (history >> (TOKEN_BITS * back)) & GAP_MASK == 0


@inline
def _beside(history: int) -> bool:
    """Return whether at most one space stands before the newest token."""
    return history & GAP_MASK <= 1 << KIND_BITS


@jit
def number_patterns(history: int, n_digits: int) -> int:
    """Patterns that a number of `n_digits` digits completes.

    Parameters
    ----------
    history : int
        With the number as its newest token.
    n_digits : int

    Returns
    -------
    int
        Bits of patterns.
    """
    patterns = 0
    before = _kind_at(history, 1)
    if before == KIND_CURRENCY and _beside(history):
        patterns |= PRICE
    if _touches(history, 0) and _touches(history, 1) and _kind_at(history, 2) == KIND_NUMBER:
        if before == KIND_COLON:
            patterns |= TIME
        elif before == KIND_DOT or before == KIND_DASH or before == KIND_SLASH:
            same = _kind_at(history, 3) == before and _kind_at(history, 4) == KIND_NUMBER
            if same and _touches(history, 2) and _touches(history, 3):
                patterns |= DATE
    if n_digits == 4:
        patterns |= YEAR
    elif n_digits > 6:
        patterns |= LONG_NUMBER
    return patterns


@jit
def word_patterns(history: int) -> int:
    """Patterns that a word directly behind an "@" completes.

    Parameters
    ----------
    history : int
        With the word as its newest token.

    Returns
    -------
    int
        Bits of patterns.
    """
    before = _kind_at(history, 2)
    named = before == KIND_WORD or before == KIND_NUMBER
    return EMAIL if named and _touches(history, 1) else HANDLE


@jit
def sign_patterns(history: int) -> int:
    """Patterns that a currency sign, slash or bracket completes.

    Parameters
    ----------
    history : int
        With the sign as its newest token.

    Returns
    -------
    int
        Bits of patterns.
    """
    last = _kind_at(history, 0)
    before = _kind_at(history, 1)
    if last == KIND_CURRENCY:
        return PRICE if before == KIND_NUMBER and _beside(history) else 0
    if before != last or not _touches(history, 0):
        return 0
    if last == KIND_SLASH:
        return URL if _kind_at(history, 2) == KIND_COLON and _touches(history, 1) else 0
    return PLACEHOLDER


@inline
def window_patterns(
    data: Any,
    i: int,
    window: Any,
    traits: Any,
    seen: Any,
    history: int,
    gaps: int,
    is_number: bool,
    n_numerals: int,
) -> tuple[int, int, int]:
    """Take the tokens of a window, from byte `i` on, into the history.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    i : int
    window : Window
    traits : ndarray of uint16
        Of the `CharacterTables`.
    seen
        As `read_window` fills it.
    history, gaps : int
        Of the windows before.
    is_number : bool
    n_numerals : int
        Of a word that fills the window.

    Returns
    -------
    history, gaps : int
    patterns : int
        That the tokens complete.
    """
    events = window.starts | window.signs | window.unspaced
    patterns = 0
    before = -gaps
    while events != ZERO:
        s = trailing_zeros(events)
        here = events & (ZERO - events)
        events ^= here
        spaces_before = count_ones(window.spaces & (here - ONE))
        gap = spaces_before - before
        before = spaces_before
        if window.signs & here != ZERO:
            _, place = sign_at(data, i, s, window.leads & here != ZERO, seen)
            sign = int(at(traits, place) >> TRAIT_KIND) & KIND_MASK
            history = _remember(history, gap, sign)
            if KIND_CURRENCY <= sign <= KIND_CLOSE:
                patterns |= sign_patterns(history)
            continue
        kind, n_digits = KIND_WORD, n_numerals
        if window.digits & here != ZERO:
            if n_numerals == 0:
                own = bits_below(word_size(window.ends, s)) << np.uint64(s)
                is_number = own & ~window.number_bytes == ZERO
                n_digits = count_ones(own & window.digits)
            if is_number:
                kind = KIND_NUMBER
        history = _remember(history, gap, kind)
        if kind == KIND_NUMBER:
            patterns |= number_patterns(history, n_digits)
        if history & AFTER_AT_MASK == AFTER_AT and window.unspaced & here == ZERO:
            patterns |= word_patterns(history)
    return history, min(count_ones(window.spaces) - before, MOST_GAPS), patterns
