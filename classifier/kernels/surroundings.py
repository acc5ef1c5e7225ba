"""What the second layer measures around the lines of one document: see `COLUMN_NAMES`.

Columns lie one after the other, `stride` bytes apart, with `WINDOW` zeros before
and after the document's lines, so that a neighbour is a step aside.
"""

from typing import Any

import numpy as np

from classifier.kernels.activation import logistic_shares
from classifier.kernels.bits import at, put
from classifier.kernels.context_layout import (
    AFTER,
    BEFORE,
    CONTENT_BEFORE,
    DECAYS,
    FACTS,
    LINES_AFTER,
    LINES_BEFORE,
    MASS_STEPS,
    MEAN_STEPS,
    N_COLUMNS,
    N_TRACES,
    PAGE,
    PAGE_CONTENT,
    PAGE_LINES,
    POSITION,
    POSITION_STEPS,
    SCORE_STEPS,
    SCORE_ZERO,
    SCORES,
    SINCE_CONTENT,
    UNTIL_CONTENT,
    WINDOW,
)
from classifier.kernels.jit import inline
from classifier.kernels.lanes import eight, eight_of, four, four_of, greatest, lane, put_lanes
from classifier.kernels.layout import BEGINNING, ENDING, LENGTH, N_FACTS, TITLE_CASE
from classifier.kernels.measures import count_bucket

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
STEPS = np.float32(MEAN_STEPS)
SOON, LATER, LATE = (np.float32(decay) for decay in DECAYS)
LEAST_CONTENT = np.float32(0.001)


@inline
def score_step(score: Any) -> Any:
    """Return a first-layer score in eighths, from -16 (0) to just below 16 (255)."""
    steps = np.floor(score * np.float32(SCORE_STEPS) + HALF) + np.float32(SCORE_ZERO)
    return np.uint8(min(max(steps, NIL), np.float32(255.0)))


@inline
def mean_step(mean: Any) -> Any:
    """Return a mean between 0 and 1 as 0–255."""
    return np.uint8(min(mean * STEPS, np.float32(255.0)))


@inline
def blank_margins(columns: Any, stride: int, n: int) -> None:
    """Fill with zeros what lies beyond both ends of a document."""
    for c in range(N_COLUMNS):
        for j in range(WINDOW):
            put(columns, c * stride + j, np.uint8(0))
            put(columns, c * stride + WINDOW + n + j, np.uint8(0))


@inline
def fill_lines(
    scores: Any, facts: Any, first: int, n: int, traces: Any, columns: Any, stride: int
) -> None:
    """Fill traces, and the columns of what a line is by itself."""
    for i in range(n):
        row = first + i
        own = four(scores, 4 * row)
        trace = i * N_TRACES
        put_lanes(traces, trace, logistic_shares(own))
        fact = row * N_FACTS
        put(traces, trace + 4, np.float32(at(facts, fact + LENGTH)) * np.float32(0.0625))
        put(traces, trace + 5, at(SENTENCE_ENDS, np.int64(at(facts, fact + ENDING))))
        put(traces, trace + 6, np.float32(at(facts, fact + BEGINNING) == BULLET))
        put(traces, trace + 7, np.float32(at(facts, fact + TITLE_CASE) == 3))
        place = WINDOW + i
        for k in range(4):
            put(columns, (SCORES + k) * stride + place, score_step(lane(own, k)))
        for f in range(N_FACTS):
            put(columns, (FACTS + f) * stride + place, at(facts, fact + f))


@inline
def put_steps(columns: Any, stride: int, place: int, means: Any, steps: Any) -> None:
    """Put eight means into eight columns, from flat place `place` on; `steps` is scratch."""
    put_lanes(steps, 0, means * eight_of(STEPS))
    for k in range(N_TRACES):
        put(columns, place + k * stride, np.uint8(at(steps, k)))


