"""Rows that point at labelled pages and lines, and the sources that pages are of."""

from training.pages.check_pointers import (
    ReadRow,
    ReviewedRow,
    pointer_problems,
    unknown_sources,
)
from training.pages.rows import write_rows
from training.pages.standoff import LabelRow, Page

PAGE = Page("a", "s", "c", "p", "", "", "quay.example", "quay.example", "en", "", 1, "0" * 64)
LABELS = {"a": [LabelRow("a", "s", "p", 3, "0" * 8, "content")]}
READ = ReadRow("s", "p", "a", "1", "0", "a wall")
REVIEWED = ReviewedRow("s", "p", 3, "kept")


def test_rows_point_at_one_page_each_and_at_labelled_lines(tmp_path):
    verdicts, reviewed = tmp_path / "documents.csv", tmp_path / "reviewed.csv"

    def problems(read, again):
        write_rows(verdicts, ReadRow._fields, read)
        write_rows(reviewed, ReviewedRow._fields, again)
        return pointer_problems([PAGE], LABELS, verdicts, reviewed)

    assert problems([READ], [REVIEWED, REVIEWED]) == [], "two decisions on one line are two rows"
    for other in (READ, READ._replace(id="b"), READ._replace(path="q"), READ._replace(source="t")):
        (problem,) = problems([READ, other], [REVIEWED])
        assert problem == f"{verdicts}: row 3 points at no page {other.id}, or a second time"
    (problem,) = problems([READ], [REVIEWED._replace(line=4)])
    assert problem == f"{reviewed}: row 2 points at no labelled line, 4 of p"


def test_a_source_has_a_place_and_a_licence():
    known = {"s": {"repo": "quay/pages", "commit": "c", "licence": "MIT"}}
    assert unknown_sources([PAGE], known) == []
    assert unknown_sources([PAGE], {"s": {"repo": "quay/pages"}}) == [
        "source s: sources.json has no licence of it"
    ]
    assert len(unknown_sources([PAGE, PAGE], {})) == 2
