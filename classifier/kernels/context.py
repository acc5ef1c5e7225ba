"""Second layer: what the lines around a line, and its place in the page, say about it.

One document at a time, in four walks over its lines: activations of the first
layer; forward (averages of what came before, content so far, repetition);
backward; scores. Nothing is kept but a few numbers a line.
"""

from typing import Any

import numpy as np

from classifier.kernels.activation import logistic_shares, squashed
from classifier.kernels.bits import at, put
from classifier.kernels.context_layout import (
    BIN_FACT_PAIRS,
    BIN_STARTS,
    DECAYS,
    DISTANCE_EDGES,
    N_BINS,
    N_CHANNELS,
    N_RECENT,
    N_SUMMARY,
    N_TRACES,
    N_WINDOW,
    PADDED_WINDOW,
    WINDOW,
)
from classifier.kernels.jit import inline, jit
from classifier.kernels.lanes import (
    eight,
    eight_of,
    four,
    four_of,
    greatest,
    lane,
    place_of_highest,
    put_lanes,
    sixteen,
    sixteen_of,
    totals,
)
from classifier.kernels.layout import (
    BEGINNING,
    BLANK_BEFORE,
    DIGITS,
    ENDING,
    FACT_SIZES,
    INDENT,
    LENGTH,
    N_FACTS,
    TITLE_CASE,
    WORDS,
)
from classifier.kernels.measures import count_bucket
from classifier.kernels.repeats import find_repeats

NIL = np.float32(0.0)
ONE = np.float32(1.0)
HALF = np.float32(0.5)
BULLET = 4  # code of a bullet among the beginnings
# Content counts by the square root of its length; the shortest lines count nothing.
LENGTH_WEIGHTS = np.sqrt(np.array([0] * 5 + list(range(6, 17)), np.float32))
SENTENCE_ENDS = np.array([0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0], np.float32)
STRONG_CONTENT = np.float32(0.7)  # probability, and length bucket, of unmistakable content
STRONG_LENGTH = 9
FAR = 255
FOUR_PARTS, FIVE = np.float32(4.0), np.float32(5.0)
COARSE = np.searchsorted(DISTANCE_EDGES, np.arange(32), side="right").astype(np.uint8)
SOON, LATER, LATE = (np.float32(decay) for decay in DECAYS)
NEIGHBOURS = 2  # lines on each side whose probabilities are crossed with a line's own
AROUND = 2 * N_RECENT


@inline
def clipped(value: Any, factor: Any, last: int) -> int:
    """Bin of a value that is at least 0: ``value * factor``, cut off at `last`."""
    return min(np.int64(value * factor), last)


@inline
def crossed(p: Any, near: Any, k: int, factor: Any) -> int:
    """Cross of a line's own probability of label `k` with the sum of its neighbours'."""
    return clipped(lane(p, k), FOUR_PARTS, 3) * 6 + clipped(lane(near, k), factor, 5)


@inline
def activate(scores: Any, facts: Any, first: int, n: int, channels: Any, traces: Any) -> None:
    """Fill channels and traces of one document, with zeros beyond both of its ends."""
    for j in range(WINDOW * N_CHANNELS):
        put(channels, j, NIL)
    for j in range((WINDOW + n) * N_CHANNELS, (2 * WINDOW + n + 1) * N_CHANNELS):
        put(channels, j, NIL)
    for j in range(NEIGHBOURS * N_TRACES):
        put(traces, j, NIL)
        put(traces, (NEIGHBOURS + n) * N_TRACES + j, NIL)
    for i in range(n):
        row = first + i
        fact = row * N_FACTS
        channel = (WINDOW + i) * N_CHANNELS
        trace = (NEIGHBOURS + i) * N_TRACES
        own = four(scores, 4 * row)
        put_lanes(channels, channel, squashed(own))
        put_lanes(traces, trace, logistic_shares(own))
        length = np.float32(at(facts, fact + LENGTH)) * np.float32(0.125) - ONE
        sentence_end = at(SENTENCE_ENDS, np.int64(at(facts, fact + ENDING)))
        bullet = np.float32(at(facts, fact + BEGINNING) == BULLET)
        title = np.float32(at(facts, fact + TITLE_CASE) == 3)
        put(traces, trace + 4, length)
        put(traces, trace + 5, sentence_end)
        put(traces, trace + 6, bullet)
        put(traces, trace + 7, title)
        put(channels, channel + 4, length)
        put(channels, channel + 5, sentence_end)
        put(channels, channel + 6, bullet)
        put(channels, channel + 7, np.float32(at(facts, fact + INDENT)) * HALF)
        put(channels, channel + 8, title)
        put(channels, channel + 9, np.float32(at(facts, fact + BLANK_BEFORE) > 0))
        put(channels, channel + 10, np.float32(at(facts, fact + DIGITS)) * np.float32(0.25))
        put(channels, channel + 11, np.float32(at(facts, fact + WORDS)) * np.float32(0.125))


