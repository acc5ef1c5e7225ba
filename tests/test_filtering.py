import numpy as np
import pytest
from letters import codes_from_letters

from classifier.filtering import FilterPolicy, keep_mask, line_reasons
from classifier.labels import LABELS

TABLE = [(0.1, 0.001, 0.5), (0.3, 0.01, 0.8), (0.6, 0.03, 0.9)]
PROBABILITIES = np.array(
    [
        [0.70, 0.10, 0.15, 0.05],  # content, then paywall
        [0.35, 0.20, 0.05, 0.40],  # sponsored
        [0.05, 0.90, 0.03, 0.02],  # navigation
        [0.30, 0.25, 0.25, 0.20],  # content by a little, then navigation (first of equals)
    ],
    np.float32,
)
MOST_PROBABLE = codes_from_letters("csnc")


def kept(policy: FilterPolicy, table=None) -> list[bool]:
    threshold = policy.threshold(table)
    return keep_mask(MOST_PROBABLE, PROBABILITIES, policy.drop, threshold).tolist()


def reasons(policy: FilterPolicy, table=None) -> list[str]:
    threshold = policy.threshold(table)
    return [LABELS[code] for code in line_reasons(MOST_PROBABLE, PROBABILITIES, threshold)]


def test_without_a_threshold_the_labels_decide():
    assert kept(FilterPolicy()) == [True, False, False, True]
    assert kept(FilterPolicy(drop=["sponsored"])) == [True, False, True, True]
    assert kept(FilterPolicy(drop=())) == [True] * 4
    assert reasons(FilterPolicy()) == ["content", "sponsored", "navigation", "content"]


def test_content_is_a_label_that_can_be_dropped():
    assert kept(FilterPolicy(drop=["content"])) == [False, True, True, False]


def test_with_a_threshold_the_probability_of_content_decides():
    assert kept(FilterPolicy(content_threshold=0.32)) == [True, True, False, False]
    assert kept(FilterPolicy(content_threshold=0.0)) == [True] * 4


def test_with_a_threshold_the_most_probable_other_label_is_the_reason():
    policy = FilterPolicy(content_threshold=1.0)
    assert reasons(policy) == ["paywall", "sponsored", "navigation", "navigation"]


def test_with_a_threshold_a_line_stays_if_its_other_label_is_not_to_be_dropped():
    policy = FilterPolicy(drop=["paywall", "content"], content_threshold=1.0)
    assert kept(policy) == [False, True, True, True]


def test_a_line_exactly_at_the_threshold_stays():
    at = float(PROBABILITIES[0, 0])
    assert kept(FilterPolicy(content_threshold=at))[0]
    assert not kept(FilterPolicy(content_threshold=float(np.nextafter(at, 1))))[0]


def test_a_loss_takes_the_largest_threshold_that_keeps_to_it():
    assert FilterPolicy(max_content_loss=0.02).threshold(TABLE) == 0.3
    assert FilterPolicy(max_content_loss=0.03).threshold(TABLE[::-1]) == 0.6
    assert kept(FilterPolicy(max_content_loss=0.03), TABLE) == [True, False, False, False]


def test_the_table_is_not_read_without_a_loss():
    assert FilterPolicy().threshold(TABLE) is None
    assert FilterPolicy(content_threshold=0.7).threshold(TABLE) == 0.7


@pytest.mark.parametrize("table", [None, []])
def test_a_loss_needs_a_model_with_a_table(table):
    with pytest.raises(ValueError, match=r"this model has none; set content_threshold"):
        kept(FilterPolicy(max_content_loss=0.02), table)


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
