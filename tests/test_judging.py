"""Judging held-out labels: figures that can be counted by hand, on small made-up pages."""

import re
from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import pytest
from judged_pages import certain, corpus_of

from classifier.labels import COLOURS, CONTENT, LABELS, NAVIGATION, PAYWALL, SPONSORED
from classifier.weights import Layers, blank_context_layer
from training.corpus import UNLABELLED, fold_of
from training.fitting.calibration import cross_calibrated
from training.judging import hard_negatives, views, wcxb
from training.judging.default_policy import figures_of
from training.judging.figures import read_figures
from training.judging.promise import kept_promises
from training.judging.reliability import reliability
from training.judging.scores import scores
from training.judging.slices import bought_lines, by_line_length
from training.phrases import Phrases
from training.reporting.comparisons import BASELINES
from training.reporting.plots import loss_curve, precision_recall, write_plots
from training.reporting.report import write_report, write_report_text
from training.reporting.tables import sections

PAGES = {
    "a.example": [("Menu", NAVIGATION), ("La pluie est venue.", CONTENT)],
    "b.example": [("Abonnez-vous pour lire la suite", PAYWALL), ("Publicité", SPONSORED)],
    "c.example": [("Le maire a parlé, longuement, du pont.", CONTENT), ("Partager", NAVIGATION)],
}


def test_lines_are_sorted_by_their_length():
    corpus = corpus_of({"a": [("x" * 10, CONTENT), ("x" * 11, CONTENT), ("x" * 201, NAVIGATION)]})
    found = by_line_length(corpus, np.array([CONTENT, NAVIGATION, NAVIGATION]))
    assert {name: row["lines"] for name, row in found.items()} == {
        "1–10": 1,
        "11–25": 1,
        "from 201": 1,
    }
    assert found["1–10"]["content"] == found["from 201"]["navigation"] == 1
    assert found["11–25"]["content"] == 0


def test_bought_lines_count_as_found_under_any_label_but_content():
    corpus = corpus_of(PAGES)
    predicted = np.array([NAVIGATION, CONTENT, NAVIGATION, CONTENT, CONTENT, NAVIGATION])
    assert bought_lines(corpus, predicted, 3) == {
        "fr": {"pages": 3, "lines": 2, "not_content": 0.5, "interval": [0.5, 0.5]}
    }
    assert bought_lines(corpus, predicted, 4) == {}
    for record in corpus.records:
        del record["language"]
    assert bought_lines(corpus, predicted, 3).keys() == {"not known"}


def test_lines_of_a_view_without_a_label_are_left_out(monkeypatch):
    full = corpus_of(PAGES)
    other = full._replace(labels=np.where(full.labels == PAYWALL, UNLABELLED, full.labels))
    wrong = np.where(full.labels == SPONSORED, CONTENT, full.labels)
    answers = iter([certain(full.labels), certain(wrong)])
    monkeypatch.setattr(views, "held_out_probabilities", lambda *_: next(answers))
    monkeypatch.setattr(views, "LEAST_LINES", 1)
    found = views.view_scores({"full": full, "other": other}, {})
    assert found["full"]["macro_f1"] == 1
    assert found["other"]["lines"] == 5
    assert "paywall" not in found["other"]["gaps"]
    assert found["other"]["gaps"] == {
        "content": pytest.approx(0.8 - 1),
        "navigation": 0,
        "sponsored": -1,
    }


def test_words_are_compared_as_bags():
    text, main = "Menu\nThe rain, the RAIN\n\n•", "the rain fell"
    keeps = np.array([[False, True, False], [True, True, True], [False, False, False]])
    assert wcxb.overlap(text, main, keeps).tolist() == [
        pytest.approx([2 / 4, 2 / 3, 4 / 7]),
        pytest.approx([2 / 5, 2 / 3, 4 / 8]),
        [0, 0, 0],
    ]