@inline
def learned(average: Any, trace: Any, decay: Any) -> Any:
    """Let an average forget a little and learn a line."""
    return average * eight_of(decay) + trace * eight_of(ONE - decay)


@inline
def fill_averages(traces: Any, start: int, stop: int, step: int, around: Any, side: int) -> None:
    """Keep for each line the averages of the lines passed before it."""
    soon = later = late = eight_of(NIL)
    for i in range(start, stop, step):
        own = i * AROUND + side * N_RECENT
        put_lanes(around, own, soon)
        put_lanes(around, own + N_TRACES, later)
        put_lanes(around, own + 2 * N_TRACES, late)
        trace = eight(traces, (NEIGHBOURS + i) * N_TRACES)
        soon = learned(soon, trace, SOON)
        later = learned(later, trace, LATER)
        late = learned(late, trace, LATE)


@inline
def weigh(channels: Any, around: Any, i: int, window: Any, recent: Any) -> Any:
    """Add up the weighted channels and averages around line `i`: four scores."""
    a = b = c = d = sixteen_of(NIL)
    for j in range(0, PADDED_WINDOW, 16):
        x = sixteen(channels, i * N_CHANNELS + j)
        a = a + x * sixteen(window, j)
        b = b + x * sixteen(window, PADDED_WINDOW + j)
        c = c + x * sixteen(window, 2 * PADDED_WINDOW + j)
        d = d + x * sixteen(window, 3 * PADDED_WINDOW + j)
    for j in range(0, AROUND, 16):
        x = sixteen(around, i * AROUND + j)
        a = a + x * sixteen(recent, j)
        b = b + x * sixteen(recent, AROUND + j)
        c = c + x * sixteen(recent, 2 * AROUND + j)
        d = d + x * sixteen(recent, 3 * AROUND + j)
    return totals(a, b, c, d)


@inline
def summarize(
    traces: Any, facts: Any, first: int, n: int, mass: Any, since: Any, until: Any, means: Any
) -> Any:
    """Fill content so far, distances from content and means of a document.

    Returns its content: sum of the lines' probabilities, weighted by length.
    """
    sums = eight_of(NIL)
    most = four_of(NIL)
    content = NIL
    distance = FAR
    for i in range(n):
        trace = (NEIGHBOURS + i) * N_TRACES
        sums = sums + eight(traces, trace)
        most = greatest(most, four(traces, trace))
        p = at(traces, trace)
        length = np.int64(at(facts, (first + i) * N_FACTS + LENGTH))
        own = p * at(LENGTH_WEIGHTS, length)
        put(mass, i, content + own * HALF)
        content += own
        distance = min(distance + 1, FAR)
        if p > STRONG_CONTENT and length >= STRONG_LENGTH:
            distance = 0
        put(since, i, distance)
    distance = FAR
    for i in range(n - 1, -1, -1):
        distance = min(distance + 1, FAR)
        if at(since, i) == 0:
            distance = 0
        put(until, i, distance)
    put_lanes(means, 0, sums * eight_of(ONE / np.float32(n)))
    put_lanes(means, N_TRACES, most)
    return content


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


