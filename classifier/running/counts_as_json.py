"""Counts as JSON, in statistics and notes; and back, whoever may have written them."""

from collections import Counter
from typing import Any

from classifier.labels import CONTENT, LABELS
from classifier.running.counts import RATIO_BINS, Counts
from classifier.running.host_counts import HostCounts

MOST = 2**63 - 1  # that is counted of anything; far more would not even fit a float


def as_json(counts: Counts) -> dict[str, Any]:
    """Give counts as JSON values, labels by name.

    Parameters
    ----------
    counts : Counts

    Returns
    -------
    dict
    """
    n_characters = sum(counts.characters)
    return {
        "documents": counts.documents,
        "kept_documents": counts.kept,
        "dropped_documents": dict(sorted(counts.dropped.items())),
        "lines": dict(zip(LABELS, counts.lines, strict=True)),
        "characters": dict(zip(LABELS, counts.characters, strict=True)),
        "text_bytes": counts.text_bytes,
        "kept_text_bytes": counts.kept_bytes,
        "content_ratio": counts.characters[CONTENT] / n_characters if n_characters else 0.0,
        "paywalled": counts.paywalled,
        "truncated": counts.truncated,
        "ratio_histograms": {
            label: counts.ratios[k * RATIO_BINS : (k + 1) * RATIO_BINS]
            for k, label in enumerate(LABELS)
        },
        "length_histogram": counts.lengths,
        "kept_length_histogram": counts.kept_lengths,
        "paywall_hosts": {
            "hosts": [
                {"host": host, "documents": documents, "characters": characters}
                for host, documents, characters in counts.hosts.ordered()
            ],
            "most_missing_characters": counts.hosts.most_missing,
        },
        "errors": {"total": counts.n_errors, **dict(sorted(counts.errors.items()))},
        "error_examples": counts.examples,
    }


def from_json(data: dict[str, Any]) -> Counts:
    """Read what `as_json` gave.

    Parameters
    ----------
    data : dict

    Returns
    -------
    Counts

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        If `data` is anything else.
    """
    hosts = data["paywall_hosts"]
    by_host = {row["host"]: (row["documents"], row["characters"]) for row in hosts["hosts"]}
    counts = Counts(
        data["documents"],
        data["kept_documents"],
        Counter({**data["dropped_documents"]}),
        [data["lines"][label] for label in LABELS],
        [data["characters"][label] for label in LABELS],
        data["text_bytes"],
        data["kept_text_bytes"],
        data["paywalled"],
        data["truncated"],
        [count for label in LABELS for count in data["ratio_histograms"][label]],
        data["length_histogram"],
        data["kept_length_histogram"],
        HostCounts(by_host, hosts["most_missing_characters"]),
        Counter({kind: n for kind, n in data["errors"].items() if kind != "total"}),
        data["error_examples"],
    )
    _check(counts)
    return counts


def _check(counts: Counts) -> None:
    """Refuse what has the form of counts but not their values."""
    hosts = counts.hosts
    numbers = [
        *(counts.documents, counts.kept, counts.text_bytes, counts.kept_bytes),
        *(counts.paywalled, counts.truncated, hosts.most_missing),
        *(*counts.lines, *counts.characters, *counts.ratios),
        *(*counts.lengths, *counts.kept_lengths, *counts.dropped.values()),
        *(*counts.errors.values(), *(n for pair in hosts.hosts.values() for n in pair)),
    ]
    if not all(type(number) is int and 0 <= number <= MOST for number in numbers):
        raise ValueError("a count is no whole number")
    texts = [*hosts.hosts, *counts.examples, *counts.errors, *counts.dropped]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("a host or an error is no text")
    "".join(texts).encode()  # raises at half a character, which could not be written again
    if counts.n_errors and not counts.examples:
        raise ValueError("there are errors, and none is named")
    Counts().add(counts)  # raises where a histogram has another number of bins
