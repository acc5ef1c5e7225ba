"""What a classifier gives back: spans in code points, statistics as plain values and in Arrow."""

import pyarrow as pa

from classifier import LineClassifier
from classifier.columns import read_columns
from classifier.results import code_point_spans, statistics_record, statistics_type

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
