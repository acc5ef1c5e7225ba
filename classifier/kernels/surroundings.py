"""What the second layer sees of the lines of one document, line by line.

Channels (what a line is like), traces (what of it is averaged), averages of the
lines before and after each line, and sums over the document.
"""

from typing import Any

import numpy as np

from classifier.kernels.activation import logistic_shares, squashed
from classifier.kernels.bits import at, put
from classifier.kernels.context_layout import (
    DECAYS,
    N_CHANNELS,
    N_RECENT,
    N_TRACES,
    NEIGHBOURS,
    WINDOW,
)
from classifier.kernels.jit import inline
from classifier.kernels.lanes import eight, eight_of, four, four_of, greatest, put_lanes
from classifier.kernels.layout import (
    BEGINNING,
    BLANK_BEFORE,
    DIGITS,
    ENDING,
    INDENT,
    LENGTH,
    N_FACTS,
    TITLE_CASE,
    WORDS,
)

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
SOON, LATER, LATE = (np.float32(decay) for decay in DECAYS)
AROUND = 2 * N_RECENT


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
