"""Lines that end as sentences do."""

from typing import Any

import numpy as np

from classifier.kernels.machine.bits import at
from classifier.kernels.machine.jit import jit
from classifier.kernels.text.characters import (
    CLOSING_ENDINGS,
    SENTENCE_ENDINGS,
    SPACE,
    code_point,
    place_of,
)


@jit
def is_sentence(data: Any, start: int, end: int, tables: Any) -> bool:
    """Return whether a line ends as sentences do, whatever quotation or bracket it closes.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    start, end : int
        The line.
    tables : CharacterTables

    Returns
    -------
    bool
    """
    i = end - 1
    while i >= start:
        if np.int64(at(data, i)) & 0xC0 != 0x80:  # where a character begins
            place = place_of(code_point(data, i)[0], tables.pages)
            ending = np.int64(at(tables.traits, place)) & 0xF
            is_space = np.int64(at(tables.entries, place)) & 0xFF == SPACE
            if not (is_space or (CLOSING_ENDINGS >> ending) & 1):
                return (SENTENCE_ENDINGS >> ending) & 1 == 1
        i -= 1
    return False
