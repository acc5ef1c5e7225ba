"""In other layouts a page has the same lines, and other things around them."""

import numpy as np
import pytest
from examples import texts
from hypothesis import example, given
from hypothesis import strategies as st

from training.corpus import UNLABELLED, lines_of
from training.views.layouts import LAYOUTS, Layout, in_layouts, laid_out

UNWRAPPED = [layout for layout in LAYOUTS.values() if layout.width is None]
PAGE = "Kelm\n\n  • Home\n    ▪ News\n\nThe bridge - the old one - is open.\n- “Oh,” said she."


@given(st.lists(texts, max_size=5).map("\n".join), st.sampled_from(UNWRAPPED))
@example("•\n• \n•  • a\n\t- \xa0\n* \u200b", Layout("\n", "- ", True))
def test_no_line_goes_or_comes(text, layout):
    before, after = lines_of(text), lines_of(laid_out(text, layout))
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        assert new.lstrip(" \t•*·‣▪◦–-") == old.lstrip(" \t•*·‣▪◦–-")


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        (Layout(), PAGE),
        # One before speech cannot be told from one before an entry; those within lines can.
        (
            Layout(between="\n", bullet="* "),
            "Kelm\n  * Home\n    * News\nThe bridge - the old one - is open.\n* “Oh,” said she.",
        ),
        (
            Layout(width=20),
            "Kelm\n\n  • Home\n    ▪ News\n\n"
            "The bridge - the old\none - is open.\n- “Oh,” said she.",
        ),
        (
            Layout(is_flat=True),
            "Kelm\n\n• Home\n▪ News\n\nThe bridge - the old one - is open.\n- “Oh,” said she.",
        ),
    ],
)
def test_what_changes_is_what_the_layout_says(layout, expected):
    assert laid_out(PAGE, layout) == expected


def test_pages_are_judged_in_each_layout(corpus):
    found = in_layouts(corpus)
    assert list(found) == ["full", *LAYOUTS]
    assert found["full"] == corpus
    for name in LAYOUTS:
        assert found[name].texts != corpus.texts
        assert len(found[name].lines()) == len(found[name].labels) == found[name].line_counts.sum()
        labels = found[name].labels
        assert labels[labels != UNLABELLED].tolist() == corpus.labels.tolist()
    assert not any("\n\n" in text for text in found["no blank lines"].texts)
    wrapped = found["wrapped at 78"]
    assert max(map(len, wrapped.lines())) == 78 < max(map(len, corpus.lines()))
    starts = np.flatnonzero(wrapped.labels != UNLABELLED)
    parts = np.split(wrapped.lines(), starts[1:])
    assert [" ".join(" ".join(own).split()) for own in parts] == [
        " ".join(line.split()) for line in corpus.lines()
    ]
    assert not any("•" in text for text in found["lists with -"].texts)
