"""Training: folds, figures, and a small model fitted from end to end."""

import json
import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from classifier import LineClassifier
from classifier.adapt.metrics import confusion, f1, macro_f1
from classifier.adapt.offset_regression import sparse
from classifier.adapt.thresholds import loss_table
from classifier.columns import read_columns
from classifier.features import first_layer_inputs
from classifier.kernels.first_layer.feature_layout import N_SCORES
from classifier.labelling import label_column
from classifier.labels import CONTENT
from classifier.storage import DEFAULT_MODEL, load_model
from classifier.weights import blank_first_layer
from training.corpus import N_FOLDS, Corpus, corpus_of, fold_of, lines_of
from training.fitting import crossfit, fit, refitting
from training.fitting.bundling import save_model
from training.fitting.calibration import applied, calibrated, fit_calibration
from training.fitting.crossfit import cross_fit, whole_fit
from training.fitting.first_layer import apply_first_layer, dequantised, quantised
from training.fitting.fit import fit_model
from training.fitting.gathering import all_material, gold_pages
from training.judging.adaptation import (
    N_LESSONS,
    Trial,
    pooled,
    run_trial,
    source_trial,
    worst_kind,
    written_trial,
)
from training.judging.gate import shortfalls, write_baseline
from training.judging.held_out import held_out_probabilities
from training.judging.intervals import bootstrap
from training.judging.reliability import calibration_scores
from training.judging.scores import as_users_pages, label_f1, page_confusions, scores
from training.pages.files import read_gold
from training.phrases import chosen_phrases, read_phrases
from training.reporting.scores import as_text


def test_the_fold_of_a_group_never_changes():
    assert [fold_of(group) for group in ("example.org", "a.de", "b.fr")] == [1, 0, 2]


def test_pages_that_are_grouped_otherwise_are_another_corpus():
    page = {"text": "Home", "labels": ["navigation"]}
    one, other = (corpus_of([page | {"group": group}]) for group in ("a", "bb"))
    assert one.sha256 != other.sha256


def test_lines_of_a_page_share_its_fold(corpus):
    assert len(corpus.line_folds()) == len(corpus.labels) == corpus.line_counts.sum()
    assert len(set(corpus.folds)) > 1


def test_a_page_with_too_few_labels_is_named(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "p7", "group": "g", "text": "a\nb", "labels": ["content"]}))
    with pytest.raises(ValueError, match=r"page 1 \(p7\) has 2 lines"):
        read_gold(path)


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
    figures = scores(corpus, np.eye(4, dtype=np.float32)[predicted])
    expected = precision_recall_fscore_support(corpus.labels, predicted)
    for name, values in zip(("precision", "recall", "f1", "lines"), expected, strict=True):
        assert [row[name] for row in figures["labels"].values()] == pytest.approx(values)
    assert figures["confusion"] == matrix.tolist()
    assert figures["macro_f1"] == figures["sources"]["samples"]["macro_f1"] == f1(matrix).mean()
    assert figures["languages"] == {}  # of which none has ten pages


def test_the_bound_on_lost_content_holds_for_a_perfect_and_a_blind_model(corpus):
    pages = as_users_pages(corpus)
    perfect = (corpus.labels == CONTENT).astype(np.float32)
    assert all(
        bound <= 1 / (len(corpus.texts) + 1) + 1e-9 for _, bound, _ in loss_table(pages, perfect)
    )
    blind = np.full(len(corpus.labels), 0.25, np.float32)
    by_threshold = {row[0]: row for row in loss_table(pages, blind)}
    assert by_threshold[0.2][2] == 0
    assert by_threshold[0.3][1:] == [1.0, 1.0]


def test_no_more_content_goes_than_is_to_be_lost(corpus):
    draws = np.random.default_rng(0).dirichlet(np.ones(4), len(corpus.labels)).astype(np.float32)
    found = scores(corpus, draws)["dropped"]
    content, is_content = draws[:, 0].astype(np.float64), corpus.labels == 0
    lengths = np.array([len(line) for text in corpus.texts for line in lines_of(text)]) * is_content
    goes = content < found["threshold"]
    next_goes = content <= found["threshold"]
    assert lengths[goes].sum() <= 0.01 * lengths.sum() < lengths[next_goes].sum()
    assert found["boilerplate"] == goes[~is_content].mean()
    assert found["paywall"] == goes[corpus.labels == 2].mean()


def test_the_mean_is_over_labels_that_there_are():
    figures = label_f1(np.diag([3, 2, 0, 0]))
    assert figures == {"macro_f1": 1, "content": 1, "navigation": 1}


def test_all_figures_can_be_printed(corpus):
    figures = scores(corpus, np.eye(4, dtype=np.float32)[corpus.labels])
    assert figures["macro_f1"] == 1
    assert figures["dropped"]["boilerplate"] == 1
    assert "macro-F1 1.000" in as_text(figures)


