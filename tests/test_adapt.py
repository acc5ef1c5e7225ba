"""Learning from a user's pages: what changes, what stays, when nothing is learnt."""

import gzip
import json
import os
import threading

import numpy as np
import pytest
import zstandard
from harbour import harbour_page
from letters import codes_from_letters

from classifier import LineClassifier
from classifier.adapt import fitting
from classifier.adapt.fitting import N_FOLDS, adapt, choose_strength, wanted_change
from classifier.adapt.labelled_pages import LabelledPages, read_labelled_pages, text_digest
from classifier.adapt.metrics import (
    MOST_WEIGHT,
    confusion,
    line_weights,
    log_losses,
    macro_f1,
    page_losses,
)
from classifier.adapt.offset_regression import fit_difference
from classifier.adapt.outcome import adapted_metadata, describe, probabilities
from classifier.adapt.thresholds import loss_table
from classifier.adapt.token_weights import with_change
from classifier.annotate.events import Marked, Opened, write_event
from classifier.features import blank_first_layer
from classifier.files.problems import DataError
from classifier.labels import CONTENT, LABELS
from classifier.weights import token_levels

scipy_sparse = pytest.importorskip("scipy.sparse")


def labelled(pages, decided=None):
    texts = [text for text, _ in pages]
    labels = codes_from_letters("".join(letters for _, letters in pages))
    lengths = [len(line) for text in texts for line in text.split("\n") if line]
    return LabelledPages(
        texts,
        labels,
        np.ones(len(labels), bool) if decided is None else decided,
        np.array(lengths),
        np.array([len(letters) for _, letters in pages]),
        np.arange(len(pages)),
    )


def ignorant_layers(bits=12):
    """Return the bundled model with a first layer that knows no word."""
    first = blank_first_layer(bits)
    first = first._replace(scale=np.full_like(first.scale, 0.04))
    return LineClassifier.load().layers._replace(first=first)


@pytest.fixture(scope="module")
def pages():
    return labelled([harbour_page(seed) for seed in range(12)])


@pytest.fixture(scope="module")
def adapted(pages):
    return adapt(pages, ignorant_layers())


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 5000])
def test_a_number_in_a_field_of_no_concern_may_be_of_any_size(tmp_path, number):
    text = '"text": "Home\\nThe bridge reopened."'
    record = f'{{"id": 1, {text}, "labels": ["navigation", null], "group": "a", "x": [{number}]}}'
    region = '{"type": "labels", "value": {"start": 0, "end": 4, "labels": ["navigation"]}}'
    data = f'"data": {{{text}, "group": "a", "x": {number}}}'
    task = f'[{{"id": 1, {data}, "annotations": [{{"result": [{region}]}}], "lead": {number}}}]'
    for content in (record, task):
        (tmp_path / "pages.jsonl").write_text(content)
        pages = read_labelled_pages([str(tmp_path / "pages.jsonl")])
        assert pages.texts == ["Home\nThe bridge reopened."]
        assert pages.decided.tolist() == [True, False]


def test_what_a_model_guessed_is_no_label(tmp_path):
    region = {"type": "labels", "value": {"start": 0, "end": 4, "labels": ["navigation"]}}
    said, guessed = ({kind: [{"result": [region]}]} for kind in ("annotations", "predictions"))
    tasks = [
        {"data": {"text": "Home\nBridge"}, **said},
        {"data": {"text": "Home\nHarbour"}, **guessed},
    ]
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    assert read_labelled_pages([str(tmp_path / "tasks.json")]).texts == ["Home\nBridge"]
    (tmp_path / "guesses.json").write_text(json.dumps(tasks[1:]))
    with pytest.raises(DataError, match="no line has a label"):
        read_labelled_pages([str(tmp_path / "guesses.json")])


