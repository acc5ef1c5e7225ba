from fractions import Fraction

import numpy as np
import pytest

from classifier.policy import FilterPolicy, NothingDroppedWarning

TABLE = [(0.1, 0.001, 0.5), (0.3, 0.01, 0.8), (0.6, 0.03, 0.9)]


def test_a_loss_takes_the_largest_threshold_that_keeps_to_it():
    assert FilterPolicy(max_content_loss=0.02).threshold(TABLE) == 0.3
    assert FilterPolicy(max_content_loss=0.03).threshold(TABLE[::-1]) == 0.6


def test_the_table_is_not_read_without_a_loss():
    assert FilterPolicy().threshold(TABLE) is None
    assert FilterPolicy(content_threshold=0.7).threshold(TABLE) == 0.7


@pytest.mark.parametrize("table", [None, []])
def test_a_loss_needs_a_model_with_a_table(table):
    with pytest.raises(ValueError, match=r"this model has none; set content_threshold"):
        FilterPolicy(max_content_loss=0.02).threshold(table)


def test_a_loss_below_all_that_the_model_promises_is_refused():
    with pytest.raises(ValueError, match=r"least this model can promise is 0\.001"):
        FilterPolicy(max_content_loss=0.0005).threshold(TABLE)


def test_threshold_and_loss_exclude_each_other():
    with pytest.raises(ValueError, match="only one"):
        FilterPolicy(content_threshold=0.5, max_content_loss=0.01)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"drop": "paywall"}, r'write drop=\("paywall",\)'),
        (
            {"drop": None},
            r"drop is None; give labels to drop, e\.g\. \('paywall',\), or \(\) for none",
        ),
        ({"drop": 5}, "drop is 5; give labels to drop"),
        ({"drop": b"paywall"}, "drop is b'paywall'; give labels to drop"),
        ({"drop": np.array("paywall")}, "give labels to drop"),
        ({"drop": [np.array(["paywall", "content"])]}, "unknown label array"),
        ({"drop": ["ads"]}, r"unknown label 'ads'; the labels are content, "),
        ({"content_threshold": 1.5}, r"content_threshold is 1\.5; give a number from 0 to 1"),
        ({"content_threshold": float("nan")}, "content_threshold is nan"),
        ({"max_content_loss": 1}, "max_content_loss is 1, all content; give a share below"),
        ({"max_content_loss": -0.1}, r"max_content_loss is -0\.1"),
        ({"max_content_loss": "1%"}, r"max_content_loss is '1%'"),
        ({"min_content_chars": -1}, "min_content_chars is -1; give a whole number, 0 or more"),
        ({"min_content_chars": 0.5}, r"min_content_chars is 0\.5"),
        ({"min_content_chars": True}, "min_content_chars is True"),
        ({"min_content_ratio": 50}, "min_content_ratio is 50; give a number from 0 to 1"),
        ({"min_content_ratio": True}, "min_content_ratio is True"),
        ({"drop_paywalled": "no"}, "drop_paywalled is 'no'; give True or False"),
    ],
)
def test_a_field_out_of_range_is_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        FilterPolicy(**fields)


def test_policies_that_drop_the_same_are_equal():
    a = FilterPolicy(drop=["sponsored", "paywall", "paywall"])
    assert a == FilterPolicy(drop={"paywall", "sponsored"})
    assert hash(a) == hash(FilterPolicy(drop=("paywall", "sponsored")))
    assert FilterPolicy(drop=iter(["navigation"])).drop == ("navigation",)


def test_a_loss_may_be_any_kind_of_number():
    policy = FilterPolicy(max_content_loss=Fraction(1, 10_000))
    with pytest.warns(NothingDroppedWarning, match=r"max_content_loss is 0\.0001: no line"):
        policy.warn_if_nothing_goes([(0.0, 0.0, 0.0), *TABLE], 1)
