"""Runs: order, workers, resuming, and nothing lost when one is killed."""

import gc
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from crashes import N_SHARDS, differences, files_of, kill_and_resume, kill_when_finished
from shards import do, task, write_shards

from classifier.files.locations import PathError
from classifier.files.opening import open_output
from classifier.files.problems import DataError
from classifier.formats import jsonl
from classifier.formats.batches import Fields
from classifier.kernels.machine import code_files
from classifier.policy import FilterPolicy
from classifier.running.counts import Counts
from classifier.running.processor import Processor
from classifier.running.progress import Progress
from classifier.running.workers import Workers


def test_same_bytes_and_counts_whatever_the_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "BLOCK_BYTES", 300)
    monkeypatch.setattr("classifier.files.compression.PIECE_BYTES", 100)
    write_shards(tmp_path / "many", 6)
    write_shards(tmp_path / "one", 1, 400)
    for source in ("many", "one"):
        results = []
        for n_workers in (1, 2):
            out = tmp_path / f"{source}-{n_workers}"
            counts = do(tmp_path / source, out, n_workers=n_workers)
            results.append(
                ({n: d for n, d in files_of(out).items() if ".linesift" not in n}, counts)
            )
        assert results[0] == results[1]
        assert results[0][1].documents in (120, 400)


@pytest.mark.parametrize(
    ("is_any_kept", "can_be_kept", "expected"),
    [
        (False, True, ["compiled", "workers"]),
        (True, True, ["workers"]),
        (False, False, ["workers"]),  # each of them has to
    ],
)
def test_what_workers_need_is_compiled_before_they_start(
    is_any_kept, can_be_kept, expected, tmp_path, monkeypatch
):
    seen = []

    class Started(Workers):
        def __init__(self, *arguments):
            seen.append("workers")
            super().__init__(*arguments)

    monkeypatch.setattr(code_files, "is_any_kept", lambda: is_any_kept)
    monkeypatch.setattr(code_files, "can_be_kept", lambda: can_be_kept)
    monkeypatch.setattr("classifier.running.run.Workers", Started)
    monkeypatch.setattr(Processor, "load", lambda processor: seen.append("compiled"))
    write_shards(tmp_path / "in", 1)
    assert do(tmp_path / "in", tmp_path / "out", n_workers=2).documents == 20
    assert seen == expected


def test_errors_over_all_files_count_against_the_maximum(tmp_path):
    for i in range(4):
        (tmp_path / f"{i}.jsonl").write_text('nonsense\n{"text": "a"}\n')
    assert do(tmp_path, tmp_path / "out", on_error="skip", max_errors=4).n_errors == 4
    with pytest.raises(DataError, match="4 errors, more than the 3"):
        do(tmp_path, tmp_path / "out", on_error="skip", max_errors=3)


@pytest.mark.parametrize("is_resumed", [False, True])
def test_counts_of_finished_files_are_added_up_and_let_go(tmp_path, monkeypatch, is_resumed):
    write_shards(tmp_path / "in", 6, 1)
    whole = do(tmp_path / "in", tmp_path / "out") if is_resumed else None
    held = []
    monkeypatch.setattr(
        Progress,
        "finish_file",
        lambda _: held.append(sum(type(thing) is Counts for thing in gc.get_objects())),
    )
    total = do(tmp_path / "in", tmp_path / "out", is_resumed=is_resumed)
    assert total.documents == 6
    assert whole in (None, total)
    assert len(held) == 6
    assert held[-1] <= held[0] + 1


@pytest.mark.parametrize("source", ["", "file://"])
@pytest.mark.parametrize("out", ["", "file://"])
def test_output_inside_an_input_folder_is_not_read_the_next_time(tmp_path, source, out):
    write_shards(tmp_path, 2)
    for _ in range(2):
        assert do(f"{source}{tmp_path}", f"{out}{tmp_path}/out").documents == 40


def test_a_url_of_a_local_file_is_built_beside_it(tmp_path):
    with open_output(f"file://{tmp_path}/x.txt") as sink:
        sink.write(b"text")
        assert [path.suffix for path in tmp_path.iterdir()] == [".linesift-part"]
    assert (tmp_path / "x.txt").read_bytes() == b"text"


def test_many_tiny_files_are_all_written(tmp_path):
    (tmp_path / "in").mkdir()
    for i in range(300):
        (tmp_path / f"in/{i}.txt").write_text(f"{i}\nAD\n")
    assert do(tmp_path / "in", tmp_path / "out", n_workers=2).documents == 300
    assert (tmp_path / "out/299.txt").read_text() == "299\n"


def test_parquet_by_workers_keeps_row_groups(tmp_path):
    rows = pa.table({"text": [f"{i}\nAD" for i in range(3000)], "n": range(3000)})
    pq.write_table(rows, tmp_path / "in.parquet", row_group_size=500)
    for n_workers in (1, 2):
        do(tmp_path / "in.parquet", tmp_path / f"{n_workers}.parquet", n_workers=n_workers)
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()
    assert pq.ParquetFile(tmp_path / "2.parquet").num_row_groups == 6


def test_a_folder_may_be_called_as_the_notes_of_a_file_are(tmp_path):
    for name in ("x.txt", "x.txt.json/y.txt", "x.txt.jsonl.zst/y.txt"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text("Body")
    do(tmp_path / "in", tmp_path / "out", excluded=str(tmp_path / "excluded.jsonl"))
    assert len(list((tmp_path / "out").rglob("*.txt"))) == 3


def test_output_below_a_file_is_explained(tmp_path):
    (tmp_path / "file").touch()
    write_shards(tmp_path / "in", 1)
    with pytest.raises(
        PathError, match=r"file/out/0\.jsonl: cannot be written \(Not a directory\)"
    ):
        do(tmp_path / "in", tmp_path / "file/out")


def test_task_and_policy_reach_worker_processes(tmp_path):
    policy = FilterPolicy(["paywall"], min_content_chars=3)
    workers = Workers(1, task(policy=policy, fields=Fields("body")), lambda message: None)
    try:
        assert workers.submit(task_of).result().policy == policy
    finally:
        workers.stop()


def test_the_environment_of_this_process_stays_as_it_was():
    before = dict(os.environ)
    Workers(1, task(), lambda message: None).stop()
    assert dict(os.environ) == before


def task_of(processor):
    return processor.task


def test_killed_runs_end_as_an_undisturbed_one():
    expected, result, (first, second) = kill_when_finished(3, 7)
    assert len(expected) > 20
    # A resumed run had files to leave alone, and files to do.
    assert 3 <= first < 7 <= second < N_SHARDS
    assert not differences(expected, result)


@pytest.mark.slow
def test_twenty_kills_change_no_output():  # as many as one likes: python tests/crashes.py 60
    expected, results = kill_and_resume(20, seed=1)
    assert len(results) >= 6
    for result in results:
        assert not differences(expected, result)
    assert not any(Path(name).name.startswith(".") for name in expected if ".linesift/" not in name)


def test_what_a_killed_run_left_of_lists_and_notes_is_removed(tmp_path):
    write_shards(tmp_path / "in", 1)
    for name in ("e.jsonl", "out.quarantine.jsonl", "out/.linesift/done/0.jsonl.json"):
        left = (tmp_path / name).with_name(f".{Path(name).name}.1a.linesift-part")
        left.parent.mkdir(parents=True, exist_ok=True)
        left.touch()
    do(tmp_path / "in", tmp_path / "out", excluded=str(tmp_path / "e.jsonl"), on_error="quarantine")
    assert not list(tmp_path.rglob("*.linesift-part"))
