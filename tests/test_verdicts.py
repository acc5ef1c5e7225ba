"""Figures of the verdicts on documents, on a small corpus with known answers."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from harbour import write
from letters import codes_from_letters

from classifier.labels import LABELS
from training.corpus import fold_of
from training.judging.verdicts import (
    REPORTED_FOLDS,
    judged,
    ratios,
    read_pages,
    reported_verdicts,
    tally,
    verdict_figures,
    with_paywall_line,
)
from training.pages import standoff
from training.pages.check_pointers import VERDICT_ROWS
from training.pages.files import read_gold
from training.reporting.verdicts import as_text, measure_cells, verdict_table, verdict_text

TEXT = "The harbour was quiet when the last ferry came in, and nobody on the pier said a word."
DOCUMENTS = {
    "cut": (f"{TEXT}\nRead on with a subscription\nOne month for 1 €", "cpp"),
    "whole": (f"{TEXT}\n{TEXT}\nHome", "ccn"),
    "offer": (f"One month for 1 €\nSubscribe\n{TEXT}", "ppc"),
    "gift": (f"{TEXT}\nDonate\nKeep us afloat", "cpp"),
}
FOLDS = (0, 1, 2, 3, 4)


@pytest.fixture
def corpus(tmp_path):
    records = [
        {
            "id": name,
            "group": name,
            "text": text,
            "labels": [LABELS[code] for code in codes_from_letters(letters)],
        }
        for name, (text, letters) in DOCUMENTS.items()
    ]
    return read_gold(write(tmp_path / "gold.jsonl", records))


def pages_file(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "documents.csv"
    header = "source,path,id,paywalled,truncated,note"
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def test_gold_labels_give_the_verdicts_of_the_rule(corpus):
    assert judged(corpus, corpus.labels).tolist() == [
        [True, True],
        [False, False],
        [True, False],
        [False, False],
    ]


def test_other_labels_give_other_verdicts(corpus):
    assert not judged(corpus, np.zeros_like(corpus.labels)).any()


def test_pages_are_found_by_their_id(corpus, tmp_path):
    pages = read_pages(corpus, pages_file(tmp_path, "s,p,offer,1,0,", "s,p,cut,1,1,a note"))
    assert pages.documents.tolist() == [2, 0]
    assert pages.truth.tolist() == [[True, False], [True, True]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["s,p,cut,1,1,", "s,p,other,0,0,"], "row 3: no page 'other'"),
        (["s,p,cut,1,1,", "s,p,cut,1,1,"], "row 3: no page 'cut', or a second time"),
        (["s,p,cut,yes,1,"], "row 2: a verdict is 0 or 1"),
    ],
)
def test_a_wrong_row_is_named(corpus, tmp_path, rows, message):
    with pytest.raises(ValueError, match=message):
        read_pages(corpus, pages_file(tmp_path, *rows))


def test_rows_of_labelled_pages_that_are_not_there_are_left_out_and_counted(
    corpus, tmp_path, caplog
):
    lost = standoff.read_pages()[0].id
    pages = read_pages(corpus, pages_file(tmp_path, f"s,p,{lost},1,1,", "s,p,cut,1,1,"))
    assert pages.documents.tolist() == [0]
    assert "documents.csv: 1 pages are not there, so their rows are left out" in caplog.text


def test_precision_recall_and_f1_are_those_of_the_counts():
    truth = np.array([True, True, True, False, False])
    found = np.array([True, True, False, True, False])
    assert tally(truth, found, np.array([1, 1, 1, 4, 1])).tolist() == [2, 4, 1]
    assert ratios(np.array([2, 4, 1])) == pytest.approx([2 / 6, 2 / 3, 4 / 9])


def test_where_nothing_was_found_there_is_no_precision():
    assert np.isnan(ratios(np.array([0, 0, 0]))).all()
    precision, *others = ratios(np.array([0, 0, 4]))
    assert np.isnan(precision)
    assert others == [0, 0]


def test_draws_in_which_nothing_was_found_count_for_nothing(corpus, tmp_path):
    """Once for "cut" and once for "gift", so that a quarter of the draws have "gift" alone."""
    pages = read_pages(corpus, pages_file(tmp_path, "s,p,cut,0,0,", "s,p,gift,0,0,"))
    row = verdict_figures(corpus, pages, corpus.labels, FOLDS)["paywalled"]
    assert row["precision"] == 0
    assert row["intervals"]["precision"] == [0, 0]
    assert "recall" not in row, "no page is paywalled"
    assert measure_cells(row) == ["0.000", "–", "0.000"]


def test_no_interval_is_told_where_all_draws_agree(corpus, tmp_path):
    rows = ["s,p,cut,1,1,", "s,p,offer,1,1,", "s,p,gift,1,1,"]
    pages = read_pages(corpus, pages_file(tmp_path, *rows))
    row = verdict_figures(corpus, pages, corpus.labels, FOLDS)["truncated"]
    assert (row["true"], row["found"]) == (3, 1)
    precision, recall, _ = measure_cells(row)
    assert precision == "1.000"
    assert recall.startswith("0.333 (0.000–")
    none = verdict_figures(corpus, pages, np.zeros_like(corpus.labels), FOLDS)["truncated"]
    assert measure_cells(none) == ["–", "0.000", "0.000"]


def test_a_sampled_page_weighs_as_many_as_it_stands_for(corpus, tmp_path):
    # "whole" is the only page without a paywall line, the others are three.
    assert with_paywall_line(corpus).tolist() == [True, False, True, True]
    pages = read_pages(corpus, pages_file(tmp_path, "s,p,cut,1,1,", "s,p,whole,1,0,"))
    row = verdict_figures(corpus, pages, corpus.labels, FOLDS)["paywalled"]
    assert (row["pages"], row["true"], row["found"]) == (2, 2, 1)
    assert row["precision"] == 1
    assert row["recall"] == pytest.approx(3 / 4)
    # Each is the only one of its part that was read, so every draw has both.
    assert row["intervals"]["recall"] == pytest.approx([3 / 4, 3 / 4])


def test_only_pages_of_the_folds_asked_for_count(corpus, tmp_path):
    rows = [f"s,p,{name},0,0," for name in DOCUMENTS]
    pages = read_pages(corpus, pages_file(tmp_path, *rows))
    counted = {
        fold: verdict_figures(corpus, pages, corpus.labels, (fold,))["paywalled"]["pages"]
        for fold in FOLDS
        if fold in corpus.folds
    }
    assert sum(counted.values()) == 4
    assert counted[fold_of("cut")] == sum(fold_of(name) == fold_of("cut") for name in DOCUMENTS)


def test_figures_lie_within_their_intervals_and_are_printed(corpus, tmp_path):
    rows = ["s,p,cut,1,1,", "s,p,whole,0,0,", "s,p,offer,0,0,", "s,p,gift,0,0,"]
    pages = read_pages(corpus, pages_file(tmp_path, *rows))
    figures = verdict_figures(corpus, pages, corpus.labels, FOLDS)
    for row in figures.values():
        for name in ("precision", "recall", "f1"):
            if name in row:
                low, high = row["intervals"][name]
                assert 0 <= low <= row[name] <= high <= 1
    assert figures["paywalled"]["precision"] == 0.5
    assert "0.500 (" in as_text({"gold": figures})


def test_reported_are_folds_that_the_rule_was_not_chosen_by(corpus, tmp_path):
    pages = read_pages(corpus, pages_file(tmp_path, *(f"s,p,{name},0,0," for name in DOCUMENTS)))
    found = reported_verdicts(corpus, pages, np.zeros(len(corpus.labels), np.int64))
    held_out = sum(fold_of(name) in (3, 4) for name in DOCUMENTS)
    assert 0 < held_out < len(DOCUMENTS)
    assert found["gold"]["paywalled"]["pages"] == held_out
    assert found["out_of_fold"]["paywalled"]["found"] == 0
    assert REPORTED_FOLDS == (3, 4)
    with VERDICT_ROWS.open(encoding="utf-8") as file:
        ids = {row["id"] for row in csv.DictReader(file)}
    groups = [page.group for page in standoff.read_pages() if page.id in ids]
    assert sum(fold_of(group) in REPORTED_FOLDS for group in groups) == 153


def test_a_table_and_a_sentence_tell_the_verdicts_or_how_to_get_them():
    row = {"pages": 153, "true": 13, "found": 2, "precision": 1.0, "recall": 0.154, "f1": 0.267}
    row |= {"intervals": {"precision": [1, 1], "recall": [0, 0.393], "f1": [0, 0.564]}}
    better = row | {"f1": 0.858}
    ways = {
        "gold": {"paywalled": better, "truncated": row},
        "out_of_fold": {"paywalled": row, "truncated": row},
    }
    found = verdict_table({"verdicts": ways}).split("\n")
    assert found[0].startswith("| folds 3 and 4 | precision |")
    cells = "1.000 | 0.154 (0.000–0.393) | 0.267 (0.000–0.564) | 153 | 13 | 2"
    assert found[-1] == f"| truncated, from out-of-fold labels | {cells} |"
    text = verdict_text({"verdicts": ways})
    assert "On 153 pages" in text
    assert "F1 is 0.27 (0.86 if every line had its right label), that of *truncated* 0.27" in text


def test_at_least_150_pages_were_read_in_both_classes():
    path = Path(__file__).parents[1] / "data/labels/documents.csv"
    with path.open(encoding="utf-8") as file:
        found = Counter((row["paywalled"], row["truncated"]) for row in csv.DictReader(file))
    assert found.total() >= 150
    assert set(found) == {("0", "0"), ("1", "0"), ("1", "1")}, "cut by a gate, but no gate"