def test_the_threshold_for_main_text_is_chosen_on_other_folds(monkeypatch):
    documents = [
        {"text": "a menu of links\nrain fell", "main_content": "rain fell", "group": f"g{number}"}
        | {"page_type": "article"}
        for number in range(40)
    ]
    folds = np.array([fold_of(document["group"]) for document in documents])
    # Only a threshold of more than .8 keeps the menu out; in fold 3 it costs the text.
    content = np.stack([np.full(40, 0.8), np.where(folds == 3, 0.82, 0.98)], axis=1).ravel()
    probabilities = np.stack([content, 1 - content, 0 * content, 0 * content], axis=1)
    monkeypatch.setattr(wcxb, "held_out_probabilities", lambda *_: probabilities)
    found = wcxb.wcxb_scores(documents, {})
    f1_interval = pytest.approx([0.5, 0.5])
    precision = pytest.approx(2 / 6)
    assert found["default"] == {
        "precision": precision,
        "recall": 1,
        "f1": 0.5,
        "interval": f1_interval,
    }
    assert found["thresholds"][3] == pytest.approx(0.85)
    share = np.mean(folds == 3)
    assert found["threshold"]["f1"] == pytest.approx(1 - share)
    assert found["page_types"]["article"] == {
        "pages": 40,
        "default": pytest.approx(0.5),
        "threshold": pytest.approx(1 - share),
    }


def test_hard_negatives_are_told_apart_by_what_the_model_has_seen(monkeypatch):
    texts = [f"Satz {number}." for number in range(12)]
    fold = fold_of(texts[0])
    phrases = Phrases(texts, np.zeros(12, np.uint8), ["de"] * 12, ["post"] * 12, ["post"] * 12)
    corpus = corpus_of(PAGES)
    monkeypatch.setattr(hard_negatives, "hard_negative_pages", lambda *_: placed)
    lines = [*texts, "Menü"]
    placed = (["\n".join(lines)], np.zeros(13, np.uint8), np.arange(13) < 12)
    is_unseen = np.array([fold_of(text) == fold for text in texts])
    assert 0 < is_unseen.sum() < 12
    answers = np.append(np.where(is_unseen, PAYWALL, CONTENT), NAVIGATION)
    sure = SimpleNamespace(label_batch=lambda _: SimpleNamespace(labels=answers))
    monkeypatch.setattr(hard_negatives, "LineClassifier", lambda _: sure)
    found = hard_negatives.hard_negatives_dropped(corpus, phrases, {fold: None})
    assert found["unseen"] == {"lines": is_unseen.sum(), "dropped": 1, "interval": [1, 1]}
    share = pytest.approx(is_unseen.mean())
    assert found["all"] == {"lines": 12, "dropped": share, "interval": [share, share]}


def test_a_phrase_is_of_its_fold_with_a_bullet_too():
    assert hard_negatives.is_of("  • Satz 1.", fold_of("Satz 1."))


def test_curves_are_those_that_one_counts_by_hand():
    recall, precision = precision_recall(
        np.array([0.9, 0.8, 0.7, 0.1]), np.array([True, False, True, False])
    )
    assert recall.tolist() == [0.5, 0.5, 1, 1]
    assert precision.tolist() == pytest.approx([1, 1 / 2, 2 / 3, 1 / 2])
    means, shares = reliability(np.array([0.02, 0.04, 0.98]), np.array([False, True, True]))
    assert means.tolist() == pytest.approx([0.03, 0.98])
    assert shares.tolist() == [0.5, 1]
    corpus = corpus_of(PAGES)
    content = np.array([0.1, 0.5, 0.6, 0.2, 0.9, 0.3])
    lost, dropped = loss_curve(corpus, np.stack([content] * 4, axis=1))
    assert lost.tolist() == pytest.approx([19 / 57, 1])
    assert dropped.tolist() == [0.75, 1]


