"""The guides to Python and to what comes out: their code runs, and gives what they show."""

import json
import re
import shlex
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bundled import linesift

ROOT = Path(__file__).parent.parent
OUTPUTS = (ROOT / "docs/outputs.md").read_text("utf-8")
FILTERING, LABELLING = re.findall(r"```sh\nlinesift (.*?)\n```", OUTPUTS)


def shown(name):
    """Give the JSON block that follows where a file is first told of in a heading or sentence."""
    return re.search(rf"{re.escape(name)}.*?```json\n(.*?)```", OUTPUTS, re.DOTALL)[1]


def rows_of_table(heading):
    section = OUTPUTS.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)[2:]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the commands of the page have run."""
    folder = tmp_path_factory.mktemp("outputs")
    (folder / "pages.jsonl").write_text(shown("`pages.jsonl`"), "utf-8")
    for command in (FILTERING, LABELLING):
        done = linesift(*shlex.split(command), cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


def test_the_guide_to_python_runs_as_one_program(capsys):
    blocks = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text("utf-8"), re.DOTALL
    )
    assert len(blocks) >= 8
    exec("".join(blocks), {})
    assert capsys.readouterr().out.splitlines()[-1].startswith("document 1: ")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("clean.jsonl", "`clean.jsonl`:"),
        ("dropped.jsonl", "`dropped.jsonl`:"),
        ("clean.jsonl.quarantine.jsonl", "here `clean.jsonl.quarantine.jsonl`"),
    ],
)
def test_lists_are_those_shown(folder, name, place):
    assert (folder / name).read_text("utf-8") == shown(place)


def test_labels_are_those_shown(folder):
    got = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
    for document in got:
        for line in document["lines"]:
            # Other processors add in another order.
            line["probabilities"] = pytest.approx(line["probabilities"], abs=1e-3)
    assert [json.loads(line) for line in shown("`labels.jsonl`").splitlines()] == got


def test_each_key_of_statistics_is_told_of(folder):
    statistics = json.loads((folder / "stats.json").read_text("utf-8"))
    assert set(statistics) == rows_of_table("Statistics of a run")
    assert set(json.loads(shown("`clean.jsonl`:"))["linesift"]) == rows_of_table("Filtered records")


def test_statistics_are_a_struct_in_parquet(tmp_path):
    pq.write_table(pa.table({"text": ["Home\nLog in"]}), tmp_path / "pages.parquet")
    done = linesift(
        "filter", "pages.parquet", "-o", "clean.parquet", "--add-stats", "linesift", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    added = pq.read_schema(tmp_path / "clean.parquet").field("linesift").type
    assert {field.name for field in added} == rows_of_table("Filtered records")
