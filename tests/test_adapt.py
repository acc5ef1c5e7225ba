"""Learning from a user's pages: what changes, what stays, when nothing is learnt."""

import json

import numpy as np
import pytest
from harbour import harbour_page
from letters import codes_from_letters

from classifier import LineClassifier
from classifier.adapt import fitting
from classifier.adapt.fitting import (
    KNOWN_WEIGHT,
    N_FOLDS,
    adapt,
    choose_strength,
    share_that_gets_through,
    wanted_change,
)
from classifier.adapt.labelled_pages import LabelledPages, text_digest
from classifier.adapt.metrics import (
    MOST_WEIGHT,
    confusion,
    line_weights,
    log_losses,
    macro_f1,
    page_losses,
)
from classifier.adapt.offset_regression import fit_difference
from classifier.adapt.outcome import adapted_metadata, describe
from classifier.adapt.thresholds import best_row, loss_table
from classifier.adapt.token_weights import rounded, with_change
from classifier.adapt.tokens import Tokens, read_tokens
from classifier.labels import CONTENT, LABELS
from classifier.layers import probabilities
from classifier.weights import blank_first_layer, packed_levels, token_levels

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
    with pytest.raises(ValueError, match=r"too few labelled pages .* 4, .* label at least 5"):
        adapt(few, ignorant_layers())
    groups = np.arange(len(pages.texts)) % (N_FOLDS - 1)
    with pytest.raises(ValueError, match=r"too few labelled pages .* 4,"):
        adapt(pages._replace(groups=groups), ignorant_layers())
    adapt(labelled([harbour_page(seed) for seed in range(N_FOLDS)]), ignorant_layers())


def test_words_teach_rare_labels_more_and_are_tied_by_the_thousand_lines():
    rng = np.random.default_rng(4)
    tokens = Tokens(None, None, scipy_sparse.csr_matrix(rng.integers(0, 2, (60, 3))), np.arange(3))
    labels = rng.choice(4, 60, p=[0.1, 0.8, 0.05, 0.05]).astype(np.uint8)
    logits = rng.normal(size=(60, 4)).astype(np.float32)
    chosen = rng.random(60) < 0.7
    found = wanted_change(tokens, blank_first_layer(4), logits, labels, chosen, 2.0)
    own = labels[chosen]
    strength = 2.0 * chosen.sum() / 1000
    given = (tokens.matrix[chosen], logits[chosen].astype(np.float64), own, line_weights(own))
    np.testing.assert_allclose(found, fit_difference(*given, strength))


def test_a_word_of_which_the_model_is_sure_moves_less():
    weight = 2.0
    levels = np.zeros((3, 8), np.int64)
    levels[0, 1] = 50  # of a label
    levels[1, 5] = 50  # of what it says of the lines around it, which stays
    first = blank_first_layer(4)
    first.table[:3] = packed_levels(levels)
    first = first._replace(scale=np.full_like(first.scale, weight / 50))
    tokens = Tokens(None, None, scipy_sparse.csr_matrix(np.ones((20, 3))), np.arange(3))
    lines = np.full(20, 2, np.uint8), np.ones(20, np.bool_)
    sure, other, unknown = wanted_change(tokens, first, np.zeros((20, 4), np.float32), *lines, 1.0)
    assert unknown[2] > 0.1
    np.testing.assert_allclose(other, unknown)
    np.testing.assert_allclose(sure, unknown * (KNOWN_WEIGHT / (KNOWN_WEIGHT + weight)) ** 2)


def test_what_gets_through_is_measured_on_differences_between_labels(pages, monkeypatch):
    lines = read_tokens(pages, ignorant_layers()).lines

    def share_of(final):
        monkeypatch.setattr(fitting, "final_logits", lambda lines, layers: final(lines.scores))
        return share_that_gets_through(lines, None)

    assert share_of(lambda scores: 0.5 * scores) == pytest.approx(0.5)
    centred = share_of(lambda scores: 0.5 * (scores - scores.mean(axis=1, keepdims=True)))
    assert centred == pytest.approx(0.5)
    assert share_of(np.zeros_like) == 0.01


def test_where_half_gets_through_words_are_given_twice_as_much(pages, monkeypatch):
    monkeypatch.setattr(fitting, "STRENGTHS", (2.0,))
    layers, levels = ignorant_layers(), []
    for share in (2.0, 1.0):
        monkeypatch.setattr(fitting, "share_that_gets_through", lambda *_, own=share: own)
        table = adapt(pages, layers).layers.first
        levels.append(token_levels(table, np.arange(len(table.table)))[:, :4])
    once, twice = levels
    assert np.abs(once).max() > 10
    assert (np.abs(twice - np.clip(2 * once, -127, 127)) <= 1).all()


def test_addresses_of_links_teach_nothing(pages):
    layers = ignorant_layers()
    linked = [text.replace("Chandlery", "[Chandlery](/shop?for=sailors)") for text in pages.texts]
    assert linked != pages.texts
    found, plain = (read_tokens(pages._replace(texts=own), layers) for own in (linked, pages.texts))
    assert np.array_equal(found.places, plain.places)
    assert (found.matrix != plain.matrix).nnz == 0


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
    weights = rng.uniform(1, 5, 200)
    found = fit_difference(matrix, np.zeros((200, 4)), labels, weights, 20.0)
    model = linear_model.LogisticRegression(C=1 / 20, fit_intercept=False, tol=1e-8)
    expected = model.fit(matrix, labels, sample_weight=weights).coef_
    np.testing.assert_allclose(found.T, expected, atol=1e-3)


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


def test_a_change_is_rounded_to_what_a_weight_can_hold():
    layers = ignorant_layers()
    places = np.array([3, 70])
    known = np.array([[0.4, -0.4, 0, 4.8], [0, 0, 0, -4.8]], np.float32)
    first = with_change(layers.first, places, known)
    change = np.array([[0.13, 0.13, 0.01, 1], [0, 0, 0, -1]])
    expected = [[0.12, 0.12, 0, 7 * 0.04], [0, 0, 0, -7 * 0.04]]
    np.testing.assert_allclose(rounded(first, places, change), expected, atol=1e-6)


def test_lines_that_nobody_decided_on_are_not_counted(adapted, pages):
    decided = np.arange(len(pages.labels)) % 3 > 0
    partly = pages._replace(decided=decided)
    said = describe(partly, adapted)
    assert said.startswith(f"{len(pages.texts)} pages, {decided.sum()} lines with a label.")
    assert adapted_metadata(partly, adapted, {})["n_lines"] == decided.sum()


def test_a_threshold_may_lose_just_what_is_allowed():
    table = [[0.0, 0.0, 0.0], [0.1, 0.05, 0.5], [0.2, 0.06, 0.6]]
    assert best_row(table, 0.05) == table[1]
    assert best_row(table, 0.04) is None


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
    given = {name for name in LABELS if LABELS.index(name) in pages.labels_used}
    for scores in metadata["scores"].values():
        assert {name for name in LABELS if scores[name] is not None} == given, "0 would be a score"
    json.dumps(metadata)
    assert f"{metadata['scores']['after']['macro_f1']:.3f}" in describe(pages, adapted)
