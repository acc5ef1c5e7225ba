"""`linesift fit` and `compare` as one runs them, with the bundled model."""

import functools
import json
import os
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import fsspec
import numpy as np
import orjson
import pytest
from click.testing import CliRunner
from harbour import harbour_page, record, write, write_pages
from letters import codes_from_letters

from classifier import LineClassifier
from classifier.adapt.fitting import adapt
from classifier.adapt.labelled_pages import read_labelled_pages
from classifier.annotate.events import Marked, Opened, write_event
from classifier.commands.group import cli
from classifier.labels import LABELS
from classifier.lines import line_spans
from classifier.storage import DEFAULT_MODEL

pytest.importorskip("scipy.sparse")
ATTACK = '<script>alert(1)</script><img src=x onerror="alert(2)">\x1b[31m'


def run(*arguments, data=None):
    return CliRunner().invoke(cli, [*map(str, arguments)], input=data)


@pytest.fixture(scope="module")
def corrections(tmp_path_factory):
    return write_pages(tmp_path_factory.mktemp("labels") / "pages.jsonl", 20)


@pytest.fixture(scope="module")
def fitted(corrections, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "harbour.npz"
    result = run("fit", "--corrections", corrections, "-o", path)
    assert result.exit_code == 0, result.output
    return path, result.output


@pytest.fixture
def fitted_before(corrections, monkeypatch):
    """What fitting to these pages finds is found already, for tests of what follows."""
    monkeypatch.setattr("classifier.adapt.fitting.adapt", lambda *_: found_in(corrections))


@functools.cache
def found_in(corrections):
    return adapt(read_labelled_pages([str(corrections)]), LineClassifier.load().layers)


def right_lines(model, pages):
    labels = model.label_batch([text for text, _ in pages]).labels
    return np.mean(labels == codes_from_letters("".join(letters for _, letters in pages)))


def test_a_fitted_model_is_better_on_new_pages_of_the_kind(fitted):
    others = [harbour_page(seed) for seed in range(100, 130)]
    before = right_lines(LineClassifier.load(), others)
    after = right_lines(LineClassifier.load(fitted[0]), others)
    assert after > before + 0.1


def test_fit_says_what_was_gained_on_pages_held_out(fitted):
    row = next(line for line in fitted[1].splitlines() if line.startswith("mean"))
    before, after = map(float, row.split()[2:])
    assert before < after
    scores = LineClassifier.load(fitted[0]).metadata["scores"]
    assert scores["after"]["macro_f1"] == pytest.approx(after, abs=0.001)


def test_a_gain_that_may_be_chance_is_called_so(
    fitted, fitted_before, corrections, tmp_path, monkeypatch
):
    assert "may be chance" not in fitted[1]
    monkeypatch.setattr("classifier.commands.fit.SMALL_GAIN", 1.0)
    monkeypatch.setattr("classifier.commands.fit.write_model", lambda *_: None)
    result = run("fit", "--corrections", corrections, "-o", tmp_path / "small.npz")
    assert "the gain is small and may be chance" in result.stderr


def test_a_fitted_model_promises_what_pages_held_out_keep(fitted):
    """Its table is of pages held out: 20 pages promise a loss of 1/21 at best."""
    model = LineClassifier.load(fitted[0])
    assert min(bound for t, bound, _ in model.metadata["loss_table"] if t > 0) >= 1 / 21


def test_nothing_is_written_if_nothing_is_gained(tmp_path, corrections):
    model = LineClassifier.load()
    records = []
    for seed in range(8):  # pages that the model labels as it is told to
        text = f"Home\nLog in\n\n{harbour_page(seed)[0]}"
        labels = [LABELS[code] for code in model.label_batch([text]).labels]
        records.append({"id": f"{seed}", "text": text, "labels": labels})
    out = tmp_path / "none.npz"
    result = run("fit", "--corrections", write(tmp_path / "own.jsonl", records), "-o", out)
    assert result.exit_code == 1
    assert "no change made pages held out better" in result.stderr
    assert not out.exists()


def test_too_few_pages_are_named_and_nothing_is_written(tmp_path):
    pages = write_pages(tmp_path / "pages.jsonl", 1)
    result = run("fit", "--corrections", pages, "-o", tmp_path / "mine.npz")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"linesift: {pages}: ")
    assert not (tmp_path / "mine.npz").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_of_a_model_that_cannot_be_written_nothing_is_printed(fitted_before, corrections):
    result = run("fit", "--corrections", corrections, "-o", "/dev/full")
    assert (result.exit_code, result.stdout) == (1, "")
    said = "linesift: /dev/full: cannot be written (No space left on device). Make room, or give -o"
    assert said in result.stderr


