"""Training: folds, views, phrases, figures, and a small model fitted from end to end."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score

from classifier import LineClassifier
from classifier.features import blank_first_layer, first_layer_inputs
from classifier.labels import LABELS, NAVIGATION, codes_from_letters
from training.corpus import fold_of, read_gold
from training.crossfit import remembered
from training.evaluate import (
    as_text,
    bootstrap,
    confusion,
    f1,
    loss_table,
    page_confusions,
    scores,
)
from training.fit import apply_first_layer, dequantised, fit_model, quantised, save_model, sparse
from training.gate import shortfalls, write_baseline
from training.phrases import read_phrases
from training.views import select_documents, thinned, view_of

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "data" / "samples"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The sample pages in the format of gold, each a group of its own."""
    path = tmp_path_factory.mktemp("gold") / "pages.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for name, page in json.loads((SAMPLES / "labels.json").read_text("utf-8")).items():
            record = {
                "id": name,
                "group": name,
                "source": "samples",
                "language": page["language"],
                "text": (SAMPLES / name).read_text("utf-8"),
                "labels": [LABELS[code] for code in codes_from_letters(page["labels"])],
            }
            file.write(json.dumps(record) + "\n")
    return read_gold(path)


@pytest.fixture(scope="module")
def lines(corpus):
    return first_layer_inputs(corpus.column(), blank_first_layer(10))[0]


def test_the_fold_of_a_group_never_changes():
    assert [fold_of(group) for group in ("example.org", "a.de", "b.fr")] == [1, 0, 2]


def test_lines_of_a_page_share_its_fold(corpus):
    assert len(corpus.line_folds()) == len(corpus.labels) == corpus.line_counts.sum()
    assert len(set(corpus.folds)) > 1


def test_a_page_with_too_few_labels_is_named(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "p7", "group": "g", "text": "a\nb", "labels": ["content"]}))
    with pytest.raises(ValueError, match=r"page 1 \(p7\) has 2 lines"):
        read_gold(path)


def test_thinning_takes_navigation_only(corpus, lines):
    everything = np.ones(len(corpus.texts), np.bool_)
    view = thinned(lines, corpus.labels, everything)
    gone = np.setdiff1d(np.arange(len(corpus.labels)), view.rows)
    assert len(gone) > 0
    assert set(corpus.labels[gone]) == {NAVIGATION}
    assert len(view.document_offsets) == len(corpus.texts) + 1
    assert view_of(lines, view).scores.shape == (len(view.rows), 4)


def test_a_view_of_some_documents_holds_their_lines(corpus, lines):
    chosen = np.arange(len(corpus.texts)) % 2 == 0
    view = select_documents(lines, chosen)
    assert np.array_equal(np.diff(view.document_offsets), corpus.line_counts[chosen])


def test_figures_are_those_of_scikit_learn(corpus):
    rng = np.random.default_rng(0)
    predicted = np.where(rng.random(len(corpus.labels)) < 0.7, corpus.labels, 1)
    matrix = confusion(corpus.labels, predicted)
    assert np.array_equal(matrix, confusion_matrix(corpus.labels, predicted))
    np.testing.assert_allclose(f1(matrix), f1_score(corpus.labels, predicted, average=None))
    pages = page_confusions(corpus, predicted)
    assert np.array_equal(pages.sum(axis=0), matrix)
    low, high = bootstrap(pages, f1)
    assert np.all((low <= f1(matrix)) & (f1(matrix) <= high))


def test_the_bound_on_lost_content_holds_for_a_perfect_and_a_blind_model(corpus):
    perfect = np.eye(4, dtype=np.float32)[corpus.labels]
    assert all(
        bound <= 1 / (len(corpus.texts) + 1) + 1e-9 for _, bound, _ in loss_table(corpus, perfect)
    )
    blind = np.full((len(corpus.labels), 4), 0.25, np.float32)
    by_threshold = {row[0]: row for row in loss_table(corpus, blind)}
    assert by_threshold[0.2][2] == 0
    assert by_threshold[0.3][1:] == [1.0, 1.0]


def test_all_figures_can_be_printed(corpus):
    figures = scores(corpus, np.eye(4, dtype=np.float32)[corpus.labels])
    assert figures["macro_f1"] == 1
    assert figures["dropped"]["boilerplate"] == 1
    assert "macro-F1 1.000" in as_text(figures)


def test_eight_bits_keep_weights_and_scores(corpus):
    layer = blank_first_layer(10)
    _, rows = first_layer_inputs(corpus.column(), layer)
    rng = np.random.default_rng(0)
    weights = rng.normal(0, 1, (rows.n_columns, 4)).astype(np.float32)
    bias = np.zeros(4, np.float32)
    rounded = quantised(weights, bias, 10)
    error = np.abs(dequantised(rounded) - weights)
    assert np.quantile(error, 0.99) <= rounded.scale.max()
    found, _ = first_layer_inputs(corpus.column(), rounded)
    np.testing.assert_allclose(
        found.scores, apply_first_layer(sparse(rows), rounded), rtol=1e-4, atol=1e-4
    )


def test_finished_parts_are_not_computed_again(tmp_path):
    calls = []

    def compute():
        calls.append(1)
        return np.arange(3)

    first = remembered(tmp_path, "part", compute)
    assert np.array_equal(remembered(tmp_path, "part", compute), first)
    assert len(calls) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["part.npy"]


def test_floors_rise_freely_and_fall_only_on_demand(corpus, tmp_path):
    path = tmp_path / "baseline.json"
    write_baseline({"macro": 0.8}, corpus, path, lower=False)
    baseline = json.loads(path.read_text())
    assert baseline["floors"]["macro"] == pytest.approx(0.795)
    assert shortfalls({"macro": 0.79}, baseline)
    assert not shortfalls({"macro": 0.8}, baseline)
    with pytest.raises(ValueError, match="--lower"):
        write_baseline({"macro": 0.7}, corpus, path, lower=False)
    write_baseline({"macro": 0.7}, corpus, path, lower=True)


def test_a_model_fitted_on_the_samples_knows_them(corpus, tmp_path):
    layers = fit_model(corpus, read_phrases(ROOT / "data" / "phrases"))
    path = tmp_path / "model.npz"
    save_model(path, layers, corpus, {"macro_f1": 0.5})
    clf = LineClassifier.load(path)
    assert clf.metadata["data_sha256"] == corpus.sha256
    found = clf.label_batch(corpus.texts)
    assert f1(confusion(corpus.labels, found.labels)).min() > 0.8