def test_pages_that_come_twice_count_once_with_their_last_labels(tmp_path):
    pages = [
        {"text": "Home\nBridge", "labels": ["navigation", None], "group": 0},
        {"text": "Menu\nHarbour", "labels": ["navigation", "content"], "group": 0},
        {"text": "Log in\nTide", "labels": [None, "content"]},
        {"text": "Share", "labels": ["navigation"], "group": 1},
        {"text": "Ebb", "labels": ["content"], "group": ""},
        {"text": "Flood", "labels": ["content"], "group": ""},
    ]
    again = [
        {"text": "Home\nBridge", "labels": ["sponsored", "content"], "id": "other"},
        {"text": "Log in\nTide", "labels": [None, "content"], "group": 1, "id": "third"},
    ]
    for name, records in (("a.jsonl", pages), ("b.jsonl", again)):
        (tmp_path / name).write_text("".join(json.dumps(record) + "\n" for record in records))
    found = read_labelled_pages([str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl")])
    assert found.texts == [page["text"] for page in pages]
    assert [LABELS[code] for code in found.labels[:2]] == ["sponsored", "content"]
    assert found.decided.tolist() == [True, True, True, True, False, True, True, True, True]
    first, second, third, fourth, *alone = found.groups
    assert (first, third) == (second, fourth)  # whichever record names the group
    assert len({first, third, *alone}) == 4


@pytest.mark.parametrize("names", [("a", "a"), ("a", "b"), (1, 1)])
def test_of_two_records_of_a_page_in_a_file_the_later_counts(tmp_path, names):
    labels = [["content", None], ["navigation", "content"]]
    records = [
        {"id": name, "text": "Home\nBridge", "labels": own}
        for name, own in zip(names, labels, strict=True)
    ]
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    found = read_labelled_pages([str(path)])
    assert [LABELS[code] for code in found.labels] == ["navigation", "content"]


def test_addresses_of_links_are_no_content_that_could_be_lost(tmp_path):
    texts = ["[Bridge](https://kelm.example/bridge) open", "Bridge open"]
    records = [{"text": text, "labels": ["content"]} for text in texts]
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert read_labelled_pages([str(path)]).characters.tolist() == [11, 11]


def accuracy(layers, pages):
    return np.mean(LineClassifier(layers).label_batch(pages.texts).labels == pages.labels)


def test_new_pages_of_the_kind_are_labelled_better(adapted):
    others = labelled([harbour_page(seed) for seed in range(100, 120)])
    assert accuracy(ignorant_layers(), others) < 0.6
    assert accuracy(adapted.layers, others) > 0.9


def test_what_is_said_of_pages_held_out_is_seen_on_new_ones(adapted, pages):
    others = labelled([harbour_page(seed) for seed in range(100, 120)])
    held_out = np.mean(adapted.after.argmax(axis=1) == pages.labels)
    assert held_out == pytest.approx(accuracy(adapted.layers, others), abs=0.1)


def test_pages_without_a_word_in_common_keep_their_scores():
    # In a table of 2**20 places words hardly ever share one.
    layers = ignorant_layers(20)
    pages = labelled([harbour_page(seed) for seed in range(6)])
    new = adapt(pages, layers).layers
    assert not np.array_equal(new.first.table, layers.first.table)
    texts = ["Гавань закрыта до весны", "本日の潮位表", "Η προβλήτα άνοιξε ξανά"]
    before, after = (LineClassifier(m).label_batch(texts).probabilities for m in (layers, new))
    assert np.array_equal(before, after)


def test_other_layers_and_shape_stay(adapted):
    layers = ignorant_layers()
    for name in ("second", "third"):
        assert all(map(np.array_equal, getattr(layers, name), getattr(adapted.layers, name)))
    for name in ("shape", "scale", "bias"):
        assert np.array_equal(getattr(layers.first, name), getattr(adapted.layers.first, name))


def test_undecided_lines_teach_nothing(pages):
    rng = np.random.default_rng(1)
    decided = rng.random(len(pages.labels)) < 0.7
    noise = np.where(decided, pages.labels, rng.integers(0, 4, len(pages.labels)))
    one = adapt(pages._replace(decided=decided), ignorant_layers())
    other = adapt(pages._replace(decided=decided, labels=noise.astype(np.uint8)), ignorant_layers())
    assert np.array_equal(one.layers.first.table, other.layers.first.table)


def test_a_model_that_makes_no_mistake_stays_as_it_is(adapted):
    others = labelled([harbour_page(seed) for seed in range(200, 210)])
    found = LineClassifier(adapted.layers).label_batch(others.texts).labels
    others = others._replace(labels=found)
    again = adapt(others, adapted.layers)
    assert again.strength is None
    assert again.layers is adapted.layers


def test_a_page_is_judged_by_what_the_pages_of_other_groups_teach(pages, monkeypatch):
    taught = []

    def noted(tokens, first, logits, labels, chosen, strength):
        taught.append(chosen)
        return wanted_change(tokens, first, logits, labels, chosen, strength)

    monkeypatch.setattr(fitting, "wanted_change", noted)
    pairs = pages._replace(groups=np.arange(len(pages.texts)) // 2)
    adapt(pairs, ignorant_layers())
    groups = np.repeat(pairs.groups, pairs.line_counts)
    for chosen in taught[:N_FOLDS]:
        left_out = set(groups[~chosen])
        assert left_out
        assert not left_out & set(groups[chosen])
    assert np.array_equal(np.sum(taught[:N_FOLDS], axis=0), np.full(len(groups), N_FOLDS - 1))


def test_too_few_pages_are_refused(pages):
    few = labelled([harbour_page(seed) for seed in range(N_FOLDS - 1)])
    with pytest.raises(ValueError, match=r"4 labelled pages .* label at least 5"):
        adapt(few, ignorant_layers())


def logits_of(labels, share_right, certainty=3.0):
    """Return logits that are right on the first of the lines."""
    right = np.arange(len(labels)) < share_right * len(labels)
    predicted = np.where(right, labels, (labels + 1) % 4)
    return (certainty * np.eye(4)[predicted]).astype(np.float32)


def test_of_strengths_that_do_as_well_the_firmest_is_chosen(pages):
    before = logits_of(pages.labels, 0.5)
    best = logits_of(pages.labels, 0.9)
    after = {8.0: before, 4.0: logits_of(pages.labels, 0.6), 2.0: best * 0.999, 1.0: best}
    assert choose_strength(pages, before, after) == 2.0


def test_no_strength_is_chosen_that_lowers_f1_or_raises_the_loss(pages):
    before = logits_of(pages.labels, 0.5)
    worse = logits_of(pages.labels, 0.4)
    surer = logits_of(pages.labels, 0.55, certainty=30.0)  # more right, but very sure of errors
    assert choose_strength(pages, before, {1.0: worse, 0.5: surer}) is None


def test_a_stray_line_of_a_label_that_no_line_has_costs_little():
    labels = np.repeat([0, 1], 500)
    stray = np.where(np.arange(1000) == 0, 3, labels)
    assert macro_f1(confusion(labels, stray)) == pytest.approx(1, abs=0.001)
    assert macro_f1(confusion(labels[:0], labels[:0])) == 0


def test_lines_of_rare_labels_weigh_more_up_to_a_limit():
    labels = np.repeat([0, 1, 2], [900, 100, 1])
    weights = line_weights(labels)
    assert [weights[labels == code][0] for code in range(3)] == [1, 3, MOST_WEIGHT]


def test_the_loss_of_a_page_is_the_weighted_mean_of_its_decided_lines():
    few = labelled([("a\nb\nc\nd", "cccc"), ("e\nf\ng", "ncc"), ("h", "c")])
    few = few._replace(decided=np.arange(8) < 7)
    logits = np.random.default_rng(2).normal(size=(8, 4)).astype(np.float32)
    own = log_losses(logits, few.labels)
    rare = np.sqrt(6)  # one line of navigation to six of content
    expected = [own[:4].mean(), (rare * own[4] + own[5] + own[6]) / (rare + 2), 0]
    np.testing.assert_allclose(page_losses(few, logits), expected)


def test_a_label_without_lines_has_no_score(pages, adapted):
    rows = describe(pages._replace(labels=np.minimum(pages.labels, 1)), adapted).splitlines()
    assert [row.split()[1:] for row in rows if row.startswith("sponsored")] == [["0", "–", "–"]]


def test_a_difference_is_that_of_logistic_regression():
    """Without offsets it is scikit-learn's, whose C is one over the strength."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(3)
    matrix = scipy_sparse.csr_matrix(rng.normal(size=(200, 5)))
    labels = rng.integers(0, 4, 200).astype(np.uint8)
    found = fit_difference(matrix, np.zeros((200, 4)), labels, np.ones(200), 2.0)
    model = linear_model.LogisticRegression(C=0.5, fit_intercept=False, tol=1e-8)
    np.testing.assert_allclose(found.T, model.fit(matrix, labels).coef_, atol=1e-2)


def test_the_table_holds_what_pages_held_out_were_judged_by():
    layers = ignorant_layers()
    places = np.array([3, 70])
    change = np.array([[0.04, -0.08, 0, 5.08], [0, 0, 0, -5.08]], np.float32)
    first = with_change(layers.first, places, change)
    levels = token_levels(first, places)
    assert levels[:, :4].tolist() == [[1, -2, 0, 127], [0, 0, 0, -127]]
    assert np.array_equal(levels[:, 4:], token_levels(layers.first, places)[:, 4:])
    others = np.delete(first.table, places)
    assert np.array_equal(others, np.delete(layers.first.table, places))


def test_a_model_says_what_it_has_learnt_from(adapted, pages):
    origin = {"date": "2020-01-01", "loss_table": [[0, 0, 0]], "pages": ["of an earlier fit"]}
    metadata = adapted_metadata(pages, adapted, origin)
    digests = {text_digest(text) for text in pages.texts}
    assert set(metadata["pages"]) == digests | {"of an earlier fit"}
    assert metadata["scores"]["before"]["macro_f1"] < metadata["scores"]["after"]["macro_f1"]
    assert metadata["adapted_from"] == {"date": "2020-01-01"}
    content = probabilities(adapted.after)[:, CONTENT]  # of pages held out
    assert metadata["loss_table"] == loss_table(pages, content)
    assert metadata["loss_table"] != loss_table(pages, probabilities(adapted.before)[:, CONTENT])
    json.dumps(metadata)
    assert f"{metadata['scores']['after']['macro_f1']:.3f}" in describe(pages, adapted)


def test_a_log_is_known_by_its_first_line_that_is_not_blank(tmp_path):
    log = tmp_path / "log.jsonl"
    opened = Opened("one", "Home\nThe tide turned.", ["content", "content"], {})
    events = (opened, Marked("ada", "one", 0, 0, "navigation"))
    log.write_text("\n" + "".join(json.dumps(write_event(event)) + "\n" for event in events))
    assert read_labelled_pages([str(log)]).decided.tolist() == [True, False]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_log_may_be_compressed(tmp_path, pack):
    opened = Opened("one", "Home\nThe tide turned.", ["content", "content"], {})
    events = (opened, Marked("ada", "one", 0, 0, "navigation"))
    log = "".join(json.dumps(write_event(event)) + "\n" for event in events)
    (tmp_path / "log").write_bytes(pack(log.encode()))
    assert read_labelled_pages([str(tmp_path / "log")]).decided.tolist() == [True, False]


def test_logs_and_records_are_found_in_a_folder_or_by_a_pattern(tmp_path):
    opened = Opened("one", "Home\nThe tide turned.", ["content", "content"], {})
    events = (opened, Marked("ada", "one", 0, 0, "navigation"))
    log = "".join(json.dumps(write_event(event)) + "\n" for event in events)
    (tmp_path / "log.jsonl").write_text(log)
    record = {"text": "Menu", "labels": ["navigation"]}
    (tmp_path / "records.jsonl").write_text(json.dumps(record) + "\n")
    for argument in (tmp_path, tmp_path / "*.jsonl"):
        pages = read_labelled_pages([str(argument)])
        assert pages.texts == [opened.text, "Menu"]
        assert pages.decided.tolist() == [True, False, True]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_labelled_records_come_through_a_pipe(tmp_path):
    pipe, record = tmp_path / "pipe", {"text": "Home", "labels": ["navigation"]}
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=[json.dumps(record) + "\n"])
    writer.start()
    assert read_labelled_pages([str(pipe)]).texts == ["Home"]
    writer.join()


def test_labelled_records_that_name_their_annotator_are_no_log(tmp_path):
    record = {"text": "Home", "labels": ["navigation"], "annotator": "ada", "predicted": None}
    records = tmp_path / "records.jsonl"
    records.write_text(json.dumps(record) + "\n")
    assert read_labelled_pages([str(records)]).texts == ["Home"]
