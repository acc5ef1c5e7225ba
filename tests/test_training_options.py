"""The commands of training: what they read if nobody says, how they are listed and named."""

import json
import re
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner
from examples import random_layers

from classifier import LineClassifier
from classifier.labels import LABELS
from training.__main__ import main
from training.commands.judging import gate, verdicts
from training.commands.learnt import read_made_views, with_others
from training.commands.models import evaluate, fit
from training.commands.options import in_collections
from training.corpus import N_FOLDS, corpus_of
from training.fitting.calibration import LABEL_WEIGHTS
from training.judging.figures import read_figures
from training.judging.verdicts import REPORTED_FOLDS
from training.pages.added_pages import read_added_pages
from training.pages.corrections import Correction
from training.pages.files import read_gold
from training.pages.standoff import line_hash
from training.phrases import Phrases
from training.views import reading

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "docs/**/*.md", "data/**/*.md", "training/**/*.md", "training/**/*.py")
PAGE = {"id": "a", "group": "a", "text": "Home", "labels": ["navigation"]}
GOLD = corpus_of([PAGE])


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    (tmp_path / "checkout").mkdir()
    monkeypatch.chdir(tmp_path / "checkout")
    return tmp_path / "checkout"


@pytest.fixture
def gold_alone(monkeypatch):
    """A repository that labels no page beside gold: hundreds of thousands of rows, of no page here.

    What is said of them, see `test_collections_that_are_not_there_are_named`.
    """
    monkeypatch.setattr("training.pages.additions.missing_pages", lambda *_: {})


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
    path = "other pages.jsonl" if is_given else "build/corpus/gold/documents.jsonl.gz"
    (checkout / path).parent.mkdir(parents=True, exist_ok=True)
    (checkout / path).write_text(json.dumps(PAGE))
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


