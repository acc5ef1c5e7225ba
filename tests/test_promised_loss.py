"""What a threshold loses and promises to lose: figures that can be counted by hand."""

import numpy as np
import pytest
from judged_pages import corpus_of

from classifier import FilterPolicy
from classifier.adapt.labelled_pages import LabelledPages
from classifier.adapt.thresholds import (
    THRESHOLDS,
    describe_table,
    group_losses,
    loss_table,
    require_row,
)
from classifier.filtering import keep_mask
from classifier.labels import CONTENT, LABELS, NAVIGATION
from training.corpus import fold_of
from training.judging.figures import SCORES, read_figures
from training.judging.promise import kept_promises, promised_by_kind, setting_losses
from training.reporting.promises import kind_table, setting_table


def pages_losing(content):
    """Make pages of one content line each, of ten characters, each a group of its own."""
    n = len(content)
    ones = np.ones(n, np.int64)
    return LabelledPages(
        ["x" * 10] * n, np.zeros(n, np.uint8), ones.astype(bool), 10 * ones, ones, np.arange(n)
    )


def test_an_undecided_line_counts_as_content_only_where_it_would_go():
    decided = np.array([True, False, True, False])
    labels, groups = np.full(4, CONTENT, np.uint8), np.arange(2)
    pages = LabelledPages(["a\nb"] * 2, labels, decided, np.full(4, 10), np.full(2, 2), groups)
    content = np.array([0.1, 0.9, 0.9, 0.1], np.float32)
    assert group_losses(pages, content, 0.5).tolist() == [1.0, 0.5]


def test_the_loss_of_a_group_is_the_mean_over_its_pages():
    pages = LabelledPages(
        ["aaaa\nbb", "menu", "cc"],
        np.array([CONTENT, CONTENT, NAVIGATION, CONTENT], np.uint8),
        np.ones(4, bool),
        np.array([4, 2, 4, 2]),
        np.array([2, 1, 1]),
        np.array([0, 1, 0]),
    )
    content = np.array([0.9, 0.105, 0.0, 0.9], np.float32)
    assert group_losses(pages, content, 0.1).tolist() == [0, 0]
    # Two of six characters of one page, none of the other; "menu" is no content to lose.
    assert group_losses(pages, content, 0.11).tolist() == pytest.approx([(2 / 6 + 0) / 2, 0])
    rows = {row[0]: row[1:] for row in loss_table(pages, content)}
    assert rows[0.11] == pytest.approx([(1 / 6 + 1) / 3, 1])
    assert rows[0.0] == [0, 0]


@pytest.mark.parametrize(
    ("content", "threshold", "goes"), [(np.float32(0.11), 0.11, 1), (np.float32(0.5), 0.5, 0)]
)
def test_a_line_is_lost_below_a_threshold_that_single_precision_does_not_round(
    content, threshold, goes
):
    pages = pages_losing(np.zeros(2))._replace(labels=np.array([CONTENT, NAVIGATION], np.uint8))
    found = np.full(2, content)
    assert group_losses(pages, found, threshold).tolist() == [goes, 0]
    assert {row[0]: row[2] for row in loss_table(pages, found)}[threshold] == goes
    probabilities = np.full((2, 4), content)
    keep = keep_mask(pages.labels, probabilities, LABELS, threshold)
    assert keep.tolist() == [not goes] * 2  # as a filter does


def test_enough_pages_that_lose_too_much_are_not_asked_to_be_more():
    table = [[0.0, 0.0, 0.0], [0.001, 0.3, 0.2]]
    with pytest.raises(ValueError, match=r"8 pages .* it takes at least 9"):
        require_row(table, 0.1, 8)
    with pytest.raises(ValueError, match=r"lowest threshold may lose 0\.300"):
        require_row(table, 0.1, 9)
    for n_groups, said in (
        (3, r"may lose 0\.25 .* at least 4"),
        (9, r"^even the lowest .* 0\.300"),
    ):
        with pytest.raises(ValueError, match=said):
            require_row(table, None, n_groups)


def test_a_table_shows_each_threshold_once():
    table = [[0.0, 0.0, 0.0], [0.1, 0.02, 0.5], [0.3, 0.06, 0.7]]
    rows = [row.split() for row in describe_table(table).splitlines()[1:]]
    assert rows == [["0.020", "0.100", "0.500"], ["0.060", "0.300", "0.700"]]


def test_what_nobody_decided_on_counts_as_lost_content_if_it_goes():
    pages = pages_losing(np.zeros(2))._replace(
        labels=np.array([CONTENT, NAVIGATION, CONTENT, CONTENT], np.uint8),
        decided=np.array([False, True, True, False]),
        characters=np.array([30, 10, 30, 10]),
        line_counts=np.array([2, 2]),
    )
    goes, stays = np.array([[0, 0, 1, 0], [1, 0, 1, 1]], np.float32)
    # Only the menu of the first page is labelled; of the second, a line of content that stays.
    assert group_losses(pages, goes, 0.5).tolist() == [1, 10 / 40]
    assert group_losses(pages, stays, 0.5).tolist() == [0, 0]


