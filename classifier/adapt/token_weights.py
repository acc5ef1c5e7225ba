"""Changes of the first layer's weights of some tokens: rounded, and put into its table."""

import numpy as np
import numpy.typing as npt

from classifier.labels import LABELS
from classifier.weights import FirstLayer, packed_levels, token_levels

N_LABELS = len(LABELS)  # what else a token says, of the lines around, stays as it is
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
    levels, scale = token_levels(first, places)[:, :N_LABELS], first.scale[:N_LABELS]
    changed = np.clip(np.rint(levels + change / scale), -MOST, MOST)
    return ((changed - levels) * scale).astype(np.float32)


def with_change(
    first: FirstLayer, places: npt.NDArray[np.int64], change: npt.NDArray[np.float32]
) -> FirstLayer:
    """Add a change, as `rounded` returns it, to the weights of some tokens.

    Parameters
    ----------
    first : FirstLayer
    places : ndarray of int64, shape (n_tokens,)
        Which tokens, by their place in the table; each once.
    change : ndarray of float32, shape (n_tokens, 4)
        What is added for each label, in logits.

    Returns
    -------
    FirstLayer
        With a table of its own.
    """
    levels = token_levels(first, places)
    levels[:, :N_LABELS] += np.rint(change / first.scale[:N_LABELS]).astype(np.int64)
    table = first.table.copy()
    table[places] = packed_levels(levels)
    return first._replace(table=table)
