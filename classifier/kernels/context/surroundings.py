"""What the context layers measure around the lines of one document: see `COLUMN_NAMES`.

How its columns lie in memory, `classifier.kernels.context.columns` says.
"""

from typing import Any

import numpy as np

from classifier.kernels.context.columns import (
    HALF,
    NIL,
    ONE,
    STEPS,
    fill_column,
    mean_step,
    score_steps,
)
from classifier.kernels.context.inputs import (
    AFTER,
    BEFORE,
    CONTENT_BEFORE,
    DECAYS,
    LINES_AFTER,
    LINES_BEFORE,
    MASS_STEPS,
    N_TRACES,
    PAGE,
    PAGE_CONTENT,
    PAGE_LINES,
    PLACE,
    POSITION,
    POSITION_STEPS,
    SCORES,
    SINCE_CONTENT,
    UNTIL_CONTENT,
    WINDOW,
    WORD_SCORES,
)
from classifier.kernels.first_layer.feature_layout import (
    BEGINNING,
    ENDING,
    LENGTH,
    N_FACTS,
    TITLE_CASE,
)
from classifier.kernels.first_layer.measures import count_bucket
from classifier.kernels.machine.bits import at, load8, put, store8
from classifier.kernels.machine.jit import inline
from classifier.kernels.machine.lane_functions import greatest, lane
from classifier.kernels.machine.lanes import (
    eight,
    eight_of,
    four,
    four_of,
    put_bytes,
    put_columns,
    put_lanes,
)

BULLET = 4  # code of a bullet among the beginnings
# Content counts by the square root of its length; the shortest lines count nothing.
LENGTH_WEIGHTS = np.sqrt(np.array([0] * 5 + list(range(6, 17)), np.float32))
SENTENCE_ENDS = np.array([0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0], np.float32)
STRONG_CONTENT = np.float32(0.7)  # probability, and length bucket, of unmistakable content
STRONG_LENGTH = 9
FAR = 255
SOON, LATER, LATE = (np.float32(decay) for decay in DECAYS)
LEAST_CONTENT = np.float32(0.001)
BEHIND_SCORES = np.uint64(32)  # bits: facts come after four scores of a byte each
# Columns that are filled row by row, eight at a time, and turned then: those
# before `PLACE`, which is a multiple of eight.
ROW_COLUMNS = PLACE


@inline
def _group_of(column: int, n: int) -> int:
    """Return where the rows of eight columns begin, of which `column` is the first."""
    return column * (n + 8)


@inline
def _fill_lines(lines: Any, shares: Any, first: int, n: int, scratch: Any) -> None:
    """Fill traces, and the rows of what a line is by itself."""
    facts, traces, rows = lines.facts, scratch.traces, scratch.rows
    own_rows, other_rows = _group_of(SCORES, n), _group_of(SCORES + 8, n)
    for i in range(n):
        row = first + i
        own = four(lines.scores, 4 * row)
        trace = i * N_TRACES
        put_lanes(traces, trace, four(shares, 4 * row))
        fact = row * N_FACTS
        put(traces, trace + 4, np.float32(at(facts, fact + LENGTH)) * np.float32(0.0625))
        put(traces, trace + 5, at(SENTENCE_ENDS, np.int64(at(facts, fact + ENDING))))
        put(traces, trace + 6, np.float32(at(facts, fact + BEGINNING) == BULLET))
        put(traces, trace + 7, np.float32(at(facts, fact + TITLE_CASE) == 3))
        # Four facts behind the four scores, then eight more.
        store8(rows, own_rows + 8 * i, load8(facts, fact) << BEHIND_SCORES)
        put_bytes(rows, own_rows + 8 * i, score_steps(own))
        store8(rows, other_rows + 8 * i, load8(facts, fact + 4))


@inline
def _turn_rows(rows: Any, n: int, columns: Any, stride: int) -> None:
    """Write rows as columns; up to seven bytes beyond the last line are written, too."""
    for c in range(0, ROW_COLUMNS, 8):
        for i in range(0, n, 8):
            place = c * stride + WINDOW + i
            put_columns(columns, place, stride, rows, _group_of(c, n) + 8 * i)


@inline
def _learned(average: Any, trace: Any, decay: Any) -> Any:
    """Let an average forget a little and learn a line."""
    return average * eight_of(decay) + trace * eight_of(ONE - decay)


