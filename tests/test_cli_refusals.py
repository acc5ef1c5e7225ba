"""What the command refuses: names and options that cannot be meant, and overwriting."""

import os
import re
import subprocess
import tarfile

import pytest
from commandline import COMMAND, LONG, RECORDS, lines_of, linesift, read_terminal, said, start

LONG_INPUT = "b" * 250 + ".txt"


@pytest.mark.parametrize(
    ("options", "what", "option"),
    [
        (["--stats", "a.jsonl"], "an input", "--stats"),
        (["--excluded", "sub/../a.jsonl"], "an input", "--excluded"),
        (["-o", "x.jsonl", "--excluded", "./x.jsonl"], "another output", "--excluded"),
        (["--excluded", "x.json", "--stats", "sub/../x.json"], "another output", "--stats"),
        (["--model", "m.npz", "--stats", "./m.npz"], "the model", "--stats"),
        (["--model", "m.npz", "-o", "sub/../m.npz"], "the model", "-o"),
    ],
)
def test_nothing_that_is_read_or_written_is_overwritten(folder, options, what, option):
    (folder / "m.npz").write_bytes(b"a model")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = linesift("filter", "a.jsonl", *options, cwd=folder)
    assert f"would overwrite {what}. Give {option} another name." in said(result, 2)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_name_too_long_for_an_output_is_refused_before_any_work(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.txt", LONG_INPUT):
        (tmp_path / "in" / name).write_text("Home\n")
    result = linesift("label", "in", "-o", "new", cwd=tmp_path)
    assert said(result, 2) == (
        f"linesift: in/{LONG_INPUT}: its output's name would be too long "
        f"({LONG_INPUT}.labels.jsonl). Rename it, or work on it alone, with the name of a file "
        "for -o.\n"
    )
    assert not (tmp_path / "new").exists()
    assert linesift("filter", "in", "-o", "same", cwd=tmp_path).returncode == 0
    alone = linesift("label", f"in/{LONG_INPUT}", "-o", "labels.jsonl", cwd=tmp_path)
    assert (alone.returncode, alone.stderr) == (0, b"")


def test_a_link_to_nothing_is_no_folder_for_outputs(folder):
    (folder / "link").symlink_to("nowhere")
    result = linesift("filter", folder / "sub", "-o", "link", cwd=folder)
    assert "link is a link to what is not there). Give -o another name." in said(result, 2)


def test_standard_output_may_not_be_the_input(folder):
    before = (folder / "a.jsonl").read_bytes()
    with (folder / "a.jsonl").open("ab") as stdout:
        result = subprocess.run(
            [*COMMAND, "filter", "a.jsonl"], cwd=folder, stdout=stdout, stderr=subprocess.PIPE
        )
    assert "it is also the output" in said(result, 2)
    assert (folder / "a.jsonl").read_bytes() == before


@pytest.mark.parametrize("options", [[], ["--drop", "none"], ["-o", "a.jsonl"]])
def test_standard_input_may_not_be_the_output(folder, options):
    before = (folder / "a.jsonl").read_bytes()
    with (folder / "a.jsonl").open("rb") as stdin, (folder / "a.jsonl").open("ab") as stdout:
        result = subprocess.run(
            [*COMMAND, "filter", *options],
            cwd=folder,
            stdin=stdin,
            stdout=subprocess.PIPE if "-o" in options else stdout,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert "Give -o another name" in said(result, 2)
    assert (folder / "a.jsonl").read_bytes() == before


def test_a_device_takes_several_outputs(folder):
    result = linesift("filter", "a.jsonl", "-o", "/dev/null", "--stats", "/dev/null", cwd=folder)
    assert result.returncode == 0


@pytest.mark.parametrize("command", ["inspect a.jsonl", "compare default default a.jsonl"])
def test_a_page_takes_no_place_of_a_model(folder, command):
    (folder / "mine.npz").write_bytes(b"model")
    result = linesift(*command.split(), "-o", "mine.npz", cwd=folder)
    assert "mine.npz: its name says a model, but a page for the browser" in said(result, 2)
    assert (folder / "mine.npz").read_bytes() == b"model"


@pytest.mark.parametrize("option", ["-v", "--model"])
def test_an_option_before_its_command_is_told_where_it_belongs(folder, option):
    result = linesift(option, "default", "info", cwd=folder)
    assert result.returncode == 2
    assert f"{option}: no option of linesift itself. Options stand" in result.stderr.decode()


def test_a_file_whose_name_looks_like_an_option_is_told_how_to_give(tmp_path):
    (tmp_path / "-x.txt").write_text("A ferry sails at noon.\n")
    result = linesift("filter", "-x.txt", cwd=tmp_path)
    assert result.returncode == 2
    assert "If the file is meant, write ./-x.txt" in result.stderr.decode()
    assert linesift("filter", "./-x.txt", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("name", ["x.parquet", "x.txt.gz", "x.wet"])
def test_a_format_that_is_seen_in_the_data_must_fit_the_name_of_the_output(folder, name):
    result = linesift("filter", "-", "-o", name, cwd=folder, data=lines_of(RECORDS))
    assert f"{name}: its name says" in said(result, 2)
    assert "but stdin is jsonl" in said(result)
    assert not (folder / name).exists()


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (["annotate", "a.jsonl"], "a log is a file"),
        (["fit", "--corrections", "a.jsonl"], "a model is"),
    ],
)
def test_a_log_and_a_model_are_files_of_this_machine(folder, command, what):
    before = sorted(folder.rglob("*"))
    result = linesift(*command, "-o", "memory://x/y", cwd=folder)
    assert f"memory://x/y: {what}" in said(result, 2)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["filter", "a.jsonl", "--model", "memory://m.npz"],
        ["info", "--model", "memory://m.npz"],
        ["compare", "default", "memory://m.npz", "a.jsonl"],
    ],
)
def test_a_model_is_read_from_this_machine_only(folder, arguments):
    result = linesift(*arguments, cwd=folder)
    assert result.returncode == 2
    assert (
        b": memory://m.npz: a model is read from this machine. Copy it here and give its path.\n"
        in result.stderr
    )


