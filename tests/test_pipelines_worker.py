"""What the adapters share, and that the command agrees with it."""

import os
import pickle  # noqa: TID251 (as engines send work)
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from threading import Barrier, Event, Timer

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from examples import random_layers
from pipelines_pages import DOCUMENTS, POLICY, STATISTICS, WHOLE, classifier, kept, pairs

from classifier import FilterPolicy, LineClassifier, ModelError
from classifier.pipelines import worker
from classifier.pipelines.checks import check_columns, check_options, needs
from classifier.pipelines.worker import filter_examples, filter_table, load_model
from classifier.storage import DEFAULT_MODEL


def table(text_type=None):
    text_type = text_type or pa.string()
    schema = pa.schema([("id", pa.string()), ("text", text_type), ("n", pa.int64())])
    return pa.Table.from_pylist(DOCUMENTS, schema)


def test_the_documents_show_what_a_policy_does():
    assert len(kept(WHOLE)) == len(WHOLE) >= 2000
    assert 0 < len(kept(WHOLE, POLICY)) < len(WHOLE) - 16  # some page with all its variants


@pytest.mark.parametrize("text_type", [pa.string(), pa.large_string(), pa.string_view()])
def test_a_table_keeps_its_schema_and_gets_the_texts_of_filter_batch(text_type):
    result = filter_table(table(text_type), policy=POLICY)
    assert result.schema.equals(table(text_type).schema)
    assert pairs(result.to_pylist()) == kept(DOCUMENTS, POLICY)
    assert result.column("n").to_pylist() == [int(id_[5:]) for id_, _ in kept(DOCUMENTS, POLICY)]


def test_a_table_of_many_chunks_keeps_fields_and_metadata():
    field = pa.field("body", pa.string(), nullable=False, metadata={"lang": "en"})
    schema = pa.schema([field], metadata={"source": "crawl"})
    parts = [[document["text"]] for document in WHOLE[:50]]
    chunks = pa.chunked_array([[], *parts, []], pa.string())
    result = filter_table(pa.Table.from_arrays([chunks], schema=schema), "body", POLICY)
    assert result.schema.equals(schema, check_metadata=True)
    assert result.column("body").to_pylist() == [text for _, text in kept(WHOLE[:50], POLICY)]


def test_statistics_become_a_struct_that_is_null_where_the_text_is():
    result = filter_table(table(), policy=POLICY, stats_column="stats")
    rows = result.to_pylist()
    assert result.column_names == ["id", "text", "n", "stats"]
    assert [row["stats"] is None for row in rows] == [row["text"] is None for row in rows]
    for row in [row for row in rows if row["text"]][::50]:
        assert row["stats"] == classifier().filter(DOCUMENTS[row["n"]]["text"]).stats
        assert list(row["stats"]) == STATISTICS


def test_an_empty_table_gets_the_same_columns():
    result = filter_table(table().slice(0, 0), stats_column="stats")
    assert (result.num_rows, result.column_names) == (0, ["id", "text", "n", "stats"])


def test_lists_give_what_tables_give():
    by_lists = filter_examples(table().to_pydict(), policy=POLICY, stats_column="stats")
    assert by_lists == filter_table(table(), policy=POLICY, stats_column="stats").to_pydict()


def test_errors_name_the_columns_and_the_remedy():
    with pytest.raises(
        ValueError, match=r"no column 'body'; its columns are id, text\. .*text_col"
    ):
        check_columns(["id", "text"], "body", None)
    with pytest.raises(ValueError, match="2 columns 'text'"):
        check_columns(["text", "text"], "text", None)
    with pytest.raises(ValueError, match=r"column 'id' already.*stats_column another name"):
        check_columns(["id", "text"], "text", "id")
    with pytest.raises(TypeError, match="int64"):
        filter_table(table(), "n")


def test_an_error_says_from_where_the_number_of_a_document_counts():
    with pytest.raises(ValueError, match=r"^document 1 .*in a batch of 2 doc.*: lone surrogate"):
        filter_examples({"text": ["Home", "\ud800"]})
    damaged = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(np.array([0, 1], np.int32)), pa.py_buffer(b"\xff")]
    )
    with pytest.raises(ValueError, match=r"^document 0 .*in a batch of 1 doc.*: invalid UTF-8"):
        filter_table(pa.table({"text": damaged}))


@pytest.mark.parametrize("encode", ["dictionary_encode", "run_end_encode"])
def test_the_hint_for_a_column_of_another_type_makes_strings_of_it(encode):
    texts = table()["text"]
    pages = table().set_column(1, "text", getattr(pc, encode)(texts))
    with pytest.raises(TypeError, match=r"^column 'text' holds .*; give strings, e\.g\.") as caught:
        filter_table(pages)
    made = eval(str(caught.value).partition("e.g. ")[2], {"pyarrow": pa, "table": pages})
    assert made.to_pylist() == texts.to_pylist()
    assert filter_table(pages.set_column(1, "text", made)).num_rows == table().num_rows


def test_a_process_loads_a_model_once_and_again_when_its_file_changed(tmp_path):
    path = tmp_path / "model.npz"
    shutil.copy(DEFAULT_MODEL, path)
    first = load_model(path)
    assert load_model(str(path)) is first
    assert load_model() is load_model() is not first
    path.touch()
    assert load_model(path) is not first


