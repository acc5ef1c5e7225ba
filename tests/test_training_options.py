"""The commands of training: what they read if nobody says, how they are listed and named."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from training.__main__ import main
from training.check_commands import gate, verdicts
from training.corpus import corpus_of
from training.options import in_collections, with_others

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "docs/**/*.md", "data/**/*.md", "training/**/*.md", "training/**/*.py")
GOLD = corpus_of([{"id": "a", "group": "a", "text": "Home", "labels": ["navigation"]}])


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    (tmp_path / "checkout").mkdir()
    monkeypatch.chdir(tmp_path / "checkout")
    return tmp_path / "checkout"


def test_what_was_built_is_read_unless_a_folder_beside_the_checkout_has_it(checkout):
    default = in_collections("gold/documents.jsonl.gz")["default"]
    (checkout.parent / "shared" / "gold").mkdir(parents=True)  # of the same name, without pages
    assert str(default()) == "build/corpus/gold/documents.jsonl.gz"
    (checkout.parent / "shared" / "gold" / "documents.jsonl.gz").touch()
    assert str(default()) == "../shared/gold/documents.jsonl.gz"


def test_without_pages_a_command_says_how_to_make_them(checkout):
    run = CliRunner().invoke(verdicts)
    assert run.exit_code == 2
    assert "build/corpus/gold/documents.jsonl.gz is not there" in run.output
    assert "`python -m training corpus build`" in run.output


def test_without_pages_the_quality_gate_is_skipped_and_says_so(checkout):
    run = CliRunner().invoke(gate)
    assert run.exit_code == 0
    assert "quality gate SKIPPED" in run.output


def test_a_quality_gate_with_mistyped_pages_fails(checkout):
    run = CliRunner().invoke(gate, ["--gold", "mistyped.jsonl"])
    assert run.exit_code == 2
    assert "mistyped.jsonl is not there" in run.output


@pytest.mark.parametrize("is_given", [True, False])
def test_the_way_to_a_gate_of_other_pages_names_the_pages_that_were_given(checkout, is_given):
    record = {"id": "a", "group": "a", "text": "Home", "labels": ["navigation"]}
    path = "other pages.jsonl" if is_given else "build/corpus/gold/documents.jsonl.gz"
    (checkout / path).parent.mkdir(parents=True, exist_ok=True)
    (checkout / path).write_text(json.dumps(record))
    (checkout / "data").mkdir()
    (checkout / "data/baseline.json").write_text('{"data_sha256": "other"}')
    run = CliRunner().invoke(gate, ["--gold", path] if is_given else [])
    assert run.exit_code == 1
    hint = " --gold 'other pages.jsonl'" if is_given else ""
    assert f"`python -m training gate --update --lower{hint}`" in run.output


@pytest.mark.parametrize("group", ["", "sources", "corpus", "views"])
def test_the_lists_of_commands_cut_no_sentence(group, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    listed = CliRunner().invoke(main, [*group.split(), "--help"]).output.partition("Commands:")[2]
    assert listed
    assert "..." not in listed


def test_documents_name_only_commands_that_there_are():
    named = {
        match
        for pattern in DOCUMENTS
        for path in ROOT.glob(pattern)
        for match in re.findall(r"python -m training ([a-z]+)(?: ([a-z]+))?", path.read_text())
    }
    assert ("corpus", "build") in named
    for name, word in named:
        assert name in main.commands
        if isinstance(main.commands[name], click.Group):
            assert word in ("", *main.commands[name].commands)


def test_collections_that_are_not_there_are_named(checkout, capsys):
    assert with_others(GOLD, (checkout / "nowhere",)) is GOLD
    said = capsys.readouterr().err
    assert re.search(r"nowhere: \d+ pages of unlabelled are not there", said)
    assert re.search(r"nowhere: \d+ pages of wcxb-dev are not there", said)
