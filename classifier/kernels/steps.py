"""All layers over a column, some documents at a time.

What passes between the layers then stays in the processor's cache, and most of the
table of the first layer with it, which had to be fetched again after each pass of the
others over many lines.
"""

from typing import Any

from classifier.kernels.activation import carry_over, log_odds, softmax
from classifier.kernels.context.layers import read_context
from classifier.kernels.first_layer.layer import read_batch
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import inline, jit
from classifier.kernels.scored_lines import ScoredLines
from classifier.kernels.text.splitting import count_newlines

STEP_LINES = 512


@jit
def plan_steps(data: Any, offsets: Any, ends: Any) -> tuple[int, int, int, int]:
    """Divide documents into steps of at most `STEP_LINES` lines, one document at least.

    Parameters
    ----------
    data : ndarray of uint8
    offsets : ndarray of int64, shape (n_documents + 1,)
    ends : ndarray of int64, shape (n_documents,)
        Output: the document behind each step's last one.

    Returns
    -------
    n_steps : int
    n_lines : int
        All lines, blank ones included.
    most_lines, most_documents : int
        Of one step.
    """
    n_steps = n_lines = most_lines = most_documents = 0
    own_lines = own_documents = 0
    for d in range(len(offsets) - 1):
        start, end = at(offsets, d), at(offsets, d + 1)
        n = count_newlines(data, start, end) + 1
        if own_documents > 0 and own_lines + n > STEP_LINES:
            put(ends, n_steps, d)
            n_steps += 1
            own_lines = own_documents = 0
        own_lines += n
        own_documents += 1
        n_lines += n
        most_lines = max(most_lines, own_lines)
        most_documents = max(most_documents, own_documents)
    if own_documents > 0:
        put(ends, n_steps, len(offsets) - 1)
        n_steps += 1
    return n_steps, n_lines, most_lines, most_documents


@inline
def _step_lines(room: Any, found: Any, n_lines: int, n_documents: int) -> Any:
    """Return where lines of a step go: what is the result to `found`, the rest to `room`."""
    return ScoredLines(
        starts=found.starts[n_lines:],
        ends=found.ends[n_lines:],
        document_offsets=room.document_offsets[: n_documents + 1],
        scores=room.scores,
        outlooks=room.outlooks,
        facts=room.facts,
        patterns=room.patterns,
        hashes=room.hashes,
        terms=room.terms,
        term_offsets=room.term_offsets,
    )


@jit
def label_steps(
    data: Any,
    offsets: Any,
    step_ends: Any,
    weights: Any,
    scratch: Any,
    collected: Any,
    found: Any,
    n_documents: int,
    n_lines: int,
) -> int:
    """Label the lines of all documents, step by step.

    Parameters
    ----------
    data, offsets
        As in `read_batch`.
    step_ends : ndarray of int64, shape (n_steps,)
        As `plan_steps` found them.
    weights : Weights
    scratch : StepScratch
        With room for the largest step.
    collected : Collected
        Not wanted: training runs each layer by itself.
    found : LabelledBatch
        Output, from row `n_lines` on.
    n_documents, n_lines : int
        Documents and lines that it has already.

    Returns
    -------
    int
        Lines that it has then.
    """
    before, logits = scratch.before, scratch.logits
    begin = 0
    for step in range(len(step_ends)):
        end = at(step_ends, step)
        lines = _step_lines(scratch.lines, found, n_lines, end - begin)
        n = read_batch(
            data, offsets[begin : end + 1], weights.first, lines, scratch.first, collected
        )
        # In two parts, so that numba makes no code of its own for each of False and True.
        read_context(*(lines, False), *(weights.second, scratch.context, before, collected))
        log_odds(before[:n], lines.scores)  # those of the first layer stay in its columns
        read_context(*(lines, True), *(weights.third, scratch.context, logits, collected))
        carry_over(weights.carry, before, logits[:n])
        softmax(logits[:n], found.probabilities[n_lines:], found.labels[n_lines:])
        for d in range(1, end - begin + 1):
            put(found.document_offsets, n_documents + d, n_lines + at(lines.document_offsets, d))
        n_documents += end - begin
        n_lines += n
        begin = end
    return n_lines