def test_new_groups_lose_no_more_than_promised():
    rng = np.random.default_rng(0)
    policy = FilterPolicy(max_content_loss=0.1)
    pages = pages_losing(np.zeros(20))
    promised, of_the_mean = [], []
    for _ in range(200):
        # A group is lost where the threshold passes it.
        known, new = rng.random((2, 20)).astype(np.float32)
        table = loss_table(pages, known)
        promised.append(group_losses(pages, new, policy.threshold(table)).mean())
        # Without the correction for the number of groups, the promise would break.
        plain = [(threshold, (21 * bound - 1) / 20, 0.0) for threshold, bound, _ in table]
        of_the_mean.append(group_losses(pages, new, policy.threshold(plain)).mean())
    error = np.std(promised) / len(promised) ** 0.5
    assert 0.02 < np.mean(promised) <= 0.1 + 2 * error
    assert np.mean(of_the_mean) > 0.1 + 2 * error


def test_nothing_goes_where_too_few_groups_are_known():
    table = loss_table(pages_losing(np.ones(9)), np.ones(9, np.float32))
    assert FilterPolicy(max_content_loss=0.05).threshold(table) == 0
    assert FilterPolicy(max_content_loss=0.1).threshold(table) == THRESHOLDS[-1]


def test_the_threshold_of_a_fold_comes_from_the_others():
    groups = [f"g{number}" for number in range(400)]
    corpus = corpus_of({group: [("Ein Satz.", CONTENT), ("Menü", NAVIGATION)] for group in groups})
    # Content of one fold looks like boilerplate, that of the others does not.
    odd = np.repeat(corpus.folds == 2, 2) & (corpus.labels == CONTENT)
    content = np.where(odd, 0.01, np.where(corpus.labels == CONTENT, 0.99, 0.0))
    probabilities = np.stack([content, 1 - content, 0 * content, 0 * content], axis=1)
    strict = next(row for row in kept_promises(corpus, probabilities) if row["limit"] == 0.02)
    assert strict["thresholds"][2] == THRESHOLDS[-1]
    assert max(strict["thresholds"][:2]) <= 0.01
    assert strict["worst_fold"] == 1
    assert strict["loss"] == pytest.approx(np.mean([fold_of(group) == 2 for group in groups]))
    low, high = strict["interval"]
    assert 0.1 < low < strict["loss"] < high < 0.3, "of all folds, not of one"
    assert strict["boilerplate"] == 1


def test_a_promise_that_holds_in_the_mean_may_cost_a_kind_of_pages_more():
    groups = [f"g{number}" for number in range(1200)]
    corpus = corpus_of({group: [("Ein Satz.", CONTENT), ("Menü", NAVIGATION)] for group in groups})
    for record in corpus.records[:16]:
        record["page_type"] = "product"
    corpus.records[-1]["page_type"] = "rare"
    # Of half of the products, the content looks like boilerplate.
    content = np.where(corpus.labels == CONTENT, 0.99, 0.3)
    content[:16:2] = 0.01
    probabilities = np.stack([content, 1 - content, 0 * content, 0 * content], axis=1)
    promised = next(row for row in kept_promises(corpus, probabilities) if row["limit"] == 0.01)
    assert promised["loss"] == pytest.approx(8 / 1200)
    found = promised_by_kind(corpus, probabilities, "page_type")
    assert {
        kind: (row["pages"], row["loss"], row["boilerplate"]) for kind, row in found.items()
    } == {
        "article": (1183, 0, 1),
        "product": (16, 0.5, 1),
    }
    low, high = found["product"]["interval"]
    assert 0.2 < low < 0.4 < 0.6 < high < 0.8
    assert "| product | 16 | 50.0% (" in kind_table({"page_type": found})


def test_what_is_promised_was_kept_on_groups_that_set_no_threshold():
    for row in read_figures(SCORES)["promise"]:
        assert 0 < row["loss"] <= row["limit"]


def test_what_settings_cost_is_the_mean_over_groups_by_the_models_own_thresholds():
    pages = {"a.example": [("long", CONTENT), ("Menu", NAVIGATION)], "b.example": [("x", CONTENT)]}
    # By label the content of the one page goes; below .3 nothing does but its menu.
    probabilities = np.array([[0.4, 0.6, 0, 0], [0.2, 0.8, 0, 0], [0.9, 0.1, 0, 0]], np.float32)
    table = [[0.0, 0.0, 0.0], [0.1, 0.005, 0.5], [0.3, 0.01, 0.9], [0.5, 0.05, 1.0]]
    found = {row["limit"]: row for row in setting_losses(corpus_of(pages), probabilities, table)}
    assert {limit: row["loss"] for limit, row in found.items()} == (
        {None: 0.5, 0.005: 0, 0.01: 0, 0.02: 0, 0.05: 0.5}
    )
    assert {limit: row["boilerplate"] for limit, row in found.items()} == (
        {None: 1, 0.005: 0, 0.01: 1, 0.02: 1, 0.05: 1}
    )
    assert found[0.05]["interval"] == [0, 1], "two groups, of which one loses all"
    assert "| `--max-content-loss 0.05` | 50.0% (0.0–100.0%) | 100.0% |" in setting_table(
        [*found.values()]
    )
