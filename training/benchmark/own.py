"""Time the classifier: each kind of text, each layer, sizes, threads, one page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pyarrow as pa

from classifier import FilterPolicy, LineClassifier
from classifier.columns import read_columns
from classifier.filtering import keep_mask
from classifier.kernels.activation import carry_over, log_odds, softmax
from classifier.kernels.rewrite import rewrite_documents
from classifier.kernels.scratch import context_scratch
from classifier.layers import (
    ScoredLines,
    count_lines,
    empty_lines,
    score_context,
    score_lines,
)
from classifier.pieces import cut
from classifier.statistics import document_statistics
from training.benchmark.texts import small_pages
from training.benchmark.timing import Timing, amount_of, timed
from training.corpus import Corpus

SIZES = (10**3, 10**4, 10**5, 10**6)
PAGE_LINES = 100


def batch_timings(clf: LineClassifier, name: str, texts: list[str]) -> list[Timing]:
    """Time labelling and filtering of one kind of text.

    Parameters
    ----------
    clf : LineClassifier
    name : str
        What the text is called.
    texts : list of str

    Returns
    -------
    list of Timing
    """
    array = pa.array(texts, pa.large_string())
    amount = amount_of(texts)
    policy = FilterPolicy()
    return [
        timed(f"label_batch, {name}", lambda: clf.label_batch(array), amount),
        timed(f"filter_batch, {name}", lambda: clf.filter_batch(array, policy), amount),
    ]


def layer_timings(clf: LineClassifier, texts: list[str]) -> list[Timing]:
    """Time what `label_batch` and `filter_batch` consist of, each by itself.

    Parameters
    ----------
    clf : LineClassifier
    texts : list of str

    Returns
    -------
    list of Timing
    """
    array = pa.array(texts, pa.large_string())
    amount = amount_of(texts)
    (column,) = read_columns(array)
    parts = [piece.column for piece in cut(column)]
    rooms = [count_lines(part) for part in parts]
    lines = [
        empty_lines(room, len(part.offsets) - 1) for room, part in zip(rooms, parts, strict=True)
    ]
    first, second, third, carry = clf.layers
    scored = [score_lines(part, first, room) for part, room in zip(parts, lines, strict=True)]
    n_crosses = max(len(second.inputs), len(third.inputs))
    # One for each piece: the third layer takes over what the second measured on the same lines.
    scratches = [
        context_scratch(room, len(part.offsets) - 1, n_crosses)
        for room, part in zip(rooms, parts, strict=True)
    ]
    between, logits = ([np.empty((len(s.starts), 4), np.float32) for s in scored] for _ in "23")
    probabilities = np.empty((max(rooms), 4), np.float32)
    labels = np.empty(max(rooms), np.uint8)

    def again(own: ScoredLines, scratch: tuple, before: np.ndarray, some: np.ndarray) -> None:
        odds = np.empty_like(before)
        log_odds(before, odds)
        score_context(own, third, scratch, some, odds)

    def finish(before: np.ndarray, some: np.ndarray) -> None:
        carry_over(carry, before, some)
        softmax(some, probabilities, labels)

    def each(work: Callable[..., object], *arguments: list) -> Callable[[], object]:
        return lambda: [work(*some) for some in zip(*arguments, strict=True)]

    found = clf.label_batch(array)
    spans = (found.starts, found.ends, found.document_offsets)
    keep = keep_mask(found.labels, found.probabilities, FilterPolicy().drop)
    stays = np.zeros(len(texts), np.bool_)
    return [
        timed(
            "check and cut the column",
            lambda: [list(cut(column)) for column in read_columns(array)],
            amount,
        ),
        timed("first layer", each(lambda p, o: score_lines(p, first, o), parts, lines), amount),
        timed(
            "second layer",
            each(lambda s, r, o: score_context(s, second, r, o), scored, scratches, between),
            amount,
        ),
        timed("third layer", each(again, scored, scratches, between, logits), amount),
        timed("carry over and softmax", each(finish, between, logits), amount),
        timed(
            "statistics",
            lambda: document_statistics(column.data, column.offsets, *spans, found.labels),
            amount,
        ),
        timed(
            "rewriting",
            lambda: rewrite_documents(column.data, column.offsets, *spans, keep, stays),
            amount,
        ),
    ]


def size_timings(clf: LineClassifier, corpus: Corpus) -> list[Timing]:
    """Time `label_batch` on ever more documents in one call.

    Parameters
    ----------
    clf : LineClassifier
    corpus : Corpus

    Returns
    -------
    list of Timing
    """
    found = []
    for n in SIZES:
        array = small_pages(corpus, n)
        n_bytes = array.buffers()[2].size
        work = partial(clf.label_batch, array)
        found.append(timed(f"{n:,} documents", work, (n_bytes, 0, n), fewest=3))
    return found


def thread_timings(clf: LineClassifier, texts: list[str]) -> list[Timing]:
    """Time the same pages in one thread, and in two of one process.

    Parameters
    ----------
    clf : LineClassifier
    texts : list of str

    Returns
    -------
    list of Timing
    """
    array = pa.array(texts, pa.large_string())
    amount = amount_of(texts)
    ends = np.cumsum([len(text.encode()) for text in texts])
    middle = int(np.searchsorted(ends, ends[-1] / 2))
    halves = [array[:middle], array[middle:]]
    with ThreadPoolExecutor(2) as pool:
        return [
            timed("1 thread", lambda: [clf.label_batch(half) for half in halves], amount),
            timed("2 threads", lambda: list(pool.map(clf.label_batch, halves)), amount),
        ]


def page_of(texts: list[str]) -> str:
    """Return the beginning of the first page that has `PAGE_LINES` lines.

    Parameters
    ----------
    texts : list of str

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If none has.
    """
    for text in texts:
        ends = [i for i, line in enumerate(text.split("\n")) if line.strip()]
        if len(ends) >= PAGE_LINES:
            return "\n".join(text.split("\n")[: ends[PAGE_LINES - 1] + 1])
    raise ValueError(f"no page has {PAGE_LINES} lines")


def page_timings(clf: LineClassifier, texts: list[str]) -> list[Timing]:
    """Time one page of `PAGE_LINES` lines, warm.

    Parameters
    ----------
    clf : LineClassifier
    texts : list of str

    Returns
    -------
    list of Timing
    """
    page = page_of(texts)
    amount = amount_of([page])
    return [
        timed("clf.label", lambda: clf.label(page), amount, 0.2),
        timed("clf.filter", lambda: clf.filter(page), amount, 0.2),
        timed("clf.label_batch", lambda: clf.label_batch([page]), amount, 0.2),
    ]