def test_a_byte_a_weight_keeps_weights_and_scores(corpus):
    (column,) = read_columns(corpus.texts)
    _, rows = first_layer_inputs(column, blank_first_layer(10))
    rng = np.random.default_rng(0)
    weights = rng.normal(0, 1, (rows.n_columns, N_SCORES)).astype(np.float32)
    bias = np.zeros(N_SCORES, np.float32)
    rounded = quantised(weights, bias)
    error = np.abs(dequantised(rounded) - weights)
    assert (np.quantile(error, 0.99, axis=0) <= rounded.scale).all()
    found, _ = first_layer_inputs(column, rounded)
    np.testing.assert_allclose(
        np.concatenate([found.scores, found.outlooks], axis=1),
        apply_first_layer(sparse(rows), rounded),
        rtol=1e-4,
        atol=1e-4,
    )


def with_few_crosses(monkeypatch, n_crosses: int) -> None:
    """Make fits short."""
    for name in ("N_SECOND_CROSSES", "N_THIRD_CROSSES"):
        monkeypatch.setattr(fit, name, n_crosses)


def test_finished_models_are_not_fitted_again(corpus, tmp_path, monkeypatch):
    pytest.importorskip("catboost", reason="catboost (extra train) is not installed")
    # Six models are fitted, and what they are worth is nothing to this test.
    with_few_crosses(monkeypatch, 8)
    monkeypatch.setattr(refitting, "STEPS", 2)

    def times():
        return {path.name: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npz")}

    first = cross_fit(gold_pages(corpus), tmp_path)
    whole_fit(gold_pages(corpus), tmp_path)
    finished = times()
    models = {*(f"fold-{fold}.npz" for fold in range(N_FOLDS)), "whole.npz"}
    pairs = combinations(range(N_FOLDS), 2)
    unseen = ["none", *map(str, range(N_FOLDS)), *(f"{a}{b}" for a, b in pairs)]
    assert finished.keys() == models | {f"first-without-{folds}.npz" for folds in unseen}
    again = cross_fit(gold_pages(corpus), tmp_path)
    whole_fit(gold_pages(corpus), tmp_path)
    assert times() == finished
    found = [
        held_out_probabilities(corpus.texts, corpus.folds, models) for models in (first, again)
    ]
    assert np.array_equal(*found)
    assert found[0].shape == (len(corpus.labels), 4)


def test_models_are_kept_while_only_what_is_said_of_their_recipe_changes():
    said = 'def f(x):\n    """Double it."""\n    return 2 * x  # twice\n'
    assert crossfit._code(said) == crossfit._code("def f(x):\n    return 2 * x")
    assert crossfit._code(said) != crossfit._code(said.replace("2 * x", "3 * x"))
    assert crossfit._code('"""One."""\nX = "a"') != crossfit._code('"""One."""\nX = "b"')


def test_models_of_other_pages_are_kept_apart(corpus):
    material = gold_pages(corpus)
    keys = [crossfit.recipe_key(material)]
    for name, value in material._asdict().items():
        other = [*value[:-1], value[-1] + type(value[-1])(1 if name != "texts" else "!")]
        if name != "texts":
            other = np.array(other, value.dtype)
        keys.append(crossfit.recipe_key(material._replace(**{name: other})))
    assert len(set(keys)) == 1 + len(material)


def test_models_of_other_code_are_kept_apart(corpus, tmp_path, monkeypatch):
    """Not of what is done anew with a kept one: to calibrate it and to store it."""
    material, own = gold_pages(corpus), Path(crossfit.__file__).parent
    shutil.copytree(own, tmp_path / "fitting")
    monkeypatch.setattr(crossfit, "__file__", str(tmp_path / "fitting" / "crossfit.py"))
    before, telling = crossfit.recipe_key(material), set()
    for path in (tmp_path / "fitting").glob("*.py"):
        code = path.read_text("utf-8")
        path.write_text(f"{code}\nOTHER = 1\n", "utf-8")
        if crossfit.recipe_key(material) != before:
            telling.add(path.stem)
        path.write_text(code, "utf-8")
    assert telling == {path.stem for path in own.glob("*.py")} - {
        "__init__",
        "bundling",
        "calibration",
        "sources",  # of which material is made: that is told by itself
    }


def test_calibration_undoes_a_temperature_and_shifts(monkeypatch):
    monkeypatch.setattr("training.fitting.calibration.LABEL_WEIGHTS", (1, 1, 1, 1))
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20_000, 4))
    labels = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)  # as the softmax says
    distorted = logits * 2 + [0, 0.5, -1, 0]
    parameters = fit_calibration(distorted, labels)
    found = applied(parameters, distorted)
    assert parameters[0] == pytest.approx(0.5, abs=0.02)
    np.testing.assert_allclose(found, softmax(logits, axis=1), atol=0.03)
    one_page = np.zeros(len(labels), np.int64)
    before, after = (
        calibration_scores(said, labels, one_page) for said in (softmax(distorted, axis=1), found)
    )
    assert all(after[name]["error"] < 0.02 < before[name]["error"] for name in after)


