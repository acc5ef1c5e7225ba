"""Decisions go out as gold or to Label Studio, come back from there, and are compared."""

import json

import numpy as np
import pytest
from annotating import read
from sklearn.metrics import cohen_kappa_score

from classifier.annotate import decisions
from classifier.annotate.agreement import MOST_ANNOTATORS, Difference, agreements, kappa
from classifier.annotate.decisions import Page
from classifier.annotate.events import Accepted, Marked, Opened, Undone
from classifier.annotate.exports import export_pages
from classifier.annotate.labelstudio import read_task, write_task
from classifier.annotate.replay import apply_event
from classifier.files.problems import DataError
from classifier.labels import LABELS
from classifier.lines import line_spans

TEXT = "Menü 🍀\n\nDie Fähre fährt wieder.\nSie legt um 9 ab.\n\nAnzeige"
PREDICTED = ["navigation", "content", "content", "sponsored"]


def pages_after(*events):
    pages = {}
    apply_event(pages, Opened("f-1", TEXT, PREDICTED, {"host": "faehre.example"}))
    for event in events:
        apply_event(pages, event)
    return pages


def region(start, end, label, **more):
    return {"type": "labels", "value": {"start": start, "end": end, "labels": [label], **more}}


def task(*regions, **more):
    return {"data": {"text": TEXT}, "annotations": [{"result": list(regions)}], **more}


def test_gold_records_bring_their_labels(tmp_path):
    record = {"id": "f-1", "text": TEXT, "labels": PREDICTED, "host": "faehre.example"}
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(record))
    (document,) = read(path)
    assert document.labels == PREDICTED
    pages = pages_after(Accepted("ada", "f-1"))
    content, n_documents = export_pages([*pages.values()] * 2, "gold.jsonl")
    assert [json.loads(line) for line in content.splitlines()] == [record] * 2
    assert n_documents == 2


def test_gold_has_no_gaps(tmp_path):
    pages = pages_after(Marked("ada", "f-1", 0, 3, "content"), Marked("ada", "f-1", 1, 1, "unsure"))
    assert export_pages(pages.values(), "gold.jsonl") == (b"", 0)


def test_what_label_studio_is_given_comes_back(tmp_path):
    pages = pages_after(
        Marked("ada", "f-1", 1, 2, "paywall"),
        Marked("ada", "f-1", 3, 3, "unsure"),
        Marked("bo", "f-1", 0, 0, "content"),
    )
    path = tmp_path / "tasks.json"
    content, n_documents = export_pages(pages.values(), path.name)
    path.write_bytes(content)
    (document,) = read(path)
    assert (n_documents, document.id, document.text) == (1, "f-1", TEXT)
    assert document.labels == ["content", "paywall", "paywall", None]
    assert document.fields == {"host": "faehre.example"}
    (written,) = json.loads(content)
    assert written["meta"] == {"annotators": ["ada", "bo"]}
    first = written["annotations"][0]["result"][0]["value"]
    assert first["text"] == TEXT[first["start"] : first["end"]] == "\n".join(TEXT.split("\n")[2:4])


def test_without_annotations_predictions_count():
    written = write_task(pages_after()["f-1"])
    written["predictions"].append({"result": [region(0, 6, "paywall")]})  # only the first
    assert read_task(written).labels == PREDICTED


def test_the_text_may_stand_in_another_field():
    found = read_task({"id": 3, "data": {"body": "Home", "host": "a.org"}}, text_field="body")
    assert found == (3, "Home", [None], {"host": "a.org"})


def test_a_document_has_its_own_identifier_and_the_tasks_if_it_has_none():
    assert read_task({"id": 3, "data": {"text": "Home", "id": "f-1"}}).id == "f-1"
    assert read_task({"id": 3, "data": {"text": "Home"}}).id == 3
    page = {"text": "Home", "id": "x", "page": "p1"}
    found = read_task({"id": 3, "data": page}, id_field="page")
    assert (found.id, found.others) == ("p1", {"id": "x"})


