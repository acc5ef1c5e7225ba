"""The log of corrections: what happened comes back, a torn line does not count."""

import json
import random
import re
from pathlib import Path

import pytest

from classifier.annotate.events import (
    MARKS,
    MAX_NAME_CHARS,
    Accepted,
    Marked,
    Opened,
    Undone,
    annotator_name,
    read_event,
    write_event,
)
from classifier.annotate.log_reader import read_corrections, read_pages, restore
from classifier.annotate.log_writer import Log
from classifier.annotate.records import read_labels
from classifier.files.problems import DataError
from classifier.labels import LABELS, label_codes

TEXT = "Home\n\nHarbour reopens\n  \nThe quay is open again.\nSubscribe for 1 € a week 🐐\n"
PREDICTED = ["navigation", "content", "content", "navigation"]
OPENED = Opened("page 1", TEXT, PREDICTED, {"url": "https://harbour.example/1"})
UNDONE = Undone("ada", "page 1")


def written(path, *events):
    with Log(str(path)) as log:
        for event in events:
            log.append(event)
    return path


def labels_in(path):
    return [record["labels"] for record in read_corrections(path)]


def test_a_document_comes_back_with_what_was_decided(tmp_path):
    path = written(tmp_path / "log", OPENED, Marked("ada", "page 1", 1, 3, "paywall"))
    assert read_corrections(path) == [
        {
            "url": "https://harbour.example/1",
            "id": "page 1",
            "text": TEXT,
            "labels": [None, "paywall", "paywall", "paywall"],
        }
    ]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([Marked("ada", "page 1", 3, 3, "unsure"), Accepted("ada", "page 1")], "ncc."),
        ([Marked("ada", "page 1", 3, 3, "paywall"), Accepted("ada", "page 1")], "nccp"),
        ([Accepted("ada", "page 1"), UNDONE], "...."),
        (
            [
                Marked("ada", "page 1", 0, 2, "sponsored"),
                Marked("ada", "page 1", 1, 1, "content"),
                UNDONE,
            ],
            "sss.",
        ),
        # Two people: what only one judged counts, what they differ on does not.
        (
            [Marked("ada", "page 1", 0, 1, "content"), Marked("bo", "page 1", 1, 2, "content")],
            "ccc.",
        ),
        (
            [Marked("ada", "page 1", 0, 1, "content"), Marked("bo", "page 1", 1, 2, "paywall")],
            "c.p.",
        ),
        (
            [Marked("ada", "page 1", 0, 0, "content"), Marked("bo", "page 1", 0, 0, "unsure")],
            "....",
        ),
    ],
)
def test_actions_add_up(tmp_path, actions, expected):
    (labels,) = labels_in(written(tmp_path / "log", OPENED, *actions))
    assert "".join(label[0] if label else "." for label in labels) == expected


def test_logs_of_two_people_can_be_joined(tmp_path):
    one = written(tmp_path / "one", OPENED, Marked("ada", "page 1", 0, 0, "content"))
    two = written(tmp_path / "two", OPENED, Marked("bo", "page 1", 3, 3, "paywall"))
    both = tmp_path / "both"
    both.write_bytes(one.read_bytes() + two.read_bytes())
    assert labels_in(both) == [["content", None, None, "paywall"]]


def test_who_accepts_labels_in_a_joined_log_accepts_those_that_were_shown(tmp_path):
    other = OPENED._replace(predicted=["content", "content", "content", "paywall"])
    one = written(tmp_path / "one", OPENED, Accepted("ada", "page 1"))
    two = written(tmp_path / "two", other, Accepted("bo", "page 1"))
    assert labels_in(two) == [other.predicted]
    both = tmp_path / "both"
    both.write_bytes(one.read_bytes() + two.read_bytes())
    pages = read_pages(both)
    assert pages["page 1"].decisions("ada").tolist() == label_codes(PREDICTED).tolist()
    assert pages["page 1"].decisions("bo").tolist() == label_codes(other.predicted).tolist()


