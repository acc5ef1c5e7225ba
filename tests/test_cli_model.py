"""The command with the bundled model: every format gives the texts that Python gives."""

import io
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bundled import linesift
from commandline import run_python
from harbour import harbour_page, record, write

from classifier import LineClassifier, __version__
from classifier.running import warming
from classifier.storage import DEFAULT_MODEL, model_digest

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "data" / "samples").glob("*.txt"))


@pytest.fixture(scope="module")
def texts():
    return [path.read_bytes().decode() for path in SAMPLES]


@pytest.fixture(scope="module")
def kept(texts):
    return LineClassifier.load().filter_batch(texts)


def test_the_command_filters_text_files_as_the_library_does(tmp_path, kept):
    linesift("filter", *SAMPLES, "-o", tmp_path)
    assert [(tmp_path / path.name).read_bytes().decode() for path in SAMPLES] == kept


def test_a_model_may_be_named_by_the_url_of_its_file():
    info = linesift("info", "--model", DEFAULT_MODEL.as_uri())
    assert (info.returncode, info.stdout) == (0, linesift("info").stdout)
    page = SAMPLES[0]
    compared = linesift("compare", "default", DEFAULT_MODEL.as_uri(), page)
    assert compared.stdout.endswith(b" lines change, in 0 of 1 documents\n")


def test_a_model_cannot_say_that_it_is_another(tmp_path):
    claims = {"linesift": "99", "model_sha256": "0" * 64, "note": "\x9b31m"}
    LineClassifier(LineClassifier.load().layers, claims).save(tmp_path / "m.npz")
    shown = linesift("info", "--model", tmp_path / "m.npz").stdout
    said = json.loads(shown)
    assert said["model_sha256"] == model_digest(tmp_path / "m.npz")
    assert (said["linesift"], said["note"]) == (__version__, claims["note"])
    assert shown.isascii()


@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_command_filters_json_lines_as_the_library_does(texts, kept, ascii_only):
    lines = [json.dumps({"text": text}, ensure_ascii=ascii_only) for text in texts]
    result = linesift("filter", data="\n".join(lines).encode())
    assert [json.loads(line)["text"] for line in result.stdout.splitlines()] == kept


def test_the_command_filters_parquet_as_the_library_does(tmp_path, texts, kept):
    pq.write_table(pa.table({"text": texts}), tmp_path / "in.parquet")
    linesift("filter", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["text"].to_pylist() == kept


def test_the_command_filters_wet_as_the_library_does(texts, kept):
    warcio = pytest.importorskip("warcio")
    from warcio.warcwriter import WARCWriter

    assert warcio
    source = io.BytesIO()
    writer = WARCWriter(source, gzip=True)
    for i, text in enumerate(texts):
        body = text.encode()
        writer.write_record(
            writer.create_warc_record(
                f"http://example.org/{i}",
                "conversion",
                payload=io.BytesIO(body),
                length=len(body),
                warc_content_type="text/plain",
            )
        )
    result = linesift("filter", data=source.getvalue())
    from warcio.archiveiterator import ArchiveIterator

    records = ArchiveIterator(io.BytesIO(result.stdout), check_digests="raise")
    assert [record.content_stream().read().decode() for record in records] == kept


def test_labels_are_those_of_python(texts):
    from classifier import LineClassifier

    data = b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)
    printed = [json.loads(line) for line in linesift("label", data=data).stdout.splitlines()]
    classifier = LineClassifier.load()
    for text, document in zip(texts, printed, strict=True):
        lines = classifier.label(text)
        assert [(line["start"], line["end"], line["label"]) for line in document["lines"]] == [
            (line.start, line.end, line.label) for line in lines
        ]
        for line, expected in zip(document["lines"], lines, strict=True):
            assert line["probabilities"] == pytest.approx(expected.probabilities, abs=1e-7)


def test_explained_line_is_the_line_of_the_file():
    lines = SAMPLES[0].read_text().split("\n")
    number = max(i for i, line in enumerate(lines, 1) if line.strip())
    shown = linesift("explain", SAMPLES[0], "--line", number).stdout.decode()
    assert lines[number - 1] in shown
    result = linesift("explain", SAMPLES[0], "--line", 99_999)
    assert (result.returncode, b"no line 99999" in result.stderr) == (2, True)


def test_standard_input_is_named_where_it_has_no_such_line():
    for number, said in ((2, "line 2 is blank"), (3, "has no line 3, the last is 2.")):
        result = linesift("explain", "-", "--line", number, data=b"Log in\n \n")
        assert result.returncode == 2
        assert result.stderr.decode().startswith(f"linesift: stdin: {said}")