def test_pages_that_taught_a_model_do_not_judge_it(fitted, corrections, tmp_path):
    for arguments in (["tune"], ["fit", "-o", tmp_path / "again.npz"]):
        result = run(*arguments, "--corrections", corrections, "--model", fitted[0])
        assert result.exit_code == 1
        assert "has learnt from 20 of 20 pages already" in result.stderr


def test_of_a_log_that_grows_only_the_new_pages_judge_a_model(fitted, corrections, tmp_path):
    new = [
        {**record(harbour_page(seed), f"p{seed}"), "group": f"{seed % 5}"}
        for seed in range(90, 100)
    ]
    path = write(tmp_path / "new.jsonl", new)
    alone, among = (
        run("tune", *given, "--model", fitted[0])
        for given in (
            ["--corrections", path],
            ["--corrections", corrections, "--corrections", path],
        )
    )
    assert among.stdout == alone.stdout
    assert among.stdout.startswith("10 pages, ")
    assert "20 of 30 pages are left out: the model has learnt from them" in among.stderr
    assert "left out" not in alone.stderr


def test_a_page_that_taught_a_model_is_named_by_its_beginning(fitted, tmp_path):
    page = write(tmp_path / "one.jsonl", [record(harbour_page(3), "p3")])
    result = run("tune", "--corrections", page, "--model", fitted[0])
    assert "has learnt from 1 of 1 pages" in result.stderr
    assert "(the first of them begins “Tide tables”)" in result.stderr


def test_labels_of_one_kind_teach_nothing_and_of_no_content_are_told_of(tmp_path):
    pages = [f"Home {i}\nThe ferry sails again on Monday, they said {i}." for i in range(6)]
    out = tmp_path / "mine.npz"
    for labels, code, said in (
        (["navigation", None], 1, "all lines that have a label are navigation"),
        ([None, "content"], 1, "all lines that have a label are content"),
        (["navigation", "sponsored"], None, "nobody sees what the fit does to content"),
    ):
        records = [{"text": text, "labels": labels} for text in pages]
        result = run("fit", "--corrections", write(tmp_path / "a.jsonl", records), "-o", out)
        assert said in result.stderr
        assert code is None or result.exit_code == code
        assert code is None or not out.exists()


@pytest.mark.parametrize("command", ["fit", "tune"])
def test_a_model_takes_no_name_of_documents(corrections, tmp_path, command):
    labels = tmp_path / "gold.jsonl"
    labels.write_text("precious")
    result = run(command, "--corrections", corrections, "-o", labels)
    assert result.exit_code == 2
    assert "its name says jsonl, but a model is written" in result.stderr
    assert labels.read_text() == "precious"


def test_the_bundled_model_is_not_overwritten(corrections, tmp_path, monkeypatch):
    bundled = tmp_path / "default.npz"  # a copy: a test that fails must not cost the model
    bundled.write_bytes(DEFAULT_MODEL.read_bytes())
    monkeypatch.setattr("classifier.storage.DEFAULT_MODEL", bundled)
    result = run("fit", "--corrections", corrections, "-o", bundled)
    assert result.exit_code == 2
    assert "it is also the output" in result.stderr
    assert bundled.read_bytes() == DEFAULT_MODEL.read_bytes()


