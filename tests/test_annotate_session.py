"""A session shows documents with the labels that they came with, and goes on where it was."""

import pytest

from classifier.annotate.documents import Document
from classifier.annotate.log_writer import Log
from classifier.annotate.session import Session
from classifier.files.opening import OutputError


def test_a_session_begins_where_the_last_one_ended(tmp_path, clf):
    path = str(tmp_path / "log")
    documents = [Document(name, f"Home\n{name}", None, {}) for name in "abc"]
    for number in (2, 0, 1):
        with Log(path) as log:
            session = Session(log, documents, clf, "ada")
            session.open(number)
            session.act(number, {"accept": "rest"})
        with Log(path) as log:
            assert Session(log, documents, clf, "ada").current == number


def test_a_document_that_is_named_anew_is_the_one_of_its_text(tmp_path, clf):
    """As a file is when another folder is given besides, which holds one of its name."""
    path = str(tmp_path / "log")

    def decided(*documents):
        with Log(path) as log:
            session = Session(log, [Document(*d, None, {}) for d in documents], clf, "ada")
            for number, found in enumerate(session.overview()["documents"]):
                if found["id"] == "a.txt" and not found["decided"]:
                    session.open(number)
                    session.act(number, {"accept": "rest"})
            return {d["id"]: d["decided"] for d in session.overview()["documents"]}

    assert decided(("a.txt", "Home\nTide")) == {"a.txt": 2}
    assert decided(("one/a.txt", "Home\nTide"), ("two/a.txt", "Quay")) == {
        "a.txt": 2,
        "two/a.txt": 0,
    }
    # Two of a text are two, and one that is given under its name is itself.
    assert decided(("one/a.txt", "Home\nTide"), ("b", "Home\nTide")) == {"a.txt": 2, "b": 0}
    assert decided(("a.txt", "Home\nTide"), ("b", "Home\nTide")) == {"a.txt": 2, "b": 0}


def test_a_session_does_not_begin_where_somebody_else_stopped(tmp_path, clf):
    path = str(tmp_path / "log")
    documents = [Document(name, f"Home\n{name}", None, {}) for name in "abcd"]

    def begun(annotator, *numbers, opened=None):
        """Label a line of these documents, open another; tell where it begins."""
        with Log(path) as log:
            session = Session(log, documents, clf, annotator)
            first = session.current
            for number in numbers:
                session.open(number)
                session.act(number, {"lines": [0, 0], "label": "content"})
            if opened is not None:
                session.open(opened)
        return first

    assert begun("ada", 0, 1, opened=2) == 0
    assert begun("bo") == 0, "ada opened the third"
    assert begun("ada", 2) == 2
    assert begun("bo", 0, 1) == 0, "ada labelled the third"
    assert begun("bo", opened=3) == 1
    assert begun("bo") == 3


def test_what_an_annotator_saw_first_stays_whatever_is_said_later(tmp_path, clf):
    text = "\n\nHome\n\nThe bridge reopened on Monday, the city says.\nLog in"
    shown = []
    for labels in (["paywall", None, "sponsored"], ["content"] * 3, None):
        with Log(str(tmp_path / "log")) as log:
            view = Session(log, [Document("a", text, labels, {})], clf, "ada").open(0)
        assert view["line_numbers"] == [3, 5, 6]
        shown.append((view["predicted"], view["doubts"]))
    batch = clf.label_batch([text])
    labels = [2, batch.labels[1], 3]
    doubts = [
        round(100 * (1 - float(p[k]))) for p, k in zip(batch.probabilities, labels, strict=True)
    ]
    assert shown == [("".join("cnps"[k] for k in labels), doubts)] * 3


def test_an_action_that_is_not_in_the_log_has_not_happened(tmp_path, monkeypatch, clf):
    def full(event):
        raise OutputError("the disk is full")

    with Log(str(tmp_path / "log.jsonl")) as log:
        session = Session(log, [Document("a", "Home", None, {})], clf, "ada")
        session.open(0)
        monkeypatch.setattr(log, "append", full)
        with pytest.raises(OutputError):
            session.act(0, {"accept": "rest"})
        assert session.overview()["documents"][0]["decided"] == 0
        assert session.open(0)["n_actions"] == 0


def test_an_address_is_told_unless_it_is_the_name_of_its_document(tmp_path, clf):
    url = "http://example.org/7"
    fields = [{"url": url}, {"url": url}, {"url": 7}, {}]
    documents = [
        Document(name, "Home", None, own)
        for name, own in zip(("a", url, "b", "c"), fields, strict=True)
    ]
    with Log(str(tmp_path / "log.jsonl")) as log:
        told = Session(log, documents, clf, "ada").overview()["documents"]
    assert [entry["address"] for entry in told] == [url, None, None, None]


def test_behind_the_last_document_comes_the_first_that_is_not_done(tmp_path, clf):
    documents = [Document(name, "Home", None, {}) for name in "abc"]
    with Log(str(tmp_path / "log.jsonl")) as log:
        session = Session(log, documents, clf, "ada")
        for number, following in ((0, 1), (2, 1), (1, None)):
            session.open(number)
            assert session.act(number, {"accept": "rest"})["next"] == following
