"""What is learnt from: pages, views and phrases, and how much each of their lines weighs."""

import gzip
import json
from itertools import chain

import numpy as np
import pytest

from classifier.labels import CONTENT, NAVIGATION
from training.corpus import N_FOLDS, corpus_of, fold_of, lines_of
from training.fitting.gathering import (
    N_DRAWS,
    all_material,
    gold_pages,
    invented_pages,
    placed_phrases,
    single_phrases,
    viewed_pages,
)
from training.fitting.material import Material, pages
from training.fitting.thinning import thinned
from training.phrases import read_phrases
from training.views.reading import DRAWN_VIEWS, new_lines, read_drawn_views


@pytest.fixture(scope="module")
def phrases():
    return read_phrases()


@pytest.fixture(scope="module")
def placed(corpus, phrases):
    return placed_phrases(corpus, phrases)


def test_material_keeps_labels_and_folds_of_pages(corpus, phrases):
    views = {"full": corpus, "other": corpus}
    material = all_material(corpus, phrases, corpus, views)
    assert len(material.line_folds()) == len(material.labels) == material.line_counts.sum()
    n_pages, n_lines = len(corpus.texts), len(corpus.labels)
    assert material.texts[:n_pages] == corpus.texts
    assert np.array_equal(material.labels[:n_lines], corpus.labels)
    assert np.array_equal(material.folds[:n_pages], corpus.folds)


def test_what_was_written_is_of_the_fold_of_its_text_or_group(corpus, phrases):
    folds = [fold_of(text) for text in phrases.texts]
    assert single_phrases(phrases).folds.tolist() == folds
    assert len(set(folds)) == len(set(corpus.folds.tolist())) == N_FOLDS
    assert np.array_equal(invented_pages(corpus).folds, corpus.folds)


def test_lines_with_which_content_begins_weigh_three_times_in_the_context_layers():
    found = pages(
        ["Menu\nTitle\nText\nMenu\nText", "Title\nText"],
        np.zeros(2, np.int64),
        np.array([NAVIGATION, CONTENT, CONTENT, NAVIGATION, CONTENT, CONTENT, CONTENT], np.uint8),
        1,
        0.5,
    )
    assert (found.context_weights / 0.5).tolist() == [1, 3, 1, 1, 3, 3, 1]
    assert (found.first_weights == 1).all()


def test_every_view_is_learnt_from_but_the_page_itself(corpus):
    views = {
        f"view {n}": corpus._replace(texts=[text + "\n" * n for text in corpus.texts])
        for n in (1, 2)
    }
    found = viewed_pages({"full": corpus, **views})
    assert found.texts == [text for view in views.values() for text in view.texts]
    assert np.array_equal(found.folds, np.tile(corpus.folds, 2))
    assert np.array_equal(found.labels, np.tile(corpus.labels, 2))
    assert (found.context_weights > 0).all()
    assert not found.first_weights.any()  # no line that the page itself has not


def page_of(text, identifier="p"):
    """A page of content alone."""
    record = {"id": identifier, "group": "g", "text": text}
    return {**record, "labels": ["content"] * len(lines_of(text))}


def test_the_first_layer_learns_from_lines_that_no_other_view_has():
    views = {
        "a": corpus_of([page_of("• Home\nSubscribe\nfor $1\nfor $1"), page_of("Home", "q")]),
        "b": corpus_of([page_of("# Subscribe for $1\nHome News\nfor $1")]),
        "full": corpus_of([page_of("Home\nNews\n\nSubscribe for $1")]),
    }
    found = new_lines(views)
    assert found["full"].all()
    assert found["a"].tolist() == [False, True, True, False, True]
    assert found["b"].tolist() == [False, True, False]
    weights = viewed_pages(views).first_weights
    assert np.array_equal(weights > 0, np.concatenate([found["a"], found["b"]]))


