"""Features by name, and as matrices for training.

A model has three sets of features. Of a line by itself: hashed tokens and its
shape. Of a line in its document: channels of the lines around it, averages of
those farther away, means of the document, and bins. Of a line among its
neighbours: products of probabilities. The kernels measure them; here they get
names and become the parts of matrices.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column
from classifier.labels import LABELS
from classifier.layers import (
    ScoredLines,
    empty_lines,
    most_lines,
    refine,
    score_context,
    score_lines,
    second_layer_scratch,
)
from classifier.weights import FirstLayer, SecondLayer, ThirdLayer


class Rows(NamedTuple):
    """A sparse matrix in compressed rows, without the class (scipy is an extra).

    Attributes
    ----------
    values : ndarray of float32, shape (n_values,)
    columns : ndarray of int64, shape (n_values,)
    row_offsets : ndarray of int64, shape (n_rows + 1,)
    n_columns : int
    """

    values: npt.NDArray[np.float32]
    columns: npt.NDArray[np.int64]
    row_offsets: npt.NDArray[np.int64]
    n_columns: int


def blank_first_layer(bits: int) -> FirstLayer:
    """Make a first layer with ``2**bits`` token weights, all of them zero."""
    from classifier.kernels.layout import N_SHAPE_FEATURES

    return FirstLayer(
        np.full(1 << bits, 0x80808080, np.uint32),
        np.zeros((N_SHAPE_FEATURES, 4), np.float32),
        np.ones(4, np.float32),
        np.zeros(4, np.float32),
    )


def blank_second_layer() -> SecondLayer:
    """Make a second layer whose weights are all zero."""
    from classifier.kernels import context_layout as c

    return SecondLayer(
        np.zeros((4, c.N_WINDOW), np.float32),
        np.zeros((4, 2 * c.N_RECENT), np.float32),
        np.zeros((4, c.N_SUMMARY), np.float32),
        np.zeros((c.N_BIN_ROWS, 4), np.float32),
        np.zeros(4, np.float32),
    )


def blank_third_layer() -> ThirdLayer:
    """Make a third layer whose weights are all zero."""
    from classifier.kernels.context_layout import N_AGREEMENT

    return ThirdLayer(np.zeros((N_AGREEMENT, 4), np.float32), np.zeros(4, np.float32))


def first_layer_inputs(column: Column, layer: FirstLayer) -> tuple[ScoredLines, Rows]:
    """Measure every line by itself.

    Parameters
    ----------
    column : Column
    layer : FirstLayer
        Its table's size says how tokens are hashed; its weights score the lines.

    Returns
    -------
    lines : ScoredLines
    features : Rows
        A row a line. The first ``len(layer.table)`` columns are tokens, valued
        one over the square root of the line's number of tokens; the rest are
        shape features, valued 1.
    """
    room = most_lines(column)
    # A token takes at least one byte of text, and up to three tokens share one.
    values = np.empty(3 * len(column.data) + 16 * room, np.uint32)
    offsets = np.zeros(room + 1, np.int64)
    lines = score_lines(
        column, layer, empty_lines(room, len(column.offsets) - 1), (values, offsets)
    )
    n = len(lines.starts)
    n_tokens = np.diff(offsets[: n + 1])
    shape_columns, n_shape = _shape_columns(lines)
    n_table = len(layer.table)
    counts = n_tokens + n_shape
    row_offsets = np.concatenate([[0], np.cumsum(counts)])
    # Each row: its tokens, then its shape.
    columns = np.empty(row_offsets[-1], np.int64)
    weights = np.ones(row_offsets[-1], np.float32)
    is_token = np.repeat(np.tile([True, False], n), np.stack([n_tokens, n_shape], 1).ravel())
    columns[is_token] = values[: offsets[n]]
    columns[~is_token] = shape_columns + n_table
    weights[is_token] = np.repeat(1 / np.sqrt(n_tokens.astype(np.float32)), n_tokens)
    return lines, Rows(weights, columns, row_offsets, n_table + len(layer.shape))


def _shape_columns(lines: ScoredLines) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Columns of the shape features of all lines one after another, and how many each has."""
    from classifier.kernels import layout

    facts = lines.facts.astype(np.int64)
    always = [start + facts[:, f] for f, start in enumerate(layout.FACT_STARTS)]
    for (a, b), start in zip(layout.FACT_PAIRS, layout.PAIR_STARTS, strict=True):
        always.append(start + facts[:, a] * layout.FACT_SIZES[b] + facts[:, b])
    bits = (lines.patterns[:, None] >> np.arange(layout.N_PATTERNS)) & 1
    present = np.concatenate([np.ones((len(facts), len(always)), np.int64), bits], axis=1)
    places = np.concatenate(
        [
            np.stack(always, axis=1),
            np.broadcast_to(layout.PATTERN_START + np.arange(layout.N_PATTERNS), bits.shape),
        ],
        axis=1,
    )
    return places[present == 1], present.sum(axis=1)


