"""The adapter for scikit-learn, run on scikit-learn."""

import pickle  # noqa: TID251 (as joblib sends and keeps work)

import numpy as np
import pyarrow as pa
import pytest
from examples import random_layers
from pipelines_pages import TEXTS, classifier

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.base import BaseEstimator, clone
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from classifier import FilterPolicy, LineClassifier
from classifier.pipelines.sklearn import TextFilter

WALLED = FilterPolicy(drop_paywalled=True)


class KeepTexts(BaseEstimator):
    """A last step that keeps what comes to it."""

    def fit(self, X, y=None):
        self.texts_ = X
        return self


# scikit-learn chooses by the tags: checks on numbers are not for a transformer of texts.
@pytest.mark.filterwarnings("ignore:Can't test estimator")
@parametrize_with_checks([TextFilter(), TextFilter(policy=WALLED)])
def test_passes_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


def test_texts_are_those_of_filter_batch_and_dropped_ones_empty():
    expected = [text or "" for text in classifier().filter_batch(TEXTS, WALLED)]
    assert TextFilter(WALLED).transform(TEXTS) == expected
    assert TextFilter(WALLED).fit_transform(np.array(TEXTS, object)) == expected
    assert expected.count("") > TEXTS.count("") + TEXTS.count(None)


def test_what_stands_for_a_missing_text_becomes_empty():
    assert TextFilter().transform([None, float("nan"), "\n"]) == ["", "", "\n"]


def test_a_clone_has_the_same_parameters_and_they_can_be_set():
    copy = clone(TextFilter(WALLED, "model.npz"))
    assert copy.get_params() == {"policy": WALLED, "model": "model.npz"}
    assert copy.set_params(model=None).model is None


def test_a_pipeline_sees_no_word_of_dropped_lines():
    texts = [text for text in TEXTS if text][:300]
    kinds = ["№" in text and len(text) % 2 for text in texts]
    pipeline = make_pipeline(TextFilter(), CountVectorizer(), MultinomialNB())
    assert pipeline.fit(texts, kinds).predict(texts).shape == (300,)
    words = pipeline[:2].fit(texts)[1].vocabulary_
    alone = CountVectorizer().fit(classifier().filter_batch(texts)).vocabulary_
    assert words == alone
    assert len(words) < len(CountVectorizer().fit(texts).vocabulary_)


def test_one_string_is_not_taken_for_texts():
    with pytest.raises(ValueError, match="one string"):
        TextFilter().transform("Home\nNews")
    for other in (b"Home", None, 5):
        with pytest.raises(TypeError, match=r"give an iterable of texts, e\.g\. \[text\]"):
            TextFilter().transform(other)
    for value, kind in ((1, "int"), (2**70, "int"), (object(), "object")):
        with pytest.raises(TypeError, match=f"document 0 is a {kind}"):
            TextFilter().transform([value])


def encoded(texts):
    return pa.array(texts).dictionary_encode()


def chunked(texts):
    return pa.chunked_array([texts[:5], texts[5:]])


@pytest.mark.parametrize("make", [pa.array, encoded, chunked])
def test_columns_of_arrow_are_taken(make):
    assert TextFilter().transform(make(TEXTS)) == TextFilter().transform(TEXTS)


def test_damage_that_arrow_would_follow_out_of_the_memory_is_refused():
    buffers = [None, pa.py_buffer(np.array([0, 2**30, 1, 2], np.int32)), pa.py_buffer(b"ab")]
    with pytest.raises(ValueError, match="document 0 is damaged"):
        TextFilter().transform(pa.Array.from_buffers(pa.string(), 3, buffers))
    codes = pa.array([0, 2**30], pa.int32())
    words = pa.DictionaryArray.from_arrays(codes, pa.array(["a"]), safe=False)
    with pytest.raises(ValueError, match="out of bounds"):
        TextFilter().transform(words)


def test_a_table_is_refused_rather_than_its_names_filtered():
    pandas = pytest.importorskip("pandas")
    table = {"text": ["Home", "News", "More"], "k": ["a", "b", "c"]}
    rows = np.array([*table.values()]).T
    for whole in (table, pandas.DataFrame(table), pa.table(table), rows):
        with pytest.raises(ValueError, match="give one column of it"):
            TextFilter().transform(whole)
    assert len(TextFilter().transform(pandas.DataFrame(table)["text"])) == 3
    assert len(TextFilter().transform(pa.table(table)["text"])) == 3


def test_a_pipeline_names_what_comes_out_of_its_vectorizer():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    pages = pd.DataFrame({"text": ["The bridge was open again on Monday."] * 3})
    work = make_pipeline(TextFilter(), TfidfVectorizer())
    names = work.fit(pages["text"]).get_feature_names_out()
    assert "bridge" in names
    columns = ColumnTransformer([("t", work, "text")]).fit(pages)
    assert columns.get_feature_names_out().tolist() == [f"t__{name}" for name in names]


def test_a_pipeline_with_memory_is_not_answered_by_another_model(tmp_path):
    path, results = tmp_path / "model.npz", []
    for seed in (1, 2):
        model = LineClassifier(random_layers(seed))
        model.save(path)
        memory = str(tmp_path / "memory")
        pipeline = make_pipeline(TextFilter(model=path), KeepTexts(), memory=memory)
        results.append(pipeline.fit(TEXTS[:40])[-1].texts_)
        assert results[-1] == [text or "" for text in model.filter_batch(TEXTS[:40])]
    assert results[0] != results[1]


def test_a_copy_by_pickle_is_the_same_filter_even_if_its_model_is_elsewhere():
    copy = pickle.loads(pickle.dumps(TextFilter(WALLED, "nowhere.npz")))  # noqa: S301
    assert vars(copy) == {"policy": WALLED, "model": "nowhere.npz"}
