"""The job array of docs/cluster.md: its lines run, and its check tells missing and double files."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import standby

GUIDE = (Path(__file__).parent.parent / "docs/cluster.md").read_text("utf-8")
TASK, CHECK = (re.search(rf"```sh\n({start}.*)\n```", GUIDE)[1] for start in ("awk", "find clean"))

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("jq"), reason="they need jq and GNU xargs"
)


def shell(folder, command, **variables):
    environment = {**standby.environment(), **variables}
    environment["PATH"] = f"{folder}:{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert not done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where all tasks have run that have files."""
    folder = tmp_path_factory.mktemp("array")
    command = folder / "linesift"
    doubles = Path(__file__).parent / "doubles.py"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{doubles}" "$@"\n')
    command.chmod(0o755)
    files = [folder / name for name in ("a.txt", "b c.txt", "ü.txt")]
    for file in files:
        file.write_text("Title\nAD buy this\n")
    (folder / "files.txt").write_text("".join(f"{file}\n" for file in files))
    for task in range(4):
        shell(folder, TASK, TASK=str(task), CORES="1")
    return folder


def test_tasks_share_a_list_out_and_the_check_finds_nothing(folder):
    outputs = (path for path in folder.glob("clean/*/*.txt"))
    assert {path.relative_to(folder).as_posix() for path in outputs} == {
        "clean/1/a.txt",
        "clean/2/b c.txt",
        "clean/3/ü.txt",
    }
    assert shell(folder, CHECK) == ""


def test_the_check_names_what_is_missing_and_what_two_tasks_did(folder):
    with (folder / "files.txt").open("a") as files:
        files.write(f"{folder}/missing.txt\n")
    twice = folder / "clean/4/.linesift/done"
    shutil.copytree(folder / "clean/1/.linesift/done", twice)
    differences = shell(folder, CHECK).splitlines()
    assert [line for line in differences if line[0] in "<>"] == [
        f"< {folder}/a.txt",
        f"> {folder}/missing.txt",
    ]
