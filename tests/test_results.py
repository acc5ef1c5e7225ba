"""What a classifier gives back: spans in code points, statistics as plain values and in Arrow."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import FilterPolicy, LineClassifier, processing
from classifier.columns import Column, read_columns
from classifier.lines import line_spans
from classifier.results import LabelledBatch, code_point_spans
from classifier.statistics import document_statistics
from classifier.statistics_records import statistics_record, statistics_type

texts = st.text("aé語😀 \n\r\u3000")  # letters of one to four bytes
TEXTS = ["é😀 one\n\n  two\n", None, "\nthree"]


def test_spans_cut_the_lines_out_of_the_text():
    (column,) = read_columns(TEXTS)
    starts, ends = code_point_spans(column, LineClassifier.load().label_batch(TEXTS))
    places = zip([0, 0, 2], starts, ends, strict=True)
    assert [TEXTS[i][start:end] for i, start, end in places] == ["é😀 one", "  two", "three"]


@given(st.lists(texts), texts)
def test_spans_count_from_each_documents_start(documents, before):
    """Also when the column is a slice that begins within a larger buffer."""
    offsets = np.cumsum([len(text.encode()) for text in (before, *documents)])
    data = np.frombuffer("".join([before, *documents, "語"]).encode(), np.uint8)
    column = Column(data, offsets, np.zeros(len(documents), np.bool_))
    spans = [(text, *span) for text in documents for span in line_spans(text)]
    starts, ends = (
        np.array([len(text[: span[k]].encode()) for text, *span in spans], np.int64)
        for k in range(2)
    )
    n_before = np.cumsum([0, *(len(line_spans(text)) for text in documents)])
    no_labels = np.zeros(len(spans), np.uint8), np.zeros((len(spans), 4), np.float32)
    found = code_point_spans(column, LabelledBatch(*no_labels, starts, ends, n_before))
    assert list(zip(*map(np.ndarray.tolist, found), strict=True)) == [tuple(s[1:]) for s in spans]


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
