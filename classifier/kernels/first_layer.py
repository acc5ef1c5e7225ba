"""First layer: what a line says by itself, for all lines of a batch.

`read_batch` splits, scans and scores in one walk over the bytes. With
``collect`` true it also copies the tokens out, which is how training gets
exactly the features that labelling sums.
"""

from typing import Any

from classifier.kernels.layout import (
    BLANK_BEFORE,
    GROUP_TOKENS,
    HEAD_BYTES,
    N_FACTS,
    TAIL_BYTES,
)
from classifier.kernels.line_scores import score_group
from classifier.kernels.machine.bits import ZERO, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.splitting import find_newline, find_printed
from classifier.kernels.text import scan_line


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
    outlooks: Any,
    facts: Any,
    patterns: Any,
    hashes: Any,
    terms: Any,
    term_offsets: Any,
    tokens: Any,
    token_ends: Any,
    sums: Any,
    buffers: Any,
    collect: bool,
    collected: Any,
    collected_offsets: Any,
) -> int:
    """Split, scan and score every line of a batch; return how many carry a label.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8 of all documents.
    offsets : ndarray of int64, shape (n_documents + 1,)
        Document ``d`` is ``data[offsets[d]:offsets[d + 1]]``.
    tables : CharacterTables
    shift : uint64
        64 minus the number of bits of a table index.
    table : ndarray of uint64, shape (2**bits,)
        Eight 8-bit weights a token, 128 added to each: of the labels, then of the outlooks.
    shape : ndarray of float32, shape (N_SHAPE_ROWS, N_SCORES)
        Weights of patterns and of facts, as `shape_rows` lays them out.
    scale, bias : ndarray of float32, shape (N_SCORES,)
        Unit of the 8-bit weights, and intercepts.
    starts, ends : ndarray of int64, shape (n_room,)
        Output, a row a labelled line: byte offsets in the line's document. Room
        for all lines, blank ones included, is enough.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Output: lines of document ``d``.
    scores, outlooks : ndarray of float32, shape (n_room, 4)
        Output: of the line itself, and of the lines around it.
    facts : ndarray of uint8, shape (n_room, N_FACTS)
        Output.
    patterns : ndarray of int64, shape (n_room,)
        Output, a bit a pattern.
    hashes : ndarray of uint64, shape (n_room,)
        Output: equal for lines that differ only in case, digits and white space.
    terms : ndarray of uint32
        Output: the lines' terms, line after line. Room for ``LINE_TERMS`` a line, and for
        as many more as a line has bytes that are read.
    term_offsets : ndarray of int64, shape (n_room + 1,)
        Output: terms of line ``i`` are ``terms[term_offsets[i]:term_offsets[i + 1]]``.
    tokens, token_ends, sums, buffers : ndarray, and tuple of ndarray
        Scratch, as `classifier.scratch.first_layer_scratch` makes it.
    collect : bool
        Whether to copy out the tokens, as training wants them.
    collected : ndarray of uint32
        Output, if so: places of the tokens in the table, line after line.
    collected_offsets : ndarray of int64, shape (n_room + 1,)
        Output, if so: tokens of line ``i`` are
        ``collected[collected_offsets[i]:collected_offsets[i + 1]]``; the first
        element is not written.

    Returns
    -------
    int
        How many lines are labelled: rows filled.
    """
    n_lines = 0
    n_scored = 0
    n_tokens = 0  # of lines that are not scored yet
    n_collected = 0
    n_terms = 0
    put(term_offsets, 0, 0)
    put(buffers[1], 1, 0)  # nothing of this text is folded yet
    for d in range(len(offsets) - 1):
        document_offsets[d] = n_lines
        origin = offsets[d]
        stop = offsets[d + 1]
        start = origin
        blanks = 0
        while start <= stop:
            end = find_newline(data, start, stop)
            n, own_terms, found, line_hash = -1, 0, 0, ZERO
            printed = start
            while printed < end:
                n, own_terms, found, line_hash = scan_line(
                    *(data, printed, end, tables, table, shift),
                    *(tokens, n_tokens, terms, n_terms, buffers, facts, n_lines),
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
            n_terms += own_terms
            put(term_offsets, n_lines + 1, n_terms)
            put(token_ends, n_lines - n_scored, n_tokens)
            n_lines += 1
            blanks = 0
            start = end + 1
            if n_tokens >= GROUP_TOKENS:
                n_collected = score_group(
                    *(table, shape, scale, bias, tokens, token_ends, sums),
                    *(n_scored, n_lines, scores, outlooks, facts, patterns),
                    *(collect, collected, collected_offsets, n_collected),
                )
                n_scored = n_lines
                n_tokens = 0
    score_group(
        *(table, shape, scale, bias, tokens, token_ends, sums),
        *(n_scored, n_lines, scores, outlooks, facts, patterns),
        *(collect, collected, collected_offsets, n_collected),
    )
    document_offsets[len(offsets) - 1] = n_lines
    return n_lines
