"""How a shell completes what is typed behind `linesift`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from standby import environment

from classifier.commands.group import cli

ROOT = Path(__file__).parents[1]
PLACES = {"[INPUT]...", "INPUT", "STATS...", "FILE", "PATH", "OUT", "PAGE", "LOG", "MODEL"}


def completions(*words):
    shell = ShellComplete(cli, {}, "linesift", "_LINESIFT_COMPLETE")
    found = shell.get_completions([*words[:-1]], words[-1])
    return [(item.type, item.value) for item in found]


def plain(*values):
    return [("plain", value) for value in values]


def test_names_of_commands_and_options_are_completed():
    assert completions("ins") == plain("inspect")
    assert completions("filter", "--max-c") == plain("--max-content-loss")
    assert completions("filter", "--on-error", "s") == plain("skip")


def test_a_list_of_labels_is_completed_label_by_label():
    assert completions("filter", "--drop", "n") == plain("navigation", "none")
    assert completions("inspect", "--drop", "paywall,n") == plain("paywall,navigation")


@pytest.mark.parametrize(
    "words",
    [["filter", "pag"], ["explain", "pag"], ["compare", "default", "pag"], ["report", "pag"]],
    ids=" ".join,
)
def test_inputs_are_completed_as_names_of_files(words):
    assert completions(*words) == [("file", "pag")]


def test_every_option_that_names_a_file_is_completed_as_one():
    options = [
        (name, option)
        for name, command in cli.commands.items()
        for option in command.params
        if option.metavar in PLACES and option.opts[0].startswith("-")
    ]
    assert len(options) > len(cli.commands)
    for name, option in options:
        assert completions(name, option.opts[-1], "pag") == [("file", "pag")], (name, option.opts)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
def test_bash_completes_by_the_line_that_the_readme_has(tmp_path):
    command = tmp_path / "linesift"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m classifier "$@"\n')
    command.chmod(0o755)
    line = 'eval "$(_LINESIFT_COMPLETE=bash_source linesift)"'
    assert line in (ROOT / "README.md").read_text()
    program = """
    PATH=$1:$PATH
    eval "$2"
    COMP_WORDS=(linesift filter --drop paywall,sp) COMP_CWORD=3
    $(complete -p linesift | sed -E 's/.* -F ([^ ]+) .*/\\1/') linesift
    echo "${COMPREPLY[@]}"
    """
    result = subprocess.run(
        ["bash", "-c", program, "bash", tmp_path, line],
        capture_output=True,
        env=environment(),
        check=True,
    )
    assert result.stdout == b"paywall,sponsored\n", result.stderr
