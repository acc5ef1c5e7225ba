"""Changes of the first layer's weights of some tokens: rounded, and put into its table."""

import numpy as np
import numpy.typing as npt

from classifier.weights import FirstLayer, token_levels

MOST = 127  # levels of an 8-bit weight to both sides of 0


def rounded(
    first: FirstLayer, places: npt.NDArray[np.int64], change: npt.NDArray[np.float64]
) -> npt.NDArray[np.float32]:
    """Round a change of token weights to what the table can hold.

    The unit stays: other tokens keep their weights to the bit.

    Parameters
    ----------
    first : FirstLayer
    places : ndarray of int64, shape (n_tokens,)
        Places of the tokens in its table.
    change : ndarray of float64, shape (n_tokens, 4)
        In logits.

    Returns
    -------
    ndarray of float32, shape (n_tokens, 4)
        The same, as near as the table allows.
    """
    levels = token_levels(first, places)
    changed = np.clip(np.rint(levels + change / first.scale), -MOST, MOST)
    return ((changed - levels) * first.scale).astype(np.float32)


def with_change(
    first: FirstLayer, places: npt.NDArray[np.int64], change: npt.NDArray[np.float32]
) -> FirstLayer:
    """Add a change, as `rounded` returns it, to the weights of some tokens."""
    levels = token_levels(first, places) + np.rint(change / first.scale).astype(np.int64)
    table = first.table.copy()
    packed = np.ascontiguousarray((levels + MOST + 1).astype(np.uint8)).view("<u4").ravel()
    table[places] = packed.astype(np.uint32)
    return first._replace(table=table)
