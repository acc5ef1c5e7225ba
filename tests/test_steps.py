"""What each step of the recipe gave, as the history of the repository holds it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from training.reporting.steps import STEPS, step_table

ROOT = Path(__file__).parents[1]
HAS_GIT = shutil.which("git") is not None


def steps_file(folder: Path) -> Path:
    path = folder / "steps.csv"
    path.write_text("commit,step\n0000000000,nothing\n", "utf-8")
    return path


def has_its_history() -> bool:
    first = (ROOT / STEPS).read_text("utf-8").splitlines()[1].partition(",")[0]
    asked = ["git", "-C", ROOT, "cat-file", "-e", f"{first}^{{commit}}"]
    return bool(HAS_GIT and not subprocess.run(asked, capture_output=True, check=False).returncode)


@pytest.mark.skipif(not has_its_history(), reason="not a repository with its history")
def test_the_table_of_steps_is_what_the_history_holds(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert step_table() in Path("docs/choices.md").read_text("utf-8")


@pytest.mark.skipif(not HAS_GIT, reason="no git here")
def test_a_commit_without_figures_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "--quiet"], check=True)
    with pytest.raises(ValueError, match=r"0000000000 has no data/scores\.json in this") as said:
        step_table(steps_file(tmp_path))
    assert "--unshallow" not in str(said.value), "nothing more is to be had of this history"


@pytest.mark.skipif(not HAS_GIT, reason="no git here")
def test_half_a_history_is_to_be_completed(tmp_path, monkeypatch):
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (
        ["init", "--quiet", "whole"],
        *(["-C", "whole", *author, "commit", "--quiet", "--allow-empty", "-m", n] for n in "ab"),
        ["clone", "--quiet", "--depth", "1", (tmp_path / "whole").as_uri(), "half"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path / "half")
    with pytest.raises(ValueError, match=r"with all of it \(`git fetch --unshallow`\)"):
        step_table(steps_file(tmp_path))


@pytest.mark.skipif(not HAS_GIT, reason="no git here")
def test_an_archive_without_a_history_needs_a_clone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ValueError, match=r"git finds no commits here .*`git clone` makes it$"):
        step_table(steps_file(tmp_path))


def test_a_machine_without_git_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match="git is not installed; it reads the commits"):
        step_table(steps_file(tmp_path))
