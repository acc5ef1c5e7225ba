"""First layer: what a line says by itself, for all lines of a batch.

`read_batch` splits, scans and scores in one walk over the bytes. With
``collect`` true it also copies the tokens out, which is how training gets
exactly the features that labelling sums.
"""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, prefetch, put
from classifier.kernels.hashing import slot
from classifier.kernels.jit import inline, jit
from classifier.kernels.lanes import as_floats, four, four_bytes, four_counts, four_of, put_lanes
from classifier.kernels.layout import (
    BLANK_BEFORE,
    FACT_PAIRS,
    FACT_SIZES,
    FACT_STARTS,
    GROUP_TOKENS,
    HEAD_BYTES,
    MARKS,
    N_FACTS,
    N_PATTERNS,
    PAIR_STARTS,
    PATTERN_START,
    SEPARATORS,
    TAIL_BYTES,
)
from classifier.kernels.splitting import find_newlines, find_printed
from classifier.kernels.text import scan_line
from classifier.kernels.words import ZERO

# Facts that stand in no pair are added up as a pair of their own.
JOINED_PAIRS = (*FACT_PAIRS, (MARKS, SEPARATORS))
FIRST_PAIRS = tuple(
    next(p for p, pair in enumerate(JOINED_PAIRS) if fact in pair) for fact in range(N_FACTS)
)
JOINED_SIZES = tuple(FACT_SIZES[a] * FACT_SIZES[b] for a, b in JOINED_PAIRS)
JOINED_STARTS = tuple(sum(JOINED_SIZES[:p]) for p in range(len(JOINED_PAIRS)))
PATTERN_GROUPS = sum(JOINED_SIZES)
GROUP_BITS = N_PATTERNS // 2  # patterns are looked up in two groups
N_JOINED = PATTERN_GROUPS + (2 << GROUP_BITS)


@inline
def sum_tokens(table: Any, tokens: Any, n_tokens: int, shift: Any, sums: Any) -> None:
    """Fill the running sums of the tokens' 8-bit weights, a row of four after each token.

    Leaves their places in the table in `tokens`.
    """
    for t in range(n_tokens):
        place = np.int64(slot(at(tokens, t), shift))
        put(tokens, t, np.uint64(place))
        prefetch(table, place)
    total = four_bytes(np.uint32(0))
    put_lanes(sums, 0, total)
    for t in range(n_tokens):
        total = total + four_bytes(at(table, np.int64(at(tokens, t))))
        put_lanes(sums, 4 * (t + 1), total)


