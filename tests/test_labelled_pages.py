"""Labelled pages of a user, from files of any kind: labels, groups, what is refused."""

import gzip
import json
import os
import re
import threading

import pytest
import zstandard
from commandline import lines_of
from harbour import write

from classifier.adapt.labelled_pages import read_labelled_pages, text_digest
from classifier.annotate.events import Marked, Opened, write_event
from classifier.annotate.log_reader import read_corrections
from classifier.files.problems import DataError
from classifier.labels import LABELS

OPENED = Opened("one", "Home\nThe tide turned.", ["content", "content"], {})
LOG = [*map(write_event, (OPENED, Marked("ada", "one", 0, 0, "navigation")))]


def pages_of(folder, *records):
    """Read labelled pages from a file of records."""
    return read_labelled_pages([str(write(folder / "pages.jsonl", records))])


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 5000])
def test_a_number_in_a_field_of_no_concern_may_be_of_any_size(tmp_path, number):
    text = '"text": "Home\\nThe bridge reopened."'
    record = f'{{"id": 1, {text}, "labels": ["navigation", null], "group": "a", "x": [{number}]}}'
    region = '{"type": "labels", "value": {"start": 0, "end": 4, "labels": ["navigation"]}}'
    data = f'"data": {{{text}, "group": "a", "x": {number}}}'
    task = f'[{{"id": 1, {data}, "annotations": [{{"result": [{region}]}}], "lead": {number}}}]'
    for content in (record, task):
        (tmp_path / "pages.jsonl").write_text(content)
        pages = read_labelled_pages([str(tmp_path / "pages.jsonl")])
        assert pages.texts == ["Home\nThe bridge reopened."]
        assert pages.decided.tolist() == [True, False]


def test_what_a_model_guessed_is_no_label(tmp_path):
    region = {"type": "labels", "value": {"start": 0, "end": 4, "labels": ["navigation"]}}
    said, guessed = ({kind: [{"result": [region]}]} for kind in ("annotations", "predictions"))
    tasks = [
        {"data": {"text": "Home\nBridge"}, **said},
        {"data": {"text": "Home\nHarbour"}, **guessed},
    ]
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    assert read_labelled_pages([str(tmp_path / "tasks.json")]).texts == ["Home\nBridge"]
    (tmp_path / "guesses.json").write_text(json.dumps(tasks[1:]))
    with pytest.raises(DataError, match="no line has a label"):
        read_labelled_pages([str(tmp_path / "guesses.json")])


def test_it_is_said_what_has_no_label_and_what_has_several(tmp_path):
    pages = [
        {"text": "Home\nBridge", "labels": ["navigation", "content"]},
        {"text": "Home\nBridge", "labels": ["paywall", "content"]},
        {"text": "Home\nBridge", "labels": [None, "content"]},
        {"text": "Harbour", "labels": [None]},
    ]
    told = []
    path = write(tmp_path / "pages.jsonl", pages)
    assert read_labelled_pages([str(path)], told.append).labels[0] == LABELS.index("paywall")
    nothing, several = told
    assert nothing.endswith("are left out: 1")
    assert several.startswith("lines that were given one label and later another: 1. The last")


def test_pages_that_come_twice_count_once_with_their_last_labels(tmp_path):
    pages = [
        {"text": "Home\nBridge", "labels": ["navigation", None], "group": 0},
        {"text": "Menu\nHarbour", "labels": ["navigation", "content"], "group": 0},
        {"text": "Log in\nTide", "labels": [None, "content"]},
        {"text": "Share", "labels": ["navigation"], "group": 1},
        {"text": "Ebb", "labels": ["content"], "group": ""},
        {"text": "Flood", "labels": ["content"], "group": ""},
    ]
    again = [
        {"text": "Home\nBridge", "labels": ["sponsored", "content"], "id": "other"},
        {"text": "Log in\nTide", "labels": [None, "content"], "group": 1, "id": "third"},
    ]
    files = (write(tmp_path / "a.jsonl", pages), write(tmp_path / "b.jsonl", again))
    found = read_labelled_pages([*map(str, files)])
    assert found.texts == [page["text"] for page in pages]
    assert [LABELS[code] for code in found.labels[:2]] == ["sponsored", "content"]
    assert found.decided.tolist() == [True, True, True, True, False, True, True, True, True]
    first, second, third, fourth, *alone = found.groups
    assert (first, third) == (second, fourth)  # whichever record names the group
    assert len({first, third, *alone}) == 4


