import numpy as np
from letters import codes_from_letters

from classifier.filtering import keep_mask, line_reasons
from classifier.labels import LABELS
from classifier.policy import FilterPolicy

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


def test_a_loss_sets_the_threshold_of_the_model():
    assert kept(FilterPolicy(max_content_loss=0.03), TABLE) == [True, False, False, False]
