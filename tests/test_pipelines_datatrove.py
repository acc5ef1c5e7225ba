"""The filter for datatrove, alone and under datatrove's executors."""

import gzip
import importlib.util
import json

import orjson
import pyarrow.parquet as pq
import pytest
from pipelines_pages import POLICY, STATISTICS, WHOLE, classifier, kept

pytest.importorskip("datatrove", reason="datatrove is not installed")

from datatrove.data import Document
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

from classifier import LABELS
from classifier.pipelines.datatrove import LinesiftFilter

N_TASKS = 3
SENTENCE = "The bridge reopened on Monday after two years of repairs, the county said."


class Writer:
    """Stands in for datatrove's; keeps what it is given."""

    def __init__(self):
        self.written = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def write(self, document, rank):
        self.written.append(document)


def documents():
    return [Document(text=row["text"], id=row["id"], metadata={"n": row["n"]}) for row in WHOLE]


def with_text(policy):
    return [(name, text) for name, text in kept(WHOLE, policy) if text]


def test_texts_are_those_of_filter_batch():
    result = LinesiftFilter(POLICY).run(iter(documents()))
    assert [(document.id, document.text) for document in result] == with_text(POLICY)


def test_metadata_gets_statistics_and_keeps_the_rest():
    for i, document in enumerate(LinesiftFilter().run(iter(documents()[:20]))):
        assert list(document.metadata) == ["n", "linesift"]
        assert list(document.metadata["linesift"]) == STATISTICS
        assert document.metadata["linesift"] == classifier().filter(WHOLE[i]["text"]).stats


def test_dropped_documents_come_out_whole_with_their_reason():
    writer = Writer()
    stays = list(LinesiftFilter(POLICY, exclusion_writer=writer).run(iter(documents())))
    dropped = writer.written
    assert len(stays) + len(dropped) == len(WHOLE)
    by_id = {row["id"]: row["text"] for row in WHOLE}
    for document in dropped:
        assert document.text == by_id[document.id]
        reason = classifier().filter(document.text, POLICY).reason
        assert document.metadata["filter_reason"] == reason
    assert {document.metadata["filter_reason"] for document in dropped} == {
        "paywalled",
        "content_chars",
    }


@pytest.mark.parametrize("text", ["Home\nLog in\nCookie settings", "", None])
def test_a_document_of_which_nothing_stays_goes_whole(text):
    nothing = Document(text=text, id="log-in")
    writer = Writer()
    assert list(LinesiftFilter(exclusion_writer=writer).run(iter([nothing]))) == []
    (excluded,) = writer.written
    assert (excluded.text, excluded.metadata["filter_reason"]) == (text, "empty")


@pytest.mark.parametrize("place", [0, 1000])  # where columns are looked up: a file, and a batch
def test_parquet_keeps_its_texts_where_the_first_of_them_comes_out_empty(place, tmp_path):
    pages = [Document(text=f"{SENTENCE} It took {n} days.", id=str(n)) for n in range(1500)]
    expected = [page.text for page in pages]
    pages.insert(place, Document(text="Home\nLog in\nCookie settings", id="log-in"))
    with ParquetWriter(str(tmp_path)) as writer:
        for page in LinesiftFilter().run(iter(pages)):
            writer.write(page)
    (path,) = tmp_path.glob("*.parquet")
    assert pq.read_table(path).column("text").to_pylist() == expected


def test_one_document_is_filtered_as_a_batch_of_one():
    document = documents()[0]
    assert LinesiftFilter().filter(document) is True
    assert document.text == classifier().filter(WHOLE[0]["text"]).text


def test_datatrove_counts_documents_reasons_and_lines():
    step = LinesiftFilter(POLICY)
    n_kept = len(list(step.run(iter(documents()))))
    stats = {name: metric.total for name, metric in step.stats.stats.items()}
    assert (stats["total"], stats["forwarded"]) == (len(WHOLE), n_kept)
    assert stats["dropped_paywalled"] + stats["dropped_content_chars"] == stats["dropped"]
    n_lines = len(classifier().label_batch([row["text"] for row in WHOLE]).labels)
    assert sum(stats[f"lines_{label}"] for label in LABELS) == n_lines
    assert stats["batches"] == 3


def run(make_executor, folder):
    source = folder / "pages"
    source.mkdir()
    for part in range(N_TASKS):
        lines = b"".join(orjson.dumps(row) + b"\n" for row in WHOLE[part::N_TASKS])
        (source / f"{part}.jsonl.gz").write_bytes(gzip.compress(lines))
    excluded = JsonlWriter(str(folder / "excluded"))
    steps = [
        JsonlReader(str(source)),
        LinesiftFilter(POLICY, exclusion_writer=excluded),
        JsonlWriter(str(folder / "clean")),
    ]
    make_executor(steps, tasks=N_TASKS, logging_dir=str(folder / "logs")).run()
    rows = {}
    for name in ("clean", "excluded"):
        found = [
            orjson.loads(line)
            for path in sorted((folder / name).glob("*.gz"))
            for line in gzip.decompress(path.read_bytes()).splitlines()
        ]
        rows[name] = sorted(found, key=lambda row: row["metadata"]["n"])
    return rows["clean"], rows["excluded"], json.loads((folder / "logs/stats.json").read_text())


def check(clean, excluded, stats):
    assert [(row["id"], row["text"]) for row in clean] == with_text(POLICY)
    assert len(clean) + len(excluded) == len(WHOLE)
    assert {row["metadata"]["filter_reason"] for row in excluded} == {"paywalled", "content_chars"}
    total = next(step for step in stats if "linesift" in step["name"])["stats"]["total"]
    # A number where each document counted as one, else an object with more of it.
    assert (total["total"] if isinstance(total, dict) else total) == len(WHOLE)


@pytest.mark.slow
def test_the_local_executor_gives_the_same_with_several_tasks(tmp_path):
    from datatrove.executor import LocalPipelineExecutor

    def make(steps, **options):
        return LocalPipelineExecutor(steps, workers=2, start_method="spawn", **options)

    check(*run(make, tmp_path))


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed")
def test_the_ray_executor_gives_the_same(tmp_path):
    import datatrove.executor
    import ray

    if not hasattr(datatrove.executor, "RayPipelineExecutor"):
        pytest.skip("this version of datatrove has no Ray executor")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        check(*run(datatrove.executor.RayPipelineExecutor, tmp_path))
    finally:
        ray.shutdown()


def test_a_text_that_cannot_be_read_is_named_by_its_id():
    for text, error, says in (
        ("\ud800", ValueError, "document page 7: lone surrogate"),
        (b"Home", TypeError, "document page 7 is a bytes"),
    ):
        batch = [Document(text=None, id="page 6"), Document(text=text, id="page 7")]
        with pytest.raises(error, match=says):
            LinesiftFilter().filter_batch(batch)


def test_what_is_no_policy_or_path_is_refused_before_the_job():
    with pytest.raises(TypeError, match="give a FilterPolicy"):
        LinesiftFilter(policy={"drop": ["paywall"]})
    with pytest.raises(TypeError, match="give the path of a model file"):
        LinesiftFilter(model=classifier())
