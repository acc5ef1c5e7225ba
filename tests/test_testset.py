"""The test set: its rows point at lines, its figures are the bundled model's."""

import functools
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

from classifier.labels import LABELS
from classifier.storage import DEFAULT_MODEL, load_model, model_digest, save_model
from training.baselines import run
from training.commands import judging as check_commands
from training.judging import testset
from training.judging.figures import TESTSET_SCORES
from training.judging.testset import rows_sha256
from training.pages.added_pages import read_added_pages
from training.pages.additions import read_rows_by_page
from training.pages.standoff import read_pages, read_sources
from training.pages.testset import TESTSET, learnt_groups, read_test_pages, read_testset

COLLECTIONS = sorted(TESTSET.glob("*.csv.gz"))


@pytest.fixture(scope="module")
def figures():
    return json.loads(TESTSET_SCORES.read_text("utf-8"))


def test_every_page_is_listed_once_and_no_other_collection_has_it():
    pages = read_test_pages()
    everywhere = [page.id for page in (*pages, *read_added_pages(), *read_pages())]
    assert len(set(everywhere)) == len(everywhere)
    assert {page.source for page in pages} <= set(read_sources())


def test_a_version_and_a_hash_pin_each_package():
    sources = read_sources()
    for page in read_test_pages():
        source = sources[page.source]
        assert page.commit == source["version"]
        assert re.fullmatch("[0-9a-f]{64}", source["sha256"])


def test_the_figures_are_of_the_bundled_model_and_of_groups_it_has_not_learnt_from(figures):
    assert figures["model_sha256"] == model_digest()
    assert figures["data_sha256"] == rows_sha256()
    groups = learnt_groups()
    unseen = [page for page in read_test_pages() if page.group not in groups]
    assert figures["pages"] == len(unseen) < len(read_test_pages())
    lines = {path: read_rows_by_page(path) for path in COLLECTIONS}
    counts = {page: len(rows) for pages in lines.values() for page, rows in pages.items()}
    assert figures["lines"] == sum(counts[page.id] for page in unseen)


def test_a_test_set_with_another_label_or_without_a_page_is_another(monkeypatch):
    read = functools.cache(read_rows_by_page)

    def relabelled(path):
        return {
            page: {line: row._replace(label="content") for line, row in rows.items()}
            for page, rows in read(path).items()
        }

    monkeypatch.setattr(testset, "read_rows_by_page", read)
    found = {rows_sha256()}
    with monkeypatch.context() as patch:
        patch.setattr(testset, "read_rows_by_page", relabelled)
        found.add(rows_sha256())
    with monkeypatch.context() as patch:
        groups = learnt_groups()
        unseen = next(page.group for page in read_test_pages() if page.group not in groups)
        patch.setattr(testset, "learnt_groups", lambda: groups | {unseen})
        found.add(rows_sha256())
    assert len(found) == 3
    assert rows_sha256() in found


def test_pages_that_are_not_there_are_named_with_the_command_that_gets_them(tmp_path):
    pytest.importorskip("resiliparse", reason="resiliparse (extra train) is not installed")
    with pytest.raises(ValueError, match=r"362 of 362 pages .* fetch --source formasaurus "):
        read_testset(tmp_path)


@pytest.fixture
def one_page(monkeypatch):
    """Put a page with a line of each label in the place of the test set."""
    record = {"id": "a", "group": "a", "source": "made up", "language": "en"}
    record |= {"text": "\n".join(LABELS), "labels": list(LABELS)}
    monkeypatch.setattr("training.pages.testset.read_testset", lambda folder: [record])
    # Prints pages anew, which not every installation can.
    monkeypatch.setattr("training.judging.testset.link_scores", lambda *_: {})


def test_figures_of_another_model_need_a_file_of_their_own(one_page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "pending_baselines", lambda *_: ())
    model = tmp_path / "other.npz"
    with np.load(DEFAULT_MODEL) as arrays:
        np.savez(model, **arrays)
    done = CliRunner().invoke(check_commands.testset, ["--model", str(model)])
    assert done.exit_code == 2
    assert "--out" in done.output
    assert not TESTSET_SCORES.exists()
    out = tmp_path / "figures.json"
    done = CliRunner().invoke(check_commands.testset, ["--model", str(model), "--out", str(out)])
    assert done.exit_code == 0, done.output
    figures = json.loads(out.read_text("utf-8"))
    assert figures["model_sha256"] == model_digest(model)
    assert figures["data_sha256"] == rows_sha256()
    assert figures["group_intervals"].keys() == {"macro_f1", *LABELS}


def test_the_model_is_scored_where_no_other_tool_is_installed(one_page, tmp_path, monkeypatch):
    def lacking():
        raise ImportError("No module named 'quay'", name="quay")

    monkeypatch.setattr(run, "pending_baselines", lambda *_: [("rules", lacking)])
    out = tmp_path / "figures.json"
    done = CliRunner().invoke(check_commands.testset, ["--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "rules is left out: No module named 'quay'" in done.stderr
    assert list(json.loads(out.read_text("utf-8"))["baselines"]) == ["linesift"]


def test_a_model_that_was_fitted_without_figures_is_scored(one_page, tmp_path, monkeypatch):
    """It promises no loss."""
    monkeypatch.setattr(run, "pending_baselines", lambda *_: ())
    layers, metadata = load_model(DEFAULT_MODEL)
    model, out = tmp_path / "model.npz", tmp_path / "figures.json"
    save_model(model, layers, metadata | {"loss_table": [], "scores": {}})
    done = CliRunner().invoke(check_commands.testset, ["--model", str(model), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert [row["limit"] for row in json.loads(out.read_text("utf-8"))["settings"]] == [None]


def test_links_with_addresses_cost_next_to_nothing(tmp_path, clf):
    """Each print has the labels of the page, carried over by its words."""
    for library in ("html2text", "resiliparse"):
        pytest.importorskip(library, reason=f"{library} (extra train) is not installed")
    from training.judging.links import link_scores

    menu = ["Home", "News", "Sports", "Contact us", "Privacy policy"]
    story = [f"The bridge reopened on Monday after {n} years of repairs." for n in range(2, 7)]
    items = "".join(f'<li><a href="https://kelm.example/{n}">{n}</a></li>' for n in menu)
    paragraphs = "".join(f'<p>{text} <a href="/more">Read</a></p>' for text in story)
    (tmp_path / "a.html").write_text(f"<ul>{items}</ul>{paragraphs}")
    text = "\n".join([*(f"* {n}" for n in menu), *(f"{line} Read" for line in story)])
    labels = ["navigation"] * len(menu) + ["content"] * len(story)
    record = {"id": "a", "group": "a", "source": "made up", "language": "en"}
    found = link_scores([record | {"text": text, "labels": labels}], tmp_path, clf)
    assert found["with"] == found["without"]
    assert found["with"]["boilerplate"] > 0.5
