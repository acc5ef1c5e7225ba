"""Documents to correct come from every format; what a log could not hold is refused."""

import gzip
import json
import os
from pathlib import Path

import pytest
import wet_records
from annotating import read

from classifier.annotate import documents
from classifier.annotate.decisions import labelled_record
from classifier.annotate.documents import Document, every_document, read_documents
from classifier.annotate.events import Opened, read_event, write_event
from classifier.annotate.labelstudio import write_task
from classifier.annotate.replay import apply_event
from classifier.files.locations import PathError
from classifier.files.problems import DataError
from classifier.formats.batches import Fields

TEXT = "Menü 🍀\n\nDie Fähre fährt wieder.\nSie legt um 9 ab.\n\nAnzeige"
PREDICTED = ["navigation", "content", "content", "sponsored"]


def test_folders_hold_texts_and_records(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    lines = [{"id": 7, "text": TEXT, "host": "x.example"}, {"text": "Home"}]
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(line) + "\n\n" for line in lines))
    a, seven, home = read(tmp_path)
    assert (a.id, a.text, a.labels, a.fields) == ("a.txt", TEXT, None, {})
    assert (seven.id, seven.text, seven.fields) == ("7", TEXT, {"host": "x.example"})
    assert (home.id, home.text) == ("b.jsonl:3", "Home")


def test_a_page_of_a_wet_file_keeps_its_address(tmp_path):
    (tmp_path / "a.wet").write_bytes(wet_records.page(7, TEXT))
    (document,) = read(tmp_path / "a.wet")
    assert document.fields == {"url": "http://example.org/7"}


def test_a_document_that_stands_twice_is_shown_once_as_it_stands_first(tmp_path):
    labels = [PREDICTED, ["content"] * 4]
    records = [{"id": "f-1", "text": TEXT, "labels": own} for own in labels]
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    assert [document.labels for document in read(tmp_path)] == [PREDICTED]


def test_what_a_record_is_made_of_is_no_other_field_of_it(tmp_path):
    path = tmp_path / "pages.jsonl"
    record = {"body": "Home", "key": "f-1", "labels": ["content"], "host": "faehre.example"}
    path.write_text(json.dumps(record))
    (document,) = read_documents((str(path),), Fields("body", "key"))
    assert document == Document("f-1", "Home", ["content"], {"host": "faehre.example"})


def test_a_text_and_an_identifier_passed_over_are_kept_in_the_log_but_not_exported(tmp_path):
    path = tmp_path / "pages.jsonl"
    path.write_text(json.dumps({"body": "Home", "key": "f-1", "text": "another", "id": 7}))
    (document,) = read_documents((str(path),), Fields("body", "key"))
    assert document.fields == {"text": "another", "id": 7}
    pages = {}
    opened = Opened(document.id, document.text, ["navigation"], document.fields)
    apply_event(pages, read_event(write_event(opened)))
    assert pages["f-1"].fields == document.fields
    for found in (labelled_record(pages["f-1"]), write_task(pages["f-1"])["data"]):
        assert (found["id"], found["text"]) == ("f-1", "Home")