def printed_to_a_terminal(*arguments, **options):
    """Give exit code, what the terminal got and the messages."""
    ours, terminal = os.openpty()
    process = start(*arguments, stdout=terminal, stderr=subprocess.PIPE, **options)
    os.close(terminal)
    shown = read_terminal(ours)
    _, messages = process.communicate(timeout=120)
    return process.returncode, shown, messages


def test_a_page_steers_no_terminal_that_its_labels_are_printed_to(folder):
    (folder / "evil.txt").write_text("Home\x1b]0;owned\x07\n")
    arguments = ("label", "evil.txt", "--output-format", "tsv")
    for output in ((), ("-o", "-")):
        code, shown, _ = printed_to_a_terminal(*arguments, *output, cwd=folder)
        assert (code, shown.split(b"\t")[-1]) == (0, b"Home\\x1b]0;owned\\x07\r\n")
    assert linesift(*arguments, cwd=folder).stdout.endswith(b"\tHome\x1b]0;owned\x07\n")


def test_a_page_fills_a_terminal_only_if_that_is_asked_for(folder):
    assert linesift("filter", "-q", "d.txt", "--stats", "s.json", cwd=folder).returncode == 0
    for command, source in (("inspect", "d.txt"), ("report", "s.json")):
        code, shown, messages = printed_to_a_terminal(command, source, cwd=folder)
        assert (code, shown, messages.count(b"\n")) == (2, b"", 1)
        assert b"a page is for a browser. Give -o a file for it" in messages
    code, shown, messages = printed_to_a_terminal("report", "s.json", "-o", "-", cwd=folder)
    assert (code, messages, shown[:15].lower()) == (0, b"", b"<!doctype html>")
    redirected = linesift("report", "s.json", cwd=folder)
    assert redirected.stdout == shown.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("name", ["x.gz", "x.parquet.gz"])
def test_parquet_is_not_written_under_a_packed_name(folder, name):
    result = linesift("filter", "e.parquet", "-o", name, cwd=folder)
    assert "Parquet is compressed inside only" in said(result, 2)
    assert not (folder / name).exists()


