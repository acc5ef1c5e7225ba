"""Signs of a line: punctuation and symbols as tokens, and what they show of patterns."""

from typing import Any

import numpy as np

from classifier.kernels.first_layer.feature_layout import ELLIPSIS
from classifier.kernels.first_layer.hashing import MIX, SEED_SIGN
from classifier.kernels.first_layer.patterns import KIND_MASK, SIGN_PATTERNS
from classifier.kernels.first_layer.windows import sign_at
from classifier.kernels.machine.bits import ONE, ZERO, at, put, trailing_zeros
from classifier.kernels.machine.jit import inline
from classifier.kernels.text.characters import (
    TRAIT_KIND,
    TRAIT_PATTERN,
    TRAIT_SEPARATOR,
)

FULL_STOP = np.uint64(ord("."))


@inline
def read_signs(
    data: Any,
    i: int,
    window: Any,
    traits: Any,
    seen: Any,
    tokens: Any,
    n_tokens: int,
    state: Any,
) -> tuple[int, Any, int, int, int]:
    """Append the signs of a window, from byte `i` on, to the tokens.

    A sign right behind an equal one, white space apart, counts once.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    i : int
    window : Window
    traits, seen
        Of `CharacterTables`, and of `FirstScratch` as `read_window` fills it.
    tokens : ndarray of uint64
        Filled from `n_tokens` on.
    n_tokens : int
    state : tuple
        The sign before, 0 if a unit follows it; and the hash of all so far.

    Returns
    -------
    n_tokens : int
    state : tuple
    kinds : int
        Bits of the kinds of signs found.
    last_kind : int
        That of the last sign.
    patterns, n_separators : int
    """
    previous, line_hash = state
    signs, units = window.signs, window.starts | window.unspaced
    kinds = patterns = n_separators = last_kind = 0
    above = ~ZERO  # what stands above the sign before
    while signs != ZERO:
        s = trailing_zeros(signs)
        here = signs & (ZERO - signs)
        signs ^= here
        point, place = sign_at(data, i, s, window.leads & here != ZERO, seen)
        trait = np.int64(at(traits, place))
        n_separators += (trait >> TRAIT_SEPARATOR) & 1
        is_new = (point != previous) | (units & above & (here - ONE) != ZERO)
        put(tokens, n_tokens, point ^ SEED_SIGN)
        n_tokens += is_new
        line_hash = (line_hash ^ point) * MIX if is_new else line_hash
        dots = ELLIPSIS if point == FULL_STOP else 0
        patterns |= at(SIGN_PATTERNS, trait >> TRAIT_PATTERN) | (0 if is_new else dots)
        last_kind = (trait >> TRAIT_KIND) & KIND_MASK
        kinds |= 1 << last_kind
        previous = point
        above = ~(here | (here - ONE))
    previous = previous if units & above == ZERO else ZERO
    return n_tokens, (previous, line_hash), kinds, last_kind, patterns, n_separators
