"""Nobody is judged by what they have learnt from: pages of a held-out fold change no model."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("catboost", reason="catboost (extra train) is not installed")

from classifier.labels import CONTENT, LABELS
from classifier.weights.checks import named_arrays
from training.corpus import N_FOLDS, corpus_of, lines_of
from training.fitting import fit, refitting
from training.fitting.first_layer import (
    apply_first_layer,
    first_layer_without,
    measure,
)
from training.fitting.gathering import gold_pages
from training.judging import gate, hard_negatives, held_out, studies
from training.phrases import Phrases

FOLD = 2


@pytest.fixture
def small(monkeypatch):
    """Layers of few crosses, which are fitted in a moment."""
    for name in ("N_SECOND_CROSSES", "N_THIRD_CROSSES"):
        monkeypatch.setattr(fit, name, 4)
    monkeypatch.setattr(refitting, "STEPS", 2)


@pytest.fixture
def two(corpus):
    """Material twice: the second time other labels stand on all lines of a fold."""
    material = gold_pages(corpus)
    own = material.line_folds() == FOLD
    assert own.any()
    labels = np.where(own, (material.labels + 1) % len(LABELS), material.labels)
    return material, material._replace(labels=labels.astype(material.labels.dtype))


def are_equal(one, other):
    pairs = zip(named_arrays(one).values(), named_arrays(other).values(), strict=True)
    return all(np.array_equal(*pair) for pair in pairs)


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_a_model_is_the_same_whatever_is_said_of_the_fold_that_is_held_out(two):
    assert are_equal(*(fit.fit_model(material, FOLD) for material in two))
    assert not are_equal(*(fit.fit_model(material, (FOLD + 1) % N_FOLDS) for material in two))


def test_a_first_layer_is_the_same_whatever_is_said_of_the_folds_it_is_without(two):
    without = [first_layer_without(frozenset({FOLD}), measure(m), m, None) for m in two]
    for one, other in zip(*without, strict=True):
        assert np.array_equal(one, other)


def test_a_first_layer_is_the_same_whatever_stands_on_pages_of_the_folds_it_is_without(corpus):
    """Rare words count more, too, by the lines that are learnt from alone."""
    texts = [
        text.upper() if fold == FOLD else text
        for text, fold in zip(corpus.texts, corpus.folds.tolist(), strict=True)
    ]
    assert texts != corpus.texts
    both = [gold_pages(some) for some in (corpus, corpus._replace(texts=texts))]
    for unseen, is_same in ((FOLD, True), ((FOLD + 1) % N_FOLDS, False)):
        one, other = (
            first_layer_without(frozenset({unseen}), measure(m, 14), m, None) for m in both
        )
        equal = [np.array_equal(*arrays) for arrays in zip(one, other, strict=True)]
        assert all(equal) == is_same


@pytest.mark.usefixtures("small")
def test_what_the_third_layer_learns_from_knows_no_label_of_the_line(two):
    """Scores of a fold come from a second layer that has not seen it."""
    features = measure(two[0])
    scores = apply_first_layer(
        features.matrix, first_layer_without(frozenset(), features, two[0], None)
    )
    by_label, outlooks = (np.ascontiguousarray(part) for part in np.hsplit(scores, [len(LABELS)]))
    lines = features.lines._replace(scores=by_label, outlooks=outlooks)
    folds = two[0].line_folds()
    everything = np.ones(len(folds), np.bool_)
    _, one = fit.fit_second_layer(lines, two[0], everything)
    _, other = fit.fit_second_layer(lines, two[1], everything)
    assert np.array_equal(one[folds == FOLD], other[folds == FOLD])
    assert not np.array_equal(one, other)


def answering(monkeypatch, module):
    """Let models be numbers, and answer the same for every line: label number `n` modulo four."""

    def label_batch(number, texts):
        counts = [len(lines_of(text)) for text in texts]
        labels = np.full(sum(counts), number % len(LABELS), np.uint8)
        offsets = np.concatenate([[0], np.cumsum(counts)])
        return SimpleNamespace(
            labels=labels,
            document_offsets=offsets,
            probabilities=np.full((len(labels), len(LABELS)), number, np.float32),
        )

    def classifier(number):
        return SimpleNamespace(label_batch=lambda texts: label_batch(number, texts))

    monkeypatch.setattr(module, "LineClassifier", classifier)


def test_each_page_is_labelled_by_the_model_without_its_fold(corpus, monkeypatch):
    answering(monkeypatch, held_out)
    models = {fold: fold for fold in range(N_FOLDS)}
    found = held_out.held_out_probabilities(corpus.texts, corpus.folds, models)
    assert np.array_equal(found[:, CONTENT], corpus.line_folds())


def test_hard_negatives_are_placed_into_pages_that_the_model_has_not_seen(corpus, monkeypatch):
    answering(monkeypatch, hard_negatives)
    given = []

    def place(some, phrases, fold):
        given.append((fold, set(some.folds.tolist())))
        return ["Home"], np.zeros(1, np.uint8), np.ones(1, np.bool_)

    monkeypatch.setattr(hard_negatives, "hard_negative_pages", place)
    hard_negatives.hard_negatives_dropped(corpus, None, {0: 0, FOLD: 1})
    assert given == [(0, {0}), (FOLD, {FOLD})]


def test_the_gate_judges_the_fold_that_its_models_are_without(corpus, monkeypatch):
    answering(monkeypatch, gate)
    asked, judged = [], []

    def remember(material, without, folder):
        asked.append(without)
        return 1

    monkeypatch.setattr(gate, "fit_model", remember)
    monkeypatch.setattr(
        gate, "confusion", lambda labels, found: judged.append(labels) or np.eye(len(LABELS))
    )
    nothing = Phrases([], np.zeros(0, np.uint8), [], [], [])
    gate.held_out_f1(corpus, nothing, corpus_of([]))
    own = corpus.labels[corpus.line_folds() == gate.HELD_OUT]
    assert asked == [gate.HELD_OUT] * gate.N_FITS
    assert all(np.array_equal(labels, own) for labels in judged)


def test_studies_pass_on_what_is_held_out(corpus, monkeypatch):
    asked = []
    monkeypatch.setattr(studies, "fit_model", lambda material, without=None: asked.append(without))
    monkeypatch.setattr(studies, "judged_by", lambda layers, judge: {})
    monkeypatch.setattr(studies, "hard_negatives_dropped", lambda *_: {"all": {}})
    nothing = Phrases([], np.zeros(0, np.uint8), [], [], [])
    sources = studies.Sources(corpus, nothing, corpus_of([]))
    studies.fit_and_judge(sources, corpus, 3)
    studies.less_written(sources, corpus, True)
    studies.new_hard_negatives(sources, corpus, FOLD)
    assert asked == [3, studies.HELD_OUT, FOLD]