@pytest.mark.parametrize("left_behind", [b"", b"\0" * 5], ids=["nothing", "zeros"])
def test_a_log_cut_off_anywhere_loses_the_torn_action_only(tmp_path, left_behind):
    events = [OPENED, *(Marked("ada", "page 1", i, 3, "paywall") for i in (3, 2, 1, 0))]
    whole = written(tmp_path / "log", *events).read_bytes()
    ends = [i + 1 for i in range(len(whole)) if whole[i : i + 1] == b"\n"]
    path = tmp_path / "cut"
    for n_bytes in sorted(
        {*range(0, len(whole), 11), *ends, *(end - 1 for end in ends)} - {len(whole)}
    ):
        path.write_bytes(whole[:n_bytes] + left_behind)
        n_events = sum(end - 1 <= n_bytes for end in ends)  # a lost line end loses nothing
        expected = [[None] * (5 - n_events) + ["paywall"] * (n_events - 1)] if n_events else []
        assert labels_in(path) == expected
        with Log(str(path)) as log:  # and the session goes on from there
            for event in events[n_events:]:
                log.append(event)
        assert path.read_bytes() == whole


def test_what_a_crash_left_behind_is_measured(tmp_path):
    whole = written(tmp_path / "log", OPENED).read_bytes()
    found = restore(whole + b'{"annotator":"ad\0\0', "log")
    assert (found.n_bytes, found.n_torn_bytes) == (len(whole), 18)
    assert (found.last, restore(b"", "log").last) == (OPENED, None)


def test_events_survive_as_json():
    for event in (
        OPENED,
        Marked("ada", "x", 0, 2, "unsure"),
        Accepted("ada", "x"),
        Undone("b", "y"),
    ):
        assert read_event(json.loads(json.dumps(write_event(event)))) == event


def test_an_event_holds_nothing_that_need_not_be_said():
    assert "fields" not in write_event(OPENED._replace(fields={}))


def test_a_name_may_have_a_hundred_characters():
    assert annotator_name("é" * MAX_NAME_CHARS) == "é" * 100


GOOD = [write_event(OPENED), write_event(Marked("ada", "page 1", 0, 1, "paywall"))]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"annotator": 7}, "name"),
        ({"annotator": None}, "name"),
        ({"annotator": "ada\u202e"}, "name"),
        ({"annotator": "a" * 101}, "100"),
        ({"document": "page 2"}, "not opened"),
        ({"document": None}, "'document'"),
        ({"lines": [0, 4]}, "has 4 lines"),
        ({"lines": [1, 0]}, "first, last"),
        ({"lines": [-1, 0]}, "first, last"),
        ({"lines": [True, 1]}, "first, last"),
        ({"lines": [0.0, 1]}, "first, last"),
        ({"lines": "01"}, "first, last"),
        ({"lines": [0, 1, 2]}, "first, last"),
        ({"label": "p"}, "'label'"),
        ({"label": ["paywall"]}, "'label'"),
        ({"time": 1}, "no action"),
        ({"undo": "last"}, "no action"),
    ],
)
def test_a_bad_action_is_named_with_its_line(tmp_path, change, reason):
    path = tmp_path / "log"
    path.write_text("".join(json.dumps(r) + "\n" for r in (GOOD[0], {**GOOD[1], **change})))
    with pytest.raises(DataError, match=f"log, record 2: .*{reason}"):
        read_corrections(path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": 1}, "'text'"),
        ({"text": "Home"}, "1 lines that are not blank but 4"),
        ({"predicted": ["unsure"] * 4}, "'predicted'"),
        ({"predicted": "nccn"}, "'predicted'"),
        ({"predicted": None}, "'predicted'"),
        ({"predicted": dict.fromkeys(LABELS)}, "'predicted'"),
        ({"fields": []}, "'fields'"),
        ({"fields": {"x": json.loads("[" * 300 + "]" * 300)}}, "cannot be written again"),
        ({"more": 1}, "'more'"),
    ],
)
def test_a_bad_document_is_named_with_its_line(tmp_path, change, reason):
    path = tmp_path / "log"
    path.write_text(json.dumps({**GOOD[0], **change}) + "\n")
    with pytest.raises(DataError, match=f"record 1: .*{reason}"):
        read_corrections(path)


@pytest.mark.parametrize("line", ["7", "null", "[]"])
def test_a_line_that_is_no_object_is_named(tmp_path, line):
    path = tmp_path / "log"
    path.write_text(f"{json.dumps(GOOD[0])}\n{line}\n")
    with pytest.raises(DataError, match="record 2: it is no JSON object"):
        read_corrections(path)