@jit
def join_shape(shape: Any, joined: Any) -> None:
    """Fill `joined` with the sums of shape weights that always come together.

    Most facts stand in a pair of `FACT_PAIRS`, and are added to the first that
    they stand in. So a line has fewer rows to add up.

    Parameters
    ----------
    shape : ndarray of float32, shape (N_SHAPE_FEATURES, 4)
    joined : ndarray of float32, shape (N_JOINED, 4)
        Output: pairs, then groups of patterns, see `JOINED_STARTS`.
    """
    for p in range(len(JOINED_PAIRS)):
        a, b = JOINED_PAIRS[p]
        for i in range(FACT_SIZES[a]):
            for j in range(FACT_SIZES[b]):
                row = JOINED_STARTS[p] + i * FACT_SIZES[b] + j
                total = four_of(np.float32(0.0))
                if p < len(FACT_PAIRS):
                    total = four(shape, 4 * (PAIR_STARTS[p] + i * FACT_SIZES[b] + j))
                if FIRST_PAIRS[a] == p:
                    total = total + four(shape, 4 * (FACT_STARTS[a] + i))
                if FIRST_PAIRS[b] == p:
                    total = total + four(shape, 4 * (FACT_STARTS[b] + j))
                put_lanes(joined, 4 * row, total)
    for group in range(N_PATTERNS // GROUP_BITS):
        for bits in range(1 << GROUP_BITS):
            total = four_of(np.float32(0.0))
            for k in range(GROUP_BITS):
                if (bits >> k) & 1 == 1:
                    row = PATTERN_START + GROUP_BITS * group + k
                    total = total + four(shape, 4 * row)
            put_lanes(joined, 4 * (PATTERN_GROUPS + (group << GROUP_BITS) + bits), total)


@inline
def sum_shape(joined: Any, facts: Any, patterns: int, line: int) -> Any:
    """Add up the weights of a line's facts, pairs of facts and patterns."""
    own = line * N_FACTS
    # Two sums side by side: each addition waits for the one before it.
    low = PATTERN_GROUPS + (patterns & ((1 << GROUP_BITS) - 1))
    high = PATTERN_GROUPS + (1 << GROUP_BITS) + (patterns >> GROUP_BITS)
    of_patterns = four(joined, 4 * low) + four(joined, 4 * high)
    of_pairs = four_of(np.float32(0.0))
    for p in range(len(JOINED_PAIRS)):
        a, b = JOINED_PAIRS[p]
        first, second = np.int64(at(facts, own + a)), np.int64(at(facts, own + b))
        row = JOINED_STARTS[p] + first * FACT_SIZES[b] + second
        of_pairs = of_pairs + four(joined, 4 * row)
    return of_pairs + of_patterns


@jit
def score_group(
    table: Any,
    shift: Any,
    joined: Any,
    scale: Any,
    bias: Any,
    tokens: Any,
    token_ends: Any,
    sums: Any,
    first: int,
    stop: int,
    scores: Any,
    facts: Any,
    patterns: Any,
    collect: bool,
    collected: Any,
    collected_offsets: Any,
    n_collected: int,
) -> int:
    """Score lines `first` to `stop`, whose tokens lie one after another in `tokens`.

    Some lines at a time, because the table is read at random: one long loop
    has many reads under way at once, and no end of a line to guess.
    """
    n_tokens = at(token_ends, stop - first - 1) if stop > first else 0
    sum_tokens(table, tokens, n_tokens, shift, sums)
    begin = 0
    for line in range(first, stop):
        end = at(token_ends, line - first)
        n = np.float32(end - begin)
        levels = four_counts(sums, 4 * end) - four_counts(sums, 4 * begin)
        of_tokens = as_floats(levels) - four_of(np.float32(128.0) * n)
        weight = four(scale, 0) * four_of(np.float32(1.0) / np.sqrt(n))
        of_shape = sum_shape(joined, facts, at(patterns, line), line)
        put_lanes(scores, 4 * line, four(bias, 0) + of_shape + of_tokens * weight)
        begin = end
        if collect:
            put(collected_offsets, line + 1, n_collected + end)
    if collect:
        for t in range(n_tokens):
            put(collected, n_collected + t, at(tokens, t))
    return n_collected + n_tokens


@jit
def read_batch(
    data: Any,
    offsets: Any,
    tables: Any,
    shift: Any,
    table: Any,
    joined: Any,
    scale: Any,
    bias: Any,
    starts: Any,
    ends: Any,
    document_offsets: Any,
    scores: Any,
    facts: Any,
    patterns: Any,
    hashes: Any,
    tokens: Any,
    token_ends: Any,
    sums: Any,
    places: Any,
    buffers: Any,
    collect: bool,
    collected: Any,
    collected_offsets: Any,
) -> int:
    """Split, scan and score every line of a batch; return the number of labelled lines.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8 of all documents.
    offsets : ndarray of int64, shape (n_documents + 1,)
        Document ``d`` is ``data[offsets[d]:offsets[d + 1]]``.
    tables : CharacterTables
    shift : uint64
        64 minus the number of bits of a table index.
    table : ndarray of uint32, shape (2**bits,)
        Four 8-bit weights a token, 128 added to each.
    joined : ndarray of float32, shape (N_JOINED, 4)
        Weights of facts, patterns and pairs of facts, as `join_shape` fills them.
    scale, bias : ndarray of float32, shape (4,)
        Unit of the 8-bit weights, and intercepts.
    starts, ends, scores, facts, patterns, hashes : ndarray
        Output, a row a labelled line; `starts` and `ends` are byte offsets in
        the line's document.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Output: lines of document ``d``.
    tokens … buffers : ndarray
        Scratch, see `score_lines`.
    collect : bool
        Whether to copy tokens to `collected` (uint32), the tokens of line
        ``i`` at ``collected_offsets[i]:collected_offsets[i + 1]``.
    """
    n_lines = 0
    n_scored = 0
    n_tokens = 0  # of lines that are not scored yet
    n_collected = 0
    text_end = offsets[-1]
    searched = offsets[0]  # so far for line ends
    place = n_places = 0
    for d in range(len(offsets) - 1):
        document_offsets[d] = n_lines
        origin = offsets[d]
        stop = offsets[d + 1]
        start = origin
        blanks = 0
        while start <= stop:
            if place == n_places:
                n_places, searched = find_newlines(data, searched, text_end, places)
                place = 0
            end = min(at(places, place), stop)
            place += end < stop
            n, found, line_hash = -1, 0, ZERO
            printed = start
            while printed < end:
                n, found, line_hash = scan_line(
                    *(data, printed, end, tables),
                    *(tokens, n_tokens, buffers, facts, n_lines),
                )
                if n >= 0 or printed > start or end - start <= HEAD_BYTES + TAIL_BYTES:
                    break
                # White space at both ends, which is all that was read of it.
                printed = find_printed(data, start, end, tables)
            if n < 0:
                blanks += 1
                start = end + 1
                continue
            put(starts, n_lines, start - origin)
            put(ends, n_lines, end - origin)
            put(facts, n_lines * N_FACTS + BLANK_BEFORE, min(blanks, 3))
            put(patterns, n_lines, found)
            put(hashes, n_lines, line_hash)
            n_tokens += n
            put(token_ends, n_lines - n_scored, n_tokens)
            n_lines += 1
            blanks = 0
            start = end + 1
            if n_tokens >= GROUP_TOKENS:
                n_collected = score_group(
                    *(table, shift, joined, scale, bias, tokens, token_ends, sums),
                    *(n_scored, n_lines, scores, facts, patterns),
                    *(collect, collected, collected_offsets, n_collected),
                )
                n_scored = n_lines
                n_tokens = 0
    score_group(
        *(table, shift, joined, scale, bias, tokens, token_ends, sums),
        *(n_scored, n_lines, scores, facts, patterns),
        *(collect, collected, collected_offsets, n_collected),
    )
    document_offsets[len(offsets) - 1] = n_lines
    return n_lines
