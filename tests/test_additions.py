"""Pages that we labelled ourselves: rows point at lines, groups keep their folds."""

import gzip
import json

import numpy as np
import pytest
from click.testing import CliRunner

from classifier.labels import CONTENT, NAVIGATION
from classifier.lines import numbered_lines
from training.__main__ import main
from training.corpus import UNLABELLED, chosen_pages, corpus_of, fold_of
from training.pages import agreement
from training.pages.added_pages import added_pages
from training.pages.additions import (
    AddedRow,
    missing_pages,
    read_rows_by_page,
    with_additions,
)
from training.pages.agreement import (
    SECOND_PASSES,
    agreement_text,
    first_pass,
    labels_by_line,
    read_labels_by_line,
)
from training.pages.rows import write_rows
from training.pages.standoff import line_hash

GOLD = corpus_of(
    [{"id": "g1", "group": "a.example", "text": "Home\nThe tide.", "labels": ["navigation"] * 2}]
)
PAGE = {"id": "u1", "group": "a.example", "text": "Home\n\nThe tide was high.\nShare"}


def added_rows(record: dict, labels: list[str | None]) -> list[AddedRow]:
    lines = numbered_lines(record["text"])
    return [
        AddedRow(record["id"], number, line_hash(line), label)
        for (number, line), label in zip(lines, labels, strict=True)
        if label
    ]


@pytest.fixture
def folders(tmp_path):
    """Folders, one of them with a page of a collection, and the folder of its labels' rows."""
    documents = tmp_path / "pages" / "walks" / "documents.jsonl.gz"
    documents.parent.mkdir(parents=True)
    other = PAGE | {"id": "u2", "text": "Nobody read this."}
    documents.write_bytes(gzip.compress("\n".join(map(json.dumps, (PAGE, other))).encode()))
    rows = added_rows(PAGE, ["navigation", "content", None])
    write_rows(tmp_path / "rows" / "walks.csv.gz", AddedRow._fields, rows)
    return (tmp_path / "nowhere", tmp_path / "pages"), tmp_path / "rows"


def test_pages_that_were_read_are_learnt_from_and_others_are_not(folders):
    corpus = with_additions(GOLD, *folders)
    assert [record["id"] for record in corpus.records] == ["g1", "u1"]
    assert corpus.labels[2:].tolist() == [NAVIGATION, CONTENT, UNLABELLED]
    assert corpus.folds.tolist() == [fold_of("a.example")] * 2
    assert corpus.sha256 != GOLD.sha256


def test_a_line_that_is_not_the_one_that_was_read_is_refused(folders):
    (_, pages), rows = folders
    documents = pages / "walks" / "documents.jsonl.gz"
    changed = PAGE | {"text": PAGE["text"].replace("high", "low")}
    documents.write_bytes(gzip.compress(json.dumps(changed).encode()))
    with pytest.raises(ValueError, match="line 3 of page u1 is not the one that was read"):
        with_additions(GOLD, [pages], rows)


def test_without_the_pages_a_corpus_stays_as_it_is(folders, tmp_path):
    nowhere = [tmp_path / "nowhere"]
    assert with_additions(GOLD, nowhere, folders[1]) is GOLD
    assert missing_pages(nowhere, folders[1]) == {"walks": {"u1"}}
    assert missing_pages(*folders) == {}


def test_a_collection_of_which_pages_could_not_be_had_lacks_them(folders):
    (_, pages), rows = folders
    documents = pages / "walks" / "documents.jsonl.gz"
    documents.write_bytes(gzip.compress(json.dumps(PAGE | {"id": "u2"}).encode()))
    assert missing_pages([pages], rows) == {"walks": {"u1"}}


def test_a_page_of_the_corpus_itself_is_not_added_twice(folders):
    corpus = corpus_of([PAGE | {"labels": ["content"] * 3}])
    assert with_additions(corpus, *folders) is corpus


def test_chosen_pages_keep_their_lines(folders):
    corpus = with_additions(GOLD, *folders)
    second = chosen_pages(corpus, np.array([False, True]))
    assert second.texts == [PAGE["text"]]
    assert second.labels.tolist() == [NAVIGATION, CONTENT, UNLABELLED]
    assert second.line_counts.tolist() == [3]


def test_where_a_page_comes_from_is_taken_from_its_document_or_from_its_collection(folders):
    sources = {"walks": {"commit": "c" * 40}}
    (page,) = added_pages(folders[0], sources, folders[1])
    assert (page.id, page.collection, page.group) == ("u1", "walks", "a.example")
    # As of WCXB, whose records name no file.
    assert (page.source, page.commit, page.path) == ("walks", "c" * 40, "dev/html/u1.html.gz")
    documents = folders[0][1] / "walks" / "documents.jsonl.gz"
    known = PAGE | {"source": "public", "commit": "a" * 40, "path": "html/u1.html"}
    documents.write_bytes(gzip.compress(json.dumps(known).encode()))
    (page,) = added_pages(folders[0], sources, folders[1])
    assert (page.source, page.commit, page.path) == ("public", "a" * 40, "html/u1.html")


def test_agreement_is_counted_on_lines_that_were_read_twice():
    first = labels_by_line(added_rows(PAGE, ["navigation", "content", "navigation"]))
    never_read = labels_by_line(added_rows(PAGE | {"id": "u2"}, ["content"] * 3))
    second = labels_by_line(added_rows(PAGE, ["navigation", "content", None]))
    text = agreement_text(first | never_read, second)
    assert text.startswith("1 pages, 2 lines: 100.0% alike, kappa 1.000; F1 content 1.000")


def second_passes(tmp_path, monkeypatch, *rows: AddedRow):
    path = tmp_path / "reread.csv.gz"
    write_rows(path, AddedRow._fields, rows)
    first = labels_by_line(added_rows(PAGE, ["navigation", "content", "navigation"]))
    monkeypatch.setattr(agreement, "first_pass", lambda: first)
    monkeypatch.setattr(agreement, "SECOND_PASSES", {"a page": path})
    return CliRunner().invoke(main, ["corpus", "agreement"])


def test_second_labels_that_fit_no_line_are_told_of(tmp_path, monkeypatch):
    rows = added_rows(PAGE, ["navigation", "content", None])
    assert second_passes(tmp_path, monkeypatch, *rows).exit_code == 0
    run = second_passes(tmp_path, monkeypatch, rows[0], rows[1]._replace(hash="0" * 8))
    assert run.exit_code == 1
    assert "a page: 1 pages, 1 lines: 100.0% alike" in run.output
    assert "reread.csv.gz: 1 of 2 rows fit no labelled line, first line 3 of u1" in run.output
    run = second_passes(tmp_path, monkeypatch, rows[1]._replace(id="u9"))
    assert run.exit_code == 1
    assert "a page: no line has two labels" in run.output


def test_an_unknown_label_is_named_with_its_row(tmp_path, monkeypatch):
    home, tide = added_rows(PAGE, ["navigation", "advert", None])
    run = second_passes(tmp_path, monkeypatch, home, tide)
    assert run.exit_code == 1
    assert "reread.csv.gz: row 3 has the label 'advert'; labels are content, " in run.output
    with pytest.raises(ValueError, match=r"reread\.csv\.gz: row 3 has the label 'advert'"):
        read_rows_by_page(tmp_path / "reread.csv.gz")


def test_every_line_that_was_read_twice_has_a_first_label():
    first = first_pass()
    for path in SECOND_PASSES.values():
        assert read_labels_by_line(path).keys() <= first.keys()