def test_what_to_compare_next_can_be_typed(fitted_before, corrections, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("classifier.commands.fit.write_model", lambda *_: None)
    for output, said in (("default", "default ./default"), ("a b.npz", "default 'a b.npz'")):
        result = run("fit", "--corrections", corrections, "-o", output)
        assert f"linesift compare {said} PAGES" in result.stdout


def test_a_log_of_annotate_teaches_what_its_records_teach(fitted, corrections, tmp_path):
    events = []
    for page in map(json.loads, corrections.read_text().splitlines()):
        wrong = ["sponsored"] * len(page["labels"])
        events.append(Opened(page["id"], page["text"], wrong, {}))
        events += [Marked("ada", page["id"], i, i, name) for i, name in enumerate(page["labels"])]
    log = write(tmp_path / "log.jsonl", map(write_event, events))
    out = tmp_path / "log.npz"
    assert run("fit", "--corrections", log, "-o", out).exit_code == 0
    tables = [LineClassifier.load(path).layers.first.table for path in (fitted[0], out)]
    assert np.array_equal(*tables)


def test_compare_lists_the_lines_that_change(fitted, tmp_path):
    text, _ = harbour_page(300)
    page = tmp_path / "page.txt"
    page.write_text(text)
    before, after = LineClassifier.load(), LineClassifier.load(fitted[0])
    numbers = [text[: span.start].count("\n") + 1 for span in line_spans(text)]
    old, new = (model.label_batch([text]).labels for model in (before, after))
    changed = [n for n, a, b in zip(numbers, old, new, strict=True) if a != b]
    assert changed
    result = run("compare", "default", fitted[0], page)
    assert result.exit_code == 0
    rows = [line for line in result.stdout.splitlines() if " -> " in line and "0." in line]
    assert [int(row.split()[0]) for row in rows] == changed
    found = zip(before.label(text), after.label(text), strict=True)
    assert [row.split()[1:6] for row in rows] == [
        [a.label, f"{max(a.probabilities):.2f}", "->", b.label, f"{max(b.probabilities):.2f}"]
        for a, b in found
        if a.label != b.label
    ]
    assert f"{len(changed)} of {len(numbers)} lines change, in 1 of 1 documents" in result.stdout


@pytest.mark.parametrize(("options", "disable"), [([], True), (["-o", "changes.html"], None)])
def test_compare_shows_how_far_it_is_unless_lines_do(options, disable, tmp_path, monkeypatch):
    """None: on a terminal only. Lines that change and a bar would stand in each other's way."""
    bars = []

    def bar(comparisons, name, **given):
        bars.append((name, given["disable"]))
        return comparisons

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tqdm.tqdm", bar)
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    (tmp_path / "page.txt").write_text("Log in\n")
    result = run("compare", "default", "default", "page.txt", *options)
    assert result.exit_code == 0, result.output
    assert bars == [("compare", disable)]


def test_where_one_of_two_models_is_missing_it_is_asked_for(tmp_path, corrections):
    for inputs in ([], [corrections]):
        result = run("compare", "default", corrections, *inputs)
        assert result.exit_code == 2
        assert f"{corrections}: by its name it holds documents and is no model" in result.stderr
    result = run("compare", "default", tmp_path / "no.npz")
    assert (result.exit_code, "no.npz: no such file" in result.stderr) == (1, True)


class Elements(HTMLParser):
    """Counts elements and gathers addresses."""

    def __init__(self):
        super().__init__()
        self.tags, self.addresses = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "href")]


def test_a_page_of_changes_is_inert_and_whole(fitted, tmp_path):
    text = f"{ATTACK} Chandlery: Marlow & Sons, berth 7\n\n" + harbour_page(301)[0]
    source = write(tmp_path / "in.jsonl", [{"id": ATTACK, "text": text}])
    out = tmp_path / "changes.html"
    result = run("compare", "default", fitted[0], source, "-o", out)
    assert result.exit_code == 0, result.output
    html = out.read_text("utf-8")
    elements = Elements()
    elements.feed(html)
    assert not {"script", "img", "link", "iframe"} & set(elements.tags)
    assert elements.addresses == []
    assert elements.tags.count("li") == html.count('class="move"') > 0
    assert "default-src 'none'" in unescape(html)
    assert "&lt;script&gt;alert(1)" in html


