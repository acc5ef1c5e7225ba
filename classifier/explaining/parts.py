"""Parts in which a long document is labelled, and so to be explained."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from classifier.columns import Column
from classifier.labelling import label_column
from classifier.pieces import cut
from classifier.weights import Layers

WHOLE = "the page"
PIECE = "its part of the long page"  # what lies beyond was not seen when this was labelled


class Part(NamedTuple):
    """A document, or a part of a long one, and the lines of it to be explained.

    Attributes
    ----------
    column : Column
    indices : sequence of int
        Which of its labelled lines, from 0.
    begins, ends : str
        What to say in place of a line above its first and below its last.
    """

    column: Column
    indices: Sequence[int]
    begins: str
    ends: str


def parts_of(column: Column, indices: Sequence[int], layers: Layers) -> list[Part]:
    """Find lines in the parts of their document.

    Parameters
    ----------
    column : Column
        One document.
    indices : sequence of int
        Which of its labelled lines, from 0, in order.
    layers : Layers

    Returns
    -------
    list of Part
        Those with any of the lines.

    Raises
    ------
    IndexError
        If there is no such line in a document of several parts.
    """
    pieces = [piece.column for piece in cut(column)]
    if len(pieces) == 1:
        return [Part(column, indices, f"{WHOLE} begins", f"{WHOLE} ends")]
    counts = [len(label_column(piece, layers).labels) for piece in pieces]
    stops = np.cumsum(counts).tolist()
    require_lines(indices, stops[-1])
    parts = []
    for piece, stop, count in zip(pieces, stops, counts, strict=True):
        own = [index - stop + count for index in indices if stop - count <= index < stop]
        begins = f"{WHOLE if stop == count else PIECE} begins"
        ends = f"{WHOLE if stop == stops[-1] else PIECE} ends"
        if own:
            parts.append(Part(piece, own, begins, ends))
    return parts


def require_lines(indices: Sequence[int], n_lines: int) -> None:
    """Check that a text has the lines that are asked for.

    Parameters
    ----------
    indices : sequence of int
        Of lines with a label, from 0.
    n_lines : int
        How many there are.

    Raises
    ------
    IndexError
        If there is no such line; names the first index that is of none.
    """
    for index in indices:
        if not 0 <= index < n_lines:
            raise IndexError(f"the text has {n_lines} lines with a label, so no index {index}")