def second_layer_inputs(
    lines: ScoredLines, layer: SecondLayer
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.int32]]:
    """Measure every line in its document, from first-layer scores.

    Parameters
    ----------
    lines : ScoredLines
        With the scores to look at; in training these come from models that
        have not seen the line.
    layer : SecondLayer
        Its weights score the lines.

    Returns
    -------
    logits : ndarray of float32, shape (n_lines, 4)
    dense : ndarray of float32, shape (n_lines, N_DENSE)
        Window, averages before, averages after, document.
    bins : ndarray of int32, shape (n_lines, N_BINS)
        Row of `layer.bins` of each bin.
    """
    from classifier.kernels.context_layout import N_BINS, N_DENSE

    n = len(lines.starts)
    longest = int(np.diff(lines.document_offsets).max(initial=0))
    logits = np.empty((n, 4), np.float32)
    dense = np.empty((n, N_DENSE), np.float32)
    bins = np.empty((n, N_BINS), np.int32)
    score_context(lines, layer, second_layer_scratch(longest), logits, (dense, bins))
    return logits, dense, bins


def third_layer_inputs(
    lines: ScoredLines, logits: npt.NDArray[np.float32], layer: ThirdLayer
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Measure how every line agrees with its neighbours, from second-layer logits.

    Parameters
    ----------
    lines : ScoredLines
    logits : ndarray of float32, shape (n_lines, 4)
    layer : ThirdLayer
        Its weights score the lines.

    Returns
    -------
    refined : ndarray of float32, shape (n_lines, 4)
    inputs : ndarray of float32, shape (n_lines, N_AGREEMENT)
    """
    from classifier.kernels.context_layout import N_AGREEMENT

    n = len(lines.starts)
    refined = np.empty((n, 4), np.float32)
    inputs = np.empty((n, N_AGREEMENT), np.float32)
    refine(lines, logits, layer, np.empty((n + 4, 4), np.float32), refined, inputs)
    return refined, inputs


def shape_feature_names() -> list[str]:
    """Name the shape features, in the order of `FirstLayer.shape`."""
    from classifier.kernels import layout

    names = [
        f"{name} {value}"
        for name, size in zip(layout.FACT_NAMES, layout.FACT_SIZES, strict=True)
        for value in range(size)
    ]
    names += [f"has {name}" for name in layout.PATTERN_NAMES]
    for a, b in layout.FACT_PAIRS:
        names += [
            f"{layout.FACT_NAMES[a]} {i} with {layout.FACT_NAMES[b]} {j}"
            for i in range(layout.FACT_SIZES[a])
            for j in range(layout.FACT_SIZES[b])
        ]
    return names


def dense_feature_names() -> list[str]:
    """Name the dense features of the second layer, in the order of their columns."""
    from classifier.kernels import context_layout as c

    names = []
    for offset in range(-c.WINDOW, c.WINDOW + 1):
        where = "this line" if offset == 0 else f"line {offset:+d}"
        names += [f"{channel} of {where}" for channel in c.CHANNEL_NAMES]
    for side in ("before", "after"):
        names += [
            f"{trace} of lines {side} (fading by {decay})"
            for decay in c.DECAYS
            for trace in c.TRACE_NAMES
        ]
    names += [f"mean {trace} of the page" for trace in c.TRACE_NAMES]
    names += [f"highest {trace} of the page" for trace in c.TRACE_NAMES[:4]]
    return names


def agreement_feature_names() -> list[str]:
    """Name the inputs of the third layer, in the order of `ThirdLayer.weights`."""
    from classifier.kernels.context_layout import NEIGHBOURS

    names = [f"{label} in its place" for label in LABELS]
    names += [f"{label} by its own words" for label in LABELS]
    names += [
        f"{own} here and {other} {distance} line{'s' if distance > 1 else ''} away"
        for distance in range(1, NEIGHBOURS + 1)
        for own in LABELS
        for other in LABELS
    ]
    return names


def bin_feature_names() -> list[str]:
    """Name the rows of `SecondLayer.bins`."""
    from classifier.kernels import context_layout as c

    return [
        f"{name} {value}"
        for name, size in zip(c.BIN_NAMES, c.BIN_SIZES, strict=True)
        for value in range(size)
    ]
