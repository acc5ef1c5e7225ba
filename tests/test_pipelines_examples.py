"""The examples of docs/pipelines.md, run as a reader would, each on its engine."""

import gzip
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pipelines_pages import DOCUMENTS, WHOLE, classifier, kept, pairs, printed

from classifier import FilterPolicy

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "pipelines.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
POLICY = FilterPolicy(min_content_chars=200)
N_FILES = 4


def engine(heading, module, *, slow=False):
    marks = [
        pytest.mark.skipif(
            importlib.util.find_spec(module) is None, reason=f"{module} is not installed"
        )
    ]
    return pytest.param(heading, marks=[*marks, pytest.mark.slow] if slow else marks)


def block(heading, language):
    (code,) = re.findall(rf"```{language}\n(.*?)```", SECTIONS[heading], re.DOTALL)
    return code


def run(heading, folder):
    script = folder / "example.py"
    script.write_text(block(heading, "python"), "utf-8")
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    # Two cores, as the examples of other engines use.
    environment = os.environ | {"PYTHONPATH": path, "RAY_OVERRIDE_RESOURCES": '{"CPU": 2}'}
    done = subprocess.run(
        [sys.executable, script], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def rows_of_parquet(path):
    return pq.read_table(path).sort_by("n").to_pylist()


def rows_of_json_lines(folder):
    rows = []
    for path in sorted(folder.glob("*.gz")):
        rows += [orjson.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    return rows


def write_json_lines(folder):
    folder.mkdir(parents=True)
    for part in range(N_FILES):
        lines = b"".join(orjson.dumps(row) + b"\n" for row in WHOLE[part::N_FILES])
        (folder / f"{part}.jsonl.gz").write_bytes(gzip.compress(lines))


@pytest.fixture
def folder(tmp_path):
    pq.write_table(pa.Table.from_pylist(DOCUMENTS), tmp_path / "pages.parquet")
    write_json_lines(tmp_path / "corpus" / "documents")
    return tmp_path


def test_every_section_is_run_here():
    tested = {"scikit-learn", "datatrove", "Dolma", *(param.values[0] for param in TABLES)}
    assert set(SECTIONS) == tested


TABLES = [
    engine("pandas", "pandas"),
    engine("Hugging Face datasets", "datasets"),
    engine("Spark", "pyspark", slow=True),
    engine("Ray Data", "ray", slow=True),
]


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_comes_out_filtered(heading, folder):
    if heading == "Spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    run(heading, folder)
    assert pairs(rows_of_parquet(folder / "clean.parquet")) == kept(DOCUMENTS, POLICY)


@pytest.mark.parametrize("heading", [engine("Hugging Face datasets", "datasets")])
def test_processes_that_map_a_dataset_give_the_same(heading, folder):
    run(heading, folder)
    rows = pairs(rows_of_parquet(folder / "mapped.parquet"))
    assert rows == [(name, text) for name, text in kept(DOCUMENTS, POLICY) if text is not None]


@pytest.mark.parametrize("heading", [engine("scikit-learn", "sklearn")])
def test_a_transformer_keeps_the_rows(heading, folder):
    run(heading, folder)
    texts = classifier().filter_batch([row["text"] for row in DOCUMENTS], POLICY)
    rows = rows_of_parquet(folder / "clean.parquet")
    assert [row["text"] for row in rows] == [text or "" for text in texts]


@pytest.mark.parametrize("heading", [engine("datatrove", "datatrove", slow=True)])
def test_a_folder_comes_out_filtered(heading, folder):
    run(heading, folder)
    rows = rows_of_json_lines(folder / "clean")
    rows.sort(key=lambda row: row["metadata"]["n"])
    assert pairs(rows) == [(name, text) for name, text in kept(WHOLE, POLICY) if text]
    assert len(rows) + len(rows_of_json_lines(folder / "excluded")) == len(WHOLE)


@pytest.mark.parametrize("heading", [engine("Dolma", "dolma")])
def test_mixed_documents_have_the_lines_that_the_filter_keeps(heading, folder):
    run(heading, folder)
    (folder / "mix.yaml").write_text(block(heading, "yaml"), "utf-8")
    code = "from dolma.cli.__main__ import main; main()"
    command = [sys.executable, "-c", code, "-c", "mix.yaml", "mix"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    mixed = {row["id"]: row["text"] for row in rows_of_json_lines(folder / "clean")}
    assert {identifier: printed(text) for identifier, text in mixed.items()} == {
        identifier: printed(text) for identifier, text in kept(WHOLE)
    }


@pytest.mark.skipif(
    importlib.util.find_spec("datatrove") is None, reason="datatrove is not installed"
)
def test_the_pattern_for_output_folders_finds_all_pages_and_no_notes(tmp_path):
    from datatrove.pipeline.readers import JsonlReader

    page = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    (pattern,) = re.findall(r'JsonlReader\("clean", glob_pattern="(.+?)"\)', page)
    for name in ("a.jsonl.gz", "1/b.jsonl.gz", ".linesift/done/c.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        record = orjson.dumps({"id": name, "text": "The bridge was open again."})
        path.write_bytes(gzip.compress(record))
    read = JsonlReader(str(tmp_path), glob_pattern=pattern).run()
    assert sorted(document.id for document in read) == ["1/b.jsonl.gz", "a.jsonl.gz"]
