"""First layer: what a line says by itself, for all lines of a batch.

`read_batch` splits, scans and scores in one walk over the bytes. With
``collect`` true it also copies the tokens out, which is how training gets
exactly the features that labelling sums.
"""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, load8, trailing_zeros
from classifier.kernels.characters import SPACE
from classifier.kernels.jit import inline, jit
from classifier.kernels.layout import (
    BLANK_BEFORE,
    FACT_PAIRS,
    FACT_SIZES,
    FACT_STARTS,
    HEAD_BYTES,
    N_FACTS,
    N_PATTERNS,
    PAIR_STARTS,
    PATTERN_START,
    TAIL_BYTES,
    TOKEN_CAPACITY,
)
from classifier.kernels.text import scan_line
from classifier.kernels.words import HIGHS, ONES, code_point

NEWLINE = 10
NEWLINES = np.uint64(0x0A0A0A0A0A0A0A0A)


@inline
def sum_tokens(table: Any, tokens: Any, n_tokens: int, sums: Any) -> None:
    """Add up the four 8-bit weights of each token (stored with 128 added)."""
    sums[0] = sums[1] = sums[2] = sums[3] = -128 * n_tokens
    begin = 0
    while begin < n_tokens:
        # Two 16-bit sums share one integer; 256 additions cannot overflow them.
        stop = min(begin + 256, n_tokens)
        even = np.uint32(0)
        odd = np.uint32(0)
        for t in range(begin, stop):
            packed = at(table, np.int64(at(tokens, t)))
            even += packed & np.uint32(0x00FF00FF)
            odd += (packed >> np.uint32(8)) & np.uint32(0x00FF00FF)
        sums[0] += np.int64(even & np.uint32(0xFFFF))
        sums[1] += np.int64(odd & np.uint32(0xFFFF))
        sums[2] += np.int64(even >> np.uint32(16))
        sums[3] += np.int64(odd >> np.uint32(16))
        begin = stop


@inline
def add_shape(shape: Any, facts: Any, patterns: int, scores: Any, line: int) -> None:
    """Add the weights of a line's facts, pairs of facts and patterns to its scores."""
    for f in range(N_FACTS):
        row = FACT_STARTS[f] + facts[line, f]
        for k in range(4):
            scores[line, k] += shape[row, k]
    for p in range(len(FACT_PAIRS)):
        a, b = FACT_PAIRS[p]
        row = PAIR_STARTS[p] + np.int64(facts[line, a]) * FACT_SIZES[b] + facts[line, b]
        for k in range(4):
            scores[line, k] += shape[row, k]
    bits = patterns
    row = PATTERN_START
    while bits:
        if bits & 1:
            for k in range(4):
                scores[line, k] += shape[row, k]
        bits >>= 1
        row += 1


@inline
def find_newline(data: Any, start: int, end: int) -> int:
    """Return the position of the next "\\n" in ``data[start:end]``, or `end`."""
    i = start
    while i + 8 <= end:
        block = load8(data, i) ^ NEWLINES
        # A byte that was "\\n" is now zero: the lowest byte that borrows.
        found = (block - ONES) & ~block & HIGHS
        if found != np.uint64(0):
            return i + (trailing_zeros(found) >> 3)
        i += 8
    while i < end and at(data, i) != NEWLINE:
        i += 1
    return i


@inline
def find_printed(data: Any, start: int, end: int, tables: Any) -> int:
    """Return where the first character that is not white space starts, or `end`."""
    pages, entries, _ = tables
    i = start
    while i < end:
        point, width = code_point(data, i)
        place = (np.int64(at(pages, point >> 8)) << 8) | (point & 0xFF)
        if np.int64(at(entries, place)) & 0xFF != SPACE:
            break
        i += width
    return i


@jit
def read_batch(
    data: Any,
    offsets: Any,
    tables: Any,
    shift: Any,
    table: Any,
    shape: Any,
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
    sums: Any,
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
    shape : ndarray of float32, shape (N_SHAPE_FEATURES, 4)
        Weights of facts, patterns and pairs of facts.
    scale, bias : ndarray of float32, shape (4,)
        Unit of the 8-bit weights, and intercepts.
    starts, ends, scores, facts, patterns, hashes : ndarray
        Output, a row a labelled line; `starts` and `ends` are byte offsets in
        the line's document.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Output: lines of document ``d``.
    collect : bool
        Whether to copy tokens to `collected` (uint32), the tokens of line
        ``i`` at ``collected_offsets[i]:collected_offsets[i + 1]``.
    """
    n_lines = 0
    n_collected = 0
    for d in range(len(offsets) - 1):
        document_offsets[d] = n_lines
        origin = offsets[d]
        stop = offsets[d + 1]
        start = origin
        blanks = 0
        while start <= stop:
            end = find_newline(data, start, stop)
            n_tokens, found, line_hash = (
                scan_line(data, start, end, tables, shift, tokens, facts, n_lines)
                if end > start
                else (-1, 0, np.uint64(0))
            )
            if n_tokens < 0 and end - start > HEAD_BYTES + TAIL_BYTES:
                # White space at both ends, which is all that was read of it.
                printed = find_printed(data, start, end, tables)
                if printed < end:
                    n_tokens, found, line_hash = scan_line(
                        data, printed, end, tables, shift, tokens, facts, n_lines
                    )
            if n_tokens < 0:
                blanks += 1
                start = end + 1
                continue
            starts[n_lines] = start - origin
            ends[n_lines] = end - origin
            facts[n_lines, BLANK_BEFORE] = min(blanks, 3)
            patterns[n_lines] = found
            hashes[n_lines] = line_hash
            sum_tokens(table, tokens, n_tokens, sums)
            weight = np.float32(1.0) / np.sqrt(np.float32(n_tokens))
            for k in range(4):
                scores[n_lines, k] = bias[k] + scale[k] * np.float32(sums[k]) * weight
            add_shape(shape, facts, found, scores, n_lines)
            if collect:
                for t in range(n_tokens):
                    collected[n_collected + t] = tokens[t]
                n_collected += n_tokens
                collected_offsets[n_lines + 1] = n_collected
            n_lines += 1
            blanks = 0
            start = end + 1
    document_offsets[len(offsets) - 1] = n_lines
    return n_lines
