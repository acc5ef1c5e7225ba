"""Attribute files for Dolma, and what Dolma's own mixer makes of them."""

import gzip
import importlib.util

import orjson
import pytest
import zstandard
from examples import random_layers
from pipelines_pages import DOCUMENTS, WHOLE, classifier, kept, printed

from classifier import LineClassifier
from classifier.files.locations import PathError
from classifier.files.problems import DataError
from classifier.formats import jsonl
from classifier.labels import LABELS
from classifier.pipelines.dolma import write_attributes

NAMES = [f"linesift__linesift__{label}" for label in LABELS]


def lines_of(documents):
    return b"".join(orjson.dumps(document) + b"\n" for document in documents)


def records(data):
    return [orjson.loads(line) for line in data.splitlines()]


def test_spans_are_the_lines_with_their_ends(tmp_path):
    documents, attributes = tmp_path / "pages.jsonl", tmp_path / "spans.jsonl"
    documents.write_bytes(lines_of(WHOLE))
    write_attributes(documents, attributes)
    found = records(attributes.read_bytes())
    assert [record["id"] for record in found] == [document["id"] for document in WHOLE]
    for document, record in zip(WHOLE[::50], found[::50], strict=True):
        assert list(record["attributes"]) == NAMES
        text = document["text"]
        spans = [(*span, name) for name, spans in record["attributes"].items() for span in spans]
        expected = [
            (line.text, line.label, pytest.approx(max(line.probabilities), abs=1e-4))
            for line in classifier().label(text)
        ]
        assert [
            (text[start:end].removesuffix("\n"), name.rpartition("__")[2], score)
            for start, end, score, name in sorted(spans)
        ] == expected
        assert all(end == len(text) or text[end - 1] == "\n" for _, end, _, _ in spans)


def test_spans_are_those_of_the_model_that_is_given(tmp_path):
    documents, path = tmp_path / "pages.jsonl", tmp_path / "model.npz"
    documents.write_bytes(lines_of(WHOLE[:1]))
    model = LineClassifier(random_layers(1))
    model.save(path)
    write_attributes(documents, tmp_path / "spans.jsonl", model=path)
    (record,) = records((tmp_path / "spans.jsonl").read_bytes())
    counts = {name.rpartition("__")[2]: len(spans) for name, spans in record["attributes"].items()}
    labels = [line.label for line in model.label(WHOLE[0]["text"])]
    assert counts == {label: labels.count(label) for label in LABELS}


@pytest.mark.skipif(importlib.util.find_spec("dolma") is None, reason="dolma is not installed")
def test_the_mixer_leaves_the_lines_that_the_filter_keeps(tmp_path, monkeypatch):
    from dolma import mixer

    monkeypatch.setattr(jsonl, "BLOCK_BYTES", 1 << 20)  # several gzip members a file
    documents = tmp_path / "documents"
    documents.mkdir()
    for part in range(2):
        rows = [{**document, "source": "sample"} for document in WHOLE[part::2]]
        (documents / f"{part}.jsonl.gz").write_bytes(gzip.compress(lines_of(rows)))
    write_attributes(documents, tmp_path / "attributes" / "linesift")

    cut = [
        {"span": f"$.attributes.{name}", "min_score": 0.0, "replacement": "", "syntax": "jsonpath"}
        for name in NAMES[1:]
    ]
    stream = {
        "name": "clean",
        "documents": [f"{documents}/*.jsonl.gz"],
        "attributes": ["linesift"],
        "span_replacement": cut,
        "output": {"path": str(tmp_path / "mixed"), "max_size_in_bytes": 1 << 30},
        "compression": {"input": None, "output": None},
    }
    folders = {"input": str(tmp_path / "in"), "output": str(tmp_path / "out")}
    mixer({"work_dir": folders, "processes": 1, "streams": [stream]})

    mixed = {}
    for path in (tmp_path / "mixed").rglob("*.gz"):
        mixed |= {row["id"]: row["text"] for row in records(gzip.decompress(path.read_bytes()))}
    expected = {identifier: printed(text) for identifier, text in kept(WHOLE)}
    assert {identifier: printed(text) for identifier, text in mixed.items()} == expected