@inline
def sum_rows(weights: Any, rows: Any, start: int, stop: int) -> Any:
    """Add up the rows of weights that `rows` names from `start` to `stop`."""
    found = four_of(NIL)
    for j in range(start, stop):
        found = found + four(weights, 4 * np.int64(at(rows, j)))
    return found


@jit
def read_context(
    document_offsets: Any,
    scores: Any,
    facts: Any,
    patterns: Any,
    hashes: Any,
    window: Any,
    recent: Any,
    summary: Any,
    bin_weights: Any,
    bias: Any,
    channels: Any,
    traces: Any,
    around: Any,
    mass: Any,
    since: Any,
    until: Any,
    repeats: Any,
    keys: Any,
    members: Any,
    slots: Any,
    means: Any,
    bins: Any,
    logits: Any,
    collect: bool,
    collected_dense: Any,
    collected_bins: Any,
) -> None:
    """Score every line of a batch in its document.

    Parameters
    ----------
    document_offsets : ndarray of int64, shape (n_documents + 1,)
    scores : ndarray of float32, shape (n_lines, 4)
        First layer.
    facts, patterns, hashes : ndarray
        As `read_batch` filled them.
    window : ndarray of float32, shape (4, PADDED_WINDOW)
        Zero from column N_WINDOW on.
    recent : ndarray of float32, shape (4, 2 * N_RECENT)
    summary : ndarray of float32, shape (N_SUMMARY, 4)
    bin_weights : ndarray of float32, shape (N_BIN_ROWS, 4)
    bias : ndarray of float32, shape (4,)
        Weights of the second layer.
    channels … bins : ndarray
        Scratch for the longest document, see `second_layer_scratch`.
    logits : ndarray of float32, shape (n_lines, 4)
        Output.
    collect : bool
        Whether to copy the inputs to `collected_dense` (n_lines, N_DENSE) and
        `collected_bins` (n_lines, N_BINS).
    """
    for d in range(len(document_offsets) - 1):
        first = document_offsets[d]
        n = document_offsets[d + 1] - first
        if n == 0:
            continue
        activate(scores, facts, first, n, channels, traces)
        find_repeats(hashes, first, n, keys, members, slots, repeats)
        fill_averages(traces, 0, n, 1, around, 0)
        fill_averages(traces, n - 1, -1, -1, around, 1)
        content = summarize(traces, facts, first, n, mass, since, until, means)
        content_bucket = count_bucket(np.int64(content) + 1)
        per_content = np.float32(12.0) / max(content, np.float32(0.001))
        document = four(bias, 0)
        for j in range(N_SUMMARY):
            document = document + four(summary, 4 * j) * four_of(at(means, j))
        for i in range(n):
            row = first + i
            fill_bins(
                *(traces, facts, at(patterns, row), first, i, n),
                *(clipped(at(mass, i), per_content, 11), content_bucket),
                *(np.int64(at(since, i)), np.int64(at(until, i)), np.int64(at(repeats, i)), bins),
            )
            # Three sums side by side: each addition waits for the one before it.
            of_bins = sum_rows(bin_weights, bins, 0, 8) + sum_rows(bin_weights, bins, 8, 16)
            of_bins = of_bins + sum_rows(bin_weights, bins, 16, N_BINS)
            logit = document + weigh(channels, around, i, window, recent) + of_bins
            put_lanes(logits, 4 * row, logit)
            if collect:
                for j in range(N_WINDOW):
                    collected_dense[row, j] = at(channels, i * N_CHANNELS + j)
                for j in range(AROUND):
                    collected_dense[row, N_WINDOW + j] = at(around, i * AROUND + j)
                for j in range(N_SUMMARY):
                    collected_dense[row, N_WINDOW + AROUND + j] = means[j]
                for j in range(N_BINS):
                    collected_bins[row, j] = bins[j]