def test_calibrated_layers_say_what_was_fitted(corpus):
    from examples import random_layers

    (column,) = read_columns(corpus.texts)
    layers = random_layers(3)
    parameters = np.array([0.7, 0.1, -0.2, 0.3, 0])
    logits = np.log(label_column(column, layers).probabilities.astype(np.float64))
    found = label_column(column, calibrated(layers, parameters)).probabilities
    np.testing.assert_allclose(found, applied(parameters, logits), atol=1e-4)


def test_floors_rise_freely_and_fall_only_on_demand(corpus, tmp_path):
    path = tmp_path / "baseline.json"
    write_baseline({"macro": 0.8}, corpus, path, lower=False)
    baseline = json.loads(path.read_text())
    assert baseline["floors"]["macro"] == pytest.approx(0.795)
    assert shortfalls({"macro": 0.79}, baseline["floors"])
    assert not shortfalls({"macro": 0.8}, baseline["floors"])
    with pytest.raises(ValueError, match=r"would fall from 0\.7950 to 0\.6950\. Give --lower"):
        write_baseline({"macro": 0.7}, corpus, path, lower=False)
    write_baseline({"macro": 0.7}, corpus, path, lower=True)


def test_a_model_fitted_on_the_samples_knows_them(corpus, tmp_path, monkeypatch):
    pytest.importorskip("catboost", reason="catboost (extra train) is not installed")
    with_few_crosses(monkeypatch, 32)
    phrases = read_phrases()
    phrases = chosen_phrases(phrases, np.arange(len(phrases.texts)) % 5 == 0)
    material = all_material(corpus, phrases, corpus, {"full": corpus, "other": corpus})
    path = tmp_path / "model.npz"
    save_model(path, fit_model(material), corpus, {"macro_f1": 0.5})
    clf = LineClassifier.load(path)
    assert clf.metadata["data_sha256"] == corpus.sha256
    found = clf.label_batch(corpus.texts)
    assert f1(confusion(corpus.labels, found.labels)).min() > 0.8


def test_a_trial_of_corrections_keeps_groups_apart():
    n = 200
    groups = [f"g{i // 2}" for i in range(n)]
    records = [{"source": "ab"[i % 4 == 3], "group": group} for i, group in enumerate(groups)]
    nothing = np.zeros(n, np.int64)
    corpus = Corpus(["x"] * n, nothing.astype(np.uint8), nothing + 1, nothing, records, "")
    trial = source_trial(corpus, "a", 0)
    assert len(trial.lessons.texts) == N_LESSONS
    lessons, same_kind, elsewhere = ({r["group"] for r in part.records} for part in trial)
    assert not lessons & (same_kind | elsewhere)
    assert {r["source"] for r in trial.same_kind.records} == {"a"}
    assert {r["source"] for r in trial.elsewhere.records} == {"b"}
    figures = {"sources": {"a": {"macro_f1": 0.7}, "b": {"macro_f1": 0.1}}}
    assert worst_kind(figures, corpus) == "a"  # b has too few pages
    with pytest.raises(ValueError, match="no collection of the labelled pages has 60 pages in"):
        worst_kind({"sources": {"b": {"macro_f1": 0.1}}}, corpus)


def test_a_page_that_five_models_judge_is_drawn_as_one_page():
    def trial(same_kind, elsewhere):
        parts = ([], same_kind, elsewhere)
        records = [[{"text": t, "labels": ["content"], "group": t} for t in part] for part in parts]
        return Trial(*map(corpus_of, records))

    trials = [trial("ab", "c"), trial("ab", "de")]
    found = [[np.ones((2, 2, 4, 4), int), np.ones((n, 2, 4, 4), int)] for n in (1, 2)]
    same_kind, elsewhere = pooled(trials, found)
    assert same_kind.shape == (2, 2, 4, 4)
    assert (same_kind == 2).all()
    assert elsewhere.shape == (3, 2, 4, 4)
    assert (elsewhere == 1).all()


def test_thirty_pages_of_a_written_kind_teach_the_bundled_model_that_kind():
    nothing = corpus_of([])
    trial = written_trial(nothing, 0)
    assert not set(trial.lessons.texts) & set(trial.same_kind.texts)
    layers, _ = load_model(DEFAULT_MODEL)
    strength, (pages, elsewhere) = run_trial(layers, trial._replace(elsewhere=trial.lessons))
    before, after = pages.sum(axis=0)
    assert strength is not None
    assert macro_f1(after) > macro_f1(before) + 0.05
    assert len(elsewhere) == N_LESSONS