def test_page_of_a_file_whose_name_is_not_utf8(tmp_path):
    path = os.fsencode(tmp_path) + b"/n\xff.txt"
    Path(os.fsdecode(path)).write_bytes(SAMPLES[0].read_bytes())
    result = linesift("inspect", os.fsdecode(path), "-o", tmp_path / "page.html")
    assert result.returncode == 0
    assert r"n\\xff.txt" in (tmp_path / "page.html").read_text()


def test_warm_says_where_kernels_are_kept(tmp_path):
    result = linesift("warm")
    assert result.returncode == 0
    (line,) = result.stdout.decode().splitlines()
    folder = Path(line.removeprefix("compiled kernels are kept in "))
    assert list(folder.glob("*.code"))


def test_warm_that_can_keep_nothing_fails_so_that_no_image_is_built_on_it(run, monkeypatch):
    monkeypatch.setattr(warming, "warm_everything", lambda model: ["some"])
    monkeypatch.setattr("classifier.kernels.machine.code_files.not_kept", {"label_steps"})
    result = run("warm")
    assert result.exit_code == 1
    assert "could not be kept" in result.stderr


def test_warm_without_compilation_says_why(run, monkeypatch):
    monkeypatch.setattr("classifier.kernels.machine.jit.IS_DISABLED", True)
    result = run("warm")
    assert result.exit_code == 1
    assert "NUMBA_DISABLE_JIT is set" in result.stderr


READY = """
import sys
from pathlib import Path

def ready():
    return {
        f"{name}.{key}"
        for name, module in list(sys.modules.items()) if name.startswith("classifier.kernels.")
        for key, value in vars(module).items()
        if getattr(value, "codes", None)
    }
"""


def test_a_process_that_is_warm_loads_no_more_kernels(tmp_path):
    script = """
from classifier import LineClassifier
from classifier.formats import jsonl
from classifier.formats.batches import Block, Fields
from classifier.running.processor import Origin, Processor
from classifier.running.task import Task

work = Processor(Task("filter", LineClassifier.load))
work.load()
before = ready()
outcome = work(Block(Path(sys.argv[1]).read_bytes(), 1), Origin("x", "jsonl", None, False))
assert 0 < outcome.counts.kept_bytes < outcome.counts.text_bytes and outcome.counts.lines[2]
assert before and ready() == before, ready() - before
"""
    path = ROOT / "data" / "samples" / "news-metered-wall.en.txt"
    record = json.dumps({"text": path.read_text("utf-8") + "\nDonate to [re\u00adad](/on), é"})
    (tmp_path / "page.jsonl").write_text(record + "\n")
    done = run_python(READY + script, tmp_path / "page.jsonl")
    assert done.returncode == 0, done.stderr.decode()


def test_warm_compiles_what_any_command_needs(tmp_path):
    pytest.importorskip("scipy.sparse")
    script = """
from classifier.cli import main
from classifier.running.warming import warm_everything

warm_everything(None)
before = ready()
page, labelled, folder = sys.argv[1:]
for arguments in (
    ["explain", page, "--line", "12"],
    ["inspect", page, "-o", f"{folder}/inspect.html"],
    ["label", page, "-o", f"{folder}/labels.jsonl"],
    ["filter", page, "-o", f"{folder}/kept.txt", "--stats", f"{folder}/stats.json"],
    ["compare", "default", "default", page],
    ["tune", "--corrections", labelled],
    ["fit", "--corrections", labelled, "-o", f"{folder}/model.npz"],
):
    sys.argv[1:] = arguments
    try:
        main()
    except SystemExit as end:
        assert not end.code, arguments
assert before and ready() == before, ready() - before
"""
    pages = [record(harbour_page(seed), f"p{seed}") for seed in range(12)]
    labelled = write(tmp_path / "pages.jsonl", pages)
    page = tmp_path / "page.txt"
    page.write_text(f"{SAMPLES[0].read_text('utf-8')}\n[Ho\u00adme](/)", "utf-8")
    done = run_python(READY + script, page, labelled, tmp_path)
    assert done.returncode == 0, done.stderr.decode()


def test_unusable_model_is_explained(tmp_path):
    (tmp_path / "model.npz").write_bytes(b"no model")
    for path in ("missing.npz", "model.npz"):
        result = linesift("filter", "--model", tmp_path / path, data=b"text")
        assert result.returncode == 1
        assert result.stderr.decode().startswith("linesift: ")


def test_what_a_run_writes_is_the_same_whether_lines_are_counted_or_not(tmp_path):
    record = {"text": "Home\nThe ferry sails at noon, and nobody is on it.\nLog in", "n": 1}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n")
    for name, options in (("1", []), ("2", ["--stats", tmp_path / "s.json"])):
        result = linesift(
            "filter", tmp_path / "a.jsonl", "-o", tmp_path / f"{name}.jsonl", *options
        )
        assert (result.returncode, result.stderr) == (0, b"")
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    assert sum(json.loads((tmp_path / "s.json").read_text())["lines"].values()) == 3