def test_labels_among_the_data_are_none():
    assert read_task({"data": {"text": "Home", "labels": ["content"]}}).labels == [None]


def test_line_ends_may_be_quoted_as_label_studio_writes_them():
    quoted = "Die Fähre fährt wieder.\\nSie legt um 9 ab."
    start = TEXT.index("Die")
    end = TEXT.index("ab.") + len("ab.")
    labels = read_task(task(region(start, end, "content", text=quoted))).labels
    assert labels == [None, "content", "content", None]


def test_lines_on_which_two_annotations_differ_have_no_label():
    ada, bo = region(0, len(TEXT), "content"), region(0, 6, "navigation")
    both = task(annotations=[{"result": [ada]}, {"result": [bo]}])
    assert read_task(both).labels == [None, "content", "content", "content"]


def test_who_decided_nothing_is_no_annotator():
    pages = pages_after(
        Marked("ada", "f-1", 0, 0, "content"), Undone("ada", "f-1"), Accepted("bo", "f-1")
    )
    written = write_task(pages["f-1"])
    assert written["meta"] == {"annotators": ["bo"]}
    assert read_task(written, kinds=["annotations"]).labels == PREDICTED
    empty = task(annotations=[{"result": []}, *written["annotations"]])
    assert read_task(empty).labels == PREDICTED


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        ([region(0, 6, "navigation")], "n..."),
        ([region(0, len(TEXT), "content")], "cccc"),
        # Half of a line is enough, less is not; the larger part wins.
        ([region(8, 20, "content")], ".c.."),
        ([region(8, 18, "content")], "...."),
        ([region(0, 3, "navigation")], "n..."),
        ([region(8, 12, "paywall"), region(12, 31, "content")], ".c.."),
        ([region(0, 6, "unsure")], "...."),
        ([{"type": "choices", "value": {"choices": ["good page"]}}], "...."),
        # Between two regions, without a value.
        ([region(0, 6, "navigation"), {"type": "relation", "from_id": "a", "to_id": "b"}], "n..."),
        # Regions of one label count once where they overlap, and each where they do not.
        ([region(8, 16, "content"), region(8, 16, "content")], "...."),
        ([region(8, 31, "content"), region(9, 12, "content")], ".c.."),
        ([region(14, 20, "content"), region(8, 16, "content")], ".c.."),
        # Of two labels that cover a line alike, none is taken.
        ([region(0, 6, "paywall"), region(0, 6, "content")], "...."),
        ([region(0, 3, "content"), region(3, 6, "navigation")], "...."),
        ([region(0, 6, "unsure"), region(0, 6, "content"), region(51, 58, "sponsored")], "...s"),
    ],
)
def test_regions_become_labels_of_lines(regions, expected):
    labels = read_task(task(*regions)).labels
    assert "".join(label[0] if label else "." for label in labels) == expected


def test_cancelled_annotations_are_passed_over():
    good = {"result": [region(0, 6, "navigation")]}
    bad = {"result": [region(0, 6, "paywall")], "was_cancelled": True}
    assert read_task(task(annotations=[bad, good])).labels[0] == "navigation"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (7, "'data'"),
        ({"data": [TEXT]}, "'data'"),
        ({"text": TEXT, "label": []}, "JSON-MIN"),
        ({"data": {}}, "no text in the field 'text'"),
        (task(annotations={}), "'annotations' is no list"),
        (task(annotations=[7]), "'annotations' is no list of objects"),
        (task(annotations=[{"result": {}}]), "no list"),
        (task(7), "region 1"),
        (task(region(0, 999, "content")), "outside"),
        (task(region(-1, 3, "content")), "outside"),
        (task(region("0", 3, "content")), "outside"),
        (task(region(0, None, "content")), "outside"),
        (task(region(0, 3, "PER")), "one label of content"),
        (task({"type": "labels", "value": {"start": 0, "end": 1, "labels": []}}), "one label"),
        (task({"type": "labels", "value": {"start": 0, "end": 1, "labels": 7}}), "one label"),
        (
            task({"type": "labels", "value": {"start": 0, "end": 1, "labels": ["content"] * 2}}),
            "one label",
        ),
        (task(region(5, 9, "content", text="Die Fähre")), "code points"),
    ],
)
def test_a_bad_task_is_named(tmp_path, value, reason):
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps([task(), value]))
    with pytest.raises(DataError, match=f"tasks.json, record 2: .*{reason}"):
        read(path)


