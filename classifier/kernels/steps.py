"""All layers over a column, some documents at a time.

What passes between the layers then stays in the processor's cache, and most of the
table of the first layer with it, which had to be fetched again after each pass of the
others over many lines.
"""

from typing import Any

from classifier.kernels.activation import carry_over, log_odds, softmax
from classifier.kernels.context import read_context
from classifier.kernels.first_layer import read_batch
from classifier.kernels.links import find_link
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import jit
from classifier.kernels.splitting import count_newlines

STEP_LINES = 512


@jit
def plan_steps(data: Any, offsets: Any, ends: Any) -> tuple[int, int, int, int, bool]:
    """Divide documents into steps of at most `STEP_LINES` lines, one document at least.

    Whether they have links is looked for here, while their bytes are at hand.

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
    has_links : bool
        See `classifier.kernels.links`.
    """
    has_links = False
    n_steps = n_lines = most_lines = most_documents = 0
    own_lines = own_documents = 0
    for d in range(len(offsets) - 1):
        start, end = at(offsets, d), at(offsets, d + 1)
        n = count_newlines(data, start, end) + 1
        has_links = has_links or find_link(data, start, end) < end
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
    return n_steps, n_lines, most_lines, most_documents, has_links


@jit
def label_steps(
    data: Any,
    offsets: Any,
    step_ends: Any,
    n_steps: int,
    first: Any,
    second: Any,
    third: Any,
    carry: Any,
    lines: Any,
    first_scratch: Any,
    context_scratch: Any,
    before: Any,
    logits: Any,
    collected: Any,
    labels: Any,
    probabilities: Any,
    starts: Any,
    ends: Any,
    document_offsets: Any,
    n_lines: int,
) -> int:
    """Label the lines of all documents, step by step.

    Parameters
    ----------
    data, offsets
        As in `read_batch`.
    step_ends, n_steps
        As `plan_steps` found them.
    first, second, third : tuple
        What `read_batch` and `read_context` take of the weights.
    carry : ndarray of float32, shape (4,)
        Of the logits of the second layer, see `carry_over`.
    lines, first_scratch, context_scratch, before, logits : ndarray and tuples of ndarray
        Scratch with room for the largest step; `before` for the logits of the second layer.
    collected : tuple of ndarray
        Empty arrays, where training would collect tokens and columns.
    labels, probabilities, starts, ends : ndarray
        Output, from row `n_lines` on.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Output: lines of document ``d``; its first element is not written.
    n_lines : int
        Lines that there are already.

    Returns
    -------
    int
        Lines that there are then.
    """
    own_offsets, scores, outlooks, facts, patterns, hashes, terms, term_offsets = lines
    values, value_offsets, columns = collected
    tables, shift, table, shape, scale, bias = first
    tokens, token_ends, sums, buffers = first_scratch
    begin = 0
    for step in range(n_steps):
        end = at(step_ends, step)
        n_documents = end - begin
        n = read_batch(
            *(data, offsets[begin : end + 1], tables, shift, table, shape, scale, bias),
            *(starts[n_lines:], ends[n_lines:], own_offsets[: n_documents + 1]),
            *(scores, outlooks, facts, patterns, hashes, terms, term_offsets),
            *(tokens, token_ends, sums, buffers, False, values, value_offsets),
        )
        spans = own_offsets[: n_documents + 1]
        read_context(
            *(spans, scores[:n], outlooks[:n], facts[:n]),
            *(hashes[:n], terms, term_offsets, False),
            *(*second, *context_scratch, before, False, columns),
        )
        log_odds(before[:n], scores)  # those of the first layer stay in its columns
        read_context(
            *(spans, scores[:n], outlooks[:n], facts[:n]),
            *(hashes[:n], terms, term_offsets, True),
            *(*third, *context_scratch, logits, False, columns),
        )
        carry_over(carry, before, logits[:n])
        softmax(logits[:n], probabilities[n_lines:], labels[n_lines:])
        for d in range(n_documents):
            put(document_offsets, begin + d + 1, n_lines + at(own_offsets, d + 1))
        n_lines += n
        begin = end
    return n_lines
