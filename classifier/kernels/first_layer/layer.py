"""First layer: what a line says by itself, for all lines of a batch.

`read_batch` splits, scans and scores in one walk over the bytes. Where tokens are wanted it
also copies them out, which is how training gets exactly the features that labelling sums.
"""

from typing import Any

from classifier.kernels.first_layer.feature_layout import (
    BLANK_BEFORE,
    GROUP_TOKENS,
    HEAD_BYTES,
    N_FACTS,
    TAIL_BYTES,
)
from classifier.kernels.first_layer.line_scan import scan_line
from classifier.kernels.first_layer.line_scores import score_group
from classifier.kernels.machine.bits import ZERO, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.text.splitting import find_newline
from classifier.kernels.text.white_space import find_printed


@jit
def read_batch(
    data: Any, offsets: Any, weights: Any, lines: Any, scratch: Any, collected: Any
) -> int:
    """Split, scan and score every line of a batch; return how many carry a label.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8 of all documents, and 64 bytes of anything behind it.
    offsets : ndarray of int64, shape (n_documents + 1,)
        Document ``d`` is ``data[offsets[d]:offsets[d + 1]]``.
    weights : FirstWeights
    lines : ScoredLines
        Output. Room for all lines, blank ones included, is enough; of `terms`, for
        ``LINE_TERMS`` a line, and for as many more as a line has bytes that are read.
    scratch : FirstScratch
    collected : Collected
        Output: its tokens.

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
    put(lines.term_offsets, 0, 0)
    put(scratch.span, 1, 0)  # nothing of this text is folded yet
    for d in range(len(offsets) - 1):
        lines.document_offsets[d] = n_lines
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
                    data, printed, end, weights, scratch, n_tokens, lines, n_terms, n_lines
                )
                if n >= 0 or printed > start or end - start <= HEAD_BYTES + TAIL_BYTES:
                    break
                # White space at both ends, which is all that was read of it.
                printed = find_printed(data, start, end, weights.tables)
            if n < 0:
                blanks += 1
                start = end + 1
                continue
            put(lines.starts, n_lines, start - origin)
            put(lines.ends, n_lines, end - origin)
            put(lines.facts, n_lines * N_FACTS + BLANK_BEFORE, min(blanks, 3))
            put(lines.patterns, n_lines, found)
            put(lines.hashes, n_lines, line_hash)
            n_tokens += n
            n_terms += own_terms
            put(lines.term_offsets, n_lines + 1, n_terms)
            put(scratch.token_ends, n_lines - n_scored, n_tokens)
            n_lines += 1
            blanks = 0
            start = end + 1
            if n_tokens >= GROUP_TOKENS:
                n_collected = score_group(
                    weights, lines, n_scored, n_lines, scratch, collected, n_collected
                )
                n_scored = n_lines
                n_tokens = 0
    score_group(weights, lines, n_scored, n_lines, scratch, collected, n_collected)
    lines.document_offsets[len(offsets) - 1] = n_lines
    return n_lines
