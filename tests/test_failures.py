"""What commands of training say when their input, or the machine, is not as it must be."""

import gzip
import json

import click
import numpy as np
import pytest
from click.testing import CliRunner

from classifier.storage import load_model
from training.__main__ import main
from training.commands.keeping import kept_fits
from training.failures import TRACEBACKS, Commands
from training.judging.figures import read_figures
from training.pages.corrections import read_corrections
from training.pages.files import read_documents, read_gold, read_records
from training.views.reading import ADDED_FOLDER, read_drawn_views

PAGE = {"id": "a", "group": "a", "text": "Home", "labels": ["navigation"]}


def run_failing(error: BaseException):
    @click.group(cls=Commands)
    def group():
        """Fail."""

    @group.command()
    def fail():
        raise error

    return CliRunner().invoke(group, ["fail"])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModuleNotFoundError("No module named 'scipy'"), "pip install -e '.[train]'"),
        (FileNotFoundError(2, "No such file or directory", "a.csv"), "a.csv: No such file"),
        (OSError("the disk is full"), "the disk is full"),
        (ValueError("a.csv: row 2 gives no reason"), "a.csv: row 2 gives no reason"),
        (EOFError(), "EOFError"),
    ],
)
def test_a_failure_is_one_sentence(error, said):
    run = run_failing(error)
    assert run.exit_code == 1
    assert run.output.startswith("Error: ")
    assert said in run.output
    assert run.output.count("\n") == 1
    assert isinstance(run.exception, SystemExit)


def test_a_failure_shows_where_it_came_from_if_asked(monkeypatch):
    monkeypatch.setenv(TRACEBACKS, "1")
    assert isinstance(run_failing(ValueError("no")).exception, ValueError)


def test_an_interrupt_is_no_failure():
    run = run_failing(KeyboardInterrupt())
    assert (run.exit_code, run.output) == (130, "Interrupted.\n")


def test_labelled_pages_are_some(tmp_path):
    (tmp_path / "gold.jsonl").touch()
    with pytest.raises(ValueError, match=r"gold\.jsonl: holds no page; `python -m training corpus"):
        read_gold(tmp_path / "gold.jsonl")


def test_labelled_pages_are_labelled_throughout(tmp_path):
    gold, half = tmp_path / "gold.jsonl", PAGE | {"text": "Home\nTide", "labels": ["content", None]}
    gold.write_text(f"{json.dumps(PAGE)}\n{json.dumps(half)}\n")
    with pytest.raises(ValueError, match=r"gold\.jsonl: page 2 \(a\) has a line without a label"):
        read_gold(gold)


def test_a_fault_of_the_program_is_none_of_the_input():
    assert isinstance(run_failing(KeyError("labels")).exception, KeyError)


@pytest.mark.parametrize("size", [30, 200, -4])
def test_half_a_gold_is_named_and_not_taken_for_an_interruption(tmp_path, size):
    gold = tmp_path / "documents.jsonl.gz"
    pages = (json.dumps(PAGE | {"id": str(i)}) + "\n" for i in range(2000))
    gold.write_bytes(gzip.compress("".join(pages).encode())[:size])
    run = CliRunner().invoke(main, ["verdicts", "--gold", str(gold)])
    assert run.exit_code == 1
    assert f"Error: {gold}: ends or is damaged after line " in run.output


def test_damaged_bytes_of_a_gold_are_named(tmp_path):
    content = bytearray(gzip.compress(json.dumps(PAGE).encode()))
    content[12:24] = b"\xff" * 12
    (tmp_path / "gold.gz").write_bytes(content)
    with pytest.raises(ValueError, match=r"gold\.gz: ends or is damaged after line 0"):
        list(read_records(tmp_path / "gold.gz"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("no JSON", "line 2 is no page"),
        ("[1]", "line 2 is no page .no object with a text"),
        ('{"id": "b"}', "line 2 is no page .no object with a text"),
        (json.dumps(PAGE | {"labels": ["advert"]}), "line 2 is no page .unknown label 'advert'"),
        ('{"text": "Home"}', r"page 2 .* has 1 lines that are not blank but 0 labels"),
        (json.dumps(PAGE | {"labels": None}), "line 2 is no page .its labels are no list"),
        (json.dumps(PAGE | {"group": None}), r"page 2 \(a\) has no group; `python"),
        ('{"text": "Home", "labels": ["content"]}', r"page 2 \(None\) has no id and no group"),
    ],
)
def test_what_is_no_labelled_page_is_named(tmp_path, line, message):
    path = tmp_path / "gold.jsonl"
    path.write_text(f"{json.dumps(PAGE)}\n{line}\n")
    with pytest.raises(ValueError, match=rf"gold\.jsonl: {message}"):
        read_documents(path)


@pytest.mark.parametrize("command", ["verdicts", "gate"])
def test_a_gold_without_groups_is_named(tmp_path, command):
    gold = tmp_path / "nogroup.jsonl"
    gold.write_text('{"id": "b", "text": "Home", "labels": ["navigation"]}')
    run = CliRunner().invoke(main, [command, "--gold", str(gold)])
    assert run.exit_code == 1
    assert f"Error: {gold}: page 1 (b) has no group; " in run.output


def test_a_gold_whose_pages_no_correction_can_name_is_named(tmp_path):
    (tmp_path / "gold.jsonl").write_text(json.dumps(PAGE))
    with pytest.raises(ValueError, match=r"gold\.jsonl: page 1 \(a\) has no source and no path"):
        read_gold(tmp_path / "gold.jsonl", read_corrections())


@pytest.mark.parametrize("name", ["fold-0.npz", "first-without-0.npz"])
def test_a_kept_fit_that_is_damaged_is_to_be_removed(tmp_path, name):
    path, whole = tmp_path / "a1b2" / name, tmp_path / "a1b2" / "whole.npz"
    path.parent.mkdir()
    np.savez(whole, weights=np.arange(99))
    path.write_bytes(whole.read_bytes()[:300])
    read = load_model if name.startswith("fold") else np.load
    with pytest.raises(click.ClickException) as told, kept_fits(tmp_path):
        read(path)
    assert told.value.message == f"{path}: is damaged; remove it and run this again"
    path.unlink()
    with pytest.raises(ValueError, match="no pages"), kept_fits(tmp_path):
        raise ValueError("no pages")


@pytest.mark.parametrize(("content", "said"), [("junk", "is no JSON"), ("[]", "holds no figures")])
def test_files_of_figures_that_hold_none_are_named(tmp_path, content, said):
    (tmp_path / "s.json").write_text(content)
    with pytest.raises(ValueError, match=rf"s\.json: {said}"):
        read_figures(tmp_path / "s.json")


@pytest.mark.parametrize("command", ["adapt", "report"])
def test_figures_that_are_not_there_are_missed_before_anything_is_done(tmp_path, command):
    run = CliRunner().invoke(main, [command, "--scores", str(tmp_path / "nix")])
    assert run.exit_code == 2
    assert "nix' does not exist" in run.output.replace("\n", " ")


def test_views_that_lack_one_are_named(tmp_path):
    (tmp_path / ADDED_FOLDER).mkdir()
    (tmp_path / ADDED_FOLDER / "full.jsonl.gz").write_bytes(
        gzip.compress(json.dumps(PAGE).encode())
    )
    with pytest.raises(ValueError, match="has no view beautifulsoup, inscriptis, wet; make it"):
        read_drawn_views(tmp_path)