def test_export_names_say_the_format():
    with pytest.raises(ValueError, match=r"\.jsonl for labelled records"):
        export_pages([], "gold.csv")


def test_kappa_is_that_of_scikit_learn():
    chance = np.random.default_rng(2)
    first = chance.integers(0, 5, 400).astype(np.uint8)
    second = np.where(chance.random(400) < 0.7, first, chance.integers(0, 5, 400)).astype(np.uint8)
    assert kappa(first, second) == pytest.approx(cohen_kappa_score(first, second))
    assert kappa(first, first) == pytest.approx(1)
    assert kappa(np.zeros(3, np.uint8), np.zeros(3, np.uint8)) is None


def test_agreement_is_over_lines_that_both_judged():
    pages = pages_after(
        Marked("ada", "f-1", 0, 2, "content"),
        Marked("bo", "f-1", 1, 3, "content"),
        Marked("bo", "f-1", 2, 2, "paywall"),
        Marked("cy", "f-1", 3, 3, "unsure"),
    )
    found = {pair.annotators: pair for pair in agreements(pages.values())}
    assert found["ada", "bo"].n_lines == 2
    assert found["ada", "bo"].differences == [
        Difference("f-1", 2, 4, "Sie legt um 9 ab.", ("content", "paywall"))
    ]
    anzeige = Difference("f-1", 3, 6, "Anzeige", ("content", "unsure"))
    assert found["bo", "cy"][1:] == (1, [anzeige], 0.0)
    assert ("ada", "cy") not in found


def test_pairs_of_annotators_come_by_name():
    pages = [pages_after(*(Accepted(name, "f-1") for name in pair))["f-1"] for pair in ("zb", "ya")]
    assert [found.annotators for found in agreements(pages)] == [("a", "y"), ("b", "z")]


def test_differences_of_several_documents_are_told_apart():
    pages = pages_after(Marked("ada", "f-1", 0, 3, "content"), Marked("bo", "f-1", 1, 3, "content"))
    for event in (
        Opened("f-2", "Home\nBridge", ["navigation", "content"], {}),
        Marked("bo", "f-2", 0, 1, "navigation"),
        Accepted("ada", "f-2"),
    ):
        apply_event(pages, event)
    (found,) = agreements(pages.values())
    assert (found.annotators, found.n_lines) == (("ada", "bo"), 5)
    assert found.differences == [Difference("f-2", 1, 2, "Bridge", ("content", "navigation"))]


def test_labels_have_the_letters_that_the_page_shows():
    from classifier.annotate.session import MARK_LETTERS

    assert "".join(label[0] for label in LABELS) + "x." == MARK_LETTERS


def test_a_text_is_read_only_where_annotators_differ_and_once(monkeypatch):
    read = []
    monkeypatch.setattr(decisions, "line_spans", lambda text: read.append(text) or line_spans(text))
    pages = [Page(name, f"{name}\nb\n", np.zeros(2, np.uint8)) for name in ("one", "two")]
    for name in "abcd":
        pages[0].mark(name, 0, np.zeros(2, np.uint8))
        pages[1].mark(name, 0, np.full(2, "abcd".index(name), np.uint8))
    assert len(agreements(pages)) == 6
    assert read == ["two\nb\n"]


def test_of_very_many_annotators_those_who_judged_most_are_compared():
    page = Page("one", "a\n" * 60, np.zeros(60, np.uint8))
    for n in range(1, 61):
        page.mark(f"{n:02}", 0, np.zeros(n, np.uint8))
    compared = {name for found in agreements([page]) for name in found.annotators}
    assert compared == {f"{n:02}" for n in range(61 - MOST_ANNOTATORS, 61)}
