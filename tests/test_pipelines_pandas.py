"""The adapter for pandas, run on pandas."""

import pyarrow as pa
import pytest
from examples import random_layers
from pipelines_pages import DOCUMENTS, POLICY, STATISTICS, TEXTS, classifier, kept

pd = pytest.importorskip("pandas", reason="pandas is not installed")

from classifier import LineClassifier  # noqa: E402
from classifier.labels import LABELS  # noqa: E402
from classifier.pipelines.pandas import filter_documents, label_documents  # noqa: E402
from classifier.pipelines.sklearn import TextFilter  # noqa: E402


def texts_of(column):
    return [None if missing else text for text, missing in zip(column, column.isna(), strict=True)]


@pytest.mark.parametrize("dtype", [None, object, "string", "category"])
def test_texts_are_those_of_filter_batch(dtype):
    frame = pd.DataFrame(DOCUMENTS)
    if dtype is not None:
        frame = frame.astype({"text": dtype})
    before = frame.copy()
    result = filter_documents(frame, policy=POLICY)
    assert list(zip(result["id"], texts_of(result["text"]), strict=True)) == kept(DOCUMENTS, POLICY)
    pd.testing.assert_frame_equal(frame, before)
    if dtype != "category":
        assert (result.dtypes == frame.dtypes).all()


def test_index_and_other_columns_stay():
    frame = pd.DataFrame(DOCUMENTS).set_index("id").rename(columns={"text": "body"})
    frame.index = ["twice", *frame.index[1:-1], "twice"]
    result = filter_documents(frame, "body", POLICY)
    survivors = [int(id_[5:]) for id_, _ in kept(DOCUMENTS, POLICY)]
    assert list(result.index) == [frame.index[i] for i in survivors]
    assert list(result["n"]) == survivors


def test_statistics_are_dicts_and_none_for_a_missing_text():
    result = filter_documents(pd.DataFrame(DOCUMENTS[:10]), stats_column="stats")
    assert list(result["stats"][0]) == STATISTICS
    assert result["stats"][0] == classifier().filter(TEXTS[0]).stats
    assert [row is None for row in result["stats"]] == list(result["text"].isna())


def test_an_empty_frame_stays_one():
    result = filter_documents(pd.DataFrame({"text": pd.Series([], dtype=object)}))
    assert result.shape == (0, 1)


def test_lines_come_with_span_label_and_probabilities():
    frame = pd.DataFrame({"text": [TEXTS[0], None, "é😀\n\nTwo"]}, index=["a", "b", "c"])
    lines = label_documents(frame)
    by_label = classifier().label(TEXTS[0])
    assert list(lines.loc["a", "line"]) == [line.text for line in by_label]
    assert list(lines.loc["a", "label"]) == [line.label for line in by_label]
    assert list(lines.loc["c", "line"]) == ["é😀", "Two"]
    assert list(lines.loc["c", "start"]) == [0, 4]
    assert "b" not in lines.index
    columns = ["line", "start", "end", "label", *LABELS]
    assert list(lines.columns) == columns
    assert (lines[list(LABELS)].idxmax(axis=1) == lines["label"].astype(object)).all()


def test_another_column_is_labelled_by_another_model(tmp_path):
    model = LineClassifier(random_layers(1))
    model.save(tmp_path / "model.npz")
    frame = pd.DataFrame({"body": [TEXTS[0]], "text": ["Home"]})
    lines = label_documents(frame, text_column="body", model=tmp_path / "model.npz")
    assert lines["label"].tolist() == [line.label for line in model.label(TEXTS[0])]
    assert len(set(lines["label"])) > 1


@pytest.mark.parametrize("texts", [[], [None], ["\n"]])
def test_no_lines_have_columns_of_the_same_types(texts):
    lines = label_documents(pd.DataFrame({"text": pd.Series(texts, dtype=object)}))
    assert len(lines) == 0
    assert lines.dtypes.equals(label_documents(pd.DataFrame({"text": ["Home"]})).dtypes)


@pytest.mark.parametrize("work", [filter_documents, label_documents])
def test_what_is_no_frame_is_told_what_is(work):
    polars_frame = type("DataFrame", (), {"__module__": "polars.dataframe.frame"})()
    others = {"pandas.Series": pd.Series(TEXTS), "polars.DataFrame": polars_frame, "list": TEXTS}
    for name, other in others.items():
        with pytest.raises(TypeError, match=rf"frame is a {name}; give a pandas"):
            work(other)


def test_a_value_that_is_no_string_is_named():
    for work in (filter_documents, label_documents):
        frame = pd.DataFrame({"body": ["a", 1]}, index=["x", "y"])
        with pytest.raises(TypeError, match=r"document 1 \(column 'body', index y\) is a int"):
            work(frame, "body")
        frame = pd.DataFrame({"body": ["a", "Log \ud83d"]}, index=["x", "y"], dtype=object)
        with pytest.raises(ValueError, match=r"document 1 \(column 'body', index y\): lone surr"):
            work(frame, "body")
    with pytest.raises(ValueError, match="no column 'body'; its columns are text"):
        filter_documents(pd.DataFrame({"text": ["a"]}), "body")


@pytest.mark.parametrize("dtype", [pd.ArrowDtype(pa.string()), pd.StringDtype("pyarrow")])
def test_a_text_that_is_not_utf8_is_named(dtype):
    """A reader of Parquet gives such texts on, and pandas leaves them in Arrow."""
    table = pa.table({"text": pa.array([b"fine", b"caf\xe9"], pa.binary()).view(pa.string())})
    frame = table.to_pandas(types_mapper={pa.string(): dtype}.get).set_axis(["x", "y"])
    for work in (filter_documents, label_documents):
        with pytest.raises(
            ValueError, match=r"document 1 \(column 'text', index y\): invalid UTF-8"
        ):
            work(frame)
    with pytest.raises(ValueError, match="document 1: invalid UTF-8 at byte 3"):
        TextFilter().transform(frame["text"])


def test_a_name_for_statistics_that_is_none_is_refused():
    with pytest.raises(TypeError, match="stats_column is a bool; give the name"):
        filter_documents(pd.DataFrame({"text": ["Home"]}), stats_column=True)
