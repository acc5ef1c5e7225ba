"""Statistics of documents, and what they say: paywalled, truncated, dropped and why."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.appeals import appeal_blocks, appeal_lines
from classifier.labels import CONTENT, PAYWALL
from classifier.policy import FilterPolicy

# A single marker ("Plus" on a teaser) is no wall; a sentence of an offer, or a
# second line, is. Lengths are in bytes of UTF-8, which weigh a Chinese or
# Japanese character about as much as the three Latin letters that it replaces.
# Lengths and distances were chosen on folds 0 to 2 of data/labels/documents.csv.
WALL_MIN_LINES = 2
WALL_MIN_BYTES = 50
# A paragraph of this length shows that the text had begun; the wall stands
# close behind it, with at most a share row or an advertisement between.
SUBSTANTIAL_BYTES = 80
WALL_WITHIN_LINES = 8
# Offers stand below complete articles too; what a gate lets through is short.
BEGINNING_MAX_BYTES = 3000


class DocumentStatistics(NamedTuple):
    """Statistics of each document of a batch.

    Attributes
    ----------
    lines : ndarray of int64, shape (n_documents, 4)
        Labelled lines by label.
    characters : ndarray of int64, shape (n_documents, 4)
        Code points of those lines by label that count (`classifier.as_read.as_counted`), without
        their line ends.
    content_ratio : ndarray of float64, shape (n_documents,)
        Content characters over all labelled characters, 0 to 1; 0.0 if there are none.
    paywalled : ndarray of bool, shape (n_documents,)
        Whether the page gates or sells access, see `verdicts`.
    truncated : ndarray of bool, shape (n_documents,)
        Whether the content ends at a wall, see `verdicts`.
    """

    lines: npt.NDArray[np.int64]
    characters: npt.NDArray[np.int64]
    content_ratio: npt.NDArray[np.float64]
    paywalled: npt.NDArray[np.bool_]
    truncated: npt.NDArray[np.bool_]


def document_statistics(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    document_offsets: npt.NDArray[np.int64],
    labels: npt.NDArray[np.uint8],
    is_joined: npt.NDArray[np.bool_] | None = None,
) -> DocumentStatistics:
    """Count lines and characters of each document by label.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
    offsets : ndarray of int64, shape (n_documents + 1,)
    starts, ends : ndarray of int64, shape (n_lines,)
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        A batch as in `classifier.kernels.rewrite.rewrite_documents`.
    labels : ndarray of uint8, shape (n_lines,)
        Label of each line.
    is_joined : ndarray of bool, shape (n_lines,), optional
        Whether a line is read as one with the line before: verdicts count such as one.

    Returns
    -------
    DocumentStatistics
        Arrays with one row per document.
    """
    # Here and not above: kernels, and with them LLVM, load on first use.
    from classifier.kernels.tallies import tally_labels

    lines, characters, sizes = tally_labels(data, offsets, starts, ends, document_offsets, labels)
    total = characters.sum(axis=1)
    content_ratio = np.zeros(len(total))
    np.divide(characters[:, CONTENT], total, out=content_ratio, where=total > 0)
    line_bytes = ends - starts
    if is_joined is not None and is_joined.any():
        firsts = np.flatnonzero(~is_joined)
        lasts = np.append(firsts[1:], len(labels)) - 1
        labels, starts, ends = labels[firsts], starts[firsts], ends[lasts]
        line_bytes = np.add.reduceat(line_bytes, firsts)
        document_offsets = np.searchsorted(firsts, document_offsets)
    wall = np.flatnonzero(labels == PAYWALL)
    bases = offsets[:-1][np.searchsorted(document_offsets, wall, side="right") - 1]
    asks = np.zeros(len(labels), np.bool_)
    asks[wall] = appeal_lines(data, bases + starts[wall], bases + ends[wall])
    paywalled, truncated = verdicts(labels, line_bytes, asks, document_offsets, sizes[:, CONTENT])
    return DocumentStatistics(lines, characters, content_ratio, paywalled, truncated)


def joined_statistics(parts: Sequence[DocumentStatistics]) -> DocumentStatistics:
    """Put statistics together, document after document.

    Parameters
    ----------
    parts : sequence of DocumentStatistics

    Returns
    -------
    DocumentStatistics
        Of copies; none makes that of no document.
    """
    empty = DocumentStatistics(
        np.empty((0, 4), np.int64),
        np.empty((0, 4), np.int64),
        np.empty(0, np.float64),
        np.empty(0, np.bool_),
        np.empty(0, np.bool_),
    )
    fields = zip(empty, *parts, strict=True)
    return DocumentStatistics(*(np.concatenate(arrays) for arrays in fields))


def verdicts(
    labels: npt.NDArray[np.uint8],
    line_bytes: npt.NDArray[np.int64],
    asks: npt.NDArray[np.bool_],
    document_offsets: npt.NDArray[np.int64],
    content_bytes: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Judge from its labels whether a document is paywalled, and whether it is cut short.

    Blocks of paywall lines that ask for a gift count for nothing, see
    `classifier.appeals.appeal_blocks`. The others make a wall if there are at
    least `WALL_MIN_LINES` of them, or if one has at least `WALL_MIN_BYTES`.
    Paywalled: the document has a wall. Truncated: it has one within
    `WALL_WITHIN_LINES` labelled lines after the last line of content with at
    least `SUBSTANTIAL_BYTES`, and no more than `BEGINNING_MAX_BYTES` of content
    in all.

    Parameters
    ----------
    labels : ndarray of uint8, shape (n_lines,)
        Label of each line.
    line_bytes : ndarray of int64, shape (n_lines,)
        Bytes of each line in UTF-8.
    asks : ndarray of bool, shape (n_lines,)
        Whether a line asks for a gift, see `classifier.appeals.appeal_lines`;
        only read where the label is paywall.
    document_offsets : ndarray of int64, shape (n_documents + 1,)
        Lines of document ``i`` are ``document_offsets[i]:document_offsets[i + 1]``.
    content_bytes : ndarray of int64, shape (n_documents,)
        Bytes of content in each document.

    Returns
    -------
    paywalled, truncated : ndarray of bool, shape (n_documents,)
        One verdict of each kind per document.
    """
    is_wall = labels == PAYWALL
    is_wall &= ~appeal_blocks(is_wall, asks, document_offsets)
    wall = np.flatnonzero(is_wall)
    long = wall[line_bytes[wall] >= WALL_MIN_BYTES]

    def wall_between(
        first: npt.NDArray[np.int64], stop: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.bool_]:
        n_lines = np.searchsorted(wall, stop) - np.searchsorted(wall, first)
        n_long = np.searchsorted(long, stop) - np.searchsorted(long, first)
        return np.asarray((n_lines >= WALL_MIN_LINES) | (n_long > 0))

    firsts, stops = document_offsets[:-1], document_offsets[1:]
    is_content = labels == CONTENT
    body = np.concatenate([[-1], np.flatnonzero(is_content & (line_bytes >= SUBSTANTIAL_BYTES))])
    last = body[np.searchsorted(body, stops) - 1]  # the last line of the text, if one is there
    near = np.minimum(stops, last + 1 + WALL_WITHIN_LINES)
    ends_at_wall = (last >= firsts) & wall_between(np.minimum(last + 1, near), near)
    is_beginning = content_bytes <= BEGINNING_MAX_BYTES
    return wall_between(firsts, stops), ends_at_wall & is_beginning


def document_reasons(statistics: DocumentStatistics, policy: FilterPolicy) -> list[str | None]:
    """Find which documents a policy drops, and why.

    Parameters
    ----------
    statistics : DocumentStatistics
        Statistics of a batch.
    policy : FilterPolicy
        Its `min_content_chars`, `min_content_ratio` and `drop_paywalled` are read.

    Returns
    -------
    list of (str or None), length n_documents
        The first that holds of ``"paywalled"``, ``"content_chars"`` and
        ``"content_ratio"``; None for a document that stays.
    """
    checks: list[tuple[str, npt.NDArray[np.bool_]]] = [
        ("content_ratio", statistics.content_ratio < policy.min_content_ratio),
        ("content_chars", statistics.characters[:, CONTENT] < policy.min_content_chars),
    ]
    if policy.drop_paywalled:
        checks.append(("paywalled", statistics.paywalled))
    reasons: list[str | None] = [None] * len(statistics.content_ratio)
    for reason, holds in checks:  # a later check overrides: paywalled says the most
        for document in np.flatnonzero(holds):
            reasons[document] = reason
    return reasons
