"""The phrase bank: what it promises, and how broken promises are found."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from training.commands.judging import written
from training.commands.options import COLLECTIONS
from training.pages.rebuild import write_documents
from training.phrases import Phrases, read_phrases, select_phrases
from training.written.bank import borrowed, page_texts, problems

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


def test_pages_of_all_folders_are_compared_with(tmp_path, bank):
    for name, text in (("one", "Another line."), ("two", max(bank.texts, key=len))):
        path = tmp_path / name / "walks" / "documents.jsonl.gz"
        write_documents(path, [{"id": name, "text": text}])
    options = [part for name in ("one", "two") for part in ("--pages", str(tmp_path / name))]
    run = CliRunner().invoke(written, options)
    assert run.exit_code == 1
    assert f"a line of a page: {max(bank.texts, key=len)}" in run.output
    skipped = CliRunner().invoke(written, ["--pages", str(tmp_path / "nowhere")])
    assert "comparison with pages SKIPPED: " in skipped.output


def test_a_phrase_without_a_known_label_is_named(tmp_path):
    (tmp_path / "xx.csv").write_text("label,kind,template,text\npaid,wall,a,Pay now\n")
    with pytest.raises(ValueError, match=r"xx\.csv: row 2"):
        read_phrases(tmp_path)


def test_a_comma_without_quotes_is_named(tmp_path):
    row = "paywall,offer,price_line,1 € a month, then 9 €"
    (tmp_path / "xx.csv").write_text(f"label,kind,template,text\n{row}\n", "utf-8")
    with pytest.raises(ValueError, match=r"xx\.csv: row 2 .* quote"):
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


def test_a_line_of_a_page_is_found_whatever_its_case_and_bullet():
    written = [LONG, "Skip to content"]
    page = f"Skip to content\n\n  • {LONG.upper()}\n"
    assert borrowed(written, [page]) == [LONG]
    assert borrowed(written, [page.replace("MAY", "JUNE")]) == []
