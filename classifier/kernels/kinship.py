"""What else of its page a line is akin to: in lines of which kind its terms stand as well.

Lines of one text share words (M. A. K. Halliday and R. Hasan, "Cohesion in English",
1976; M. A. Hearst, "TextTiling", 1997), whatever the language: a paragraph and its
title do, and offers that stand in several places, while a menu shares few with either.
"""

from typing import Any, NamedTuple

import numpy as np

from classifier.kernels.bits import ONE as ONE_BIT
from classifier.kernels.bits import ZERO, at, put
from classifier.kernels.context_columns import HALF, NIL, ONE, STEPS, mean_step
from classifier.kernels.context_layout import KIN, N_TRACES, WINDOW
from classifier.kernels.jit import inline
from classifier.kernels.lanes import (
    across,
    beside,
    four,
    four_of,
    greatest,
    lane,
    least,
    put_bytes,
    put_columns,
    put_lanes,
)
from classifier.kernels.layout import TERM_MAX_WEIGHT, TERM_WEIGHT_BITS

# Places of the table of terms: at least twice as many as the document has terms, until
# they would leave the processor's second cache.
LEAST_PLACES, MOST_PLACES = 64, 1 << 16
# Of an entry of the table, which is one word: each lies somewhere else in the memory.
TERM_SHIFT, COUNT_SHIFT = np.uint64(32), np.uint64(17)
NUMBER_MASK = (ONE_BIT << COUNT_SHIFT) - ONE_BIT
COUNT_MASK = (ONE_BIT << TERM_SHIFT) - (ONE_BIT << COUNT_SHIFT)
LEAST_KIN = np.float32(1e-6)


class Kin(NamedTuple):
    """Room for the terms that lines share.

    Attributes
    ----------
    table : ndarray of uint64, shape (MOST_PLACES,)
        At each place, from the highest bit on: a term (32 bits, 0 for none), how often it
        stands in the document (15 bits; if more often than they hold, so often), and its
        number among those that stand in it more than once, from 1 on; 0 as long as it has
        none.
    members, lines : ndarray of int32, shape (n_terms + 1,)
        Of each term of a line that stands elsewhere too: its number, from 0 on, and its
        line in the document.
    weights : ndarray of float32, shape (n_terms + 1,)
        What one of the others counts.
    offsets : ndarray of int64, shape (n_lines + 1,)
        Where those of each line of the batch begin.
    line_weights : ndarray of float32, shape (n_lines,)
        What all terms of a line weigh.
    n_different : ndarray of int64, shape (n_documents,)
        How many terms have a number.
    sums : ndarray of float32, shape (MOST_PLACES, 4)
        Shares of the lines that they stand in.
    """

    table: Any
    members: Any
    lines: Any
    weights: Any
    offsets: Any
    line_weights: Any
    n_different: Any
    sums: Any


@inline
def place_of(term: Any, n_places: int) -> int:
    """Return where the table holds a term, if it holds it."""
    return (np.int64(term) >> TERM_WEIGHT_BITS) & (n_places - 1)


@inline
def count_terms(terms: Any, start: int, stop: int, kin: Any) -> int:
    """Count how often each term of a document stands in it; none has a number yet.

    Returns the number of places of the table. Of terms that fall on one place the first
    has it, the others are not counted.
    """
    n_places = LEAST_PLACES
    while n_places < min(2 * (stop - start), MOST_PLACES):
        n_places *= 2
    for place in range(n_places):
        put(kin.table, place, ZERO)  # is no term: none has a weight of nothing
    for t in range(start, stop):
        term = np.uint64(at(terms, t))
        place = place_of(term, n_places)
        entry = at(kin.table, place)
        more = (entry >> TERM_SHIFT == term) & (entry & COUNT_MASK != COUNT_MASK)
        more |= entry == ZERO
        found = term << TERM_SHIFT if entry == ZERO else entry
        put(kin.table, place, found + (np.uint64(more) << COUNT_SHIFT))
    return n_places


@inline
def find_kin(
    terms: Any, term_offsets: Any, d: int, first: int, n: int, begin: int, kin: Any
) -> int:
    """Keep the terms of document `d` that stand in it more than once, from `begin` on.

    Returns where those of the next document begin.
    """
    stop = at(term_offsets, first + n)
    n_places = count_terms(terms, at(term_offsets, first), stop, kin)
    n_different = 0
    end = begin
    put(kin.offsets, first, end)
    for i in range(n):
        line_weight = NIL
        for t in range(at(term_offsets, first + i), at(term_offsets, first + i + 1)):
            term = np.uint64(at(terms, t))
            place = place_of(term, n_places)
            weight = np.float32(np.int64(term) & TERM_MAX_WEIGHT)
            line_weight += weight
            entry = at(kin.table, place)
            count = np.int64((entry & COUNT_MASK) >> COUNT_SHIFT)
            is_shared = (count > 1) & (entry >> TERM_SHIFT == term)
            number = np.int64(entry & NUMBER_MASK)
            is_new = is_shared & (number == 0)
            n_different += is_new
            number = n_different if is_new else number
            put(kin.table, place, entry | np.uint64(number))
            # Written in any case: a branch would be guessed wrong too often.
            put(kin.members, end, number - 1)
            put(kin.lines, end, i)
            # A half in place of one fewer: what stands in many lines says more.
            put(kin.weights, end, weight / (np.float32(count) - HALF))
            end += is_shared
        put(kin.line_weights, first + i, max(line_weight, ONE))
        put(kin.offsets, first + i + 1, end)
    put(kin.n_different, d, n_different)
    return end


@inline
def fill_kinship(
    d: int, first: int, n: int, traces: Any, kin: Any, rows: Any, columns: Any, stride: int
) -> None:
    """Fill the columns from `KIN` on, of one document."""
    for number in range(at(kin.n_different, d)):
        put_lanes(kin.sums, 4 * number, four_of(NIL))
    for t in range(at(kin.offsets, first), at(kin.offsets, first + n)):
        place = 4 * np.int64(at(kin.members, t))
        shares = four(traces, np.int64(at(kin.lines, t)) * N_TRACES)
        put_lanes(kin.sums, place, four(kin.sums, place) + shares)
    for i in range(n):
        own = four(traces, i * N_TRACES)
        found = four_of(NIL)
        for t in range(at(kin.offsets, first + i), at(kin.offsets, first + i + 1)):
            others = four(kin.sums, 4 * np.int64(at(kin.members, t))) - own
            found = found + others * four_of(at(kin.weights, t))
        # Not above 1 where a term stands more often than is counted.
        found = least(found / four_of(at(kin.line_weights, first + i)), four_of(ONE))
        pairs = found + across(found)
        every = pairs + beside(pairs)
        put_bytes(rows, 8 * i, found * four_of(STEPS))
        among = found / greatest(every, four_of(LEAST_KIN))
        put_bytes(rows, 8 * i + 4, among * four_of(STEPS))
        put(rows, 8 * i + 7, mean_step(lane(every, 0)))
    for i in range(0, n, 8):
        put_columns(columns, KIN * stride + WINDOW + i, stride, rows, 8 * i)
