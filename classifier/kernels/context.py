"""Second layer: what the lines around a line, and its place in the page, say about it.

One document at a time, in four walks over its lines: activations of the first
layer; forward (averages of what came before, content so far, repetition);
backward; scores. Nothing is kept but a few numbers a line.
"""

from typing import Any

import numpy as np

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
    WINDOW,
)
from classifier.kernels.activation import exponential, weighted_sum
from classifier.kernels.jit import inline, jit
from classifier.kernels.layout import (
    BEGINNING,
    BLANK_BEFORE,
    DIGITS,
    ENDING,
    FACT_SIZES,
    INDENT,
    LENGTH,
    TITLE_CASE,
    WORDS,
)
from classifier.kernels.text import COUNT_BUCKETS

ONE = np.float32(1.0)
HALF = np.float32(0.5)
BULLET = 4  # code of a bullet among the beginnings
# Content counts by the square root of its length; the shortest lines count nothing.
LENGTH_WEIGHTS = np.sqrt(np.array([0] * 5 + list(range(6, 17)), np.float32))
SENTENCE_ENDS = np.array([0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0], np.float32)
STRONG_CONTENT = np.float32(0.7)  # probability, and length bucket, of unmistakable content
STRONG_LENGTH = 9
FAR = 1 << 30
COARSE = np.searchsorted(DISTANCE_EDGES, np.arange(32), side="right").astype(np.uint8)
TRACE_DECAYS = np.repeat(np.array(DECAYS, np.float32), N_TRACES)


@inline
def count_bucket(count: int) -> int:
    """Half-octave bucket of a count (0–16)."""
    return np.int64(COUNT_BUCKETS[min(count, 256)])


@inline
def clipped(value: Any, factor: Any, last: int) -> int:
    """Bin of a value that is at least 0: ``value * factor``, cut off at `last`."""
    return min(np.int64(value * factor), last)


@jit
def activate(
    scores: Any, facts: Any, first: int, n: int, channels: Any, traces: Any
) -> None:
    """Fill channels (with WINDOW empty rows at both ends) and traces of one document."""
    for i in range(WINDOW):
        for c in range(N_CHANNELS):
            channels[i, c] = channels[WINDOW + n + i, c] = np.float32(0.0)
    for i in range(n):
        row = first + i
        total = np.float32(0.0)
        for k in range(4):
            score = scores[row, k]
            channels[WINDOW + i, k] = score / (ONE + abs(score))
            p = ONE / (ONE + exponential(-score))
            traces[i, k] = p
            total += p
        for k in range(4):
            traces[i, k] /= total
        length = np.float32(facts[row, LENGTH]) * np.float32(0.125) - ONE
        sentence_end = SENTENCE_ENDS[facts[row, ENDING]]
        bullet = np.float32(facts[row, BEGINNING] == BULLET)
        title = np.float32(facts[row, TITLE_CASE] == 3)
        channel = channels[WINDOW + i]
        channel[4] = traces[i, 4] = length
        channel[5] = traces[i, 5] = sentence_end
        channel[6] = traces[i, 6] = bullet
        channel[7] = np.float32(facts[row, INDENT]) * HALF
        channel[8] = traces[i, 7] = title
        channel[9] = np.float32(facts[row, BLANK_BEFORE] > 0)
        channel[10] = np.float32(facts[row, DIGITS]) * np.float32(0.25)
        channel[11] = np.float32(facts[row, WORDS]) * np.float32(0.125)


@inline
def add_to_averages(averages: Any, traces: Any, i: int) -> None:
    """Let the averages forget a little and learn line `i`."""
    for j in range(N_RECENT):
        decay = TRACE_DECAYS[j]
        averages[j] = averages[j] * decay + traces[i, j % N_TRACES] * (ONE - decay)