def test_a_report_shows_what_was_measured_and_its_plots(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (extra train) is not installed")
    corpus = corpus_of(PAGES)
    probabilities = certain(corpus.labels)
    figures = scores(corpus, probabilities) | {
        "default_policy": figures_of(corpus, corpus.labels),
        "judged_sha256": read_figures(BASELINES)["data_sha256"],
        "reading_sha256": read_figures(BASELINES)["reading_sha256"],
        "promise": kept_promises(corpus, probabilities),
        "bought_lines": {"fr": {"pages": 20, "lines": 0}},
    }
    (tmp_path / "learning-curve.svg").write_text("of studies on other pages")
    write_report(tmp_path, figures, corpus, probabilities)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "learning-curve" not in text
    assert "## Promised content loss" in text
    assert "| fr | 20 | 0 | – |" in text
    assert "| linesift | 1.000 | 1.000 |" in text, "the model stands below the baselines"
    assert "WCXB" not in sections(figures)
    for name in ("confusion", "precision-recall", "reliability", "content-loss"):
        assert (tmp_path / f"{name}.svg").read_text("utf-8").rstrip().endswith("</svg>")
    plots = {path: path.read_bytes() for path in tmp_path.glob("*.svg")}
    for path in plots:  # each with words for who does not see it, and how to read it
        assert re.search(rf"^!\[\w+ .+\]\({path.name}\)\n\n[A-Z].+\.$", text, re.MULTILINE), path
    write_report_text(tmp_path, figures)
    assert (tmp_path / "report.md").read_text("utf-8") == text, "plots need no second evaluation"
    write_report(tmp_path, figures, corpus, probabilities)
    assert plots == {path: path.read_bytes() for path in plots}


def test_a_label_looks_alike_in_every_plot_and_unlike_the_others(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (extra train) is not installed")
    corpus = corpus_of({**PAGES, "a.example": [], "c.example": PAGES["c.example"][:1]})
    assert NAVIGATION not in corpus.labels
    figures = {"macro_f1": 0.5, **dict.fromkeys(LABELS, 0.5)}
    curve = {str(n): {"pages": n, **figures} for n in (10, 20)}
    write_plots(tmp_path, corpus, certain(corpus.labels), curve)
    colours, styles = {}, defaultdict(set)
    for name in ("precision-recall", "reliability", "learning-curve"):
        legend = (tmp_path / f"{name}.svg").read_text("utf-8").split('id="legend_1"')[1]
        lines = re.findall(r'style="fill: none; (.*?)stroke: (#\w{6})', legend)
        colours[name] = [colour for _, colour in lines]
        for style, colour in lines:
            styles[colour].add(style)
    own = [COLOURS[label].lower() for label in LABELS]
    assert colours["precision-recall"] == [own[code] for code in (CONTENT, PAYWALL, SPONSORED)]
    assert colours["reliability"] == own
    mean, *others = colours["learning-curve"]
    assert others == own
    assert mean not in own
    assert len(set().union(*styles.values())) == sum(map(len, styles.values())) == 5


def test_a_model_is_calibrated_by_the_folds_that_it_has_seen():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 300).astype(np.uint8)
    folds = np.arange(300) % 3
    probabilities = (0.6 * certain(labels) + 0.1).astype(np.float32)
    models = dict.fromkeys(range(3), Layers(None, None, blank_context_layer(), np.ones(4)))
    found, before, _ = cross_calibrated(models, probabilities, labels, folds)
    swapped = np.where(folds == 1, (labels + 1) % 4, labels).astype(np.uint8)
    again, after, _ = cross_calibrated(models, probabilities, swapped, folds)
    # All lines are right, though the model is only 70 % sure of them.
    assert before[1].third.scale.min() > 1
    assert np.array_equal(before[1].third.scale, after[1].third.scale)
    assert np.array_equal(found[folds == 1], again[folds == 1])
    assert found[folds == 0].max() > again[folds == 0].max()
    assert before[0].third.scale.min() > after[0].third.scale.max()
    assert np.array_equal(before[0].carry, before[0].third.scale)  # which was 1 as well
