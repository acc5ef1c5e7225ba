"""What commands say of inputs that they cannot use: only what can be done, with one exit code."""

import json

import fsspec
import pytest
from commandline import PAGE, RECORDS, lines_of
from examples import random_layers

from classifier import FilterPolicy, LineClassifier
from classifier.commands.group import cli

WAY = "linesift filter --drop none --on-error skip INPUT -o GOOD"
LEAVE_OUT = f"Name the field with --text-field, or leave such records out first: {WAY}."


@pytest.mark.parametrize(
    "command",
    [
        *("filter", "label", "explain --line 1", "inspect -o -", "compare default default"),
        *("annotate --no-browser -o log.jsonl", "fit -o m.npz --corrections"),
        "tune --corrections",
    ],
)
def test_a_page_that_is_not_utf8_is_named_with_what_to_do(run, tmp_path, command):
    (tmp_path / "l.txt").write_bytes("Café\n".encode("latin-1"))
    refused = run(*command.split(), "l.txt")
    assert refused.exit_code == 1
    assert refused.stderr.startswith(
        "linesift: l.txt, record 1: byte 4 of it (0xe9) is not valid UTF-8. Convert it to UTF-8"
    )


@pytest.mark.parametrize("command", ["filter", "label"])
def test_a_command_tells_the_version_too(run, command):
    assert run(command, "--version").stdout.startswith("linesift ")


def test_a_share_is_no_percentage(run, tmp_path):
    for value in ("1%", "1", "60", "none"):
        refused = run("filter", "--max-content-loss", value, data=PAGE)
        assert refused.exit_code == 2
        assert "Give a share: 0.01 for 1 %." in refused.stderr


def test_the_bundled_model_may_be_named(run):
    page = run("filter", "--model", "default", data=PAGE)
    assert page.exit_code == 0
    assert page.stdout == run("filter", data=PAGE).stdout


