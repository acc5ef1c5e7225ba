"""The phrase bank: what it promises, and how broken promises are found."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from classifier.labels import LABELS
from training.commands.judging import written
from training.commands.options import COLLECTIONS
from training.corpus import corpus_of
from training.pages.rebuild import write_documents
from training.pages.standoff import line_hash
from training.phrases import Phrases, read_phrases, select_phrases
from training.written.bank import (
    HASHED_ALIKE,
    borrowed,
    borrowed_by_hash,
    hashes_of_testset,
    page_texts,
    problems,
)

ROOT = Path(__file__).parent.parent
LONG = "The valley's last sawmill will close in May, its owner told the forty workers."


@pytest.fixture(scope="module")
def bank():
    return read_phrases(ROOT / "data" / "phrases")


def test_the_bank_holds_its_promises(bank):
    assert problems(bank) == []
    assert len(set(bank.languages)) >= 40


def test_no_phrase_was_taken_from_a_page(bank):
    pages = [text for folder in COLLECTIONS for text in page_texts(ROOT / folder)]
    if not pages:
        pytest.skip("the pages are not here")
    assert borrowed(bank.texts, pages) == []


def test_pages_of_all_folders_are_compared_with(tmp_path, monkeypatch, bank):
    for name, text in (("one", "Another line."), ("two", max(bank.texts, key=len))):
        path = tmp_path / name / "walks" / "documents.jsonl.gz"
        write_documents(path, [{"id": name, "text": text}])
    monkeypatch.setattr("training.written.bank.hashes_of_testset", set)
    options = [part for name in ("one", "two") for part in ("--others", str(tmp_path / name))]
    run = CliRunner().invoke(written, options)
    assert run.exit_code == 1
    assert f"a line of a page: {max(bank.texts, key=len)}" in run.output
    mistyped = CliRunner().invoke(written, ["--others", str(tmp_path / "nowhere")])
    assert mistyped.exit_code == 2
    assert "nowhere: not there" in mistyped.output
    without_pages = CliRunner().invoke(written, ["--others", str(tmp_path / "one" / "walks")])
    assert without_pages.exit_code == 0
    assert "comparison with pages SKIPPED: no */documents.jsonl.gz in " in without_pages.output


def test_no_phrase_was_taken_from_the_test_set_which_is_known_by_hashes(bank):
    hashes = hashes_of_testset()
    assert {line_hash("Skip to main content"), line_hash("0")} <= hashes, "formulas are shared"
    assert borrowed_by_hash(bank.texts, hashes) == []
    assert [line for line in HASHED_ALIKE if line_hash(line) not in hashes] == []
    assert set(bank.texts) >= HASHED_ALIKE


def test_a_line_of_the_test_set_is_found_if_it_is_long_or_has_two_numbers(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    scores = "Home 3 Guests 2"
    formulas = ["Skip to main content", "12", "19.99 €", "23.11.2015", "2 comments"]
    lines = [LONG, scores, *formulas]
    assert borrowed_by_hash(lines, set(map(line_hash, lines))) == [scores, LONG]
    assert borrowed_by_hash(lines, {line_hash(LONG.lower())}) == []
    monkeypatch.setattr(
        "training.written.bank.hashes_of_testset", lambda: {line_hash("Win: 11 Lose: 4 Draw: 2")}
    )
    monkeypatch.setattr(
        "training.written.invented.read_invented",
        lambda: corpus_of(
            [{"text": "Win: 11 Lose: 4 Draw: 2", "group": "a", "labels": ["content"]}]
        ),
    )
    run = CliRunner().invoke(written, [])
    assert run.exit_code == 1
    assert "a line of the test set, or one with its hash: Win: 11 Lose: 4 Draw: 2" in run.output


def test_what_is_checked_is_that_of_the_repository_wherever_the_command_runs(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(written, [])
    assert run.exit_code == 0, run.output
    assert "phrases in 55 languages" in run.output


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("paid,wall,a,Pay now", "an unknown label"),
        ("paywall,,price_line,Pay now", "no kind or no template"),
        ("paywall,offer, ,Pay now", "no kind or no template"),
        ("paywall,offer,price_line, ", "holds no visible character"),
        ("paywall,offer,price_line,\u200b\u2060", "holds no visible character"),
        ("paywall,offer,price_line,\u3164", "holds no visible character"),
        ("paywall,offer,price_line,Pay\0now", r"holds the control character U\+0000"),
        ("paywall,offer,price_line,Pay\u2028now", r"holds the control character U\+2028"),
        ("paywall,offer,price_line,1 € a month, then 9 €", "not 4 columns .* quotes"),
    ],
)
def test_a_row_that_is_no_phrase_is_named(tmp_path, row, said):
    fine = "paywall,offer,price_line,€"
    (tmp_path / "xx.csv").write_text(f"label,kind,template,text\n{fine}\n{row}\n", "utf-8")
    with pytest.raises(ValueError, match=rf"xx\.csv: row 3 (has )?{said}"):
        read_phrases(tmp_path)


def test_a_file_without_phrases_and_a_folder_without_files_are_named(tmp_path):
    with pytest.raises(ValueError, match=f"{tmp_path}: is not there, or has no phrases"):
        read_phrases(tmp_path)
    (tmp_path / "xx.csv").write_text("label,kind,template,text\n")
    with pytest.raises(ValueError, match=r"xx\.csv: has no phrases"):
        read_phrases(tmp_path)
    (tmp_path / "xx.csv").write_text("paywall,offer,price_line,Pay now\n")
    with pytest.raises(ValueError, match=r"xx\.csv: the columns must be label, kind"):
        read_phrases(tmp_path)


def test_a_bank_saved_with_a_byte_order_mark_is_read_and_other_bytes_are_named(tmp_path):
    rows = "label,kind,template,text\npaywall,offer,price_line,Kündbar\n"
    (tmp_path / "xx.csv").write_text(rows, "utf-8-sig")
    assert read_phrases(tmp_path).texts == ["Kündbar"]
    (tmp_path / "xx.csv").write_text(rows, "latin-1")
    with pytest.raises(ValueError, match=r"xx\.csv: line 2 is not UTF-8"):
        read_phrases(tmp_path)


def test_every_promise_can_be_broken(bank):
    few = select_phrases(bank, exclude_languages=set(bank.languages) - {"de"})
    broken = Phrases(
        [*few.texts[:-3], "Anzeige", "Anzeige", " Abo"],
        np.where(few.labels == 0, 1, few.labels),
        few.languages,
        few.kinds,
        few.templates[:-1] + few.templates[:1],
    )
    found = problems(broken)
    for message in (
        "de: no content line",
        "fr: no file",
        "de: twice: Anzeige",
        "de: more than one line or blank at an end: ' Abo'",
        f"template {few.templates[0]} belongs to more than one",
    ):
        assert message in found
    assert "de: 100 lines, fewer than 200" in problems(Phrases(*(part[:100] for part in few)))


def test_a_text_with_another_label_in_another_language_is_told_of(bank):
    labels = np.append(bank.labels, 1 - np.minimum(bank.labels[:1], 1))
    added = Phrases(
        [*bank.texts, bank.texts[0]],
        labels,
        [*bank.languages, "xx"],
        [*bank.kinds, "strange"],
        [*bank.templates, "strange"],
    )
    first, other = (LABELS[labels[place]] for place in (0, -1))
    told = f"{bank.texts[0]!r} is {first} in {bank.languages[0]} but {other} in xx"
    assert told in problems(added)


def test_a_line_of_a_page_is_found_whatever_its_case_and_bullet():
    written = [LONG, "Skip to content"]
    page = f"Skip to content\n\n  • {LONG.upper()}\n"
    assert borrowed(written, [page]) == [LONG]
    assert borrowed(written, [page.replace("MAY", "JUNE")]) == []
