import numpy as np
import pytest

from classifier import labels
from classifier.kernels.context import inputs


def test_the_order_is_content_navigation_paywall_sponsored():
    assert labels.LABELS == ("content", "navigation", "paywall", "sponsored")
    assert [labels.CONTENT, labels.NAVIGATION, labels.PAYWALL, labels.SPONSORED] == [0, 1, 2, 3]


def test_kernels_which_import_nothing_of_the_package_know_the_same_labels():
    assert inputs.LABEL_NAMES == labels.LABELS


def test_each_label_has_the_letter_it_begins_with():
    assert list(labels.LETTERS) == [name[0] for name in labels.LABELS]


def test_names_become_codes():
    codes = labels.label_codes(["sponsored", "content", "sponsored"])
    assert codes.dtype == np.uint8
    assert codes.tolist() == [3, 0, 3]


def test_an_unknown_name_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"'advert'.*content, navigation, paywall, sponsored"):
        labels.label_codes(["content", "advert"])


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), after WCAG 2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def red_blind(colour: str) -> np.ndarray:
    """What remains of a colour without the long-wave cones (Viénot and others, 1999)."""
    red, green, blue = (((int(colour[i : i + 2], 16)) / 255) ** 2.2 for i in (1, 3, 5))
    return np.array([0.11238 * red + 0.88762 * green, 0.00401 * (red - green) + blue]) ** (1 / 2.2)


def test_colours_stay_apart_for_a_red_blind_reader():
    assert list(labels.COLOURS) == list(labels.LABELS)
    seen = [red_blind(colour) for colour in labels.COLOURS.values()]
    apart = [np.abs(a - b).max() for i, a in enumerate(seen) for b in seen[i + 1 :]]
    assert min(apart) > 0.1


def test_colours_are_visible_on_white():
    for colour in labels.COLOURS.values():
        assert 1.05 / (luminance(colour) + 0.05) > 1.8
