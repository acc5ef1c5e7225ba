"""`LineClassifier`: the contract of the Python interface, with the bundled model."""

import copy
import pickle  # noqa: TID251 (as joblib and multiprocessing send a model)
import warnings

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from samples import ENTRIES, PAGES

from classifier import LABELS, FilterPolicy, LineClassifier, NothingDroppedWarning

TEXTS = st.text(alphabet=st.sampled_from("aB1 é中。\n\r\t\u00a0\u2028\x00•$"), max_size=60)


@settings(max_examples=40)
@given(text=TEXTS)
def test_lines_are_those_that_are_not_blank_and_offsets_cut_them_out(clf, text):
    lines = clf.label(text)
    assert [line.text for line in lines] == [part for part in text.split("\n") if part.strip()]
    assert all(text[line.start : line.end] == line.text for line in lines)


def test_the_label_is_the_most_probable_and_probabilities_sum_to_one(clf):
    for text in PAGES.values():
        for line in clf.label(text):
            assert line.label == LABELS[int(np.argmax(line.probabilities))]
            assert sum(line.probabilities) == pytest.approx(1, abs=1e-5)


def test_a_batch_gives_what_single_calls_give(clf):
    texts = [*PAGES.values(), "", "\n\n", None]
    batch = clf.label_batch(texts)
    assert batch.labels.dtype == np.uint8
    assert batch.probabilities.dtype == np.float32
    assert batch.probabilities.shape == (len(batch.labels), 4)
    assert batch.starts.dtype == batch.ends.dtype == batch.document_offsets.dtype == np.int64
    assert len(batch.document_offsets) == len(texts) + 1
    for i, text in enumerate(texts):
        first, last = batch.document_offsets[i : i + 2]
        singles = clf.label(text or "")
        assert [LABELS[code] for code in batch.labels[first:last]] == [s.label for s in singles]
        raw = (text or "").encode()
        spans = zip(batch.starts[first:last], batch.ends[first:last], strict=True)
        assert [raw[a:b].decode() for a, b in spans] == [s.text for s in singles]
    assert clf.filter_batch(texts) == [None if t is None else clf.filter(t).text for t in texts]


def through_a_pickle(clf):
    return pickle.loads(pickle.dumps(clf))  # noqa: S301 (it is our own)


def test_use_changes_nothing_of_what_is_pickled():
    clf = LineClassifier.load()  # as caches have it that go by that
    before = pickle.dumps(clf)
    clf.filter("Home", FilterPolicy(max_content_loss=0.01))
    assert pickle.dumps(clf) == before


@pytest.mark.parametrize("send", [through_a_pickle, copy.deepcopy])
def test_a_model_sent_to_another_process_is_read_only_and_says_the_same(clf, send):
    sent = send(clf)
    weights = [array for layer in sent.layers[:3] for array in layer] + [sent.layers.carry]
    assert not any(array.flags.writeable for array in weights)  # what is worked out of them is kept
    assert sent.metadata == clf.metadata
    assert all(sent.label(text) == clf.label(text) for text in PAGES.values())


@pytest.mark.parametrize(
    "make",
    [
        lambda texts: pa.array(texts),
        lambda texts: pa.array(texts, pa.large_string()),
        lambda texts: pa.array(["skipped", *texts], pa.string())[1:],
        lambda texts: pa.chunked_array([texts[:3], [], texts[3:]], pa.large_string()),
        lambda texts: pa.array(texts, pa.string_view()),
    ],
    ids=["string", "large_string", "sliced", "chunked", "string_view"],
)
def test_arrow_columns_keep_type_length_order_and_nulls(clf, make):
    texts = [*PAGES.values(), None, ""]
    column = make(texts)
    clean = clf.filter_batch(column)
    assert type(clean) is type(column)
    assert clean.type == column.type
    assert clean.to_pylist() == clf.filter_batch(texts)


@pytest.mark.parametrize("cuts", [(3, 3), (0, 1)])
def test_a_chunked_column_has_the_labels_and_statistics_of_the_whole(clf, cuts):
    texts = [*PAGES.values(), None, ""]
    first, second = cuts
    chunks = pa.chunked_array([texts[:first], texts[first:second], texts[second:]], pa.string())
    found, whole = clf.process(chunks), clf.process(texts)
    for ours, theirs in zip(
        (*clf.label_batch(chunks), found.keep, *found.statistics),
        (*clf.label_batch(texts), whole.keep, *whole.statistics),
        strict=True,
    ):
        assert_array_equal(ours, theirs)


def test_nothing_dropped_means_identical_text(clf):
    for text in PAGES.values():
        assert clf.filter(text, FilterPolicy(drop=())).text == text
        assert clf.filter(text, FilterPolicy(content_threshold=0.0)).text == text


def test_kept_and_dropped_lines_are_all_lines(clf):
    text = PAGES["news-metered-wall.en.txt"]
    result = clf.filter(text)
    assert sorted(result.kept + result.dropped, key=lambda line: line.start) == clf.label(text)
    assert all(line.label == "content" for line in result.kept)
    counts = dict.fromkeys(LABELS, 0)
    for line in clf.label(text):
        counts[line.label] += 1
    assert list(result.stats) == [
        *("documents", "lines", "characters", "content_ratio", "paywalled", "truncated")
    ]
    assert (result.stats["documents"], result.stats["lines"]) == (1, counts)
    assert sum(result.stats["characters"].values()) == sum(len(x.text) for x in clf.label(text))