def put_views(folder, *pages, name="full"):
    """Write pages as a view, the labelled print if nothing is said."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.jsonl.gz").write_text("".join(f"{json.dumps(page)}\n" for page in pages))


def test_views_of_the_labelled_pages_are_read(checkout, capsys):
    put_views(checkout / "views", PAGE)
    views, drawn = read_made_views(checkout / "views", GOLD, GOLD)
    assert views["full"].texts == GOLD.texts
    assert drawn == {}
    assert capsys.readouterr().err == "", "no page that was labelled in addition is learnt from"


@pytest.mark.parametrize(
    "pages",
    [
        [{**PAGE, "text": "Menu"}],
        [{**PAGE, "id": "b"}],
        [{**PAGE, "group": "b"}],
        [{**PAGE, "labels": ["paywall"]}],
        [{**PAGE, "labels": [None]}],
        [PAGE, {**PAGE, "id": "b"}],
        [],
    ],
)
def test_views_of_other_pages_than_gold_are_refused(checkout, pages):
    put_views(checkout / "views", *pages)
    with pytest.raises(ValueError, match=r"views: 1|views: 2") as refused:
        read_made_views(checkout / "views", GOLD, GOLD)
    assert "`python -m training views build`" in str(refused.value)


@pytest.mark.parametrize("stale", [{"group": "b"}, {"id": "b"}])
def test_a_view_of_another_grouping_or_of_other_pages_is_refused_whichever_it_is(checkout, stale):
    put_views(checkout / "views", PAGE)
    other = {**PAGE, "text": "# Home", **stale}
    (checkout / "views" / "html2text.jsonl.gz").write_text(json.dumps(other))
    with pytest.raises(ValueError, match=f"such as {other['id']}; make the views"):
        read_made_views(checkout / "views", GOLD, GOLD)


def test_labels_of_views_are_those_as_made_though_gold_is_corrected(checkout, monkeypatch):
    page = {**PAGE, "source": "s", "path": "p"}
    row = Correction("s", "p", 1, line_hash("Home"), "navigation", "content", "read again")
    put_views(checkout / "views", PAGE)
    corrected = corpus_of([{**page, "labels": ["content"]}])
    known = "training.pages.corrections.read_corrections"
    monkeypatch.setattr(known, lambda: [row._replace(path="another page")])
    with pytest.raises(ValueError, match="1 of 1 pages"):
        read_made_views(checkout / "views", corrected, corrected)
    monkeypatch.setattr(known, lambda: [row])
    for gold in (corrected, corpus_of([page])):
        read_made_views(checkout / "views", gold, gold)


@pytest.mark.parametrize(
    "stale", [{"id": "of the test set"}, {"group": "b"}, {"text": "Menu"}, {"labels": ["content"]}]
)
def test_views_of_added_pages_that_are_not_learnt_from_like_this_are_refused(checkout, stale):
    added = {**PAGE, "id": "added"}
    put_views(checkout / "views", PAGE)
    for page in (added, added | stale):
        for name in ("full", *reading.DRAWN_VIEWS):
            put_views(checkout / "views" / "added", page, name=name)
        if page is added:
            read_made_views(checkout / "views", GOLD, corpus_of([PAGE, added]))
    with pytest.raises(ValueError, match=r"added of the views has 1 pages .*, or remove that"):
        read_made_views(checkout / "views", GOLD, corpus_of([PAGE, added]))


def test_it_is_said_of_how_many_added_pages_there_is_no_view(checkout, capsys, monkeypatch):
    ids = [page.id for page in read_added_pages() if page.collection == "htmlparser"][:3]
    added = [{**PAGE, "id": name} for name in ids]
    taught = corpus_of([PAGE, *added])
    put_views(checkout / "views", PAGE)
    read_made_views(checkout / "views", GOLD, taught)
    assert "views/added: 3 of the pages" in capsys.readouterr().err
    for n_printed, said in ((2, "views/added: 1 of the pages"), (3, "")):
        printed = corpus_of(added[:n_printed])
        drawn = {"full": printed}
        monkeypatch.setattr(reading, "read_drawn_views", lambda _, drawn=drawn: drawn)
        read_made_views(checkout / "views", GOLD, taught)
        found = capsys.readouterr().err
        assert found.startswith(f"{checkout}/{said}") if said else not found


@pytest.mark.parametrize("is_corrected", [True, False])
def test_an_evaluation_stores_by_which_gold_it_judges_and_from_which_it_learns(
    checkout, gold_alone, monkeypatch, is_corrected
):
    names = [*LABELS, "navigation"]  # of which the last is corrected
    page = PAGE | {"source": "a", "path": "a", "language": "en"}
    page |= {"text": "\n".join(names), "labels": names}
    row = Correction("a", "a", 5, line_hash(names[-1]), "navigation", "content", "read again")
    put_views(checkout / "views", page)
    (checkout / "work").mkdir()
    raw = np.eye(4, dtype=np.float32)[[0, 1, 2, 3, 1]]
    stood_in = {
        "judging.judgements.judgements": {},  # first: what it imports keeps what it finds
        "pages.corrections.read_corrections": [row],
        "fitting.sources.all_material": None,
        "fitting.crossfit.cross_fit": {},
        "fitting.crossfit.recipe_key": "a recipe",
        "judging.held_out.held_out_probabilities": raw,
        "fitting.calibration.cross_calibrated": (raw, {}, np.zeros(5)),
    }
    for name, value in stood_in.items():
        monkeypatch.setattr(f"training.{name}", lambda *_, value=value: value)
    options = "--gold views/full.jsonl.gz --views views --work work --out scores.json"
    options += " --corrected" if is_corrected else ""
    run = CliRunner().invoke(evaluate, options.split())
    assert run.exit_code == 0, run.output
    figures = read_figures(checkout / "scores.json")
    corrected = corpus_of([page | {"labels": [*LABELS, "content"]}]).sha256
    assert figures["gold_sha256"] == corrected
    judged = corrected if is_corrected else corpus_of([page]).sha256
    assert figures["judged_sha256"] == judged
    assert figures["recipe_key"] == "a recipe"


def test_figures_by_corrected_labels_need_a_file_of_their_own(checkout):
    (checkout / "gold.jsonl").write_text(json.dumps(PAGE))
    run = CliRunner().invoke(evaluate, ["--gold", "gold.jsonl", "--corrected"])
    assert run.exit_code == 2
    assert "with --corrected, name another file with --out" in run.output.replace("\n", " ")
    assert not (checkout / "data").exists()


def test_figures_and_a_model_are_made_of_fits_that_are_kept(
    checkout, gold_alone, corpus, monkeypatch
):
    """All figures of an evaluation, and what of them is stored with the model."""
    pytest.importorskip("catboost", reason="catboost (extra train) is not installed")
    texts, names = corpus.texts, np.array(LABELS)[corpus.labels].tolist()
    ends = np.cumsum(corpus.line_counts).tolist()
    pages = [
        record | {"text": text, "labels": names[end - count : end]}
        for record, text, end, count in zip(
            corpus.records, texts, ends, corpus.line_counts.tolist(), strict=True
        )
    ]
    put_views(checkout / "views", *pages)
    (checkout / "work").mkdir()
    rows = [f"samples,,{page['id']},{number % 2},0," for number, page in enumerate(pages)]
    read = "\n".join(["source,path,id,paywalled,truncated,note", *rows, ""])
    (checkout / "documents.csv").write_text(read)
    stood_in = {
        "pages.check_pointers.VERDICT_ROWS": checkout / "documents.csv",
        "pages.corrections.read_corrections": lambda *_: [],
        "phrases.read_phrases": lambda *_: Phrases([], np.zeros(0, np.uint8), [], [], []),
        "fitting.sources.all_material": lambda *_: None,
        "fitting.crossfit.recipe_key": lambda *_: "a recipe",
        "fitting.crossfit.cross_fit": lambda *_: {n: random_layers(n) for n in range(N_FOLDS)},
        "fitting.crossfit.whole_fit": lambda *_: random_layers(N_FOLDS),
    }
    for name, value in stood_in.items():
        monkeypatch.setattr(f"training.{name}", value)
    options = "--gold views/full.jsonl.gz --views views --work work"
    for command, more in ((evaluate, "--out scores.json"), (fit, "--scores scores.json --out m")):
        run = CliRunner().invoke(command, [*options.split(), *more.split()])
        assert run.exit_code == 0, run.output
    figures = read_figures(checkout / "scores.json")
    held_out = np.isin(corpus.folds, REPORTED_FOLDS).sum()
    assert figures["groups"] == len(pages)
    assert {way: row["paywalled"]["pages"] for way, row in figures["verdicts"].items()} == (
        {"gold": held_out, "out_of_fold": held_out}
    )
    assert "NaN" not in (checkout / "scores.json").read_text()
    stored = LineClassifier.load(checkout / "m").metadata["scores"]
    del figures["loss_table"]
    assert stored == figures


@pytest.mark.parametrize("differs", ["data_sha256", "recipe_key", "calibration_weights"])
def test_a_model_is_not_stored_with_figures_of_another(checkout, gold_alone, monkeypatch, differs):
    put_views(checkout / "views", PAGE)
    (checkout / "work").mkdir()
    monkeypatch.setattr("training.pages.corrections.read_corrections", list)
    monkeypatch.setattr("training.fitting.sources.all_material", lambda *_: None)
    monkeypatch.setattr("training.fitting.crossfit.recipe_key", lambda material: "a recipe")
    learnt = read_gold(checkout / "views/full.jsonl.gz").sha256
    figures = {"data_sha256": learnt, "recipe_key": "a recipe"}
    figures |= {"calibration_weights": list(LABEL_WEIGHTS), differs: "another"}
    (checkout / "scores.json").write_text(json.dumps(figures))
    options = "--gold views/full.jsonl.gz --views views --work work --scores scores.json --out m"
    run = CliRunner().invoke(fit, options.split())
    assert run.exit_code == 1
    assert "scores.json was measured " in run.output
    assert "run `python -m training evaluate`" in run.output


@pytest.mark.parametrize("differs", ["data_sha256", "recipe_key", None])
def test_without_figures_of_its_pages_and_recipe_a_model_is_fitted_and_has_none(
    checkout, gold_alone, monkeypatch, differs
):
    """As from gold alone, in a fresh clone."""
    pytest.importorskip("catboost", reason="catboost (extra train) is not installed")
    layers = random_layers(0)
    (checkout / "gold.jsonl").write_text(json.dumps(PAGE))
    for name in ("work", "data"):
        (checkout / name).mkdir()
    monkeypatch.setattr("training.pages.corrections.read_corrections", list)
    monkeypatch.setattr("training.fitting.sources.all_material", lambda *_: None)
    monkeypatch.setattr("training.fitting.crossfit.recipe_key", lambda material: "a recipe")
    monkeypatch.setattr("training.fitting.crossfit.whole_fit", lambda *_: layers)
    if differs is not None:
        learnt = read_gold(checkout / "gold.jsonl").sha256
        figures = {"data_sha256": learnt, "recipe_key": "a recipe", differs: "another"}
        (checkout / "data/scores.json").write_text(json.dumps(figures))
    options = "--gold gold.jsonl --work work --out m.npz"
    run = CliRunner().invoke(fit, options.split())
    assert run.exit_code == 0, run.output
    assert "build/views is not there" in run.output
    assert "so the model is neither calibrated nor promises a content loss" in run.output
    assert LineClassifier.load(checkout / "m.npz").metadata["scores"] == {}


def test_collections_that_are_not_there_are_named(checkout, capsys):
    assert with_others(GOLD, (checkout / "nowhere",)) is GOLD
    said = capsys.readouterr().err
    assert re.search(r"nowhere: \d+ pages of unlabelled are not there", said)
    assert re.search(r"nowhere: \d+ pages of wcxb-dev are not there", said)
