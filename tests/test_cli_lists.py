"""Lists beside an output (excluded documents, statistics, bad records): where they may not be."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from commandline import COMMAND, LONG, RECORDS, lines_of, linesift, said
from shards import task

from classifier.files.locations import PathError
from classifier.running.plan import make_plan


def test_lists_in_the_folder_that_is_read_are_not_read_the_next_time(folder):
    lists = ["--stats", "stats.json", "--excluded", "sub/dropped.jsonl"]
    for _ in range(2):
        result = linesift("filter", ".", "-o", "clean", *lists, cwd=folder)
        assert (result.returncode, result.stderr) == (0, b"")
        assert not list((folder / "clean").rglob("stats.json"))
        assert not list((folder / "clean").rglob("dropped.jsonl"))


@pytest.mark.parametrize("option", ["--stats", "--excluded"])
def test_standard_output_may_not_be_a_list_as_well(folder, option):
    with (folder / "x.json").open("wb") as stdout:
        result = subprocess.run(
            [*COMMAND, "filter", "a.jsonl", option, "x.json"],
            cwd=folder,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )
    assert f"would overwrite standard output. Give {option} another name." in said(result, 2)


@pytest.mark.parametrize("option", ["--stats", "--excluded"])
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("sub", "sub: it is a folder. Give {} the name of a file."),
        ("new/", "new/: it is a folder. Give {} the name of a file."),
        ("d.txt/x.json", "x.json: cannot be written (Not a directory). Give {} another name."),
        (LONG, "cannot be written (File name too long). Give {} another name."),
        ("shut/new/x.json", "cannot be written (shut takes no files). Give {} another name."),
    ],
)
def test_a_list_that_could_not_be_written_in_the_end_is_refused_at_once(
    folder, monkeypatch, option, path, message
):
    (folder / "shut").mkdir()
    monkeypatch.chdir(folder)
    # Who may do everything, as in many containers, is refused nothing.
    monkeypatch.setattr(os, "access", lambda place, mode: place != Path("shut"))
    options = {option.removeprefix("--"): path}
    with pytest.raises(PathError, match=re.escape(message.format(option))):
        make_plan(["a.jsonl"], "out.jsonl", task(), {}, **options)
    assert make_plan(["a.jsonl"], None, task(), {}, **dict.fromkeys(options, "new/x.json"))


def test_a_read_only_file_system_is_called_one(folder):
    (folder / "ro").mkdir()
    mount = 'mount -t tmpfs none ro && mount -o remount,ro ro && exec "$@"'
    within = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    if shutil.which("unshare") is None or subprocess.run([*within, "true"], cwd=folder).returncode:
        pytest.skip("may not mount a file system here")
    command = [*COMMAND, "filter", "a.jsonl", "-o", "ro/new/x.jsonl"]
    result = subprocess.run([*within, *command], cwd=folder, capture_output=True)
    assert "x.jsonl: cannot be written (ro is on a read-only file system). Give -o" in said(
        result, 2
    )


@pytest.mark.parametrize(
    ("output", "option", "path", "message"),
    [
        ("out", "--stats", "out", "out: it will be a folder"),
        ("out", "--excluded", "out/.", "out/.: it will be a folder"),
        ("new/x.jsonl", "--stats", "new", "new: it will be a folder"),
        ("out", "--stats", "out/a.jsonl/s", "out/a.jsonl/s: it would lie in an output"),
        ("new", "--excluded", "new/x", "new/x: it would lie in an output"),
    ],
)
def test_a_list_that_would_be_a_folder_or_lie_in_a_file_is_refused_at_once(
    folder, output, option, path, message
):
    source = "a.jsonl" if output.startswith("new") else "."
    result = linesift("filter", source, "-o", output, option, path, cwd=folder)
    assert f"{message}" in said(result, 2)
    assert f"Give {option} another name." in said(result)
    assert not (folder / output).exists()


def test_a_folder_for_statistics_is_refused_before_anything_is_written(folder):
    before = sorted(folder.rglob("*"))
    result = linesift("filter", "a.jsonl", "-o", "out.jsonl", "--stats", "sub", cwd=folder)
    assert said(result, 2).endswith("sub: it is a folder. Give --stats the name of a file.\n")
    assert sorted(folder.rglob("*")) == before


def test_several_texts_on_standard_output_have_no_list_of_excluded(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("WALL\n")
    result = linesift("filter", "a.txt", "b.txt", "--excluded", "e.jsonl", cwd=tmp_path)
    assert "2 inputs need an output folder" in said(result, 2)


def test_bad_records_do_not_overwrite_an_input(tmp_path):
    read = tmp_path / "x.jsonl.quarantine.jsonl"
    read.write_bytes(lines_of(RECORDS))
    result = linesift("filter", read, "-o", "x.jsonl", "--on-error", "quarantine", cwd=tmp_path)
    assert "would overwrite an input" in said(result, 2)


def test_a_list_is_not_written_over_an_output_through_a_link(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(lines_of(RECORDS))
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    names = ("-o", "link/x.jsonl", "--excluded", "real/x.jsonl")
    result = linesift("filter", "a.jsonl", *names, cwd=tmp_path)
    assert "would overwrite another output" in said(result, 2)
