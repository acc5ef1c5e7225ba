"""Intervals of figures: what the same figures are on pages drawn with replacement."""

import numpy as np
import pytest

from classifier.as_read import line_characters
from classifier.labels import CONTENT, LABELS, PAYWALL
from training.corpus import corpus_of
from training.judging import dropping, intervals
from training.judging.dropping import dropped_at_loss
from training.judging.intervals import group_sums, limits, mean_interval, share_interval
from training.judging.reliability import calibration_scores
from training.judging.scores import label_f1, page_confusions, page_f1, scores
from training.judging.slices import bought_share
from training.reporting.scores import drawn_table
from training.reporting.slice_plots import slice_figure, write_slice_plots

N_PAGES = 12
TIMES = np.array([0, 2, 1, 0, 3, 1, 0, 1, 1, 2, 0, 1])  # how often each page is drawn


def pages(times):
    """Make so many copies of each of some pages, and what a model says of their lines."""
    rng = np.random.default_rng(3)
    records, probabilities = [], []
    for number, n_copies in enumerate(times):
        codes = np.append(np.arange(4), rng.integers(0, 4, 20))
        lines = [f"{'x' * rng.integers(1, 60)} {i}" for i in range(len(codes))]
        said = rng.dirichlet([0.4] * 4, len(codes)) + 0.5 * np.eye(4)[codes]
        record = {"id": f"{number}", "group": f"g{number}", "language": "fr"}
        record |= {"text": "\n".join(lines), "labels": [LABELS[code] for code in codes]}
        records += [record] * n_copies
        probabilities += [said / said.sum(axis=1, keepdims=True)] * n_copies
    return corpus_of(records), np.concatenate(probabilities)


@pytest.fixture
def one_draw(monkeypatch):
    """Draw once, `TIMES`: both limits of an interval are then the figure of these pages."""
    for module in (intervals, dropping):
        monkeypatch.setattr(module, "draws", lambda n_pages: TIMES[np.newaxis])


def as_drawn(figures):
    """Return the figures of the drawn pages as intervals of one draw are: twice each."""
    return {name: pytest.approx([value, value]) for name, value in figures.items()}


def test_f1_and_shares_of_labels_are_measured_anew_on_drawn_pages(one_draw):
    corpus, probabilities = pages(np.ones(N_PAGES, int))
    found = page_f1(page_confusions(corpus, probabilities.argmax(axis=1)))
    share = bought_share(page_confusions(corpus, probabilities.argmax(axis=1)))
    drawn, probabilities = pages(TIMES)
    confusions = page_confusions(drawn, probabilities.argmax(axis=1))
    assert found["intervals"] == as_drawn(label_f1(confusions.sum(axis=0)))
    expected = bought_share(confusions)["not_content"]
    assert share["interval"] == pytest.approx([expected, expected])
    assert share["not_content"] != expected


def test_the_threshold_of_a_loss_is_found_anew_on_drawn_pages(one_draw, monkeypatch):
    monkeypatch.setattr(dropping, "LOSS_AT", 0.1)
    found = dropped_at_loss(*pages(np.ones(N_PAGES, int)))
    drawn = dropped_at_loss(*pages(TIMES))
    assert found["threshold"] != drawn["threshold"]
    names = ("boilerplate", "navigation", "paywall", "sponsored")
    assert found["intervals"] == as_drawn({name: drawn[name] for name in names})


def test_what_goes_at_a_loss_is_counted_by_hand(monkeypatch):
    monkeypatch.setattr(dropping, "LOSS_AT", 0.1)
    corpus, probabilities = pages(np.ones(N_PAGES, int))
    found = dropped_at_loss(corpus, probabilities)
    content, is_content = probabilities[:, CONTENT], corpus.labels == CONTENT
    characters = line_characters(corpus.texts)
    goes = content < found["threshold"]
    lost = characters[goes & is_content].sum() / characters[is_content].sum()
    more = content <= found["threshold"]
    assert lost <= 0.1 < characters[more & is_content].sum() / characters[is_content].sum()
    assert found["boilerplate"] == goes[~is_content].mean()
    assert found["paywall"] == goes[corpus.labels == PAYWALL].mean()


def test_calibration_errors_are_measured_anew_on_drawn_pages(one_draw):
    corpus, said = pages(np.ones(N_PAGES, int))
    found = calibration_scores(said, corpus.labels, corpus.line_pages())
    drawn, probabilities = pages(TIMES)
    expected = calibration_scores(probabilities, drawn.labels, drawn.line_pages())
    errors = {name: row["error"] for name, row in expected.items()}
    assert {name: row["interval"] for name, row in found.items()} == as_drawn(errors)
    paywall = found["paywall"]["mean"], found["paywall"]["share"]
    assert paywall == pytest.approx((said[:, PAYWALL].mean(), (corpus.labels == PAYWALL).mean()))