def test_a_model_is_another_by_its_size_or_place_even_if_its_time_is_the_same(
    tmp_path, monkeypatch
):
    found = []
    for folder in ("a", "b"):
        path = tmp_path / folder / "model.npz"
        path.parent.mkdir()
        shutil.copy(DEFAULT_MODEL, path)
        os.utime(path, ns=(0, 0))
        monkeypatch.chdir(path.parent)
        found.append(load_model("model.npz"))
        assert load_model(path) is load_model(f"file://{path}") is found[-1]
    copy = path.with_name("copy")  # of the same size, in another place on the disk
    shutil.copy2(path, copy)
    copy.replace(path)
    found.append(load_model(path))
    other = tmp_path / "other.npz"
    LineClassifier(random_layers(0)).save(other)
    with path.open("wb") as file:  # in the same place, of another size
        file.write(other.read_bytes())
    os.utime(path, ns=(0, 0))
    found.append(load_model(path))
    assert len(set(map(id, found))) == 4


def test_a_model_elsewhere_is_refused_before_work_is_sent_to_workers():
    for refuse in (load_model, partial(check_options, None)):
        with pytest.raises(ModelError, match=r"a model is read from this machine. Copy it here"):
            refuse("s3://bucket/model.npz")


def test_a_model_by_a_relative_path_is_said_to_be_looked_for_by_each_worker():
    with pytest.raises(ModelError, match=r"nowhere\.npz: no file found there; give the absolute"):
        load_model("nowhere.npz")


def test_a_name_for_statistics_that_is_none_is_refused_before_the_work():
    for name in (3, True, ["stats"]):
        with pytest.raises(TypeError, match=f"stats_column is a {type(name).__name__}; give"):
            check_options(None, None, name)


def test_a_missing_model_is_reported_each_time(tmp_path):
    for _ in range(2):
        with pytest.raises(ModelError, match=r"nowhere\.npz"):
            load_model(tmp_path / "nowhere.npz")


def test_threads_that_ask_at_once_get_one_model(tmp_path):
    path = shutil.copy(DEFAULT_MODEL, tmp_path / "model.npz")
    start = Barrier(4)

    def ask(_):
        start.wait()
        return load_model(path)

    with ThreadPoolExecutor(4) as threads:
        assert len({id(clf) for clf in threads.map(ask, range(4))}) == 1


def test_a_fork_waits_for_what_a_thread_loads(monkeypatch):
    begun, may_end, ended = Event(), Event(), Event()

    def slow_load(path, changed_at):
        begun.set()
        may_end.wait(60)
        ended.set()

    monkeypatch.setattr(worker, "_load", slow_load)
    with ThreadPoolExecutor(1) as threads:
        threads.submit(load_model)
        begun.wait(60)
        monkeypatch.undo()
        Timer(0.2, may_end.set).start()
        process = get_context("fork").Process(target=load_model)
        process.start()
        assert ended.is_set(), "the process has locks that nobody gives back"
        process.join(60)
    exit_code = process.exitcode
    process.kill()
    assert exit_code == 0


def test_what_is_no_string_in_a_list_is_named_with_what_its_number_counts_from():
    with pytest.raises(TypeError, match=r"^document 1 .* in a batch of 2 documents.* is a int; "):
        filter_examples({"text": ["Home", 7]})


def test_no_cast_is_advised_where_it_would_give_something_else():
    column = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0" * 16], pa.binary(16)))
    with pytest.raises(TypeError, match=r"give strings, all of them valid Unicode, and None"):
        filter_table(pa.table({"text": column}))


def test_what_travels_to_workers_is_small():
    work = partial(filter_table, policy=FilterPolicy(content_threshold=0.3), model="model.npz")
    assert len(pickle.dumps(work)) < 1000


def test_a_missing_engine_is_named_with_the_line_to_type():
    with (
        pytest.raises(ModuleNotFoundError, match=r"pip install 'linesift\[spark\]'"),
        needs("spark"),
    ):
        import no_such_engine  # noqa: F401


def test_the_package_loads_no_engine():
    engines = ["pyspark", "ray", "pandas", "datasets", "datatrove", "dolma", "sklearn"]
    code = (
        "import sys, classifier.pipelines.worker, classifier.pipelines.dolma\n"
        f"print([name for name in {engines} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_command_gives_the_same_texts(tmp_path):
    pages, clean = tmp_path / "pages.jsonl", tmp_path / "clean.jsonl"
    pages.write_bytes(b"".join(orjson.dumps(document) + b"\n" for document in WHOLE))
    command = [sys.executable, "-c", "from classifier.cli import main; main()", "filter"]
    options = ["--drop-paywalled", "--min-content-chars", str(POLICY.min_content_chars)]
    subprocess.run([*command, pages, "-o", clean, *options], check=True)
    rows = [orjson.loads(line) for line in clean.read_bytes().splitlines()]
    assert pairs(rows) == kept(WHOLE, POLICY)


def test_a_classifier_in_place_of_its_path_is_refused():
    for refuse in (load_model, partial(check_options, None)):
        with pytest.raises(TypeError, match="model is a LineClassifier; give the path of a model"):
            refuse(classifier())
    with pytest.raises(TypeError, match="policy is a list"):
        check_options(["paywall"], None)
    check_options(POLICY, DEFAULT_MODEL)
