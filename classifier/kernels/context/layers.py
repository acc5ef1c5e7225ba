"""Second and third layer: what the lines around a line, and its place in the page, say about it.

The columns are filled document by document, a byte a line and column; then the
crosses over them are added up, some lines of the batch at a time.
"""

from typing import Any

from classifier.kernels.activation import fill_likelihoods, fill_shares
from classifier.kernels.context.columns import blank_margins, column_stride
from classifier.kernels.context.crosses import CHUNK, add_crosses
from classifier.kernels.context.inputs import N_COLUMNS, REPETITION, WINDOW
from classifier.kernels.context.kinship import fill_kinship
from classifier.kernels.context.line_runs import fill_blocks, fill_lists
from classifier.kernels.context.outlooks import fill_outlooks
from classifier.kernels.context.repeats import find_repeats
from classifier.kernels.context.surroundings import (
    fill_places,
    fill_surroundings,
    fill_word_scores,
)
from classifier.kernels.machine.bits import at
from classifier.kernels.machine.jit import jit
from classifier.kernels.machine.lane_functions import as_floats
from classifier.kernels.machine.lanes import four, four_counts, put_lanes


@jit
def read_context(
    lines: Any, again: bool, weights: Any, scratch: Any, logits: Any, collected: Any
) -> None:
    """Score every line of a batch in its document.

    The columns of all documents stand side by side, with `WINDOW` zeros between
    them, so that crosses are added up over full registers of lines even where
    documents are short.

    Parameters
    ----------
    lines : ScoredLines
        As `read_batch` filled them, or with scores of the context layer before.
    again : bool
        Whether `scratch.columns` still holds what the layer before measured on the same lines:
        then only what stands around a line is measured anew, by other scores. Words stay, and
        what blocks, lists and kin are like, as the scores of the first layer told.
    weights : ContextWeights
    scratch : ContextScratch
    logits : ndarray of float32, shape (n_lines, 4)
        Output.
    collected : Collected
        Output: its columns.
    """
    document_offsets = lines.document_offsets
    n_documents = len(document_offsets) - 1
    n_lines = document_offsets[n_documents]
    shares = logits  # until it is filled with them
    fill_shares(lines.scores[:n_lines], shares)
    columns, sums = scratch.columns, scratch.sums
    stride = column_stride(n_lines, n_documents)
    end = WINDOW * n_documents + n_lines  # of the last document's lines
    if not again:
        fill_likelihoods(lines.outlooks[:n_lines], scratch.likelihoods)
    for d in range(n_documents):
        first = document_offsets[d]
        n = document_offsets[d + 1] - first
        own = columns[first + d * WINDOW :]
        if n == 0:
            continue
        fill_surroundings(lines, shares, first, n, scratch, own, stride)
        if not again:
            fill_places(n, own, stride)
            fill_word_scores(lines.scores, first, n, own, stride)
            fill_outlooks(scratch, first, n, own, stride)
            find_repeats(lines.hashes, first, n, scratch, own, REPETITION * stride + WINDOW)
            fill_blocks(scratch.traces, own, stride, n)
            fill_lists(scratch.traces, own, stride, n)
            fill_kinship(lines, first, n, scratch, own, stride)
        if collected.is_wanted:
            for i in range(n):
                for c in range(N_COLUMNS):
                    collected.columns[first + i, c] = at(own, c * stride + WINDOW + i)
    blank_margins(columns, stride, document_offsets)
    d = 0
    for start in range(WINDOW, end, CHUNK):
        size = min(CHUNK, end - start)
        add_crosses(
            *(columns, stride, start, size),
            *(weights.inputs, weights.borders, weights.weights, scratch.cells, sums),
        )
        # Line `row` stands at place ``row + (d + 1) * WINDOW``, in document `d`.
        while d < n_documents:
            shift = (d + 1) * WINDOW - start
            stop = min(document_offsets[d + 1], size - shift)
            for row in range(max(document_offsets[d], -shift), stop):
                logit = as_floats(four_counts(sums, 4 * (row + shift)))
                put_lanes(logits, 4 * row, logit * four(weights.scale, 0) + four(weights.bias, 0))
            if document_offsets[d + 1] + shift > size:
                break
            d += 1
