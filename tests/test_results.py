"""What a classifier gives back: spans in code points, statistics as plain values and in Arrow."""

import pyarrow as pa
import pytest

from classifier import FilterPolicy, LineClassifier, processing
from classifier.columns import read_columns
from classifier.results import code_point_spans, statistics_record, statistics_type
from classifier.statistics import document_statistics

TEXTS = ["é😀 one\n\n  two\n", None, "\nthree"]


def test_spans_cut_the_lines_out_of_the_text():
    (column,) = read_columns(TEXTS)
    starts, ends = code_point_spans(column, LineClassifier.load().label_batch(TEXTS))
    places = zip([0, 0, 2], starts, ends, strict=True)
    assert [TEXTS[i][start:end] for i, start, end in places] == ["é😀 one", "  two", "three"]


def test_the_arrow_type_is_that_of_the_record():
    statistics = LineClassifier.load().process(TEXTS).statistics
    record = statistics_record(statistics, 0)
    assert pa.array([record]).type == statistics_type()


@pytest.mark.parametrize("policy", [FilterPolicy(), FilterPolicy(min_content_chars=3)])
def test_statistics_are_counted_when_they_are_asked_for_and_once(policy, monkeypatch):
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return document_statistics(*arguments)

    monkeypatch.setattr(processing, "document_statistics", counted)
    done = LineClassifier.load().process(TEXTS, policy)
    assert len(calls) == (policy.min_content_chars > 0)
    assert done.statistics.lines.sum(axis=1).tolist() == [2, 0, 1]
    assert {len(figures) for figures in done.statistics} == {3}
    assert done.statistics is done.statistics
    assert len(calls) == 1