def test_a_document_is_not_opened_again_with_another_text(tmp_path):
    path = written(tmp_path / "log", OPENED, OPENED, Opened("page 1", "Home", ["navigation"], {}))
    with pytest.raises(DataError, match=r"record 3: .* was opened before with another text"):
        read_corrections(path)


def test_undo_needs_an_action_of_the_same_annotator(tmp_path):
    path = written(tmp_path / "log", OPENED, Accepted("ada", "page 1"), Undone("bo", "page 1"))
    with pytest.raises(DataError, match="record 3: 'bo' has nothing to undo"):
        read_corrections(path)


@pytest.mark.parametrize(
    "content", [b"hello", b"{}\n", b'{"id": 1', b"[1]\n", b"\xff\xfe\n", b"{" * 9]
)
def test_another_file_is_refused_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "notes"
    path.write_bytes(content)
    for read in (read_corrections, lambda path: Log(str(path))):
        with pytest.raises(DataError, match="record 1"):
            read(path)
    assert path.read_bytes() == content


def test_a_missing_file_is_an_error_when_reading(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_corrections(tmp_path / "nowhere")


def test_labels_of_a_record_are_read_as_they_are():
    assert read_labels(["navigation", None], "Home\n\nNews") == ["navigation", None]


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (["navigation"], "2 lines that are not blank but 1 labels"),
        (["navigation", "menu"], "label 'menu' at position 1"),
        ("nn", "'labels' is no list"),
    ],
)
def test_bad_labels_of_a_record_are_explained(labels, reason):
    with pytest.raises(ValueError, match=reason):
        read_labels(labels, "Home\nNews")


def test_random_sessions_equal_a_plain_replay(tmp_path):
    chance = random.Random(5)
    states, events = [["."] * 4], [OPENED]
    for _ in range(200):
        kind = chance.random()
        if kind < 0.3 and len(states) > 1:
            states.pop()
            events.append(Undone("ada", "page 1"))
        elif kind < 0.35:
            rest = [p[0] if d == "." else d for p, d in zip(PREDICTED, states[-1], strict=True)]
            states.append(rest)
            events.append(Accepted("ada", "page 1"))
        else:
            first, last = sorted(chance.choices(range(4), k=2))
            label = chance.choice(["content", "navigation", "paywall", "sponsored"])
            new = [label[0] if first <= i <= last else d for i, d in enumerate(states[-1])]
            states.append(new)
            events.append(Marked("ada", "page 1", first, last, label))
    (labels,) = labels_in(written(tmp_path / "log", *events))
    assert [label[0] if label else "." for label in labels] == states[-1]


def test_the_documentation_shows_a_log_that_can_be_read(tmp_path, monkeypatch, capsys):
    page = (Path(__file__).parents[1] / "docs" / "annotate.md").read_text("utf-8")
    (log,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "corrections.jsonl").write_text(log, "utf-8")
    monkeypatch.chdir(tmp_path)
    exec(example, {})
    assert capsys.readouterr().out == "a.txt ['navigation', 'paywall', 'content']\n"
    assert re.findall(r'<Label value="(\w+)"/>', page) == list(MARKS)


def test_a_page_without_lines_has_its_cursor_at_the_top(tmp_path):
    with Log(str(tmp_path / "log.jsonl")) as log:
        for event in (Opened("blank", " \n\n", [], {}), Accepted("ada", "blank")):
            log.append(event)
    page = read_pages(tmp_path / "log.jsonl")["blank"]
    assert (page.n_actions("ada"), page.last_place("ada")) == (1, 0)


@pytest.mark.parametrize(
    ("actions", "place"),
    [
        ([], 0),
        ([Marked("ada", "page 1", 0, 1, "content")], 2),
        ([Marked("ada", "page 1", 0, 1, "content"), Marked("bo", "page 1", 0, 0, "content")], 2),
        ([Marked("ada", "page 1", 3, 3, "content")], 3),
        ([Marked("ada", "page 1", 0, 1, "content"), Accepted("ada", "page 1")], 3),
        ([Marked("ada", "page 1", 0, 1, "content"), Accepted("ada", "page 1"), UNDONE], 2),
    ],
)
def test_the_cursor_is_behind_what_one_did_last(tmp_path, actions, place):
    pages = read_pages(written(tmp_path / "log", OPENED, *actions))
    assert pages["page 1"].last_place("ada") == place
