"""Signs of a line: punctuation and symbols as tokens, and what they show of patterns."""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, put, trailing_zeros
from classifier.kernels.characters import (
    TRAIT_KIND,
    TRAIT_PATTERN,
    TRAIT_SEPARATOR,
)
from classifier.kernels.hashing import MIX, SEED_SIGN
from classifier.kernels.jit import inline
from classifier.kernels.layout import ELLIPSIS
from classifier.kernels.patterns import SIGN_PATTERNS
from classifier.kernels.words import ONE, PLACE_SHIFT, POINT_MASK, ZERO

FULL_STOP = np.uint64(ord("."))


@inline
def sign_at(data: Any, i: int, s: int, is_wide: bool, seen: Any) -> tuple[Any, int]:
    """Return code point and place in the tables of the sign at ``data[i + s]``."""
    if is_wide:
        return at(seen, s) & POINT_MASK, np.int64(at(seen, s) >> PLACE_SHIFT)
    return np.uint64(at(data, i + s)), np.int64(at(data, i + s))


@inline
def read_signs(
    data: Any,
    i: int,
    signs: Any,
    units: Any,
    leads: Any,
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
    signs, units, leads : uint64
        Masks of signs, first bytes of units and of characters beyond ASCII.
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
    kinds = patterns = n_separators = last_kind = 0
    above = ~ZERO  # what stands above the sign before
    while signs != ZERO:
        s = trailing_zeros(signs)
        here = signs & (ZERO - signs)
        signs ^= here
        point, place = sign_at(data, i, s, leads & here != ZERO, seen)
        trait = np.int64(at(traits, place))
        n_separators += (trait >> TRAIT_SEPARATOR) & 1
        is_new = (point != previous) | (units & above & (here - ONE) != ZERO)
        put(tokens, n_tokens, point ^ SEED_SIGN)
        n_tokens += is_new
        line_hash = (line_hash ^ point) * MIX if is_new else line_hash
        dots = ELLIPSIS if point == FULL_STOP else 0
        patterns |= at(SIGN_PATTERNS, trait >> TRAIT_PATTERN) | (0 if is_new else dots)
        last_kind = (trait >> TRAIT_KIND) & 0xF
        kinds |= 1 << last_kind
        previous = point
        above = ~(here | (here - ONE))
    previous = previous if units & above == ZERO else ZERO
    return n_tokens, (previous, line_hash), kinds, last_kind, patterns, n_separators
