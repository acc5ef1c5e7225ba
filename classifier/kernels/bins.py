"""Bins of the second layer: small integers, each with a row of weights, see `BINS`."""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, put
from classifier.kernels.context_layout import (
    BIN_FACT_PAIRS,
    BIN_STARTS,
    DISTANCE_EDGES,
    N_BINS,
    N_TRACES,
    NEIGHBOURS,
)
from classifier.kernels.jit import inline
from classifier.kernels.lanes import four, lane, place_of_highest
from classifier.kernels.layout import FACT_SIZES, LENGTH, N_FACTS
from classifier.kernels.measures import count_bucket

FOUR_PARTS, FIVE = np.float32(4.0), np.float32(5.0)
COARSE = np.searchsorted(DISTANCE_EDGES, np.arange(32), side="right").astype(np.uint8)


@inline
def clipped(value: Any, factor: Any, last: int) -> int:
    """Bin of a value that is at least 0: ``value * factor``, cut off at `last`."""
    return min(np.int64(value * factor), last)


@inline
def crossed(p: Any, near: Any, k: int, factor: Any) -> int:
    """Cross of a line's own probability of label `k` with the sum of its neighbours'."""
    return clipped(lane(p, k), FOUR_PARTS, 3) * 6 + clipped(lane(near, k), factor, 5)


@inline
def fill_bins(
    traces: Any,
    facts: Any,
    patterns: int,
    first: int,
    i: int,
    n: int,
    before: int,
    content: int,
    since: int,
    until: int,
    repeated: int,
    bins: Any,
) -> None:
    """Fill the rows of weights that line `i` of `n` adds; `before` and `content` are bins."""
    trace = (NEIGHBOURS + i) * N_TRACES
    p = four(traces, trace)
    near = four(traces, trace - 2 * N_TRACES) + four(traces, trace - N_TRACES)
    near = near + four(traces, trace + N_TRACES) + four(traces, trace + 2 * N_TRACES)
    p_bin = clipped(at(traces, trace), FIVE, 4)
    near_since = np.int64(at(COARSE, min(since, 31)))
    near_until = np.int64(at(COARSE, min(until, 31)))
    fact = (first + i) * N_FACTS
    length = np.int64(at(facts, fact + LENGTH))
    put(bins, 0, BIN_STARTS[0] + before)
    put(bins, 1, BIN_STARTS[1] + count_bucket(i + 1))
    put(bins, 2, BIN_STARTS[2] + count_bucket(n - i))
    put(bins, 3, BIN_STARTS[3] + count_bucket(n))
    put(bins, 4, BIN_STARTS[4] + np.int64(np.uint32(i * 10) // np.uint32(n)))
    put(bins, 5, BIN_STARTS[5] + content)
    put(bins, 6, BIN_STARTS[6] + count_bucket(since + 1))
    put(bins, 7, BIN_STARTS[7] + count_bucket(until + 1))
    put(bins, 8, BIN_STARTS[8] + (p_bin * 7 + near_since) * 7 + near_until)
    put(bins, 9, BIN_STARTS[9] + p_bin * 12 + before)
    put(bins, 10, BIN_STARTS[10] + place_of_highest(p) * 8 + length // 2)
    put(bins, 11, BIN_STARTS[11] + crossed(p, near, 0, np.float32(1.5)))
    put(bins, 12, BIN_STARTS[12] + crossed(p, near, 2, np.float32(3.0)))
    put(bins, 13, BIN_STARTS[13] + crossed(p, near, 3, np.float32(3.0)))
    put(bins, 14, BIN_STARTS[14] + repeated)
    for j in range(len(BIN_FACT_PAIRS)):
        a, b = BIN_FACT_PAIRS[j]
        one, other = np.int64(at(facts, fact + a)), np.int64(at(facts, fact + b))
        put(bins, 15 + j, BIN_STARTS[15 + j] + one * FACT_SIZES[b] + other)
    put(bins, N_BINS - 2, BIN_STARTS[N_BINS - 2] + (patterns & 0xFF))
    put(bins, N_BINS - 1, BIN_STARTS[N_BINS - 1] + (patterns >> 8))
