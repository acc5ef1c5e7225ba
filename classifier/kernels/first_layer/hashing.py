"""Hash constants and the map from a hashed feature to a table index."""

from typing import Any

import numpy as np

from classifier.kernels.machine.jit import inline

# Odd 64-bit constants (digits of the golden ratio and of square roots); each
# kind of token has a seed of its own, so that kinds do not collide by design.
MIX = np.uint64(0x9E3779B97F4A7C15)
SPREAD = np.uint64(0xD6E8FEB86659FD93)
SEED_UNIT = np.uint64(0x6A09E667F3BCC909)
SEED_PAIR = np.uint64(0xBB67AE8584CAA73B)
SEED_BEGINNING = np.uint64(0x3C6EF372FE94F82B)
SEED_END = np.uint64(0xA54FF53A5F1D36F1)
SEED_SIGN = np.uint64(0x1F83D9ABFB41BD6B)
SEED_LINE = np.uint64(0x5BE0CD19137E2179)
SEED_FIRST = np.uint64(0xCBBB9D5DC1059ED9)
SEED_LAST = np.uint64(0x629A292A367CD507)


@inline
def slot(value: Any, shift: Any) -> Any:
    """Hash `value`, already combined with its seed, to a table index of ``64 - shift`` bits.

    Parameters
    ----------
    value : uint64
    shift : uint64
        64 minus the number of bits of an index.

    Returns
    -------
    uint32
    """
    mixed = value * MIX
    mixed ^= mixed >> np.uint64(29)
    return np.uint32((mixed * SPREAD) >> shift)
