"""What else of its page a line is akin to: in lines of which kind its terms stand as well.

Lines of one text share words (M. A. K. Halliday and R. Hasan, "Cohesion in English",
1976; M. A. Hearst, "TextTiling", 1997), whatever the language: a paragraph and its
title do, and offers that stand in several places, while a menu shares few with either.
"""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, put
from classifier.kernels.context_columns import HALF, NIL, STEPS, mean_step
from classifier.kernels.context_layout import KIN, N_TRACES, WINDOW
from classifier.kernels.jit import inline
from classifier.kernels.lanes import (
    across,
    beside,
    four,
    four_of,
    greatest,
    lane,
    put_bytes,
    put_columns,
    put_lanes,
)
from classifier.kernels.layout import TERM_MAX_WEIGHT, TERM_WEIGHT_BITS

# Places of the table of terms: at least twice as many as the document has terms, until
# they would leave the processor's second cache.
LEAST_PLACES, MOST_PLACES = 64, 1 << 16
LEAST_KIN = np.float32(1e-6)


@inline
def place_of(term: Any, n_places: int) -> int:
    """Return where the table holds a term, if it holds it."""
    return (np.int64(term) >> TERM_WEIGHT_BITS) & (n_places - 1)


@inline
def count_terms(terms: Any, start: int, stop: int, keys: Any, counts: Any, numbers: Any) -> int:
    """Count how often each term of a document stands in it; return the places of the table.

    Of terms that fall on one place the first has it, the others are not counted.
    """
    n_places = LEAST_PLACES
    while n_places < min(2 * (stop - start), MOST_PLACES):
        n_places *= 2
    for place in range(n_places):
        put(keys, place, np.uint32(0))  # is no term: none has a weight of nothing
        put(counts, place, 0)
        put(numbers, place, 0)
    for t in range(start, stop):
        term = at(terms, t)
        place = place_of(term, n_places)
        known = at(keys, place)
        owner = term if known == 0 else known
        put(keys, place, owner)
        put(counts, place, at(counts, place) + (owner == term))
    return n_places


@inline
def find_kin(
    terms: Any, term_offsets: Any, first: int, n: int, begin: int, kin: Any
) -> tuple[int, int]:
    """Keep the terms of a document that stand in it more than once, from `begin` on.

    They are numbered, and weighed by what they count for in their line. Returns how many
    different ones there are, and where those of the next document begin.
    """
    keys, counts, numbers, members, weights, kin_offsets, _, _ = kin
    stop = at(term_offsets, first + n)
    n_places = count_terms(terms, at(term_offsets, first), stop, keys, counts, numbers)
    n_different = 0
    put(kin_offsets, first, begin)
    for i in range(first, first + n):
        every = NIL
        end = begin
        for t in range(at(term_offsets, i), at(term_offsets, i + 1)):
            term = at(terms, t)
            place = place_of(term, n_places)
            weight = np.float32(np.int64(term) & TERM_MAX_WEIGHT)
            every += weight
            count = at(counts, place)
            is_shared = (count > 1) & (at(keys, place) == term)
            number = at(numbers, place)
            is_new = is_shared & (number == 0)
            n_different += is_new
            number = n_different if is_new else number
            put(numbers, place, number)
            put(members, end, number - 1)
            # A half in place of one fewer: what stands in many lines says more.
            put(weights, end, weight / (np.float32(count) - HALF))
            end += is_shared
        for t in range(begin, end):
            put(weights, t, at(weights, t) / every)
        begin = end
        put(kin_offsets, i + 1, end)
    return n_different, begin


@inline
def fill_kinship(
    first: int,
    n: int,
    n_different: int,
    traces: Any,
    kin: Any,
    rows: Any,
    columns: Any,
    stride: int,
) -> None:
    """Fill the columns from `KIN` on, of one document."""
    _, _, _, members, weights, kin_offsets, sums, _ = kin
    for number in range(n_different):
        put_lanes(sums, 4 * number, four_of(NIL))
    for i in range(n):
        shares = four(traces, i * N_TRACES)
        for t in range(at(kin_offsets, first + i), at(kin_offsets, first + i + 1)):
            place = 4 * np.int64(at(members, t))
            put_lanes(sums, place, four(sums, place) + shares)
    for i in range(n):
        own = four(traces, i * N_TRACES)
        found = four_of(NIL)
        for t in range(at(kin_offsets, first + i), at(kin_offsets, first + i + 1)):
            others = four(sums, 4 * np.int64(at(members, t))) - own
            found = found + others * four_of(at(weights, t))
        pairs = found + across(found)
        every = pairs + beside(pairs)
        put_bytes(rows, 8 * i, found * four_of(STEPS))
        among = found / greatest(every, four_of(LEAST_KIN))
        put_bytes(rows, 8 * i + 4, among * four_of(STEPS))
        put(rows, 8 * i + 7, mean_step(lane(every, 0)))
    for i in range(0, n, 8):
        put_columns(columns, KIN * stride + WINDOW + i, stride, rows, 8 * i)
