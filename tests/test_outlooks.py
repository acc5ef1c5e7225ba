"""What lines say of the lines around them: what is asked of them, and that they learn it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import codes_from_letters

from classifier.columns import read_columns
from classifier.features import first_layer_inputs
from classifier.kernels.first_layer.feature_layout import OUTLOOK_NAMES
from training.fitting.first_layer import fit_first_layer, measure
from training.fitting.material import Material, joined, pages
from training.fitting.outlooks import LINES_ABOVE, PAGE_SHARE, outlook_targets, outlook_weights

BITS = 12
PAGE = ["Home", "Shop", "By Jane Roe", "The ferry was late again.", "Reply", "Contact", "Imprint"]
LABELS = "nnncnnn"


def material(documents: list[str], labels: str, second: float = 1) -> Material:
    return pages(documents, np.zeros(len(documents)), codes_from_letters(labels), 1, second)


def around(labels: str) -> list[list[bool]]:
    """Say for each line of one page what is around it, in plain Python."""
    found = []
    for i in range(len(labels)):
        above = labels[max(i - LINES_ABOVE, 0) : i]
        found.append(
            [
                labels[i + 1 : i + 2] == "c",
                labels[:i].endswith("c"),
                2 * above.count("c") > len(above),
                labels.count("c") > PAGE_SHARE * len(labels),
            ]
        )
    return found


@settings(max_examples=200)
@given(st.lists(st.text("cnps", max_size=24), min_size=1, max_size=4).filter(any))
def test_outlooks_are_asked_of_the_own_page_alone(labels):
    taught = material(["\n".join("x" * len(own)) for own in labels], "".join(labels))
    expected = [row for own in labels for row in around(own)]
    assert outlook_targets(taught).tolist() == expected


def test_what_stands_in_no_real_page_teaches_no_outlook():
    taught = joined([material(["a\nb"], "cn"), material(["c"], "p", second=0)])
    assert outlook_weights(taught).tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("line", "outlook", "says"),
    [
        ("By Jane Roe", "content_below", True),
        ("Reply", "content_below", False),
        ("Reply", "content_above", True),
        ("By Jane Roe", "content_above", False),
    ],
)
def test_a_line_says_what_stands_around_it_where_it_was_seen(line, outlook, says):
    taught = material(["\n".join(PAGE)] * 40, LABELS * 40)
    layer = fit_first_layer(measure(taught, BITS), taught, np.ones(len(taught.labels), bool))
    lines, _ = first_layer_inputs(next(read_columns([line])), layer)
    score = lines.outlooks[0, OUTLOOK_NAMES.index(outlook)]
    assert (score > 1) if says else (score < -1)
