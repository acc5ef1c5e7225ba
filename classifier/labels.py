"""The four labels of a line: their one order, codes, letters and colours."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

LABELS = ("content", "navigation", "paywall", "sponsored")
"""Label names in the order used everywhere: columns of probabilities, codes, tables."""

CONTENT, NAVIGATION, PAYWALL, SPONSORED = range(4)

LETTERS = "cnps"
"""One letter a label, for compact label strings such as ``"nncccp"``."""

# Okabe & Ito's palette: the four stay apart for red-green and blue-yellow
# colour blindness, and differ in lightness when printed in grey.
COLOURS = {
    "content": "#009E73",
    "navigation": "#56B4E9",
    "paywall": "#D55E00",
    "sponsored": "#CC79A7",
}
"""Colour of each label as an HTML hex code, safe for colour-blind readers."""


def label_codes(names: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Convert label names to codes.

    Parameters
    ----------
    names : iterable of str
        Label names, each one of `LABELS`.

    Returns
    -------
    ndarray of uint8, shape (n_names,)
        Index of each name in `LABELS`.

    Raises
    ------
    ValueError
        If a name is not one of `LABELS`.

    Examples
    --------
    >>> label_codes(["paywall", "content"])
    array([2, 0], dtype=uint8)
    """
    return np.array([_code_of(name) for name in names], np.uint8)


def _code_of(name: str) -> int:
    if not isinstance(name, str) or name not in LABELS:  # an array would compare its elements
        raise ValueError(f"unknown label {name!r}; the labels are {', '.join(LABELS)}")
    return LABELS.index(name)