def test_a_dropped_document_has_a_reason_and_no_text(clf):
    result = clf.filter("Home\nLogin", FilterPolicy(min_content_chars=1000))
    assert (result.text, result.reason) == (None, "content_chars")
    column = pa.array(["Home\nLogin", None])
    done = clf.process(column, FilterPolicy(min_content_chars=1000))
    assert done.texts.to_pylist() == [None, None]
    assert done.reasons == ["content_chars", None]  # a null is not dropped, it is not there


def test_a_loss_too_small_for_the_model_is_warned_of(clf):
    table = [(0.0, 0.0, 0.0), (0.1, 0.032, 0.5)]
    model = LineClassifier(clf.layers, {"loss_table": table})
    with pytest.warns(NothingDroppedWarning, match=r"0\.01: no line is dropped.*is 0\.032$"):
        assert model.filter_batch(["Log in"], FilterPolicy(max_content_loss=0.01)) == ["Log in"]
    with pytest.warns(NothingDroppedWarning) as told:
        model.filter("Log in", FilterPolicy(max_content_loss=0.02))
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Nothing is asked, something goes, or it has been said.
        for loss in (0.0, 0.04, 0.01):
            model.filter("Log in", FilterPolicy(max_content_loss=loss))


def test_a_content_loss_is_looked_up_in_the_models_own_table(clf):
    text = "\n\n".join(PAGES.values())
    strict = clf.filter(text, FilterPolicy(max_content_loss=0.001))
    loose = clf.filter(text, FilterPolicy(max_content_loss=0.2))
    assert len(strict.kept) > len(loose.kept)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda c: c.label("a\ud800b"), ValueError, "offset 1"),
        (lambda c: c.label_batch(["fine", "a\n\udfff"]), ValueError, "document 1.*offset 2"),
        (lambda c: c.label(b"bytes"), TypeError, "give a str"),
        (lambda c: c.label_batch("one text"), TypeError, "list of str"),
        (lambda c: c.filter_batch(["a", 3]), TypeError, "document 1"),
        (lambda c: c.label_batch(pa.array([1, 2])), TypeError, "int64"),
        (lambda c: c.explain("one line", 1), IndexError, "1 lines"),
        (lambda c: c.explain("Home\nMenu", -1), IndexError, "no index -1"),
    ],
)
def test_wrong_input_is_named(clf, call, error, says):
    with pytest.raises(error, match=says):
        call(clf)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: {"carry": m.carry.astype(float)}, "^carry should be float32, is float64$"),
        (lambda m: {"carry": m.carry[:0]}, r"^carry has shape \(0,\), should have \(4,\)$"),
        (lambda m: {"carry": m.carry.tolist()}, "^carry should be a numpy array, is a list$"),
        (lambda m: {"carry": m.carry * np.nan}, "^carry has values that are not finite"),
        (lambda m: {"third": m.third._replace(scale=m.third.scale.astype(">f4"))}, "^third_scale"),
        (lambda m: {"third": m.third._replace(bias=m.third.bias.astype(float))}, "^third_bias"),
        (lambda m: {"second": m.second._replace(inputs=m.carry[0])}, "^second_inputs should be a"),
        (lambda m: {"second": m.second._replace(inputs=m.second.inputs + 999)}, "not all 0–"),
        (lambda m: {"first": m.first._replace(table=m.first.table[:1000])}, r"table .* \(1000,\)"),
        (
            lambda m: {"first": m.first._replace(table=m.first.table.astype(np.uint32))},
            "^first_table should be uint64, is uint32$",
        ),
    ],
)
def test_weights_that_the_kernels_would_misread_make_no_model(clf, change, says):
    with pytest.raises(ValueError, match=says):
        LineClassifier(clf.layers._replace(**change(clf.layers)))


def test_samples_are_mostly_right(clf):
    """A floor far below the model's scores: catches a broken model, not a weak one."""
    right = total = 0
    for name, text in PAGES.items():
        letters = ENTRIES[name]["labels"]
        found = [line.label[0] for line in clf.label(text)]
        right += sum(a == b for a, b in zip(found, letters, strict=True))
        total += len(letters)
    assert right / total > 0.7


@pytest.mark.parametrize("nulls", [pa.nulls(3), pa.array([]), pa.chunked_array([pa.nulls(2)])])
def test_an_array_of_nothing_but_nulls_comes_back(clf, nulls):
    assert clf.filter_batch(nulls).equals(nulls)


def test_each_dropped_line_has_the_label_that_it_goes_for(clf):
    for page in PAGES.values():
        result = clf.filter(page)
        assert result.line_reasons == [line.label for line in result.dropped]
        result = clf.filter(page, FilterPolicy(drop=["paywall"], content_threshold=1.0))
        assert set(result.line_reasons) <= {"paywall"}
        assert len(result.line_reasons) == len(result.dropped)
        for line in result.dropped:
            assert max(line.probabilities[1:]) == line.probabilities[LABELS.index("paywall")]


@pytest.mark.parametrize("policy", ["x", {}, 5])
def test_what_is_no_policy_is_refused(clf, policy):
    with pytest.raises(TypeError, match="give a FilterPolicy, "):
        clf.filter("Home", policy)
    with pytest.raises(TypeError, match="give a FilterPolicy, "):
        clf.filter_batch(["Home"], policy)


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.uint64])
def test_a_line_to_explain_may_be_named_by_any_integer_of_numpy(clf, kind):
    text = "\n".join(f"Line {i}" for i in range(200))
    for index in (0, 1, 125):  # a neighbour's is below 0, or above what the type holds
        assert clf.explain(text, kind(index)) == clf.explain(text, index)


@pytest.mark.parametrize("index", ["0", 0.0, None, True])
def test_a_line_to_explain_is_named_by_a_whole_number(clf, index):
    with pytest.raises(TypeError, match="give a whole number, 0 for the first labelled line"):
        clf.explain("Home", index)
