"""What a page shows, and where its prose stands: neither depends on any score.

A page of dates and ellipses is a list of articles, one without prose a shop or a menu. So
these columns tell much of whether a line is content; they also tell single pages apart.
"""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, put, trailing_zeros
from classifier.kernels.context_columns import fill_column
from classifier.kernels.context_layout import (
    N_TRACES,
    PAGE_PATTERNS,
    PROSE_AFTER,
    PROSE_BEFORE,
    PROSE_OF_PAGE,
    SENTENCE_END,
    SINCE_PROSE,
    UNTIL_PROSE,
    WINDOW,
)
from classifier.kernels.jit import inline
from classifier.kernels.layout import LENGTH, N_FACTS, N_PATTERNS
from classifier.kernels.measures import count_bucket
from classifier.kernels.surroundings import FAR, STRONG_LENGTH


@inline
def fill_page_patterns(
    patterns: Any, first: int, n: int, counts: Any, columns: Any, stride: int
) -> None:
    """Fill the columns of how many lines of a document show each pattern."""
    for k in range(N_PATTERNS):
        put(counts, k, np.int32(0))
    for i in range(first, first + n):
        rest = np.uint64(at(patterns, i))
        while rest:
            k = trailing_zeros(rest)
            put(counts, k, np.int32(at(counts, k) + 1))
            rest &= rest - np.uint64(1)
    for k in range(N_PATTERNS):
        bucket = np.uint8(count_bucket(np.int64(at(counts, k)) + 1))
        fill_column(columns, (PAGE_PATTERNS + k) * stride, n, bucket)


@inline
def fill_prose(traces: Any, facts: Any, first: int, n: int, columns: Any, stride: int) -> None:
    """Fill the columns of where long lines stand that end as sentences do."""
    before, distance = 0, FAR
    for i in range(n):
        put(columns, PROSE_BEFORE * stride + WINDOW + i, np.uint8(count_bucket(before + 1)))
        distance = min(distance + 1, FAR)
        put(columns, SINCE_PROSE * stride + WINDOW + i, np.uint8(distance))
        if is_prose(traces, facts, first, i):
            before += 1
            distance = 0
    fill_column(columns, PROSE_OF_PAGE * stride, n, np.uint8(255 * before // n))
    after, distance = 0, FAR
    for i in range(n - 1, -1, -1):
        put(columns, PROSE_AFTER * stride + WINDOW + i, np.uint8(count_bucket(after + 1)))
        distance = min(distance + 1, FAR)
        put(columns, UNTIL_PROSE * stride + WINDOW + i, np.uint8(distance))
        if is_prose(traces, facts, first, i):
            after += 1
            distance = 0


@inline
def is_prose(traces: Any, facts: Any, first: int, i: int) -> Any:
    """Tell whether line `i` of a document is long and ends as a sentence does."""
    is_long = at(facts, (first + i) * N_FACTS + LENGTH) >= STRONG_LENGTH
    return is_long and at(traces, i * N_TRACES + SENTENCE_END) > 0
