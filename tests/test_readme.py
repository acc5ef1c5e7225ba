"""The README's examples run, and its figures are those that were measured."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from bundled import linesift
from click.testing import CliRunner
from harbour import harbour_page, record, write

from classifier import FilterPolicy, LineClassifier
from classifier.commands.group import cli
from classifier.formats import SUFFIXES
from classifier.kernels.reading.wrapping import NARROWEST, WIDEST
from training.__main__ import main as training_main
from training.judging.figures import TESTSET_SCORES, read_figures
from training.phrases import read_phrases
from training.reporting import cards as report
from training.reporting.cards import (
    SAMPLE,
    example_text,
    model_card,
    written_text,
)
from training.reporting.promises import setting_table, settings_text
from training.reporting.scores import drawn_table, score_text
from training.reporting.tables import calibration_table
from training.reporting.verdicts import verdict_table, verdict_text
from training.written.counts import count_written
from training.written.invented import read_invented

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "docs/**/*.md", "data/**/*.md")
    for path in ROOT.glob(pattern)
)


def test_python_examples_run():
    namespace = {}
    blocks = [code for kind, code in BLOCKS if kind == "python"]
    assert len(blocks) >= 2
    for code in blocks:
        exec(code, namespace)


def test_shell_examples_of_single_pages_run(tmp_path):
    lines = [
        line.split("  #")[0] for kind, code in BLOCKS if kind == "sh" for line in code.split("\n")
    ]
    commands = [line for line in lines if re.search(r"^linesift|\| linesift", line)]
    assert len(commands) >= 4
    shutil.copy(ROOT / "data/samples/news-metered-wall.en.txt", tmp_path / "page.txt")
    for name, first in (("corrections", 0), ("others", 100), ("pages", 200)):
        records = [record(harbour_page(seed), str(seed)) for seed in range(first, first + 20)]
        write(tmp_path / f"{name}.jsonl", records)
    for line in commands:
        source, _, command = line.rpartition(" | ")
        words = shlex.split(command)[1:]
        if "pages/*.jsonl.gz" in words:
            continue  # folders of shards: tests/test_running.py
        if words[0] == "annotate":
            continue  # serves until it is interrupted: tests/test_annotate_server.py
        data = (tmp_path / source.removeprefix("cat ")).read_bytes() if source else b""
        done = linesift(*words, data=data, cwd=tmp_path)
        assert done.returncode == 0, (line, done.stderr)
        written = (tmp_path / words[words.index("-o") + 1]).read_bytes() if "-o" in words else b""
        assert len(written or done.stdout) > 100, line
        assert bool(written) == ("-o" in words), line


def test_exactly_two_commands_set_up():
    section = README.split("## Set up")[1].split("\n## ")[0]
    commands = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert len(commands) == 2
    assert "linesift filter data/samples/" in commands[0]
    assert "pytest" in commands[1]
    for name in re.findall(r"(?:data|constraints)[\w./-]*", " ".join(commands)):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize(
    "name", ["example", "scores", "settings", "baselines", "testset", "speed", "verdicts"]
)
def test_generated_parts_are_filled(name):
    part = re.search(rf"<!-- {name}:[^>]*-->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert part is not None
    assert len(part[1].strip()) > 100


def test_example_and_scores_are_those_of_the_bundled_model():
    figures = json.loads((ROOT / "data/scores.json").read_text("utf-8"))
    assert score_text(figures) in README
    assert settings_text(figures) in README
    assert report.testset_text() in README
    assert example_text() in README


@pytest.mark.parametrize(
    ("name", "field", "remedy"),
    [
        ("scores", "macro_f1", "python -m training evaluate"),
        ("scores", "data_sha256", "python -m training evaluate"),
        ("testset", "model_sha256", "python -m training testset"),
        ("testset", "data_sha256", "python -m training testset"),
    ],
)
def test_figures_of_another_model_are_refused_before_anything_is_written(
    name, field, remedy, tmp_path, monkeypatch
):
    paths = {}
    for each in ("scores", "testset"):
        figures = json.loads((ROOT / f"data/{each}.json").read_text("utf-8"))
        paths[each] = tmp_path / f"{each}.json"
        paths[each].write_text(json.dumps(figures | ({field: "other"} if each == name else {})))
    monkeypatch.setattr(report, "TESTSET_SCORES", paths["testset"])
    monkeypatch.chdir(tmp_path)  # without the files that the command would write
    run = CliRunner().invoke(training_main, ["report", "--scores", str(paths["scores"])])
    assert run.exit_code == 1
    assert f"{name}.json has no" in run.output
    assert f"`{remedy}`" in run.output


def test_verdicts_are_those_of_the_scores():
    figures = json.loads((ROOT / "data/scores.json").read_text("utf-8"))
    assert verdict_text(figures) in README
    assert verdict_table(figures) in (ROOT / "data/README.md").read_text("utf-8")


def test_the_model_card_tells_of_the_test_set_what_it_tells_of_gold():
    figures = json.loads((ROOT / "data/scores.json").read_text("utf-8"))
    card = model_card(figures, count_written(read_phrases(), read_invented()))
    part = card.partition("### On a test set\n")[2].partition("\n### ")[0]
    beyond = read_figures(TESTSET_SCORES)
    assert calibration_table(beyond["calibration_errors"]) in part
    assert setting_table(beyond["settings"]) in part
    assert drawn_table(beyond) in part
    assert drawn_table(figures) in card.partition("### On a test set\n")[0]


def test_without_baselines_on_the_same_pages_it_is_said_how_to_get_them():
    figures = json.loads((ROOT / "data/scores.json").read_text("utf-8"))
    assert report.baselines_text(figures) in README
    said = report.baselines_text(figures | {"judged_sha256": "other"})
    assert "`python -m training baselines`" in said
    assert "|" not in said


def test_numbers_of_the_recipe_are_those_of_the_bundled_model():
    recipe = LineClassifier.load().metadata["recipe"]["fit"]
    said = (ROOT / "docs/how.md").read_text("utf-8")
    assert f"The layer has {recipe['n_second_crosses']} *crosses*" in said
    assert f"{recipe['n_third_crosses']} crosses on the same integers" in said
    assert recipe["carry"] == 1 / 3
    assert "the sum of this layer and a third of that of the second" in said


def test_the_data_card_counts_what_is_there():
    """`python -m training report` writes it anew."""
    assert written_text(count_written(read_phrases(), read_invented())) in (
        ROOT / "data/README.md"
    ).read_text("utf-8")


def test_the_model_card_is_of_the_bundled_model_and_today_s_data():
    figures = json.loads((ROOT / "data/scores.json").read_text("utf-8"))
    card = model_card(figures, count_written(read_phrases(), read_invented()))
    assert card == (ROOT / "MODEL_CARD.md").read_text("utf-8")


def test_the_model_card_counts_no_data_by_hand():
    template = (ROOT / "training/reporting/model_card.md").read_text("utf-8")
    data = template.partition("## Data\n")[2].partition("\n## ")[0]
    assert re.findall(r"(?<![.\d])\d{2,}", data) == []


def test_it_is_said_at_which_widths_wrapped_lines_are_known():
    said = (ROOT / "docs/texts.md").read_text("utf-8")
    assert f"Lines that were wrapped at {NARROWEST} to {WIDEST} characters" in said


def test_every_option_is_told_of_in_a_document():
    guides = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
    options = [option for command in cli.commands.values() for option in command.params]
    assert len(options) > 50
    untold = {
        option.opts[-1]
        for option in options
        for names in [[*option.opts, *option.secondary_opts]]
        if option.param_type_name == "option"
        and not any(re.search(rf"(?<![\w-]){name}(?![\w-])", README + guides) for name in names)
    }
    assert untold == {"--version"}


def test_readme_names_the_endings_that_folders_are_searched_for():
    *first, last = (f"`{suffix}`" for suffix in SUFFIXES)
    assert f"A folder is searched for {', '.join(first)} and {last}, packed or not;" in README


def test_what_readme_says_is_wrong_in_its_example_is():
    assert "It is not perfect: the breadcrumb and the link to another article stay. With" in README
    assert "the reading time and the share buttons stay, too" in README
    page, clf = SAMPLE.read_text("utf-8"), LineClassifier.load()
    kept = set(clf.filter(page).text.split("\n"))
    careful = set(clf.filter(page, FilterPolicy(max_content_loss=0.005)).text.split("\n"))
    assert "Home > Harbour > Ferries" in kept
    assert "Read more: What the county plans to do with pier 3" in kept
    assert kept < careful
    assert careful - kept == {"4 min read", "ShareEmailPrintSave this article"}


def test_to_drop_content_prints_what_is_dropped_by_default():
    assert "`--drop content` prints what is dropped by default" in README
    result = LineClassifier.load().filter(SAMPLE.read_text("utf-8"))
    other = LineClassifier.load().filter(SAMPLE.read_text("utf-8"), FilterPolicy(drop=["content"]))
    assert [line for line in other.text.split("\n") if line.strip()] == [
        line.text for line in result.dropped
    ]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_documents_link_to_is_there(document):
    text = (ROOT / document).read_text("utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in target]
    missing = [
        target for target in targets if not (ROOT / document).parent.joinpath(target).exists()
    ]
    assert not missing


def anchors(path):
    """What a link can name in a Markdown file: its headings, as GitHub writes them in links."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_sections_that_documents_link_to_are_there(document):
    path = ROOT / document
    links = re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", path.read_text("utf-8"))
    assert [
        (target, anchor)
        for target, anchor in links
        if "://" not in target and anchor not in anchors(path.parent / target if target else path)
    ] == []
