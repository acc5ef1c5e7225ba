"""Crosses that CatBoost finds: what they add up to, what they tell apart, what they ask."""

import numpy as np
import pytest

from classifier.features import cross_cells
from classifier.kernels.context_layout import CELLS, N_INPUTS
from classifier.labels import CONTENT, LABELS, PAYWALL, SPONSORED
from training.boosting import (
    OF_PAGES,
    Crosses,
    CrossPlan,
    boosted,
    crosses_of,
    fit_context_layer,
    odds_of,
    rounded,
)
from training.material import Material

pytest.importorskip("catboost", reason="catboost (extra train) is not installed")


PLAN = CrossPlan(for_all=12, rate=0.3, for_content=8, for_rare=6)
ALL, FOR_CONTENT, FOR_SPONSORED, FOR_PAYWALL = np.split(
    np.arange(32), np.cumsum([PLAN.for_all, PLAN.for_content, PLAN.for_rare])
)


@pytest.fixture(scope="module")
def inputs():
    return np.random.default_rng(0).integers(0, 60, (3000, N_INPUTS)).astype(np.uint8)


@pytest.fixture(scope="module")
def material(inputs):
    """Lines whose label two columns tell, one of them a column that tells pages apart."""
    page, line = inputs[:, OF_PAGES[0]] > 30, inputs[:, 4] > 45
    labels = np.where(page, CONTENT, 1 + line.astype(int) * (1 + (inputs[:, 5] > 30)))
    n = len(labels)
    weights = np.ones(n, np.float32)
    return Material([], np.zeros(0), labels.astype(np.uint8), weights, weights, np.zeros(0))


@pytest.fixture(scope="module")
def layer(inputs, material):
    return fit_context_layer(inputs, material, np.ones(len(inputs), bool), PLAN)


def test_crosses_add_up_to_what_catboost_predicts_but_for_rounding(inputs, material):
    labels = material.labels
    for targets, own, loss in ((labels, range(4), "MultiClass"), (labels == 2, [2], "Logloss")):
        model = boosted(
            inputs.astype(np.float32), targets, np.ones(len(labels)), None, 9, 0.3,
            loss_function=loss,
        )  # fmt: skip
        crosses = crosses_of(model, own)
        cells = cross_cells(inputs, rounded([crosses]))
        sums = crosses.weights[np.arange(9), cells].sum(axis=1) + crosses.bias
        predicted = model.predict(
            inputs.astype(np.float32), prediction_type="RawFormulaVal"
        ).reshape(len(inputs), -1)
        np.testing.assert_allclose(sums[:, own], predicted, atol=1e-5)


def test_rounded_weights_say_how_much_more_probable_than_content_a_label_becomes():
    weights = np.random.default_rng(1).normal(size=(5, CELLS, 4))
    bias = np.array([1.0, 2, 4, 8])
    blank = np.zeros((5, 6), np.uint8)
    layer = rounded([Crosses(blank.astype(np.int16), blank, weights, bias)])
    found = layer.weights * layer.scale
    assert np.abs(found - (weights[:, :, 1:] - weights[:, :, :1])).max() <= layer.scale.max() / 2
    assert layer.bias.tolist() == [1, 3, 7]


def test_crosses_for_one_label_leave_the_others_alone(layer):
    weights = layer.weights * layer.scale
    assert len(weights) == 32
    for crosses, label in ((FOR_SPONSORED, SPONSORED), (FOR_PAYWALL, PAYWALL)):
        others = [k - 1 for k in range(1, len(LABELS)) if k != label]
        assert np.any(weights[crosses][:, :, label - 1])
        assert not np.any(weights[crosses][:, :, others])
    for_content = weights[FOR_CONTENT]
    assert np.any(for_content)
    assert np.ptp(for_content, axis=2).max() <= layer.scale.max()


def test_what_tells_pages_apart_is_asked_for_content_alone(layer):
    asked = np.isin(layer.inputs, OF_PAGES).any(axis=1)
    assert asked[FOR_CONTENT].any()
    assert not asked[np.concatenate([ALL, FOR_SPONSORED, FOR_PAYWALL])].any()


def test_the_odds_of_a_label_are_those_of_its_softmax():
    logits = np.log([[0.5, 0.25, 0.125, 0.125]])
    assert odds_of(1, logits) == pytest.approx(np.log(0.25 / 0.75))