@pytest.mark.parametrize("names", [("a", "a"), ("a", "b"), (1, 1)])
def test_of_two_records_of_a_page_in_a_file_the_later_counts(tmp_path, names):
    labels = [["content", None], ["navigation", "content"]]
    records = [
        {"id": name, "text": "Home\nBridge", "labels": own}
        for name, own in zip(names, labels, strict=True)
    ]
    found = pages_of(tmp_path, *records)
    assert [LABELS[code] for code in found.labels] == ["navigation", "content"]


def test_addresses_of_links_are_no_content_that_could_be_lost(tmp_path):
    texts = ["[Bridge](https://kelm.example/bridge) open", "Bridge open"]
    records = [{"text": text, "labels": ["content"]} for text in texts]
    assert pages_of(tmp_path, *records).characters.tolist() == [11, 11]


def test_a_log_is_known_by_its_first_line_that_is_not_blank(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"\n" + lines_of(LOG))
    assert read_labelled_pages([str(log)]).decided.tolist() == [True, False]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_log_may_be_compressed(tmp_path, pack):
    (tmp_path / "log").write_bytes(pack(lines_of(LOG)))
    assert read_labelled_pages([str(tmp_path / "log")]).decided.tolist() == [True, False]


def test_logs_and_records_are_found_in_a_folder_or_by_a_pattern(tmp_path):
    write(tmp_path / "log.jsonl", LOG)
    write(tmp_path / "records.jsonl", [{"text": "Menu", "labels": ["navigation"]}])
    for argument in (tmp_path, tmp_path / "*.jsonl"):
        pages = read_labelled_pages([str(argument)])
        assert pages.texts == [OPENED.text, "Menu"]
        assert pages.decided.tolist() == [True, False, True]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_labelled_records_come_through_a_pipe(tmp_path):
    pipe, record = tmp_path / "pipe", {"text": "Home", "labels": ["navigation"]}
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=[json.dumps(record) + "\n"])
    writer.start()
    assert read_labelled_pages([str(pipe)]).texts == ["Home"]
    writer.join()


def test_labelled_records_that_name_their_annotator_are_no_log(tmp_path):
    record = {"text": "Home", "labels": ["navigation"], "annotator": "ada", "predicted": None}
    assert pages_of(tmp_path, record).texts == ["Home"]


@pytest.mark.parametrize("name", ["annotator", "predicted"])
def test_records_whose_first_has_no_labels_are_no_log(tmp_path, name):
    pages = [{"text": "Menu", name: "ada"}, {"text": "Home", "labels": ["navigation"], name: "bo"}]
    assert pages_of(tmp_path, *pages).texts == ["Home"]


def test_a_group_is_never_taken_for_a_page_without_one(tmp_path):
    records = [
        {"text": "Home", "labels": ["navigation"]},
        {"text": "Menu", "labels": ["navigation"], "group": "page 0"},
    ]
    assert pages_of(tmp_path, *records).n_groups == 2


def test_a_log_whose_beginning_is_missing_is_named_as_one(tmp_path):
    with pytest.raises(DataError, match="document 'one' was not opened before"):
        pages_of(tmp_path, *LOG[1:])


def test_labels_cut_off_in_a_packed_file_are_named(tmp_path):
    path = tmp_path / "pages.jsonl.gz"
    path.write_bytes(
        gzip.compress(json.dumps({"text": "Home", "labels": ["content"]}).encode())[:-20]
    )
    with pytest.raises(DataError, match=r"pages\.jsonl\.gz"):
        read_labelled_pages([str(path)])


def test_pages_are_known_by_the_first_digits_of_their_hash():
    # As model files hold them: others would not be found in those.
    assert text_digest("") == "e3b0c44298fc1c14"


def test_two_annotators_may_write_a_log_each(tmp_path):
    """As if the logs were one: where they differ, or one is unsure, a line has no label."""
    text = "Home\nBridge\nTide\nEbb\nFlood"
    for name, page, marks in (
        ("ada", "a.txt", ["navigation", "content", "content", None, "content"]),
        ("bo", "b.txt", ["navigation", "sponsored", "unsure", "content", None]),
    ):
        events = [Opened(page, text, ["content"] * 5, {})]
        events += [Marked(name, page, i, i, label) for i, label in enumerate(marks) if label]
        write(tmp_path / f"{name}.jsonl", map(write_event, events))
    paths = [str(tmp_path / f"{name}.jsonl") for name in ("ada", "bo")]
    for order in (paths, paths[::-1], [*paths, paths[0]]):
        found = read_labelled_pages(order)
        assert found.texts == [text]
        assert found.decided.tolist() == [True, False, False, True, True]
        assert [LABELS[code] for code in found.labels] == [
            *("navigation", "content", "content", "content", "content")
        ]


