"""Patterns such as prices, dates and addresses, seen in the last few tokens.

The scanner keeps the kinds of the last tokens, four bits each, newest lowest;
a pattern is a comparison with that history.
"""

import numpy as np

from classifier.kernels.characters import (
    KIND_AT,
    KIND_COLON,
    KIND_CURRENCY,
    KIND_DASH,
    KIND_DOT,
    KIND_GAP,
    KIND_NUMBER,
    KIND_SLASH,
    KIND_WORD,
)
from classifier.kernels.jit import inline
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

# Indexed by the pattern code among a character's traits.
SIGN_PATTERNS = np.array(
    [0, ARROW, PERCENT, COPYRIGHT, ELLIPSIS, CURRENCY_SIGN, 0, 0], np.int64
)


@inline
def number_patterns(history: int, n_digits: int) -> int:
    """Patterns that a number of `n_digits` digits completes."""
    patterns = 0
    if history & 0xF0 == KIND_CURRENCY << 4:
        patterns |= PRICE
    elif history & 0xFF0 == (KIND_CURRENCY << 8) | (KIND_GAP << 4):
        patterns |= PRICE
    separator = (history >> 4) & 0xF
    if separator == KIND_DOT or separator == KIND_DASH or separator == KIND_SLASH:
        if history & 0xFFF0F == (
            (KIND_NUMBER << 16) | (separator << 12) | (KIND_NUMBER << 8) | KIND_NUMBER
        ):
            patterns |= DATE
    elif separator == KIND_COLON and (history >> 8) & 0xF == KIND_NUMBER:
        patterns |= TIME
    if n_digits == 4:
        patterns |= YEAR
    elif n_digits > 6:
        patterns |= LONG_NUMBER
    return patterns


@inline
def word_patterns(history: int) -> int:
    """Patterns that a word directly behind an "@" completes."""
    before = (history >> 8) & 0xF
    return EMAIL if before == KIND_WORD or before == KIND_NUMBER else HANDLE


@inline
def sign_patterns(history: int) -> int:
    """Patterns that a currency sign, slash or bracket completes."""
    last = history & 0xF
    if last == KIND_CURRENCY:
        if history & 0xF0 == KIND_NUMBER << 4:
            return PRICE
        if history & 0xFF0 == (KIND_NUMBER << 8) | (KIND_GAP << 4):
            return PRICE
        return 0
    if last == KIND_SLASH:
        return URL if history & 0xFF0 == (KIND_COLON << 8) | (KIND_SLASH << 4) else 0
    return PLACEHOLDER if history & 0xF0 == last << 4 else 0