def test_a_page_for_the_browser_takes_no_name_of_documents(run, tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    compare = ["compare", "default", "default", "page.txt"]
    for command in (["inspect", "page.txt"], compare, ["report", "page.txt"]):
        for name in ("changes.jsonl", "changes.parquet", "changes.txt"):
            refused = run(*command, "-o", name)
            assert refused.exit_code == 2
            assert f"{name}: its name says" in refused.stderr
            assert not (tmp_path / name).exists()


def test_statistics_have_no_place_in_text_is_said_before_the_first_record(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(lines_of(RECORDS))
    (tmp_path / "in/b.txt").write_text(PAGE)
    refused = run("filter", "in", "-o", "out", "--add-stats", "st")
    assert refused.exit_code == 2
    assert "in/b.txt: text has no fields" in refused.stderr
    assert not (tmp_path / "out").exists()


def test_documents_before_a_bad_record_can_be_looked_at(run, tmp_path):
    (tmp_path / "pages.jsonl").write_bytes(lines_of([*RECORDS, {"text": None}]))
    some = run("inspect", "pages.jsonl", "--max-documents", "2", "-o", "some.html")
    assert some.exit_code == 0, some.stderr
    every = run("inspect", "pages.jsonl", "-o", "all.html")
    assert every.exit_code == 1
    assert "pages.jsonl, record 4: " in every.stderr


@pytest.mark.parametrize("bad", [{"text": None}, {"id": 4}])
def test_a_command_that_leaves_out_no_record_says_which_does(run, tmp_path, bad):
    (tmp_path / "pages.jsonl").write_bytes(lines_of([*RECORDS, bad]))
    assert f", or leave such records out first: {WAY}." in run("inspect", "pages.jsonl").stderr
    assert WAY not in run("filter", "pages.jsonl").stderr
    done = run(*WAY.split()[1:-3], "pages.jsonl", "-o", "good.jsonl")
    assert done.exit_code == 0, done.stderr
    assert run("inspect", "good.jsonl", "-o", "good.html").exit_code == 0


def test_what_is_missing_is_told_apart_from_what_has_no_ending(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.md").touch()
    for command in (["filter"], ["report", "-o", "x.html"]):
        missing = run(*command, "nosuch.json")
        assert missing.exit_code == 2
        assert missing.stderr == "linesift: nosuch.json: no such file. Check its name.\n"
        for name in ("in", "i*"):
            assert f"{name}: nothing there with a known ending" in run(*command, name).stderr
        for name in ("nosuch*.txt", "in/*.txt"):  # endings are not what is wrong
            assert f"{name}: no such file. Check its name.\n" in run(*command, name).stderr


def test_what_is_missing_elsewhere_is_told_apart_in_the_same_way(run):
    fsspec.filesystem("memory").pipe("/told-apart/notes.md", b"")
    told = run("filter", "memory://told-apart").stderr
    assert "memory://told-apart: nothing there with a known ending" in told
    for name in ("memory://nosuch", "memory://nosuch/*"):
        assert f"{name}: no such file. Check its name.\n" in run("filter", name).stderr


def test_two_inputs_of_one_name_are_told_what_helps(run, tmp_path):
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "page.txt").write_text(PAGE)
    twice = run("filter", "a/page.txt", "a/page.txt", "-o", "out").stderr
    assert twice.endswith("in out. Give it once.\n")
    alike = run("filter", "a/page.txt", "b/page.txt", "-o", "out").stderr
    # Not to work on them one by one, as the second would take the place of the first.
    assert alike.endswith(
        "in out. Rename one of them, give each another -o, or give the folder above both.\n"
    )


def test_what_an_output_becomes_is_said_where_its_name_may_mean_the_other(run, tmp_path):
    for name in ("a.txt", "b.txt", "bare"):
        (tmp_path / name).write_text(PAGE)
    becomes = '{}: becomes a file, not a folder; that needs a "/" at the end'
    for name in ("a.txt", "b.txt"):  # as `xargs -n 1` would, each in place of the one before
        assert becomes.format("clean") in run("filter", name, "-o", "clean").stderr
    assert run("filter", "-q", "a.txt", "-o", "clean").stderr == ""
    for source, output in (
        *(("a.txt", "kept.txt"), ("a.txt", "kept.md"), ("bare", "kept"), ("a.txt", "out/")),
        ("a.txt", "/dev/null"),
    ):
        assert run("filter", source, "-o", output).stderr == ""
    told = run("filter", "a.txt", "b.txt", "-o", "two.txt").stderr
    assert told == "linesift: two.txt: becomes a folder, with a file for each input\n"


def test_files_without_a_known_ending_keep_their_folders_by_a_pattern(run, tmp_path):
    for place in ("a", "b"):
        (tmp_path / "in" / place).mkdir(parents=True)
        (tmp_path / "in" / place / "page.md").write_text(PAGE)
    assert "a pattern for them in quotes, such as 'pages/**/*.md'" in run("filter", "in").stderr
    # The folder above both would be searched for known endings only.
    alike = run("filter", "in/a/page.md", "in/b/page.md", "-o", "out").stderr
    assert alike.endswith("or give one pattern for both.\n")
    assert run("filter", "in/**/*.md", "-o", "out").exit_code == 0
    assert {path.parent.name for path in (tmp_path / "out").glob("*/page.md")} == {"a", "b"}


def test_offsets_that_are_not_printed_are_refused(run):
    refused = run("label", "--output-format", "tsv", "--offsets", "byte", data=PAGE)
    assert refused.exit_code == 2


def test_the_threshold_that_keeps_a_promise_is_said(run, tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    options = ("--max-content-loss", "0.01", "--stats", "s.json", "-o", "out.txt")
    told = run("filter", "page.txt", *options, "-v")
    found = FilterPolicy(max_content_loss=0.01).threshold(
        LineClassifier.load().metadata["loss_table"]
    )
    assert f" sets the threshold to {found:g}\n" in told.stderr
    assert json.loads((tmp_path / "s.json").read_text())["threshold"] == found
    assert f"max content loss 0.01; by threshold {found}; " in run("report", "s.json").stdout


def test_inspect_says_that_nothing_goes_as_filter_does(run, tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    options = ("page.txt", "--max-content-loss", "0.0001", "-o")
    filtered, inspected = (
        run(command, *options, output).stderr
        for command, output in (("filter", "out.txt"), ("inspect", "out.html"))
    )
    assert "no line is dropped" in filtered
    assert inspected == filtered


def test_files_that_were_finished_before_are_counted(run, tmp_path):
    (tmp_path / "in").mkdir()
    for name in "ab":
        (tmp_path / "in" / f"{name}.txt").write_text(PAGE)
    for before in ("files: 2, ", "files: 2 (2 of them finished before), "):
        assert before in run("filter", "in", "-o", "out", "--resume", "-v").stderr


def test_a_log_without_a_name_is_refused(run, tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    for given in ("page.txt", "."):
        refused = run("annotate", given, "-o", "")
        assert refused.exit_code == 2
        assert "the file of -o has an empty name" in refused.stderr


def test_nothing_but_what_the_run_writes_is_said_to_be_that(run, tmp_path):
    (tmp_path / "stats.json").write_text("{}")
    refused = run("filter", "*.json", "-o", "out", "--stats", "stats.json")
    assert refused.exit_code == 2
    assert "*.json: holds nothing but what this run writes (stats.json)" in refused.stderr


def test_standard_input_is_no_file_of_that_name(run, tmp_path):
    assert run("filter", "-", "-o", "./-", data=PAGE).exit_code == 0
    assert (tmp_path / "-").is_file()


def test_stars_within_a_name_find_folders_as_one_star_does(run, tmp_path):
    (tmp_path / "in" / "some").mkdir(parents=True)
    (tmp_path / "in" / "some" / "page.txt").write_text(PAGE)
    for pattern in ("in/s*", "in/s**"):
        found = run("filter", pattern, "-o", f"out{len(pattern)}")
        assert found.exit_code == 0, found.stderr
        assert (tmp_path / f"out{len(pattern)}" / "some" / "page.txt").is_file()


def test_a_text_that_cannot_be_read_leaves_no_file_behind(run, tmp_path):
    (tmp_path / "page.txt").write_bytes(b"Caf\xe9\n")
    for command in ("filter", "label"):
        done = run(command, "page.txt", "-o", command, "--on-error", "skip")
        assert done.exit_code == 0
        assert not (tmp_path / command).exists()


@pytest.mark.parametrize(
    "arguments",
    [
        *(["filter"], ["label"], ["inspect"], ["report"], ["annotate"]),
        *(["explain", "--line", "1"], ["compare", "default", "default"]),
        *(["tune", "--corrections"], ["fit", "-o", "m.npz", "--corrections"]),
    ],
    ids=lambda arguments: arguments[0],
)
def test_an_input_that_is_missing_is_misuse(run, arguments):
    result = run(*arguments, "missing.txt")
    assert result.exit_code == 2
    assert "missing.txt: no such file" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (
            ["filter"],
            "Name the field with --text-field, or skip such records with --on-error skip.",
        ),
        (["inspect"], LEAVE_OUT),
        (["annotate"], LEAVE_OUT),
        (["compare", "default", "default"], LEAVE_OUT),
        (["tune", "--corrections"], "Correct it."),
        (["fit", "-o", "m.npz", "--corrections"], "Correct it."),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_no_remedy_takes_an_option_that_the_command_does_not_have(run, tmp_path, arguments, remedy):
    (tmp_path / "bad.jsonl").write_text('{"body": "Home"}\n')
    result = run(*arguments, "bad.jsonl")
    assert result.exit_code == 1
    said = "bad.jsonl, record 1: it has no field 'text'; its fields are 'body'."
    assert f"{said} {remedy}\n" in result.stderr


@pytest.mark.parametrize(
    "arguments", ["annotate -o other.jsonl", "compare default default", "filter"]
)
def test_a_log_of_annotate_given_as_documents_is_called_one(run, tmp_path, arguments):
    (tmp_path / "log.jsonl").write_bytes(
        b'{"document":"a","text":"Home","predicted":["navigation"]}\n'
        b'{"annotator":"ada","document":"a","accept":"rest"}\n'
    )
    refused = run(*arguments.split(), "log.jsonl")
    assert refused.exit_code == 1
    assert "record 2: it has no field 'text'" in refused.stderr
    assert "This is a log of linesift annotate: " in refused.stderr


def test_inspect_names_the_file_without_documents(run, tmp_path):
    (tmp_path / "empty.jsonl").write_bytes(b"")
    result = run("inspect", "empty.jsonl")
    assert result.exit_code == 1
    assert result.stderr.startswith("linesift: empty.jsonl: there is no document. ")


def test_a_promise_that_the_model_cannot_keep_is_a_failure_everywhere(run, tmp_path):
    model = LineClassifier.load()
    LineClassifier(model.layers, {}).save(tmp_path / "model.npz")
    for command in ("filter", "inspect"):
        options = ["--model", "model.npz", "--max-content-loss", "0.1"]
        result = run(command, *options, data="Home")
        assert result.exit_code == 1
        assert "max_content_loss needs the model's table" in result.stderr


def test_a_promise_that_lets_nothing_go_is_told(run, tmp_path):
    model = LineClassifier.load()
    table = [[0.0, 0.0, 0.0], [0.1, 0.03, 0.5]]
    LineClassifier(model.layers, {"loss_table": table}).save(tmp_path / "model.npz")
    options = ["filter", "--model", "model.npz", "--max-content-loss"]
    result = run(*options, "0.01", data=PAGE)
    assert (result.exit_code, result.stdout) == (0, PAGE)
    assert "--max-content-loss 0.01: no line is dropped. The least" in result.stderr
    assert "is 0.03." in result.stderr
    assert not run(*options, "0.01", "-q", data=PAGE).stderr
    assert not run(*options, "0.03", data=PAGE).stderr


@pytest.mark.parametrize("command", [cli, *cli.commands.values()], ids=lambda command: command.name)
def test_help_shows_an_example_and_no_markup(run, command):
    result = run(*([] if command is cli else [command.name]), "--help")
    assert result.exit_code == 0
    assert "\\" not in result.output
    assert "\b" not in result.output
    (example,) = (line for line in result.output.splitlines() if "Example:" in line)
    name = "filter" if command is cli else command.name
    assert example.startswith(f"  Example:  linesift {name}")


def test_the_list_of_commands_cuts_no_sentence(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    listed = run("--help").output.partition("Commands:")[2]
    assert [line.split()[0] for line in listed.strip().splitlines()] == sorted(cli.commands)
    assert "..." not in listed


def test_offsets_in_a_text_file_count_from_behind_its_mark(run, tmp_path):
    (tmp_path / "page.txt").write_bytes("\ufeffHome\n".encode())
    for unit in ("byte", "code-point"):
        record = json.loads(run("label", "page.txt", "--offsets", unit).stdout)
        assert [(line["start"], line["end"]) for line in record["lines"]] == [(0, 4)]
    assert "behind a byte order mark" in " ".join(run("label", "--help").output.split())


def test_a_run_that_drops_every_document_says_what_does(run, tmp_path):
    (tmp_path / "page.txt").write_text("Log in\nHome")
    command = ("filter", "page.txt", "-o", "kept.txt", "--min-content-chars", "1000")
    result = run(*command)
    assert result.exit_code == 0
    assert "nothing stays: --min-content-chars drops every document" in result.stderr
    assert not (tmp_path / "kept.txt").exists()
    assert run(*command, "--quiet").stderr == ""


@pytest.mark.parametrize("command", [["inspect"], ["explain", "--line", "1"]])
def test_every_command_loads_the_model_that_it_is_given(run, tmp_path, command):
    (tmp_path / "page.txt").write_text(PAGE)
    result = run(*command, "page.txt", "--model", "missing.npz")
    assert result.exit_code == 1
    assert "missing.npz: no such file" in result.stderr


@pytest.mark.parametrize("command", ["filter", "label", "inspect", "compare", "annotate"])
def test_every_command_reads_the_fields_that_are_named(run, tmp_path, monkeypatch, command):
    monkeypatch.setattr("classifier.annotate.server.serve", lambda session, *_: session.open(0))
    (tmp_path / "a.txt").write_bytes(lines_of([{"body": {"text": PAGE}, "key": "kelm"}]))
    fields = ("--text-field", "body.text", "--id-field", "key", "--input-format", "jsonl")
    models = ("default", "other.npz") if command == "compare" else ()
    LineClassifier(random_layers(0)).save("other.npz")
    dropped = ("--min-content-chars", "999", "--excluded", "e.jsonl")
    result = run(command, *models, "a.txt", *fields, *(dropped if command == "filter" else ()))
    assert result.exit_code == 0, result.output
    written = {"filter": "e.jsonl", "annotate": "corrections.jsonl"}.get(command)
    shown = (tmp_path / written).read_text() if written else result.stdout
    assert "kelm" in shown
    assert r"key\"" not in shown  # as of a record that is taken for text


@pytest.mark.parametrize("command", ["filter", "label"])
def test_statistics_name_the_hosts_of_paywall_text(run, tmp_path, command):
    record = {"address": "https://kelm.example/a", "text": "Subscribe to continue reading."}
    (tmp_path / "a.jsonl").write_bytes(lines_of([record]))
    options = ("--url-field", "address", "--stats", "s.json", "-o", "out.jsonl")
    assert run(command, "a.jsonl", *options).exit_code == 0
    hosts = json.loads((tmp_path / "s.json").read_text())["paywall_hosts"]["hosts"]
    assert hosts == [{"host": "kelm.example", "documents": 1, "characters": 30}]


def test_the_address_of_a_page_is_in_the_field_that_is_named(run, tmp_path):
    record = {"text": PAGE, "address": "https://kelm.example/"}
    (tmp_path / "a.jsonl").write_bytes(lines_of([record]))
    page = run("inspect", "a.jsonl", "--url-field", "address", "-o", "-").stdout
    assert '"host":"kelm.example"' in page


def test_labels_to_drop_may_stand_apart(run):
    assert run("filter", "--drop", "navigation, paywall", data=PAGE).exit_code == 0
    assert run("filter", "--drop", " none ", data=PAGE).stdout == PAGE


def test_what_a_model_has_learnt_from_is_not_shown(run):
    assert "pages" in LineClassifier.load().metadata
    assert "pages" not in json.loads(run("info").stdout)