@pytest.mark.parametrize(
    ("name", "options", "made"),
    [
        ("x.tsv.gz", [], "jsonl"),
        ("x.csv", [], "jsonl"),
        ("x.txt", [], "jsonl"),
        ("x.parquet", [], "jsonl"),
        ("x.jsonl", ["--output-format", "tsv"], "tsv"),
        ("x.tsv", ["--output-format", "tsv"], None),
        ("x.txt", ["--output-format", "tsv"], None),
    ],
)
def test_the_name_of_a_file_of_labels_must_fit_their_format(folder, name, options, made):
    result = linesift("label", "a.jsonl", "-o", name, *options, cwd=folder)
    assert (result.returncode, (folder / name).exists()) == ((2, False) if made else (0, True))
    if made:
        assert f"but labels are written as {made} (--output-format)" in said(result)


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_output_may_not_be_the_input(folder, form):
    result = linesift("filter", folder / "a.jsonl", "-o", form.format(folder / "a.jsonl"))
    assert "it is also the output" in said(result, 2)
    result = linesift("filter", folder, "-o", folder)
    assert "it is also the output" in said(result, 2)
    result = linesift("filter", folder / "a.jsonl", "-o", form.format(folder / "new/../a.jsonl"))
    assert "it is also the output" in said(result, 2)
    result = linesift("filter", folder / "*/../a.jsonl", "-o", folder / "out")
    assert "would lie outside of" in said(result, 2)
    assert (folder / "a.jsonl").read_bytes() == lines_of(RECORDS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.jsonl"], "no such file"),
        (["a.jsonl", "sub/b.jsonl.gz"], "need an output folder"),
        (["a.jsonl", "-o", "x.parquet"], "its name says parquet"),
        (["a.jsonl", "-o", "x.csv"], "its name says CSV"),
        (["a.jsonl", "-o", "mine.npz"], "its name says a model"),
        (["a.jsonl", "../in2/a.jsonl", "-o", "../out"], "would both be written to a.jsonl"),
        (["sub", "-o", "a.jsonl"], "a.jsonl: it is no folder"),
        (["a.jsonl", "sub", "-o", "/dev/null"], "/dev/null: it is no folder"),
        (["a.jsonl", "--resume"], "--resume needs an output"),
        (["a.jsonl", "--on-error", "quarantine"], "Give one with -o"),
        (["a.jsonl", "-o", "x.parquet.gz", "--input-format", "parquet"], "compressed inside only"),
        (["a.jsonl", "-o", ""], "the file of -o has an empty name"),
        (["a.jsonl", "--stats", ""], "the file of --stats has an empty name"),
        (["a.jsonl", "--stats", "-"], "--stats -: it is written to a file only"),
        (["a.jsonl", "--excluded", "-"], "--excluded -: it is written to a file only"),
        ([""], "an input has an empty name"),
        (["nosuch://bucket/a.jsonl"], "Check what stands before '://'"),
        (["http://127.0.0.1:9/a.jsonl"], "http://127.0.0.1:9/a.jsonl: "),
        (["a.jsonl", "--add-stats", "text"], "--add-stats text: this field is read"),
        (["a.jsonl", "--add-stats", "id"], "--add-stats id: this field is read"),
        (["d.txt", "--add-stats", "st"], "has no fields"),
        (["a.jsonl", "--excluded", "x.parquet"], "--excluded is written as JSON Lines"),
    ],
)
def test_what_cannot_be_meant_is_explained_with_code_2(folder, tmp_path, arguments, message):
    (tmp_path / "in2").mkdir()
    (tmp_path / "in2/a.jsonl").write_bytes(b"")
    result = linesift("filter", *arguments, cwd=folder)
    assert message in said(result, 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--drop", "adverts"], "unknown label 'adverts'"),
        (["--content-threshold", "2"], "2.0 is not in the range 0<=x<=1"),
        (
            ["--content-threshold", ".5", "--max-content-loss", ".1"],
            "Error: --content-threshold and --max-content-loss both set a threshold",
        ),
        (["--content-threshold", "nan"], "Error: --content-threshold is nan; give a number"),
        (["--workers", "0"], "0 is not in the range 1<=x<=1024"),
        (["--workers", "100000000"], "100000000 is not in the range 1<=x<=1024"),
        (["--model", ""], "the file has an empty name"),
        (["--text-field", "\udcff"], "is not valid UTF-8. Give another name."),
        (["--id-field", "a.\udcff"], "is not valid UTF-8. Give another name."),
        (["--url-field", ""], "the name is empty"),
        (["--add-stats", ""], "the name is empty"),
        (["--unknown"], "No such option"),
    ],
)
def test_wrong_options_are_explained_with_code_2(arguments, message):
    result = linesift("filter", *arguments)
    assert result.returncode == 2
    assert message in result.stderr.decode()


def test_path_that_cannot_be_written_is_named_and_another_asked_for(folder):
    result = linesift("filter", "a.jsonl", "-o", "d.txt/below.jsonl", cwd=folder)
    assert result.returncode == 2
    message = r"d\.txt/below\.jsonl: cannot be written \(.*\)\. Give -o another name\."
    assert re.search(message, said(result))


@pytest.mark.parametrize("name", [LONG, "circle.txt"])
def test_input_that_no_file_system_can_open_is_explained(folder, name):
    (folder / "circle.txt").symlink_to("circle.txt")
    result = linesift("filter", name, "-o", "x.txt", cwd=folder)
    assert f"{name}: it cannot be read (" in said(result, 1)