def test_a_page_labelled_in_addition_is_learnt_from_in_one_view(tmp_path):
    assert read_drawn_views(tmp_path) == {}
    pages = [page_of(f"Line {n}", f"page {n}") for n in range(60)]
    (tmp_path / "added").mkdir()
    for name in ("full", "main", *DRAWN_VIEWS):
        with gzip.open(tmp_path / "added" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(page) + "\n" for page in pages)
    views = read_drawn_views(tmp_path)
    assert set(views) == {"full", *DRAWN_VIEWS}
    drawn = [[record["id"] for record in views[name].records] for name in DRAWN_VIEWS]
    assert all(drawn)
    assert sorted(chain(*drawn)) == sorted(page["id"] for page in pages)
    assert len(views["full"].texts) == len(pages)


def test_phrases_are_placed_into_pages_of_their_own_fold_only(corpus, phrases, placed):
    assert len(placed.texts) > 0
    folds = {text: fold_of(text) for text in phrases.texts}
    pages = {line for text in corpus.texts for line in text.split("\n")}
    for text, fold in zip(placed.texts, placed.folds, strict=True):
        new = set(text.split("\n")) - pages
        assert {folds[line] for line in new if line in folds} <= {fold}


def test_phrases_are_placed_anew_into_prints_that_break_walls_up(corpus, phrases, placed):
    both = placed_phrases(corpus, phrases, [{"full": corpus, "wet": corpus}, {}])
    more = both.texts[len(placed.texts) :]
    assert both.texts[: len(placed.texts)] == placed.texts
    assert more
    assert not set(more) & set(placed.texts)


def test_phrases_weigh_as_much_less_as_they_are_placed_more_often(
    corpus, phrases, placed, monkeypatch
):
    monkeypatch.setattr("training.fitting.gathering.N_DRAWS", N_DRAWS // 2)
    fewer = placed_phrases(corpus, phrases)
    assert set(fewer.texts) < set(placed.texts)
    assert len(set(placed.texts)) > 1.5 * len(fewer.texts)
    assert fewer.context_weights.max() == pytest.approx(2 * placed.context_weights.max())


def test_easy_lines_are_thinned_out_and_the_rest_weighs_as_much():
    n_lines = 40_000
    labels = np.arange(n_lines, dtype=np.uint8) % 2
    scores = np.zeros((n_lines, 4), np.float32)
    scores[: n_lines // 2, 0] = 12  # right for one label, wrong for the other
    weights = np.ones(n_lines, np.float32)
    weights[-1000:] = 0
    whole = np.array([n_lines])
    before = Material([""], np.zeros(1, np.int64), labels, weights, weights, whole)
    after = thinned(before, scores)
    easy, wrong = (np.flatnonzero(labels[: n_lines // 2] == label) for label in (0, 1))
    assert not after.context_weights[-1000:].any()
    np.testing.assert_array_equal(after.context_weights[wrong], before.context_weights[wrong])
    assert 0.1 < np.count_nonzero(after.context_weights[easy]) / len(easy) < 0.2
    sums = [material.context_weights[easy].sum() for material in (before, after)]
    assert sums[1] == pytest.approx(sums[0], rel=0.1)
    np.testing.assert_array_equal(after.first_weights, before.first_weights)


def test_lines_that_weigh_less_than_a_views_are_thinned_out_more():
    n_lines = 40_000
    weights = np.repeat(np.float32([0.35, 0.07]), n_lines // 2)
    scores = np.zeros((n_lines, 4), np.float32)  # the first layer is at a loss: all might stay
    labels, whole = np.zeros(n_lines, np.uint8), np.array([n_lines])
    before = Material([""], np.zeros(1, np.int64), labels, weights, weights, whole)
    view, light = np.split(thinned(before, scores).context_weights, 2)
    np.testing.assert_array_equal(view, weights[: n_lines // 2])
    assert np.count_nonzero(light) / len(light) == pytest.approx(0.2, abs=0.02)
    assert light.max() == pytest.approx(0.35)


def test_pages_of_forms_weigh_less_in_the_context_layers_and_nothing_is_placed_into_them(
    corpus, phrases, placed
):
    forms = corpus._replace(records=[r | {"source": "formasaurus"} for r in corpus.records])
    alone = gold_pages(forms)
    np.testing.assert_array_equal(alone.first_weights, gold_pages(corpus).first_weights)
    np.testing.assert_allclose(alone.context_weights, gold_pages(corpus).context_weights * 0.35)
    assert placed.texts
    assert not placed_phrases(forms, phrases).texts