def test_errors_cancel_within_a_fifteenth_only():
    """Content was said with these probabilities, and is the first of the two lines."""
    labels = np.array([CONTENT, PAYWALL], np.uint8)

    def error(first, second):
        said = np.zeros((2, 4))
        said[:, CONTENT] = first, second
        return calibration_scores(said, labels, np.zeros(2, np.int64))["content"]["error"]

    assert error(0.28, 0.32) == pytest.approx((0.72 - 0.32) / 2)
    assert error(0.32, 0.34) == pytest.approx((0.68 + 0.34) / 2)


def test_limits_leave_out_a_fortieth_on_each_side_and_draws_without_a_figure():
    drawn = np.append(np.arange(1001.0), np.nan)
    assert limits(drawn).tolist() == [25, 975]


def test_groups_are_drawn_with_all_their_pages():
    corpus, probabilities = pages(np.ones(N_PAGES, int))
    pairs = [f"pair {number // 2}" for number in range(N_PAGES)]
    confusions = page_confusions(corpus, probabilities.argmax(axis=1))
    sums = group_sums(confusions, pairs)
    assert np.array_equal(sums, confusions.reshape(-1, 2, 4, 4).sum(axis=1))
    # Each page once more in its group is no more to know of groups; of pages it would be.
    twice = group_sums(np.concatenate([confusions] * 2), pairs * 2)
    assert page_f1(twice)["intervals"] == page_f1(sums)["intervals"]
    assert (
        page_f1(np.concatenate([confusions] * 2))["intervals"] != page_f1(confusions)["intervals"]
    )


def test_scores_say_what_intervals_are_when_groups_are_drawn():
    corpus, probabilities = pages(np.ones(N_PAGES, int))
    for number, record in enumerate(corpus.records):
        record["group"] = f"{number:02}"  # in their order, so that draws are the same
    alone = scores(corpus, probabilities)
    assert alone["groups"] == N_PAGES
    assert alone["group_intervals"]["macro_f1"] == pytest.approx(alone["macro_f1_interval"])
    for number, record in enumerate(corpus.records):
        record["group"] = f"{number // 4}"
    found = scores(corpus, probabilities)
    assert found["groups"] == N_PAGES / 4
    assert found["group_intervals"].keys() == {"macro_f1", *LABELS}
    assert found["macro_f1_interval"] == alone["macro_f1_interval"]
    assert found["group_intervals"] != alone["group_intervals"]
    low, high = found["group_intervals"]["macro_f1"]
    assert low <= found["macro_f1"] <= high
    rows = drawn_table(found).split("\n")[2:]
    assert rows[1].startswith(f"| groups | 3 | {found['macro_f1']:.3f} ({low:.3f}–{high:.3f}) |")


def test_a_draw_without_a_line_of_a_label_counts_neither_for_it_nor_for_the_mean(monkeypatch):
    both = np.array([[1, 1], [2, 0]])
    monkeypatch.setattr(intervals, "draws", lambda n_pages: both)
    confusions = np.zeros((2, 4, 4), int)
    confusions[0, CONTENT, CONTENT] = 5
    confusions[1, PAYWALL, [CONTENT, PAYWALL]] = 1
    found = page_f1(confusions)
    assert found["intervals"]["paywall"] == [found["paywall"]] * 2
    assert found["intervals"]["macro_f1"] == [found["macro_f1"]] * 2
    assert found["intervals"]["content"] == pytest.approx(
        np.percentile([found["content"], 1], intervals.LIMITS)
    )


def test_intervals_hold_the_figure_and_are_narrower_with_more_pages():
    rng = np.random.default_rng(0)
    values = rng.random(1000)
    (low, high), (lowest, highest) = mean_interval(values), mean_interval(values[:40])
    assert lowest < low < values.mean() < high < highest
    parts = np.stack([rng.integers(0, 5, 100), np.full(100, 5)], axis=1)
    low, high = share_interval(parts)
    assert low < parts[:, 0].sum() / 500 < high
    assert share_interval(np.array([[1, 2], [2, 4], [0, 0]])) == [0.5, 0.5]
    assert mean_interval(np.full(7, 0.25)) == [0.25, 0.25]


def test_every_slice_is_drawn_with_the_intervals_of_its_labels(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (extra train) is not installed")
    corpus, probabilities = pages(np.ones(N_PAGES, int))
    found = scores(corpus, probabilities)
    assert list(found["languages"]) == ["fr"]
    write_slice_plots(tmp_path, found)
    assert {path.name for path in tmp_path.iterdir()} == {"languages.svg", "sources.svg"}
    rows = {"de": {"pages": 1000, "macro_f1": 0.5, "paywall": 0.4}}
    rows["de"]["intervals"] = {"macro_f1": [0.4, 0.7], "paywall": [0.1, 0.6]}
    panels = slice_figure(rows, "pages").axes
    assert [label.get_text() for label in panels[0].get_yticklabels()] == ["de (1,000 pages)"]
    drawn = {axes.get_title(): axes for axes in panels}
    assert list(drawn) == ["mean", *LABELS]
    assert drawn["paywall"].collections[0].get_segments()[0].tolist() == [[0.1, 0], [0.6, 0]]
    assert drawn["paywall"].lines[0].get_xdata().tolist() == [0.4]
    assert not drawn["content"].lines, "no line of German has the label"
