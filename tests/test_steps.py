"""What each step of the recipe gave, as the history of the repository holds it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from training.reporting.steps import STEPS, step_table

ROOT = Path(__file__).parents[1]
HAS_GIT = shutil.which("git") is not None


def has_its_history() -> bool:
    first = (ROOT / STEPS).read_text("utf-8").splitlines()[1].partition(",")[0]
    asked = ["git", "-C", ROOT, "cat-file", "-e", f"{first}^{{commit}}"]
    return bool(HAS_GIT and not subprocess.run(asked, capture_output=True, check=False).returncode)


@pytest.mark.skipif(not has_its_history(), reason="not a repository with its history")
def test_the_table_of_steps_is_what_the_history_holds(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert step_table() in Path("docs/choices.md").read_text("utf-8")


@pytest.mark.skipif(not HAS_GIT, reason="no git here")
def test_a_commit_without_figures_is_named(tmp_path):
    path = tmp_path / "steps.csv"
    path.write_text("commit,step\n0000000000,nothing\n", "utf-8")
    with pytest.raises(ValueError, match=r"commit 0000000000 has no data/scores\.json in this"):
        step_table(path)
