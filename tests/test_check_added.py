"""What must hold of pages labelled beside gold, and of all labelled pages together."""

import gzip
import json

import pytest

from classifier.lines import numbered_lines
from training.corpus import fold_of
from training.pages import check_added
from training.pages.added_pages import AddedPage
from training.pages.additions import AddedRow
from training.pages.check import shared_across_sides
from training.pages.check_added import (
    added_problems,
    divided_addresses,
    joint_problems,
    problems_beside,
    sides,
    unlike_texts,
)
from training.pages.rows import write_rows
from training.pages.standoff import Page, line_hash

TEXT = "Home\n\nThe ferry sails.\nSubscribe, 3 €"
GOLD = Page("gold", "s", "c", "p", "", "", "quay.example", "quay.example", "en", "", 3, "0" * 64)
LEARNT_FROM, HELD_OUT = "a.example", "b.example"
assert fold_of(LEARNT_FROM) != fold_of(HELD_OUT)


def page(
    name: str, group: str = LEARNT_FROM, url: str = "", collection: str = "walks"
) -> AddedPage:
    return AddedPage(name, collection, "s", "c", "p", url, group, "en", "0" * 64)


def rows(name: str, text: str = TEXT, label: str = "content") -> list[AddedRow]:
    return [AddedRow(name, n, line_hash(line), label) for n, line in numbered_lines(text)]


def lines(name: str, *hashes: str) -> list[AddedRow]:
    return [AddedRow(name, n, value, "content") for n, value in enumerate(hashes, 1)]


def test_sound_pages_have_no_problems():
    assert added_problems([page("a")], {"walks": {"a": rows("a")}}) == []


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ({"walks": {"a": rows("a", label="advert")}}, "page a: line 1 is labelled 'advert'"),
        ({"walks": {"a": rows("a") + rows("a")[:1]}}, "page a: its lines do not rise"),
        ({"walks": {"a": rows("a")[:1] + rows("a")}}, "page a: its lines do not rise"),
        ({"walks": {}}, "page a of walks has no labels"),
        ({}, "page a of walks has no labels"),
        ({"walks": {"a": rows("a"), "b": rows("b")}}, "labels of b in walks.csv.gz, which is not"),
        ({"walks": {"a": rows("a")}, "shops": {"a": rows("a")}}, "labels of a in shops.csv.gz"),
    ],
)
def test_labels_that_do_not_fit_the_list_of_pages_are_found(labels, problem):
    found = added_problems([page("a")], labels)
    assert problem in found[0]


@pytest.mark.parametrize(("added", "tested"), [("a", "gold"), ("gold", "a"), ("a", "a")])
def test_a_page_in_two_lists_is_found(added, tested):
    (found,) = joint_problems([GOLD], [page(added)], [page(tested)], {})
    assert found.endswith(" have the same id")


@pytest.mark.parametrize(
    ("url", "other_url", "named"),
    [
        ("https://www.pier.example/1", "http://pier.example/2", "pier.example"),
        ("https://pier.example/", "https://shop.a.example/", "a.example"),  # the name of a group
        ("https://pier.example/", "https://shop.quay.example/", "quay.example"),  # a site of gold
        ("https://one.pier.example/", "https://two.pier.example/", ""),  # perhaps two owners
        ("https://web.archive.org/1", "https://web.archive.org/2", ""),
        ("", "", ""),
    ],
)
def test_an_address_in_two_groups_is_found(url, other_url, named):
    gold = GOLD._replace(url="https://quay.example/", group="quay and pier")
    pages = [page("a", LEARNT_FROM, url), page("b", HELD_OUT, other_url), gold]
    found = divided_addresses(pages, {gold.site})
    assert [problem.split()[2] for problem in found] == ([named] if named else [])


def test_two_pages_that_share_half_of_the_longer_ones_lines_may_not_be_on_two_sides():
    labels = {"a": lines("a", "1", "2", "3", "4"), "b": lines("b", "3", "4")}
    assert shared_across_sides({"a": 0, "b": 1}, labels) == [
        "pages a and b share 2 lines but are on two sides of a split"
    ]
    assert shared_across_sides({"a": 1, "b": 1}, labels) == []
    longer = labels | {"a": lines("a", "1", "2", "3", "4", "5")}
    assert shared_across_sides({"a": 0, "b": 1}, longer) == []


def test_folds_and_the_test_set_are_sides_but_what_no_figure_counts_is_on_none():
    learnt = [page("a", LEARNT_FROM), page("b", HELD_OUT)]
    tested = [page("c", "c.example"), page("d", HELD_OUT)]
    found = sides(learnt, tested)
    assert found.keys() == {"a", "b", "c"}
    assert len(set(found.values())) == 3


def test_lines_without_a_label_show_where_the_text_is_there():
    assert unlike_texts({"a": TEXT}, {"a": rows("a")}) == []
    for wrong in (rows("a")[:1] + rows("a")[2:], rows("a", TEXT.replace("sails", "sinks"))):
        assert unlike_texts({"a": TEXT}, {"a": wrong}) == [
            "page a: line 3 has no label, or another line's"
        ]


def test_additions_and_test_set_are_checked_with_gold(tmp_path, monkeypatch):
    documents = tmp_path / "texts" / "walks" / "documents.jsonl.gz"
    documents.parent.mkdir(parents=True)
    written = [{"id": name, "text": TEXT} for name in ("a", "never labelled")]
    documents.write_bytes(gzip.compress("\n".join(map(json.dumps, written)).encode()))
    write_rows(tmp_path / "added" / "walks.csv.gz", AddedRow._fields, rows("a")[1:])
    write_rows(tmp_path / "tested" / "walks.csv.gz", AddedRow._fields, rows("b", label="advert"))
    monkeypatch.setattr(check_added, "ADDITIONS", tmp_path / "added")
    monkeypatch.setattr(check_added, "TESTSET", tmp_path / "tested")
    monkeypatch.setattr(check_added, "read_added_pages", lambda: [page("a", GOLD.group)])
    monkeypatch.setattr(check_added, "read_test_pages", lambda: [page("b", "c.example")])
    gold_rows = {"gold": rows("gold", TEXT.replace("Home", "Start"))}
    n_texts, found = problems_beside([GOLD], gold_rows, [tmp_path / "texts"], tmp_path)
    assert n_texts == 1
    assert [problem.partition(";")[0] for problem in found] == [
        *(f"page b: line {n} is labelled 'advert'" for n in (1, 3, 4)),
        "pages gold and b share 2 lines but are on two sides of a split",
        "pages a and b share 2 lines but are on two sides of a split",
        "page a: line 1 has no label, or another line's",
    ]