def test_records_need_no_identifiers_of_their_own_and_may_say_null(tmp_path):
    records = [
        {"id": 1, "text": "Home", "labels": ["navigation"]},
        {"id": 1, "text": "Bridge", "labels": ["content"]},
        {"id": 2, "text": "Tide", "labels": None},
    ]
    assert pages_of(tmp_path, *records).texts == ["Home", "Bridge"]


def log(path, who, marks, fields=None):
    events = [Opened("a", "Home\nTide", ["content"] * 2, fields or {})]
    events += [Marked(who, "a", i, i, label) for i, label in enumerate(marks) if label]
    return str(write(path, map(write_event, events)))


def test_logs_stand_in_the_place_of_the_last(tmp_path):
    one = log(tmp_path / "1.jsonl", "ada", ["navigation", None])
    two = log(tmp_path / "2.jsonl", "ada", ["paywall", None], {"group": "g"})
    record, other = tmp_path / "r.jsonl", tmp_path / "o.jsonl"
    record.write_text(json.dumps({"text": "Home\nTide", "labels": ["sponsored", "content"]}))
    other.write_text(json.dumps({"text": "Quay", "labels": ["content"], "group": "g"}))
    first = {
        "log last": [one, str(record), two],
        "record last": [one, two, str(record)],
        "later log": [two, one],
        "log twice": [two, one, two],
    }
    names = {how: LABELS[read_labelled_pages(paths).labels[0]] for how, paths in first.items()}
    assert names == {
        "log last": "paywall",
        "record last": "sponsored",
        "later log": "navigation",
        "log twice": "navigation",
    }
    assert read_labelled_pages([one, two, str(other)]).n_groups == 1


def test_a_log_may_stand_behind_byte_order_marks(tmp_path):
    path = tmp_path / "log.jsonl"
    log(path, "ada", ["navigation", "content"])
    marked = b"\xef\xbb\xbf" + path.read_bytes()
    path.write_bytes(marked + marked)
    assert read_labelled_pages([str(path)]).decided.tolist() == [True, True]
    assert read_corrections(path)[0]["labels"] == ["navigation", "content"]


def test_it_is_said_that_a_log_ends_within_an_action(tmp_path):
    whole = tmp_path / "whole.jsonl"
    log(whole, "ada", ["navigation", "content"])
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(whole.read_bytes()[:-20].replace(b": ", b":"))  # as a session writes it
    told = []
    found = read_labelled_pages([str(cut)], told.append)
    assert found.decided.tolist() == [True, False]
    (said,) = told
    assert said.startswith(f"{cut}: it ends within an action (")
    read_labelled_pages([str(whole)], told.append)
    assert len(told) == 1


def test_it_is_said_where_logs_of_one_name_differ(tmp_path):
    """Two people who both left --annotator out, it may be: nobody else would see it."""
    one = log(tmp_path / "1.jsonl", "annotator", ["navigation", "content"])
    two = log(tmp_path / "2.jsonl", "annotator", ["paywall", "content"])
    other = log(tmp_path / "3.jsonl", "ada", ["sponsored", None])
    told = []
    read_labelled_pages([one, two, other], told.append)
    (said,) = told
    assert re.match("lines to which the annotator 'annotator' gives .* another: 1. The last", said)
    read_labelled_pages([two, other, two], told.append)
    assert len(told) == 1


def test_lines_without_a_label_may_be_content(tmp_path):
    rows = [["navigation", None], ["navigation"] * 2, ["content", "navigation"]]
    records = ({"text": f"Home {i}\nTide", "labels": row} for i, row in enumerate(rows))
    assert pages_of(tmp_path, *records).n_without_content() == 1


def test_no_labels_for_a_line_are_an_error(tmp_path):
    records = [{"text": "Tide", "labels": []}, {"text": "Quay", "labels": ["content"]}]
    with pytest.raises(DataError, match=r"1 lines .* 0 labels"):
        pages_of(tmp_path, *records)


def test_groups_are_told_apart_by_all_that_they_are_called(tmp_path):
    records = (
        {"text": f"Home {seed}", "labels": ["navigation"], "group": "a" + "\0" * seed}
        for seed in range(8)
    )
    assert pages_of(tmp_path, *records).groups.tolist() == list(range(8))
