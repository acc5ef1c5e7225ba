"""Patterns such as prices, dates and addresses, seen in the last few tokens.

The scanner keeps the last five tokens, twelve bits each, newest lowest: kind in
the low four, above it how much white space stands before. A pattern is a
comparison with that history.
"""

import numpy as np

from classifier.kernels.characters import (
    KIND_AT,
    KIND_COLON,
    KIND_CURRENCY,
    KIND_DASH,
    KIND_DOT,
    KIND_NUMBER,
    KIND_SLASH,
    KIND_WORD,
)
from classifier.kernels.jit import inline, jit
from classifier.kernels.layout import (
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

TOKEN_BITS = 12
KIND_BITS = 4
KIND_MASK = (1 << KIND_BITS) - 1
GAP_MASK = (1 << TOKEN_BITS) - 1 - KIND_MASK
# A word directly behind an "@".
AFTER_AT_MASK = KIND_MASK << TOKEN_BITS | GAP_MASK | KIND_MASK
AFTER_AT = KIND_AT << TOKEN_BITS | KIND_WORD

# Indexed by the pattern code among a character's traits.
SIGN_PATTERNS = np.array([0, ARROW, PERCENT, COPYRIGHT, ELLIPSIS, CURRENCY_SIGN, 0, 0], np.int64)


@inline
def remember(history: int, n_spaces: int, kind: int) -> int:
    """Append a token that stands after `n_spaces` (below 256) to a history."""
    return (history << TOKEN_BITS) | (n_spaces << KIND_BITS) | kind


@inline
def kind_at(history: int, back: int) -> int:
    """Return the kind of the token so many places `back`."""
    return (history >> (TOKEN_BITS * back)) & KIND_MASK


@inline
def touches(history: int, back: int) -> bool:
    """Return whether the token so many places `back` follows the one before at once."""
    return (history >> (TOKEN_BITS * back)) & GAP_MASK == 0


@inline
def beside(history: int) -> bool:
    """Return whether at most one space stands before the newest token."""
    return history & GAP_MASK <= 1 << KIND_BITS


@jit
def number_patterns(history: int, n_digits: int) -> int:
    """Patterns that a number of `n_digits` digits completes."""
    patterns = 0
    before = kind_at(history, 1)
    if before == KIND_CURRENCY and beside(history):
        patterns |= PRICE
    if touches(history, 0) and touches(history, 1) and kind_at(history, 2) == KIND_NUMBER:
        if before == KIND_COLON:
            patterns |= TIME
        elif before == KIND_DOT or before == KIND_DASH or before == KIND_SLASH:
            same = kind_at(history, 3) == before and kind_at(history, 4) == KIND_NUMBER
            if same and touches(history, 2) and touches(history, 3):
                patterns |= DATE
    if n_digits == 4:
        patterns |= YEAR
    elif n_digits > 6:
        patterns |= LONG_NUMBER
    return patterns


@jit
def word_patterns(history: int) -> int:
    """Patterns that a word directly behind an "@" completes."""
    before = kind_at(history, 2)
    named = before == KIND_WORD or before == KIND_NUMBER
    return EMAIL if named and touches(history, 1) else HANDLE


@jit
def sign_patterns(history: int) -> int:
    """Patterns that a currency sign, slash or bracket completes."""
    last = kind_at(history, 0)
    before = kind_at(history, 1)
    if last == KIND_CURRENCY:
        return PRICE if before == KIND_NUMBER and beside(history) else 0
    if before != last or not touches(history, 0):
        return 0
    if last == KIND_SLASH:
        return URL if kind_at(history, 2) == KIND_COLON and touches(history, 1) else 0
    return PLACEHOLDER
