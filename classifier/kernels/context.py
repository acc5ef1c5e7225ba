"""Second layer: what the lines around a line, and its place in the page, say about it.

One document at a time, in four walks over its lines: activations of the first
layer; forward (averages of what came before, content so far, repetition);
backward; scores. Nothing is kept but a few numbers a line.
"""

from typing import Any

import numpy as np

from classifier.kernels.bins import clipped, fill_bins
from classifier.kernels.bits import at
from classifier.kernels.context_layout import N_BINS, N_CHANNELS, N_SUMMARY, N_WINDOW, PADDED_WINDOW
from classifier.kernels.jit import inline, jit
from classifier.kernels.lanes import four, four_of, put_lanes, sixteen, sixteen_of, totals
from classifier.kernels.measures import count_bucket
from classifier.kernels.repeats import find_repeats
from classifier.kernels.surroundings import AROUND, NIL, activate, fill_averages, summarize


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
