"""What each step of the recipe gave, as the history of the repository holds it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from training.judging.steps import STEPS, step_table

CHOICES = Path("docs/choices.md")
HAS_GIT = shutil.which("git") is not None


def has_its_history() -> bool:
    first = STEPS.read_text("utf-8").splitlines()[1].partition(",")[0]
    asked = ["git", "cat-file", "-e", f"{first}^{{commit}}"]
    return bool(HAS_GIT and not subprocess.run(asked, capture_output=True, check=False).returncode)


@pytest.mark.skipif(not has_its_history(), reason="not a repository with its history")
def test_the_table_of_steps_is_what_the_history_holds():
    assert step_table() in CHOICES.read_text("utf-8")


@pytest.mark.skipif(not HAS_GIT, reason="no git here")
def test_a_commit_without_figures_is_named(tmp_path):
    path = tmp_path / "steps.csv"
    path.write_text("commit,step\n0000000000,nothing\n", "utf-8")
    with pytest.raises(ValueError, match=r"commit 0000000000 has no data/scores\.json in this"):
        step_table(path)
