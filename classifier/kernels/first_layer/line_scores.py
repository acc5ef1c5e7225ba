"""Scores of lines from their tokens and shape, some lines at a time."""

from typing import Any

import numpy as np

from classifier.kernels.first_layer.feature_layout import (
    FACT_SIZES,
    N_FACTS,
    N_SCORES,
    SHAPE_TABLES,
    TABLE_STARTS,
)
from classifier.kernels.first_layer.hashing import slot
from classifier.kernels.machine.bits import ONE, ZERO, at, prefetch, put, trailing_zeros
from classifier.kernels.machine.jit import inline
from classifier.kernels.machine.lane_functions import (
    as_counts,
    as_floats,
    eight_bytes,
    first_four,
    last_four,
)
from classifier.kernels.machine.lanes import eight, eight_of, eight_shorts, put_lanes

MOST_TOKENS = 0xFFFF // 0xFF  # whose sums, modulo 2**16, tell what they add up to


@inline
def look_ahead(table: Any, shift: Any, tokens: Any, start: int, stop: int) -> None:
    """Replace tokens by where the table holds them, and start to load their weights.

    They come from far, so this is done long before they are added up: as lines are read.

    Parameters
    ----------
    table, shift
        Of `FirstWeights`.
    tokens : ndarray of uint64
        From `start` to `stop` changed from hashes to places.
    start, stop : int
    """
    for t in range(start, stop):
        place = np.int64(slot(at(tokens, t), shift))
        put(tokens, t, np.uint64(place))
        prefetch(table, place)


@inline
def sum_tokens(table: Any, tokens: Any, n_tokens: int, sums: Any) -> None:
    """Fill the running sums of the tokens' 8-bit weights, a row of eight after each token.

    `tokens` are places in the table. The sums are those modulo 2**16: half as much to write.

    Parameters
    ----------
    table : ndarray of uint64, shape (2**bits,)
    tokens : ndarray of uint64
    n_tokens : int
    sums : ndarray of uint16, shape (TOKEN_CAPACITY + 1, N_SCORES)
    """
    total = eight_bytes(np.uint64(0))
    put_lanes(sums, 0, total)
    for t in range(n_tokens):
        total = total + eight_bytes(at(table, np.int64(at(tokens, t))))
        put_lanes(sums, N_SCORES * (t + 1), total)


@inline
def sum_between(table: Any, tokens: Any, begin: int, end: int, sums: Any) -> Any:
    """Return the sum of the weights of tokens `begin` to `end`, as int32.

    Parameters
    ----------
    table, tokens
        As in `sum_tokens`.
    begin, end : int
    sums : ndarray of uint16, shape (TOKEN_CAPACITY + 1, N_SCORES)
        As `sum_tokens` filled them.

    Returns
    -------
    8 int32
    """
    if end - begin <= MOST_TOKENS:
        found = eight_shorts(sums, N_SCORES * end) - eight_shorts(sums, N_SCORES * begin)
        return as_counts(found)
    total = as_counts(eight_bytes(ZERO))
    for t in range(begin, end):
        total = total + as_counts(eight_bytes(at(table, np.int64(at(tokens, t)))))
    return total


@inline
def sum_shape(shape: Any, facts: Any, patterns: int, line: int) -> Any:
    """Add up the weights of a line's facts, pairs of facts and patterns.

    Parameters
    ----------
    shape : ndarray of float32, shape (N_SHAPE_ROWS, N_SCORES)
    facts : ndarray of uint8, shape (n_lines, N_FACTS)
    patterns : int
        A bit a pattern.
    line : int
        Row of `facts`.

    Returns
    -------
    8 float32
    """
    own = line * N_FACTS
    of_facts = of_patterns = eight_of(np.float32(0.0))
    for t in range(len(SHAPE_TABLES)):
        a, b = SHAPE_TABLES[t]
        first, second = np.int64(at(facts, own + a)), np.int64(at(facts, own + b))
        row = TABLE_STARTS[t] + first * FACT_SIZES[b] + second
        of_facts = of_facts + eight(shape, N_SCORES * row)
    rest = np.uint64(patterns)
    while rest != ZERO:
        of_patterns = of_patterns + eight(shape, N_SCORES * trailing_zeros(rest))
        rest &= rest - ONE
    return of_facts + of_patterns


@inline
def score_group(
    weights: Any,
    lines: Any,
    first: int,
    stop: int,
    scratch: Any,
    collected: Any,
    n_collected: int,
) -> int:
    """Score lines `first` to `stop`, whose tokens lie one after another in `scratch.tokens`.

    Some lines at a time: when the last has been read, most weights of the others have
    come, and one long loop has no end of a line to guess. Compiled into its caller: to hand
    over the tuples, array by array, once a group would take longer.

    Parameters
    ----------
    weights : FirstWeights
    lines : ScoredLines
        By their facts and patterns, `scores` and `outlooks` are filled.
    first, stop : int
    scratch : FirstScratch
        With places of tokens, and where those of each line of the group end.
    collected : Collected
        Output: its tokens.
    n_collected : int
        Tokens copied out so far.

    Returns
    -------
    int
        Tokens copied out now.
    """
    tokens, token_ends, sums = scratch.tokens, scratch.token_ends, scratch.sums
    n_tokens = at(token_ends, stop - first - 1) if stop > first else 0
    sum_tokens(weights.table, tokens, n_tokens, sums)
    begin = 0
    for line in range(first, stop):
        end = at(token_ends, line - first)
        n = np.float32(end - begin)
        levels = sum_between(weights.table, tokens, begin, end, sums)
        of_tokens = as_floats(levels) - eight_of(np.float32(128.0) * n)
        weight = eight(weights.scale, 0) * eight_of(np.float32(1.0) / np.sqrt(n))
        of_shape = sum_shape(weights.shape, lines.facts, at(lines.patterns, line), line)
        found = eight(weights.bias, 0) + of_shape + of_tokens * weight
        put_lanes(lines.scores, 4 * line, first_four(found))
        put_lanes(lines.outlooks, 4 * line, last_four(found))
        begin = end
        if collected.is_wanted:
            put(collected.token_offsets, line + 1, n_collected + end)
    if collected.is_wanted:
        for t in range(n_tokens):
            put(collected.tokens, n_collected + t, at(tokens, t))
    return n_collected + n_tokens
