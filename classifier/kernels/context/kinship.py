"""What else of its page a line is akin to: in lines of which kind its terms stand as well.

Lines of one text share words (M. A. K. Halliday and R. Hasan, "Cohesion in English",
1976; M. A. Hearst, "TextTiling", 1997), whatever the language: a paragraph and its
title do, and offers that stand in several places, while a menu shares few with either.
"""

from typing import Any, NamedTuple

import numpy as np

from classifier.kernels.context.columns import HALF, NIL, ONE, STEPS, mean_step
from classifier.kernels.context.inputs import KIN, N_TRACES, WINDOW
from classifier.kernels.first_layer.feature_layout import (
    LINE_TERMS,
    TERM_MAX_WEIGHT,
    TERM_WEIGHT_BITS,
)
from classifier.kernels.machine.bits import ONE as ONE_BIT
from classifier.kernels.machine.bits import ZERO, at, put
from classifier.kernels.machine.jit import inline
from classifier.kernels.machine.lane_functions import across, beside, greatest, lane, least
from classifier.kernels.machine.lanes import four, four_of, put_bytes, put_columns, put_lanes

# Places of the table of terms: at least twice as many as the document has terms, until
# they would leave the processor's second cache.
LEAST_PLACES, MOST_PLACES = 64, 1 << 16
# Of an entry of the table, which is one word: each lies somewhere else in the memory.
TERM_SHIFT = np.uint64(32)
COUNT_MASK = (ONE_BIT << TERM_SHIFT) - ONE_BIT
LEAST_KIN = np.float32(1e-6)


class Kin(NamedTuple):
    """Room for the terms of one document that its lines share.

    Attributes
    ----------
    table : ndarray of uint64, shape (MOST_PLACES,)
        At each place a term (the upper 32 bits, 0 for none), and how often it stands in the
        document.
    weights : ndarray of int32, shape (n_terms + 1,)
        What all terms before each of the document's weigh together.
    lines : ndarray of int32, shape (n_terms + LINE_TERMS,)
        The line of each term.
    shared : ndarray of int32, shape (n_terms + 1,)
        The terms that stand in the document more than once.
    places, owners : ndarray of int32, shape (n_terms + 1,)
        Of those, where the table holds them, and their lines.
    parts : ndarray of float32, shape (n_terms + 1,)
        What one of the other lines counts.
    sums : ndarray of float32, shape (MOST_PLACES, 4)
        Shares of the lines that the term of each place stands in.
    found : ndarray of float32, shape (n_lines, 4)
        What lines are akin to.
    """

    table: Any
    weights: Any
    lines: Any
    shared: Any
    places: Any
    owners: Any
    parts: Any
    sums: Any
    found: Any


@inline
def place_of(term: Any, n_places: int) -> int:
    """Return where the table holds a term, if it holds it.

    Parameters
    ----------
    term : uint32
    n_places : int
        A power of two.

    Returns
    -------
    int
    """
    return (np.int64(term) >> TERM_WEIGHT_BITS) & (n_places - 1)


@inline
def count_terms(terms: Any, start: int, stop: int, kin: Any) -> int:
    """Count how often each term of a document stands in it, and add up their weights.

    Returns the number of places of the table. Of terms that fall on one place the first
    has it, the others are not counted.

    Parameters
    ----------
    terms : ndarray of uint32
    start, stop : int
        Which of them are the document's.
    kin : Kin
        `table` and `weights` are filled.

    Returns
    -------
    int
    """
    n_places = LEAST_PLACES
    while n_places < min(2 * (stop - start), MOST_PLACES):
        n_places *= 2
    for place in range(n_places):
        put(kin.table, place, ZERO)  # is no term: none has a weight of nothing
    weight = 0
    for t in range(start, stop):
        term = np.uint64(at(terms, t))
        put(kin.weights, t - start, np.int32(weight))
        weight += np.int64(term) & TERM_MAX_WEIGHT
        place = place_of(term, n_places)
        entry = at(kin.table, place)
        own = term << TERM_SHIFT if entry == ZERO else entry
        put(kin.table, place, own + np.uint64(own >> TERM_SHIFT == term))
    put(kin.weights, stop - start, np.int32(weight))
    return n_places