def test_texts_are_held_up_to_a_size(tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("Home")
    monkeypatch.setattr(documents, "MAX_TEXT_CHARS", 8)
    assert len(read(tmp_path)) == 2
    monkeypatch.setattr(documents, "MAX_TEXT_CHARS", 7)
    with pytest.raises(PathError, match="this is more text than can be corrected by hand"):
        read(tmp_path)


@pytest.mark.parametrize("before", ["", "\ufeff", " \r\n\t"])
def test_json_that_begins_with_a_bracket_is_label_studios(tmp_path, before):
    (tmp_path / "tasks.json").write_text(before + json.dumps([{"data": {"text": "Home", "n": 2}}]))
    (tmp_path / "text.txt").write_text("[1] Home")
    found = [(document.id, document.text, document.fields) for document in read(tmp_path)]
    assert found == [("tasks.json:1", "Home", {"n": 2}), ("text.txt", "[1] Home", {})]


def test_a_record_may_stand_behind_a_byte_order_mark(tmp_path):
    (tmp_path / "pages.jsonl").write_text('\ufeff{"id": 1, "text": "Home", "n": 2}\n')
    assert read(tmp_path) == [Document("1", "Home", None, {"n": 2})]


@pytest.mark.parametrize(
    ("identifier", "name"),
    [('["é", 1]', '["é",1]'), ("0", "0"), ('""', ""), ("null", "tasks.json:1")],
)
def test_a_task_is_named_by_its_identifier_whatever_that_is(tmp_path, identifier, name):
    path = tmp_path / "tasks.json"
    path.write_text(f'[{{"id": {identifier}, "data": {{"text": "Home"}}}}]')
    assert [document.id for document in read(path)] == [name]


def test_pages_of_one_name_in_two_folders_are_two(tmp_path):
    for name, text in (("a", "Home"), ("b", "Home"), ("c", TEXT)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.txt").write_text(text)
    folders = tuple(str(tmp_path / name) for name in "abc")
    found = read_documents(folders, Fields())
    assert [document.id for document in found] == [f"{folder}/page.txt" for folder in folders]


def test_a_name_that_is_no_utf8_is_that_of_a_document_as_it_is_shown(tmp_path):
    """As `label` names it; a log could not hold the bytes."""
    for name, content in ((b"n\xff.txt", TEXT), (b"m\xff.jsonl", json.dumps({"text": "Home"}))):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(content)
    assert [document.id for document in read(tmp_path)] == [r"m\xff.jsonl:1", r"n\xff.txt"]


def test_the_log_is_no_input(tmp_path):
    (tmp_path / "page.txt").write_text(TEXT)
    log = tmp_path / "corrections.jsonl"
    log.write_text('{"event": "opened"}\n')
    with pytest.raises(DataError):
        read_documents((str(tmp_path),), Fields())
    (document,) = read_documents((str(tmp_path),), Fields(), exclude=[str(log)])
    assert document.text == TEXT


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[{]", "tasks.json: "),
        ('[{"data": {"text": "\\ud800"}}]', "tasks.json: "),
        ('{"id": 1, "text": "a\\nb", "labels": ["content"]}', "record 1: .*2 lines"),
        ('{"id": 1, "text": "a", "labels": {"topic": 3}}', "record 1: .*no list"),
        ('{"id": 1, "text": 5}', "record 1"),
        ('{"id": 1, "text": "a"}\n{"id": 1, "text": "b"}', "record 2: .*identifier '1'"),
        ('{"id": "\\ud800", "text": "a"}', "record 1: .*surrogate"),
        ('{"id": ["\\ud800"], "text": "a"}', "record 1: .*surrogate"),
    ],
)
def test_a_bad_file_is_named(tmp_path, content, reason):
    path = tmp_path / "tasks.json"
    path.write_text(content)
    with pytest.raises(DataError, match=reason):
        read(path)


def test_tasks_cut_off_or_too_deep_are_named(tmp_path):
    path = tmp_path / "tasks.json.gz"
    path.write_bytes(gzip.compress(b"[" + b" " * 99999)[:-12])
    with pytest.raises(DataError, match=r"tasks.json.gz: "):
        read(path)
    path = tmp_path / "tasks.json"
    path.write_text("[" * 100_000)
    with pytest.raises(DataError, match=r"tasks.json: "):
        list(every_document((str(path),), Fields(), others=()))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("12345678901234567890123", "12345678901234567890123"),
        ("-1.5", "-1.5"),
        ('["é",1]', '["é",1]'),
        ("null", "pages.jsonl:1"),
    ],
)
def test_an_identifier_that_is_no_string_is_kept_as_it_is_written(tmp_path, written, name):
    path = tmp_path / "pages.jsonl"
    path.write_text(f'{{"id": {written}, "text": "a", "labels": ["content"]}}', "utf-8")
    assert [document.id for document in read(path)] == [name]


@pytest.mark.parametrize(
    ("task", "what"),
    [
        ('{"id": "\\ud83d", "data": {"text": "Home"}}', "identifier"),
        ('{"id": 1, "data": {"text": "Home \\ud83d"}}', "text"),
    ],
)
def test_a_task_with_half_a_character_is_refused_by_those_who_learn_from_it(tmp_path, task, what):
    path = tmp_path / "tasks.json"
    path.write_text(f"[{task}]")
    with pytest.raises(DataError, match=f"record 1: its {what}: lone surrogate") as caught:
        list(every_document((str(path),), Fields(), others=()))
    assert caught.value.problem.remedy == "Correct that field, or leave it out."


@pytest.mark.parametrize(
    "value",
    [
        *('"\\ud83d"', "340282366920938463463374607431768211455", "9" * 5000, "1e400"),
        "[" * 252 + "]" * 252,  # could be written, but not within the task of an export
    ],
)
def test_a_field_that_a_log_would_change_is_named_as_what_is_wrong(tmp_path, value):
    path = tmp_path / "pages.jsonl"
    path.write_text(f'{{"text": "Home", "more": [{value}]}}\n')
    with pytest.raises(DataError, match="a log cannot hold one of its fields") as caught:
        read_documents((str(path),), Fields())
    assert caught.value.problem.remedy == "Correct that field, or leave it out."


def test_the_largest_numbers_are_kept(tmp_path):
    path = tmp_path / "pages.jsonl"
    numbers = [2**64 - 1, -(2**63), 0.1]
    path.write_text(json.dumps({"text": "Home", "numbers": numbers}))
    (document,) = read_documents((str(path),), Fields())
    assert document.fields == {"numbers": numbers}


def test_records_behind_blank_lines_keep_their_own_fields(tmp_path):
    lines = [b'{"text": "one", "group": "a"}', b'{"text": "two", "group": "b"}']
    (tmp_path / "a.jsonl").write_bytes(b"\n\n".join(lines))
    found = read_documents((str(tmp_path / "a.jsonl"),), Fields())
    assert [document.fields["group"] for document in found] == ["a", "b"]


def test_a_format_that_is_given_goes_before_the_name(tmp_path):
    path = tmp_path / "notes.json"
    path.write_text("[Home] (start)\nThe bridge reopened.\n")
    (document,) = read_documents((str(path),), Fields(), "text")
    assert document.text == path.read_text()


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        ('{"text": "Home", "labels": ["menu"]}', "'labels' are a list, of one label or null"),
        ('[{"id": 1}]', "a file that is one list is read as Label Studio's JSON."),
        ("[1, 2", "a file that is one list is read as Label Studio's JSON."),
    ],
)
def test_a_remedy_speaks_of_the_format_that_was_read(tmp_path, content, remedy):
    path = tmp_path / "pages.json"
    path.write_text(content)
    with pytest.raises(DataError) as caught:
        read(path)
    assert caught.value.problem.remedy.startswith(f"Correct it: {remedy}")