@inline
def _fill_averages(n: int, start: int, stop: int, step: int, scratch: Any, side: int) -> None:
    """Fill the rows from column `side` on: averages of the lines passed before each line."""
    traces, rows = scratch.traces, scratch.rows
    first, second = _group_of(side, n), _group_of(side + N_TRACES, n)
    third = _group_of(side + 2 * N_TRACES, n)
    soon = later = late = eight_of(NIL)
    for i in range(start, stop, step):
        put_bytes(rows, first + 8 * i, soon * eight_of(STEPS))
        put_bytes(rows, second + 8 * i, later * eight_of(STEPS))
        put_bytes(rows, third + 8 * i, late * eight_of(STEPS))
        trace = eight(traces, i * N_TRACES)
        soon = _learned(soon, trace, SOON)
        later = _learned(later, trace, LATER)
        late = _learned(late, trace, LATE)


@inline
def fill_places(n: int, columns: Any, stride: int) -> None:
    """Fill the columns of where a line stands in its page, which no score changes.

    Parameters
    ----------
    n : int
        Lines of the document.
    columns, stride
        As in `fill_surroundings`.
    """
    for i in range(n):
        place = WINDOW + i
        put(columns, LINES_BEFORE * stride + place, np.uint8(count_bucket(i + 1)))
        put(columns, LINES_AFTER * stride + place, np.uint8(count_bucket(n - i)))
        position = np.uint64(i * POSITION_STEPS) // np.uint64(n)
        put(columns, POSITION * stride + place, np.uint8(position))
    fill_column(columns, PAGE_LINES * stride, n, np.uint8(count_bucket(n)))


@inline
def fill_word_scores(scores: Any, first: int, n: int, columns: Any, stride: int) -> None:
    """Fill the columns of first-layer scores, which stay for the third layer.

    Parameters
    ----------
    scores : ndarray of float32, shape (n_lines, 4)
        Of the first layer.
    first, n, columns, stride
        As in `fill_surroundings`.
    """
    for i in range(n):
        steps = score_steps(four(scores, 4 * (first + i)))
        for k in range(4):
            place = (WORD_SCORES + k) * stride + WINDOW + i
            put(columns, place, np.uint8(np.int64(lane(steps, k))))


@inline
def _fill_content(facts: Any, first: int, n: int, scratch: Any, columns: Any, stride: int) -> None:
    """Fill the columns of the content around a line, and of the page."""
    traces, mass, steps = scratch.traces, scratch.mass, scratch.steps
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
        before = np.uint8(min(at(mass, i) * per_content, last))
        put(columns, CONTENT_BEFORE * stride + WINDOW + i, before)
    bucket = count_bucket(np.int64(content) + 1)
    fill_column(columns, PAGE_CONTENT * stride, n, np.uint8(bucket))
    put_lanes(steps, 0, sums * eight_of(STEPS / np.float32(n)))
    for k in range(N_TRACES):
        fill_column(columns, (PAGE + k) * stride, n, np.uint8(at(steps, k)))
    for k in range(4):
        fill_column(columns, (PAGE + N_TRACES + k) * stride, n, mean_step(lane(most, k)))


@inline
def fill_surroundings(
    lines: Any, shares: Any, first: int, n: int, scratch: Any, columns: Any, stride: int
) -> None:
    """Fill what scores change of one document, and the lines' own shape.

    Not blocks, lists and kin, which have modules of their own.

    Parameters
    ----------
    lines : ScoredLines
        With the scores of the layer before.
    shares : ndarray of float32, shape (n_lines, 4)
        As `fill_shares` filled them.
    first, n : int
        The document's lines in the batch.
    scratch : ContextScratch
        Its `traces` are wanted for blocks, lists and kin.
    columns : ndarray of uint8
        Output, from `WINDOW` bytes before the document's first line on.
    stride : int
        Bytes from one column to the next.
    """
    _fill_lines(lines, shares, first, n, scratch)
    _fill_averages(n, 0, n, 1, scratch, BEFORE)
    _fill_averages(n, n - 1, -1, -1, scratch, AFTER)
    _turn_rows(scratch.rows, n, columns, stride)
    _fill_content(lines.facts, first, n, scratch, columns, stride)
