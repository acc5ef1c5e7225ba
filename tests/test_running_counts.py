"""What runs count: of lines and documents, of errors, and of hosts."""

import json
from collections import Counter

import numpy as np
import pytest

from classifier.files.problems import Problem
from classifier.formats.hosts import host_of
from classifier.running.counts import MAX_EXAMPLES, Counts
from classifier.running.counts_as_json import as_json, from_json
from classifier.running.host_counts import MOST_HOSTS, HostCounts
from classifier.statistics import DocumentStatistics


def some_counts(n):
    """Counts of which all differ, `n` times as large."""
    return Counts(
        documents=3 * n,
        kept=2 * n,
        dropped=Counter(paywalled=n),
        lines=[n, 2 * n, 3 * n, 4 * n],
        characters=[5 * n, 6 * n, 7 * n, 2 * n],
        text_bytes=10 * n,
        kept_bytes=4 * n,
        paywalled=8 * n,
        truncated=9 * n,
        ratios=[n * i for i in range(40)],
        lengths=[n * i for i in range(1, 41)],
        kept_lengths=[n * i for i in range(2, 42)],
        hosts=HostCounts({"a.example": (n, 9 * n)}, 7 * n),
        errors=Counter({"not JSON": n}),
        examples=["f, record 7: no. do"] * n,
    )


def test_counts_add_up_and_survive_json():
    two = from_json(json.loads(json.dumps(as_json(some_counts(1)))))
    assert two == some_counts(1)
    two.add(some_counts(1))
    assert two == some_counts(2)
    assert (two.n_errors, two.dropped_ratio, as_json(two)["content_ratio"]) == (2, 0.6, 0.25)
    assert (Counts().dropped_ratio, as_json(Counts())["content_ratio"]) == (0, 0)


def test_all_errors_are_counted_and_the_first_are_kept():
    one, two = Counts(), Counts()
    for number in range(1, MAX_EXAMPLES + 2):
        one.add_problem(Problem("not JSON", "no", "do", number), "f")
    for _ in range(2):
        two.add(one)
    assert (one.n_errors, two.n_errors) == (MAX_EXAMPLES + 1, 2 * MAX_EXAMPLES + 2)
    assert one.examples[-1] == f"f, record {MAX_EXAMPLES}: no. do"
    assert two.examples == one.examples


def test_lengths_are_counted_by_doubling():
    counts = Counts()
    counts.add_lengths(np.array([0, 1, 2, 3, 4, 1000, 2**60]), np.array([0, 0, 2, 2, 0, 999, 1]))
    assert [i for i, n in enumerate(counts.lengths) if n] == [0, 1, 2, 3, 10, 39]
    assert counts.lengths[2] == 2
    assert counts.kept_lengths[:3] == [3, 1, 2]
    assert (counts.text_bytes, counts.kept_bytes) == (1010 + 2**60, 1004)


def test_shares_and_hosts_are_counted_by_document():
    characters = np.array([[90, 5, 5, 0], [0, 0, 100, 0], [0, 0, 0, 0], [0, 0, 9, 0]])
    paywalled, truncated = np.array([[0, 1, 0, 1], [0, 1, 0, 0]], bool)
    statistics = DocumentStatistics(characters, characters, np.zeros(4), paywalled, truncated)
    counts = Counts()
    urls = ["https://WWW.one.example/a", "www.one.example/b", "three.example", None]
    counts.add_statistics(statistics, urls)
    histograms = as_json(counts)["ratio_histograms"]
    assert histograms["content"] == [3, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert histograms["paywall"] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert counts.hosts.ordered() == [("www.one.example", 2, 105)]
    assert (counts.paywalled, counts.truncated) == (2, 1)
    assert from_json(json.loads(json.dumps(as_json(counts)))) == counts


def test_hosts_with_as_much_paywall_text_come_by_name():
    hosts = HostCounts({"b.example": (1, 5), "a.example": (2, 5), "c.example": (1, 6)})
    assert [host for host, *_ in hosts.ordered()] == ["c.example", "a.example", "b.example"]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.org./a", "www.example.org"),
        ("localhost/a", None),
        ("https://localhost/a", "localhost"),
        ("no address.org", None),
        ("https://[never.closed", None),
        (f"https://{'a' * 254}/", None),
        ("https:///a", None),
        ("", None),
    ],
)
def test_an_address_has_a_host_or_none(url, host):
    assert host_of(url) == host


def test_hosts_take_bounded_memory_and_say_what_may_be_missing():
    exact, counts = {}, HostCounts()
    rng = np.random.default_rng(5)
    for _ in range(30):
        part = HostCounts()
        for number in rng.zipf(1.2, 1500).tolist():
            part.add(f"{number}.example", 1, number % 7 + 1)
            exact[f"{number}.example"] = exact.get(f"{number}.example", 0) + number % 7 + 1
        counts.merge(part)
        assert len(counts.hosts) <= MOST_HOSTS
    assert counts.most_missing > 0
    for host, _, characters in counts.ordered()[:20]:
        assert characters <= exact[host] <= characters + counts.most_missing
    forgotten = set(exact) - set(counts.hosts)
    assert max(exact[host] for host in forgotten) <= counts.most_missing
    first = sorted(exact, key=lambda host: -exact[host])[:5]
    assert [host for host, *_ in counts.ordered()[:5]] == first