@inline
def learned(average: Any, trace: Any, decay: Any) -> Any:
    """Let an average forget a little and learn a line."""
    return average * eight_of(decay) + trace * eight_of(ONE - decay)


@inline
def fill_averages(
    traces: Any,
    start: int,
    stop: int,
    step: int,
    columns: Any,
    stride: int,
    side: int,
    steps: Any,
) -> None:
    """Fill the columns from `side` on: averages of the lines passed before each line."""
    soon = later = late = eight_of(NIL)
    for i in range(start, stop, step):
        place = side * stride + WINDOW + i
        put_steps(columns, stride, place, soon, steps)
        put_steps(columns, stride, place + N_TRACES * stride, later, steps)
        put_steps(columns, stride, place + 2 * N_TRACES * stride, late, steps)
        trace = eight(traces, i * N_TRACES)
        soon = learned(soon, trace, SOON)
        later = learned(later, trace, LATER)
        late = learned(late, trace, LATE)


@inline
def fill_places(
    traces: Any,
    facts: Any,
    first: int,
    n: int,
    mass: Any,
    steps: Any,
    columns: Any,
    stride: int,
) -> None:
    """Fill the columns of where a line stands in its page, and of the page."""
    sums = eight_of(NIL)
    most = four_of(NIL)
    content = NIL
    distance = FAR
    for i in range(n):
        trace = i * N_TRACES
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
        put(columns, SINCE_CONTENT * stride + WINDOW + i, np.uint8(distance))
    distance = FAR
    for i in range(n - 1, -1, -1):
        distance = min(distance + 1, FAR)
        if at(columns, SINCE_CONTENT * stride + WINDOW + i) == 0:
            distance = 0
        put(columns, UNTIL_CONTENT * stride + WINDOW + i, np.uint8(distance))
    per_content = np.float32(MASS_STEPS) / max(content, LEAST_CONTENT)
    last = np.float32(MASS_STEPS - 1)
    for i in range(n):
        place = WINDOW + i
        before = np.uint8(min(at(mass, i) * per_content, last))
        put(columns, CONTENT_BEFORE * stride + place, before)
        put(columns, LINES_BEFORE * stride + place, np.uint8(count_bucket(i + 1)))
        put(columns, LINES_AFTER * stride + place, np.uint8(count_bucket(n - i)))
        position = np.uint64(i * POSITION_STEPS) // np.uint64(n)
        put(columns, POSITION * stride + place, np.uint8(position))
    fill_column(columns, PAGE_LINES * stride, n, np.uint8(count_bucket(n)))
    bucket = count_bucket(np.int64(content) + 1)
    fill_column(columns, PAGE_CONTENT * stride, n, np.uint8(bucket))
    put_lanes(steps, 0, sums * eight_of(STEPS / np.float32(n)))
    for k in range(N_TRACES):
        fill_column(columns, (PAGE + k) * stride, n, np.uint8(at(steps, k)))
    for k in range(4):
        fill_column(columns, (PAGE + N_TRACES + k) * stride, n, mean_step(lane(most, k)))


@inline
def fill_column(columns: Any, column: int, n: int, value: Any) -> None:
    """Fill one column of a document with one value."""
    for i in range(WINDOW, WINDOW + n):
        put(columns, column + i, value)


@inline
def fill_surroundings(
    scores: Any,
    facts: Any,
    first: int,
    n: int,
    traces: Any,
    mass: Any,
    steps: Any,
    columns: Any,
    stride: int,
) -> None:
    """Fill all columns of one document but those of blocks, lists and repetition."""
    blank_margins(columns, stride, n)
    fill_lines(scores, facts, first, n, traces, columns, stride)
    fill_averages(traces, 0, n, 1, columns, stride, BEFORE, steps)
    fill_averages(traces, n - 1, -1, -1, columns, stride, AFTER, steps)
    fill_places(traces, facts, first, n, mass, steps, columns, stride)