def test_zstd_and_empty_files_are_written_as_they_are_read(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    pack = zstandard.ZstdCompressor().compress
    (folder / "a.jsonl.zst").write_bytes(pack(lines_of(WHOLE[:2])))
    (folder / "empty.jsonl.gz").write_bytes(gzip.compress(b""))
    write_attributes(f"{folder}/*", tmp_path / "attributes")
    packed = (tmp_path / "attributes" / "a.jsonl.zst").read_bytes()
    assert len(records(zstandard.decompress(packed))) == 2
    assert gzip.decompress((tmp_path / "attributes" / "empty.jsonl.gz").read_bytes()) == b""


def test_an_input_that_cannot_be_read_is_named_and_not_the_output(tmp_path):
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"documents/gone\.jsonl: "):
        write_attributes(documents, tmp_path / "attributes")
    assert not (tmp_path / "attributes" / "gone.jsonl").exists()


def test_a_damaged_file_is_named_and_gets_no_attributes(tmp_path):
    documents, attributes = tmp_path / "pages.jsonl.gz", tmp_path / "spans.jsonl.gz"
    documents.write_bytes(gzip.compress(lines_of(WHOLE[:9]))[:-20])
    with pytest.raises(DataError, match=r"pages\.jsonl\.gz") as refused:
        write_attributes(documents, attributes)
    assert "--on-error" not in str(refused.value)  # which is an option of the command
    assert not attributes.exists()


def test_identifiers_are_those_of_the_documents_to_the_byte(tmp_path):
    identifiers = [b"12345678901234567890123", b'"\\ud800"', b"1e400"]
    documents, attributes = tmp_path / "pages.jsonl", tmp_path / "spans.jsonl"
    documents.write_bytes(b"".join(b'{"id":%b,"text":"One"}\n' % each for each in identifiers))
    write_attributes(documents, attributes)
    for line, identifier in zip(attributes.read_bytes().splitlines(), identifiers, strict=True):
        assert line.startswith(b'{"id":%b,"attributes":' % identifier)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (orjson.dumps(DOCUMENTS[5]), "record 2: its field 'text' is null"),
        (b'{"text": "One"}', "record 2: it has no field 'id'"),
        (b"[1", "record 2: .*JSON"),
        (rb'{"id": "1", "text": "Log \ud83d"}', "record 2: .*surrogate"),
    ],
)
def test_a_bad_record_is_named_and_nothing_is_written(line, message, tmp_path):
    documents, attributes = tmp_path / "pages.jsonl", tmp_path / "spans.jsonl"
    documents.write_bytes(lines_of(WHOLE[:1]) + line + b"\n")
    with pytest.raises(DataError, match=message) as raised:
        write_attributes(documents, attributes)
    assert isinstance(raised.value, ValueError), "as every error about a text"
    assert "--" not in str(raised.value), "a function has no options"
    assert list(tmp_path.iterdir()) == [documents]


def test_documents_are_not_overwritten_nor_other_formats_read(tmp_path):
    documents = tmp_path / "pages.jsonl"
    documents.write_bytes(lines_of(WHOLE[:1]))
    with pytest.raises(PathError, match="a file of their own"):
        write_attributes(documents, documents)
    with pytest.raises(PathError, match=r"pages\.jsonl: .*a file of their own"):
        write_attributes(documents, tmp_path)
    (tmp_path / "notes.txt").write_text("One")
    with pytest.raises(PathError, match=r"notes\.txt: Dolma reads JSON Lines only"):
        write_attributes(tmp_path / "notes.txt", tmp_path / "out.jsonl")
    with pytest.raises(PathError, match=r"out\.parquet: attributes are JSON Lines"):
        write_attributes(documents, tmp_path / "out.parquet")


def test_attributes_below_the_documents_are_no_documents(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/a.jsonl").write_bytes(lines_of(WHOLE[:2]))
    for _ in range(2):
        write_attributes(tmp_path / "pages", tmp_path / "pages" / "attributes")
    written = (tmp_path / "pages/attributes").iterdir()
    assert [path.name for path in written] == ["a.jsonl"]
