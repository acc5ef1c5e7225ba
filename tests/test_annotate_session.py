"""A session shows documents with the labels that they came with, and goes on where it was."""

from classifier.annotate.documents import Document
from classifier.annotate.log_writer import Log
from classifier.annotate.session import Session


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


def test_what_an_annotator_saw_first_stays_whatever_is_said_later(tmp_path, clf):
    text = "\n\nHome\n\nThe bridge reopened on Monday, the city says.\nLog in"
    shown = []
    for labels in (["paywall", None, "sponsored"], ["content"] * 3, None):
        with Log(str(tmp_path / "log")) as log:
            view = Session(log, [Document("a", text, labels, {})], clf, "ada").open(0)
        assert view["gaps"] == [1]
        shown.append((view["predicted"], view["doubts"]))
    batch = clf.label_batch([text])
    labels = [2, batch.labels[1], 3]
    doubts = [
        round(100 * (1 - float(p[k]))) for p, k in zip(batch.probabilities, labels, strict=True)
    ]
    assert shown == [("".join("cnps"[k] for k in labels), doubts)] * 3