def test_output_of_a_name_that_no_file_system_takes_is_explained(folder):
    result = linesift("filter", "d.txt", "-o", LONG, cwd=folder)
    assert f"{LONG}: cannot be written (" in said(result, 2)


@pytest.mark.parametrize("option", ["--stats", "--excluded", "-o"])
def test_output_takes_the_place_of_a_link_to_itself(folder, option):
    circle = folder / "circle.jsonl"
    circle.symlink_to(circle)
    result = linesift("filter", "a.jsonl", "--drop-paywalled", option, circle, cwd=folder)
    assert result.returncode == 0
    assert circle.read_bytes().startswith(b"{")


@pytest.mark.parametrize(
    "html",
    [
        b"<!DOCTYPE html>\n<p>Text",
        b"\xef\xbb\xbf\r\n <HTML lang=en><p>Text",
        b"<html>",
        b"<!-- saved from url=(0020)http://kelm.example/ -->\n<!-- <p> -->\n<html><body>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html><html>',
        b'<head>\n<meta charset="utf-8">',
        b"<title>Home</title>",
    ],
)
def test_html_is_no_text_unless_somebody_says_so(tmp_path, html):
    (tmp_path / "page.html").write_bytes(html)
    filtered = linesift("filter", "page.html", cwd=tmp_path)
    assert (filtered.returncode, filtered.stdout) == (1, b"")
    assert "page.html: it is HTML" in said(filtered)
    assert "--input-format text" in said(filtered)
    explained = linesift("explain", "page.html", "--line", "1", cwd=tmp_path)
    assert "page.html: it is HTML" in said(explained)
    taken = linesift("filter", "--drop", "none", "--input-format", "text", data=html)
    assert (taken.returncode, taken.stdout) == (0, html)


@pytest.mark.parametrize(
    "text",
    [
        b"<!-- Home --> News",
        b"<title>: a page's name",
        b'<p align="center">',
        b"<!-- " * 9999,
        b"<!---->" * 9000 + b"x",
    ],
)
def test_what_begins_with_a_bracket_may_be_text(text):
    assert linesift("filter", "--drop", "none", data=text).stdout == text


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("feed.rss", b'<?xml version="1.0"?>\n<rss><title>News</title></rss>', "XML"),
        ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
    ],
)
def test_what_text_has_yet_to_be_extracted_from_is_none(tmp_path, name, content, kind):
    (tmp_path / name).write_bytes(content)
    for arguments, data in (([name], b""), ([], content)):
        result = linesift("filter", *arguments, cwd=tmp_path, data=data)
        assert (result.returncode, result.stdout) == (1, b"")
        assert f"it is {kind}" in said(result)


@pytest.mark.parametrize(("name", "mode"), [("pages.tar", "w"), ("pages.tar.gz", "w:gz")])
def test_an_archive_is_no_text_but_its_members_may_be(tmp_path, name, mode):
    (tmp_path / "page.txt").write_bytes(b"Kelm\n")
    with tarfile.open(tmp_path / name, mode) as archive:
        archive.add(tmp_path / "page.txt", "page.txt")
    refused = linesift("filter", name, cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert f"{name}: it is a tar archive" in said(refused)
    member = linesift("filter", "--drop", "none", f"tar://page.txt::{name}", cwd=tmp_path)
    assert (member.returncode, member.stdout) == (0, b"Kelm\n")


def test_an_output_that_is_given_as_an_input_is_told_how_to_be_one(run, tmp_path):
    (tmp_path / "pages.jsonl").write_bytes(lines_of(RECORDS))
    told = run("filter", "pages.jsonl", "clean.jsonl").stderr
    assert told.endswith(
        "clean.jsonl: no such file. Check its name. If it is the output, put -o before it.\n"
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_a_field_of_identifiers_that_no_record_has_is_told_of(folder, workers):
    def told(*command):
        done = linesift(*command, "a.jsonl", "--workers", workers, cwd=folder)
        assert done.returncode == 0
        return b"no record has the field 'key' of --id-field" in done.stderr

    wrong, right = ("--id-field", "key"), ("--id-field", "id")
    assert told("label", *wrong)
    assert told("filter", *wrong, "--excluded", "e.jsonl", "-o", "out.jsonl")
    assert not told("label", *right)
    assert not told("label", *wrong, "--quiet")
    assert not told("label", *wrong, "--output-format", "tsv")
    assert not told("filter", *wrong)  # which writes none