def test_nothing_of_a_page_moves_the_terminal(fitted):
    text = f"\x1b[31mChandlery: Marlow & Sons, berth 7\n\n{harbour_page(302)[0]}"
    result = run("compare", "default", fitted[0], data=text)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("command", ["fit", "tune"])
def test_labels_that_do_not_fit_are_explained(command, tmp_path):
    path = write(tmp_path / "bad.jsonl", [{"id": "a", "text": "one\ntwo", "labels": ["content"]}])
    options = ["-o", tmp_path / "m.npz"] if command == "fit" else []
    result = run(command, "--corrections", path, *options)
    assert result.exit_code == 1
    assert "bad.jsonl, record 1" in result.stderr
    assert "2 lines that are not blank but 1 labels" in result.stderr


def test_pages_without_any_label_are_explained(tmp_path):
    path = write(tmp_path / "none.jsonl", [{"id": "a", "text": "one", "labels": [None]}])
    result = run("tune", "--corrections", path)
    assert result.exit_code == 1
    assert "no line has a label" in result.stderr


@pytest.mark.parametrize("command", ["fit", "tune"])
def test_a_model_is_written_though_nobody_reads_what_is_said_of_it(command, corrections, tmp_path):
    path = tmp_path / "m.npz"
    reader, pipe = os.pipe()
    os.close(reader)
    arguments = [command, "--corrections", corrections, "-o", path]
    program = [sys.executable, "-c", "from classifier.cli import main; main()", *arguments]
    done = subprocess.run(program, stdout=pipe, stderr=subprocess.PIPE, check=False)
    os.close(pipe)
    assert (done.returncode, path.exists()) == (0, True), done.stderr


@pytest.mark.parametrize("command", ["fit", "tune"])
@pytest.mark.parametrize("output", ["-", "/dev/stdout", "/dev/fd/1"])
def test_a_model_does_not_go_where_people_read(command, output, corrections, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(command, "--corrections", corrections, "-o", output)
    assert result.exit_code == 2
    assert "Give a file for the model" in result.stderr
    assert not list(tmp_path.iterdir())


def test_the_folder_of_a_model_is_made_and_where_none_can_be_is_said_before_the_work(
    fitted_before, corrections, tmp_path
):
    result = run("fit", "--corrections", corrections, "-o", tmp_path / "new" / "m.npz")
    assert (result.exit_code, (tmp_path / "new" / "m.npz").exists()) == (0, True), result.output
    result = run("fit", "--corrections", corrections, "-o", tmp_path / "new" / "m.npz" / "m.npz")
    assert result.exit_code == 2
    assert "m.npz: cannot be written (Not a directory). Give -o another name." in result.stderr
    assert not result.stdout


def test_a_log_of_annotate_is_read_from_a_url():
    opened = Opened("a", "Home\nA long day at sea.", ["navigation", "content"], {})
    events = [opened, Marked("ada", "a", 0, 1, "content")]
    log = b"".join(orjson.dumps(write_event(event)) + b"\n" for event in events)
    fsspec.filesystem("memory").pipe("/logs/log.jsonl", log)
    pages = read_labelled_pages(["memory://logs/log.jsonl"])
    assert pages.texts == ["Home\nA long day at sea."]
    assert pages.labels.tolist() == [0, 0]


def test_a_model_in_a_file_called_default_is_not_the_bundled_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "default").write_bytes(b"no model")
    (tmp_path / "page.txt").write_text("Home\n")
    assert run("compare", "default", "default", "page.txt").exit_code == 0
    compared = run("compare", "./default", "default", "page.txt")
    assert compared.exit_code == 1
    assert "default: " in compared.stderr


@pytest.mark.parametrize("command", [["tune"], ["fit", "-o", "mine.npz"]])
def test_pages_that_are_labelled_in_part_are_told_of(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text('{"text": "Home\\nLog in", "labels": ["navigation", null]}')
    result = run(*command, "--corrections", "a.jsonl")
    assert "1 of 1 pages have lines without a label" in result.stderr