@inline
def find_shared(terms: Any, start: int, stop: int, n_places: int, kin: Any) -> int:
    """Find the terms that stand in a document more than once; return how many there are.

    Parameters
    ----------
    terms : ndarray of uint32
    start, stop : int
        Which of them are the document's.
    n_places : int
        As `count_terms` returned it.
    kin : Kin
        `shared`, `places`, `owners` and `parts` are filled.

    Returns
    -------
    int
    """
    n_shared = 0
    for t in range(start, stop):
        term = np.uint64(at(terms, t))
        entry = at(kin.table, place_of(term, n_places))
        # Written in any case: a branch would be guessed wrong too often.
        put(kin.shared, n_shared, np.int32(t - start))
        n_shared += (entry >> TERM_SHIFT == term) & (entry & COUNT_MASK > ONE_BIT)
    for s in range(n_shared):
        t = np.int64(at(kin.shared, s))
        term = np.uint64(at(terms, start + t))
        place = place_of(term, n_places)
        count = np.int64(at(kin.table, place) & COUNT_MASK)
        weight = np.float32(np.int64(term) & TERM_MAX_WEIGHT)
        put(kin.places, s, np.int32(place))
        put(kin.owners, s, at(kin.lines, t))
        # A half in place of one fewer: what stands in many lines says more.
        put(kin.parts, s, weight / (np.float32(count) - HALF))
    return n_shared


@inline
def gather_kin(traces: Any, n: int, n_shared: int, kin: Any) -> None:
    """Add up for each of `n` lines the shares of the others that its terms stand in.

    Term by term, not line by line: most lines have a few, and loops over them would end
    where the processor does not expect it.

    Parameters
    ----------
    traces : ndarray of float32, shape (n, N_TRACES)
    n, n_shared : int
    kin : Kin
        `sums` and `found` are filled.
    """
    for s in range(n_shared):
        put_lanes(kin.sums, 4 * np.int64(at(kin.places, s)), four_of(NIL))
    for s in range(n_shared):
        place = 4 * np.int64(at(kin.places, s))
        shares = four(traces, np.int64(at(kin.owners, s)) * N_TRACES)
        put_lanes(kin.sums, place, four(kin.sums, place) + shares)
    for i in range(n):
        put_lanes(kin.found, 4 * i, four_of(NIL))
    for s in range(n_shared):
        i = np.int64(at(kin.owners, s))
        others = four(kin.sums, 4 * np.int64(at(kin.places, s))) - four(traces, i * N_TRACES)
        put_lanes(kin.found, 4 * i, four(kin.found, 4 * i) + others * four_of(at(kin.parts, s)))


@inline
def fill_kinship(lines: Any, first: int, n: int, scratch: Any, columns: Any, stride: int) -> None:
    """Fill the columns from `KIN` on, of one document.

    Parameters
    ----------
    lines : ScoredLines
        Of the batch.
    first, n : int
        The document's lines in it.
    scratch : ContextScratch
        With traces as `fill_surroundings` filled them.
    columns : ndarray of uint8
        Output.
    stride : int
        Bytes from one column to the next.
    """
    terms, term_offsets = lines.terms, lines.term_offsets
    kin, rows = scratch.kin, scratch.rows
    start, stop = at(term_offsets, first), at(term_offsets, first + n)
    for i in range(n):
        own = at(term_offsets, first + i) - start
        for t in range(own, own + LINE_TERMS):  # what is too much, the next line writes over
            put(kin.lines, t, np.int32(i))
    n_places = count_terms(terms, start, stop, kin)
    gather_kin(scratch.traces, n, find_shared(terms, start, stop, n_places, kin), kin)
    for i in range(n):
        begin = at(term_offsets, first + i) - start
        end = at(term_offsets, first + i + 1) - start
        weight = np.int64(at(kin.weights, end)) - np.int64(at(kin.weights, begin))
        # Above 1 by rounding only.
        found = least(four(kin.found, 4 * i) / four_of(np.float32(max(weight, 1))), four_of(ONE))
        pairs = found + across(found)
        every = pairs + beside(pairs)
        put_bytes(rows, 8 * i, found * four_of(STEPS))
        among = found / greatest(every, four_of(LEAST_KIN))
        put_bytes(rows, 8 * i + 4, among * four_of(STEPS))
        put(rows, 8 * i + 7, mean_step(lane(every, 0)))
    for i in range(0, n, 8):
        put_columns(columns, KIN * stride + WINDOW + i, stride, rows, 8 * i)
