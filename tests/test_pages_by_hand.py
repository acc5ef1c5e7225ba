"""Short pages, each for one thing that a reader sees at once, as the bundled model labels them.

In `cases/pages.json` a line begins with the letter of its label. With a "!" behind it, the model
is known to get it wrong; once it does no longer, the "!" goes.
"""

import json
from pathlib import Path

import pytest

from classifier.labels import LABELS

ROOT = Path(__file__).parents[1]
CASES = json.loads((ROOT / "tests" / "cases" / "pages.json").read_text("utf-8"))
LETTERS = {label[0]: label for label in LABELS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_what_a_reader_would_say_is_missed_where_it_is_known_to_be(clf, case):
    marks, texts = zip(*(line.split(" ", 1) for line in case["lines"]), strict=True)
    labels = [LETTERS[mark[0]] for mark in marks]
    found = [line.label for line in clf.label("\n".join(texts))]
    lines = list(zip(found, labels, texts, strict=True))
    assert [line for line in lines if line[0] != line[1]] == [
        line for line, mark in zip(lines, marks, strict=True) if mark[1:] == "!"
    ]


def test_readme_says_how_many_are_missed():
    marks = [line.split(" ", 1)[0] for case in CASES for line in case["lines"]]
    assert round(len(marks) / sum(mark[1:] == "!" for mark in marks)) == 6
    assert "a sixth get another label" in (ROOT / "README.md").read_text("utf-8")