@jit
def find_repeats(hashes: Any, first: int, n: int, keys: Any, members: Any, repeats: Any) -> None:
    """Count for each line how often it stands in its document: open addressing.

    ``repeats[i]`` becomes the bin: bucket of the count (0–5), doubled, plus one
    if an equal line stands before.
    """
    size = 4
    while size < 2 * n:
        size *= 2
    mask = np.uint64(size - 1)
    for j in range(size):
        members[j] = 0
    for i in range(n):
        key = hashes[first + i]
        j = np.int64(key & mask)
        while members[j] > 0 and keys[j] != key:
            j = (j + 1) & (size - 1)
        repeats[i] = members[j] > 0
        keys[j] = key
        members[j] += 1
    for i in range(n):
        key = hashes[first + i]
        j = np.int64(key & mask)
        while keys[j] != key or members[j] == 0:
            j = (j + 1) & (size - 1)
        repeats[i] += 2 * min(count_bucket(np.int64(members[j])) - 1, 5)


@inline
def neighbour_bin(traces: Any, i: int, n: int, k: int, factor: Any) -> int:
    """Cross of a line's own probability of label `k` with those of the two lines on each side."""
    near = np.float32(0.0)
    for j in range(max(i - 2, 0), min(i + 3, n)):
        if j != i:
            near += traces[j, k]
    return clipped(traces[i, k], 4, 3) * 6 + clipped(near, factor, 5)


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
    past: Any,
    future: Any,
    mass: Any,
    since: Any,
    until: Any,
    repeats: Any,
    keys: Any,
    members: Any,
    averages: Any,
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
    window : ndarray of float32, shape (4, N_WINDOW)
    recent : ndarray of float32, shape (4, 2 * N_RECENT)
    summary : ndarray of float32, shape (4, N_SUMMARY)
    bin_weights : ndarray of float32, shape (N_BIN_ROWS, 4)
    bias : ndarray of float32, shape (4,)
        Weights of the second layer.
    channels … averages : ndarray
        Scratch for the longest document, see `scratch`.
    logits : ndarray of float32, shape (n_lines, 4)
        Output.
    collect : bool
        Whether to copy the inputs to `collected_dense` (n_lines, N_DENSE) and
        `collected_bins` (n_lines, N_BINS).
    """
    document_bias = averages[N_RECENT : N_RECENT + 4]
    means = averages[N_RECENT + 4 : N_RECENT + 4 + N_SUMMARY]
    for d in range(len(document_offsets) - 1):
        first = document_offsets[d]
        n = document_offsets[d + 1] - first
        if n == 0:
            continue
        activate(scores, facts, first, n, channels, traces)
        find_repeats(hashes, first, n, keys, members, repeats)

        for j in range(N_RECENT):
            averages[j] = np.float32(0.0)
        for j in range(N_SUMMARY):
            means[j] = np.float32(0.0)
        content = np.float32(0.0)
        distance = FAR
        for i in range(n):
            for j in range(N_RECENT):
                past[i, j] = averages[j]
            add_to_averages(averages, traces, i)
            for j in range(N_TRACES):
                means[j] += traces[i, j]
            for k in range(4):
                means[N_TRACES + k] = max(means[N_TRACES + k], traces[i, k])
            length = facts[first + i, LENGTH]
            own = traces[i, 0] * LENGTH_WEIGHTS[length]
            mass[i] = content + own * HALF
            content += own
            distance += 1
            if traces[i, 0] > STRONG_CONTENT and length >= STRONG_LENGTH:
                distance = 0
            since[i] = min(distance, 255)

        for j in range(N_RECENT):
            averages[j] = np.float32(0.0)
        distance = FAR
        for i in range(n - 1, -1, -1):
            for j in range(N_RECENT):
                future[i, j] = averages[j]
            add_to_averages(averages, traces, i)
            distance += 1
            if since[i] == 0:
                distance = 0
            until[i] = min(distance, 255)

        share = ONE / np.float32(n)
        for j in range(N_TRACES):
            means[j] *= share
        for k in range(4):
            total = bias[k]
            for j in range(N_SUMMARY):
                total += summary[k, j] * means[j]
            document_bias[k] = total

        per_content = np.float32(12.0) / max(content, np.float32(0.001))
        content_bucket = count_bucket(np.int64(content) + 1)
        lines_bucket = count_bucket(n)
        for i in range(n):
            row = first + i
            before = clipped(mass[i], per_content, 11)
            p_bin = clipped(traces[i, 0], 5, 4)
            near_since = np.int64(COARSE[min(since[i], 31)])
            near_until = np.int64(COARSE[min(until[i], 31)])
            best = 0
            for k in range(1, 4):
                if traces[i, k] > traces[i, best]:
                    best = k
            bins[0] = before
            bins[1] = count_bucket(i + 1)
            bins[2] = count_bucket(n - i)
            bins[3] = lines_bucket
            bins[4] = (i * 10) // n
            bins[5] = content_bucket
            bins[6] = count_bucket(since[i] + 1)
            bins[7] = count_bucket(until[i] + 1)
            bins[8] = (p_bin * 7 + near_since) * 7 + near_until
            bins[9] = p_bin * 12 + before
            bins[10] = best * 8 + facts[row, LENGTH] // 2
            bins[11] = neighbour_bin(traces, i, n, 0, np.float32(1.5))
            bins[12] = neighbour_bin(traces, i, n, 2, np.float32(3.0))
            bins[13] = neighbour_bin(traces, i, n, 3, np.float32(3.0))
            bins[14] = repeats[i]
            for j in range(len(BIN_FACT_PAIRS)):
                a, b = BIN_FACT_PAIRS[j]
                bins[15 + j] = facts[row, a] * FACT_SIZES[b] + facts[row, b]
            bins[N_BINS - 2] = patterns[row] & 0xFF
            bins[N_BINS - 1] = patterns[row] >> 8

            for k in range(4):
                logits[row, k] = (
                    document_bias[k]
                    + weighted_sum(channels, i * N_CHANNELS, window, k * N_WINDOW, N_WINDOW)
                    + weighted_sum(past, i * N_RECENT, recent, 2 * k * N_RECENT, N_RECENT)
                    + weighted_sum(future, i * N_RECENT, recent, (2 * k + 1) * N_RECENT, N_RECENT)
                )
            for j in range(N_BINS):
                place = BIN_STARTS[j] + bins[j]
                for k in range(4):
                    logits[row, k] += bin_weights[place, k]
            if collect:
                for j in range(N_WINDOW):
                    collected_dense[row, j] = channels[i + j // N_CHANNELS, j % N_CHANNELS]
                for j in range(N_RECENT):
                    collected_dense[row, N_WINDOW + j] = past[i, j]
                    collected_dense[row, N_WINDOW + N_RECENT + j] = future[i, j]
                for j in range(N_SUMMARY):
                    collected_dense[row, N_WINDOW + 2 * N_RECENT + j] = means[j]
                for j in range(N_BINS):
                    collected_bins[row, j] = BIN_STARTS[j] + bins[j]


@jit
def softmax(logits: Any, probabilities: Any, labels: Any) -> None:
    """Turn logits into probabilities (float32) and the most probable label (uint8)."""
    for i in range(len(logits)):
        best = 0
        for k in range(1, 4):
            if logits[i, k] > logits[i, best]:
                best = k
        top = logits[i, best]
        total = np.float32(0.0)
        for k in range(4):
            probabilities[i, k] = exponential(logits[i, k] - top)
            total += probabilities[i, k]
        for k in range(4):
            probabilities[i, k] /= total
        # By the probabilities, not the logits: rounding may make two of them equal.
        best = 0
        for k in range(1, 4):
            if probabilities[i, k] > probabilities[i, best]:
                best = k
        labels[i] = best
