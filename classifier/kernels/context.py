"""Second and third layer: what the lines around a line, and its place in the page, say about it.

The columns are filled document by document, a byte a line and column; then the
crosses over them are added up, some lines of the batch at a time.
"""

from typing import Any

from classifier.kernels.activation import fill_likelihoods, fill_shares
from classifier.kernels.context_columns import blank_margins, column_stride
from classifier.kernels.context_layout import N_COLUMNS, REPETITION, WINDOW
from classifier.kernels.crosses import CHUNK, add_crosses
from classifier.kernels.kinship import fill_kinship
from classifier.kernels.line_runs import fill_blocks, fill_lists
from classifier.kernels.machine.bits import at
from classifier.kernels.machine.jit import jit
from classifier.kernels.machine.lane_functions import as_floats
from classifier.kernels.machine.lanes import four, four_counts, put_lanes
from classifier.kernels.outlooks import fill_outlooks
from classifier.kernels.repeats import find_repeats
from classifier.kernels.surroundings import (
    fill_places,
    fill_surroundings,
    fill_word_scores,
)


@jit
def read_context(
    document_offsets: Any,
    scores: Any,
    outlooks: Any,
    facts: Any,
    hashes: Any,
    terms: Any,
    term_offsets: Any,
    again: bool,
    inputs: Any,
    borders: Any,
    weights: Any,
    scale: Any,
    bias: Any,
    traces: Any,
    mass: Any,
    steps: Any,
    rows: Any,
    keys: Any,
    members: Any,
    slots: Any,
    kin: Any,
    likelihoods: Any,
    columns: Any,
    cells: Any,
    sums: Any,
    logits: Any,
    collect: bool,
    collected: Any,
) -> None:
    """Score every line of a batch in its document.

    The columns of all documents stand side by side, with `WINDOW` zeros between
    them, so that crosses are added up over full registers of lines even where
    documents are short.

    Parameters
    ----------
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``d``.
    scores : ndarray of float32, shape (n_lines, 4)
        Of the layer before.
    outlooks : ndarray of float32, shape (n_lines, 4)
    facts : ndarray of uint8, shape (n_lines, N_FACTS)
        As `read_batch` filled them.
    hashes : ndarray of uint64, shape (n_lines,)
    terms : ndarray of uint32
    term_offsets : ndarray of int64, shape (n_lines + 1,)
        As `read_batch` filled them.
    again : bool
        Whether `columns` still holds what the layer before measured on the same lines: then
        only what stands around a line is measured anew, by other scores. Words stay, and what
        blocks, lists and kin are like, as the scores of the first layer told.
    inputs : ndarray of int16, shape (n_crosses, DEPTH, 2)
        Column and distance of each question.
    borders : ndarray of uint8, shape (n_crosses, DEPTH)
        The answer is yes above the border.
    weights : ndarray of int32 or uint8
        As `prepared_weights` lays them out for this processor.
    scale, bias : ndarray of float32, shape (4,)
        Unit of the weights, and intercepts.
    traces, mass, steps, rows, keys, members, slots, kin, likelihoods, columns, cells, sums
        Scratch, arrays and a tuple of them, as `classifier.scratch.context_scratch` makes it.
    logits : ndarray of float32, shape (n_lines, 4)
        Output.
    collect : bool
        Whether to copy the columns to `collected`.
    collected : ndarray of uint8, shape (n_lines, N_COLUMNS)
        Output; not touched, and of any shape, unless `collect`.
    """
    shares = logits  # until it is filled with them
    fill_shares(scores, shares)
    n_documents = len(document_offsets) - 1
    n_lines = document_offsets[n_documents]
    stride = column_stride(n_lines, n_documents)
    end = WINDOW * n_documents + n_lines  # of the last document's lines
    if not again:
        fill_likelihoods(outlooks, likelihoods)
    for d in range(n_documents):
        first = document_offsets[d]
        n = document_offsets[d + 1] - first
        own = columns[first + d * WINDOW :]
        if n == 0:
            continue
        fill_surroundings(
            *(scores, shares, facts, first, n),
            *(traces, mass, steps, rows, own, stride),
        )
        if not again:
            fill_places(n, own, stride)
            fill_word_scores(scores, first, n, own, stride)
            fill_outlooks(likelihoods, first, n, rows, own, stride)
            find_repeats(hashes, first, n, keys, members, slots, own, REPETITION * stride + WINDOW)
            fill_blocks(traces, own, stride, n)
            fill_lists(traces, own, stride, n)
            fill_kinship(terms, term_offsets, first, n, traces, kin, rows, own, stride)
        if collect:
            for i in range(n):
                for c in range(N_COLUMNS):
                    collected[first + i, c] = at(own, c * stride + WINDOW + i)
    blank_margins(columns, stride, document_offsets)
    d = 0
    for start in range(WINDOW, end, CHUNK):
        size = min(CHUNK, end - start)
        add_crosses(columns, stride, start, size, inputs, borders, weights, cells, sums)
        # Line `row` stands at place ``row + (d + 1) * WINDOW``, in document `d`.
        while d < n_documents:
            shift = (d + 1) * WINDOW - start
            stop = min(document_offsets[d + 1], size - shift)
            for row in range(max(document_offsets[d], -shift), stop):
                logit = as_floats(four_counts(sums, 4 * (row + shift)))
                put_lanes(logits, 4 * row, logit * four(scale, 0) + four(bias, 0))
            if document_offsets[d + 1] + shift > size:
                break
            d += 1
