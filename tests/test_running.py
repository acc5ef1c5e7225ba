"""Runs: order, workers, resuming, and nothing lost when one is killed."""

import errno
import fcntl
import gc
import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from crashes import N_SHARDS, differences, files_of, kill_and_resume, kill_when_finished
from shards import do, task, write_shards

from classifier.files import whole_files
from classifier.files.locations import PathError
from classifier.files.opening import open_output
from classifier.files.problems import DataError, Problem
from classifier.files.temporary_files import remove_parts
from classifier.formats import jsonl
from classifier.formats.batches import Fields
from classifier.formats.hosts import host_of
from classifier.policy import FilterPolicy
from classifier.running.counts import MAX_EXAMPLES, Counts
from classifier.running.host_counts import MOST_HOSTS, HostCounts
from classifier.running.progress import Progress
from classifier.running.workers import Workers
from classifier.statistics import DocumentStatistics


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


def test_many_tiny_files(tmp_path):
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


def some_counts(n):
    """Counts of which all differ, `n` times as large."""
    return Counts(
        documents=3 * n,
        kept=2 * n,
        dropped=Counter(paywalled=n),
        lines=[n, 2 * n, 3 * n, 4 * n],
        characters=[5 * n, 6 * n, 7 * n, 2 * n],
        text_bytes=10 * n,
        kept_bytes=4 * n,
        paywalled=8 * n,
        truncated=9 * n,
        ratios=[n * i for i in range(40)],
        lengths=[n * i for i in range(1, 41)],
        kept_lengths=[n * i for i in range(2, 42)],
        hosts=HostCounts({"a.example": (n, 9 * n)}, 7 * n),
        errors=Counter({"not JSON": n}),
        examples=["f, record 7: no. do"] * n,
    )


def test_counts_add_up_and_survive_json():
    two = Counts.from_dict(json.loads(json.dumps(some_counts(1).to_dict())))
    assert two == some_counts(1)
    two.add(some_counts(1))
    assert two == some_counts(2)
    assert (two.n_errors, two.dropped_ratio, two.content_ratio) == (2, 0.6, 0.25)
    assert (Counts().dropped_ratio, Counts().content_ratio) == (0, 0)


def test_all_errors_are_counted_and_the_first_are_kept():
    one, two = Counts(), Counts()
    for number in range(1, MAX_EXAMPLES + 2):
        one.add_problem(Problem("not JSON", "no", "do", number), "f")
    for _ in range(2):
        two.add(one)
    assert (one.n_errors, two.n_errors) == (MAX_EXAMPLES + 1, 2 * MAX_EXAMPLES + 2)
    assert one.examples[-1] == f"f, record {MAX_EXAMPLES}: no. do"
    assert two.examples == one.examples


def test_lengths_are_counted_by_doubling():
    counts = Counts()
    counts.add_lengths(np.array([0, 1, 2, 3, 4, 1000, 2**60]), np.array([0, 0, 2, 2, 0, 999, 1]))
    assert [i for i, n in enumerate(counts.lengths) if n] == [0, 1, 2, 3, 10, 39]
    assert counts.lengths[2] == 2
    assert counts.kept_lengths[:3] == [3, 1, 2]
    assert (counts.text_bytes, counts.kept_bytes) == (1010 + 2**60, 1004)


def test_shares_and_hosts_are_counted_by_document():
    characters = np.array([[90, 5, 5, 0], [0, 0, 100, 0], [0, 0, 0, 0], [0, 0, 9, 0]])
    paywalled, truncated = np.array([[0, 1, 0, 1], [0, 1, 0, 0]], bool)
    statistics = DocumentStatistics(characters, characters, np.zeros(4), paywalled, truncated)
    counts = Counts()
    urls = ["https://WWW.one.example/a", "www.one.example/b", "three.example", None]
    counts.add_statistics(statistics, urls)
    histograms = counts.to_dict()["ratio_histograms"]
    assert histograms["content"] == [3, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert histograms["paywall"] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert counts.hosts.ordered() == [("www.one.example", 2, 105)]
    assert (counts.paywalled, counts.truncated) == (2, 1)
    assert Counts.from_dict(json.loads(json.dumps(counts.to_dict()))) == counts


def test_hosts_with_as_much_paywall_text_come_by_name():
    hosts = HostCounts({"b.example": (1, 5), "a.example": (2, 5), "c.example": (1, 6)})
    assert [host for host, *_ in hosts.ordered()] == ["c.example", "a.example", "b.example"]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.org./a", "www.example.org"),
        ("localhost/a", None),
        ("https://localhost/a", "localhost"),
        ("no address.org", None),
        ("https://[never.closed", None),
        (f"https://{'a' * 254}/", None),
        ("https:///a", None),
        ("", None),
    ],
)
def test_an_address_has_a_host_or_none(url, host):
    assert host_of(url) == host


def test_hosts_take_bounded_memory_and_say_what_may_be_missing():
    exact, counts = {}, HostCounts()
    rng = np.random.default_rng(5)
    for _ in range(30):
        part = HostCounts()
        for number in rng.zipf(1.2, 1500).tolist():
            part.add(f"{number}.example", 1, number % 7 + 1)
            exact[f"{number}.example"] = exact.get(f"{number}.example", 0) + number % 7 + 1
        counts.merge(part)
        assert len(counts.hosts) <= MOST_HOSTS
    assert counts.most_missing > 0
    for host, _, characters in counts.ordered()[:20]:
        assert characters <= exact[host] <= characters + counts.most_missing
    forgotten = set(exact) - set(counts.hosts)
    assert max(exact[host] for host in forgotten) <= counts.most_missing
    first = sorted(exact, key=lambda host: -exact[host])[:5]
    assert [host for host, *_ in counts.ordered()[:5]] == first


def test_an_output_appears_only_when_complete(tmp_path):
    path = tmp_path / "sub" / "out.txt"
    with open_output(str(path)) as sink:
        sink.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    with pytest.raises(ZeroDivisionError):
        write_half(path)
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def write_half(path):
    with open_output(str(path)) as sink:
        sink.write(b"half")
        sink.write(b"other half" * (1 // 0))


def test_an_error_of_another_file_is_not_said_to_be_the_outputs(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.txt"):
        write_a_copy(tmp_path / "nowhere.txt", tmp_path / "out.txt")
    assert not list(tmp_path.iterdir())


def write_a_copy(path, copy):
    with open_output(str(copy)) as sink:
        sink.write(path.read_bytes())


def test_an_output_is_read_by_whom_the_one_before_was(tmp_path):
    (tmp_path / "x.txt").touch(0o600)
    with open_output(str(tmp_path / "x.txt")) as sink:
        sink.write(b"text")
    assert (tmp_path / "x.txt").stat().st_mode & 0o777 == 0o600
    with open_output(str(tmp_path / "x.txt")):  # nor may others read what it will become
        (part,) = tmp_path.glob(".x.txt.*")
        assert part.stat().st_mode & 0o777 == 0o600


def test_a_name_as_long_as_the_file_system_takes_is_written(tmp_path):
    path = tmp_path / f"{'ж' * 125}.txt"
    with pytest.raises(ZeroDivisionError):
        write_half(path)
    assert not list(tmp_path.iterdir())
    with open_output(str(path)) as sink:
        sink.write(b"new")
        (unfinished,) = tmp_path.iterdir()
    assert path.read_bytes() == b"new"
    unfinished.touch()  # as if its process had been killed
    remove_parts([str(tmp_path / "other.txt")])
    assert unfinished.exists()
    remove_parts([str(path)])
    assert not unfinished.exists()


def test_what_is_being_written_is_not_taken_for_what_a_killed_run_left(tmp_path):
    path = tmp_path / "out.txt"
    with open_output(str(path)) as sink:
        sink.write(b"of the first run")
        remove_parts([str(path)])  # as a second run does
    assert path.read_bytes() == b"of the first run"


def test_nor_is_it_on_nfs_where_a_lock_of_ones_own_needs_a_file_open_to_write(
    tmp_path, monkeypatch
):
    flock = fcntl.flock

    def flock_of_nfs(descriptor, lock):
        may_write = fcntl.fcntl(descriptor, fcntl.F_GETFL) & (os.O_WRONLY | os.O_RDWR)
        if lock & fcntl.LOCK_EX and not may_write:
            raise OSError(errno.EBADF, "Bad file descriptor")
        flock(descriptor, lock)

    monkeypatch.setattr(fcntl, "flock", flock_of_nfs)
    test_what_is_being_written_is_not_taken_for_what_a_killed_run_left(tmp_path)


def test_what_is_being_named_is_not_taken_for_it_either(tmp_path, monkeypatch):
    """As the list of bad records of a folder into which several calls write at once."""
    path, replace = tmp_path / "out.txt", Path.replace

    def replace_later(part, target):
        remove_parts([str(path)])
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", replace_later)
    with open_output(str(path)) as sink:
        sink.write(b"of the first run")
    assert path.read_bytes() == b"of the first run"


def test_what_another_run_is_about_to_remove_is_not_written(tmp_path, monkeypatch):
    path, hold = tmp_path / "out.txt", whole_files.hold
    others = []

    def hold_late(descriptor):
        monkeypatch.setattr(whole_files, "hold", hold)
        others.extend((part, os.open(part, os.O_RDONLY)) for part in tmp_path.iterdir())
        assert hold(others[0][1])
        return hold(descriptor)

    monkeypatch.setattr(whole_files, "hold", hold_late)
    with open_output(str(path)) as sink:
        [(part, other)] = others
        part.unlink()
        os.close(other)
        sink.write(b"text")
    assert path.read_bytes() == b"text"


def test_a_temporary_file_is_held_while_it_is_removed(tmp_path, monkeypatch):
    part, unlink = tmp_path / ".a.txt.0123abcd.linesift-part", Path.unlink
    part.touch()

    def unlink_held(path):
        with path.open() as file:
            assert not whole_files.hold(file.fileno())
        unlink(path)

    monkeypatch.setattr(Path, "unlink", unlink_held)
    remove_parts([str(tmp_path / "a.txt")])
    assert not part.exists()


def test_only_temporary_files_of_the_own_outputs_are_removed(tmp_path):
    for name in (".a.jsonl.0123abcd.linesift-part", ".b.jsonl.0123abcd.linesift-part", "a.jsonl"):
        (tmp_path / name).touch()
    remove_parts([str(tmp_path / "a.jsonl")])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".b.jsonl.0123abcd.linesift-part",
        "a.jsonl",
    ]


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("pipe")])
def test_what_no_run_left_stays_though_it_is_called_so(tmp_path, make):
    """In a folder where others write it may be a pipe, and nobody would write to that."""
    os.mkfifo(tmp_path / "pipe")
    planted = tmp_path / ".a.jsonl.0123abcd.linesift-part"
    make(planted)
    remove_parts([str(tmp_path / "a.jsonl")])
    assert planted.lstat()


def test_an_interrupt_as_soon_as_a_temporary_file_is_there_leaves_none(tmp_path, monkeypatch):
    def interrupt(_):
        assert list(tmp_path.iterdir())
        raise KeyboardInterrupt

    monkeypatch.setattr(whole_files, "hold", interrupt)
    with pytest.raises(KeyboardInterrupt), whole_files.new_file(tmp_path / "a.jsonl"):
        raise AssertionError
    assert list(tmp_path.iterdir()) == []


def test_what_may_not_be_removed_is_no_obstacle(tmp_path, monkeypatch):
    """As another user's files in /tmp."""

    def refuse(path, **_):
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    (tmp_path / ".a.jsonl.0123abcd.linesift-part").touch()
    remove_parts([str(tmp_path / "a.jsonl")])


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
def test_twenty_kills():  # as many as one likes: python tests/crashes.py 60
    expected, results = kill_and_resume(20, seed=1)
    assert len(results) >= 6
    for result in results:
        assert not differences(expected, result)
    assert not any(Path(name).name.startswith(".") for name in expected if ".linesift/" not in name)


def test_an_output_is_on_disk_before_it_has_its_name(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda place: synced.append(os.fstat(place).st_ino))
    with open_output(str(tmp_path / "x.txt")) as sink:
        sink.write(b"text")
    assert synced == [(tmp_path / "x.txt").stat().st_ino]


def test_what_a_killed_run_left_of_lists_and_notes_is_removed(tmp_path):
    write_shards(tmp_path / "in", 1)
    for name in ("e.jsonl", "out.quarantine.jsonl", "out/.linesift/done/0.jsonl.json"):
        left = (tmp_path / name).with_name(f".{Path(name).name}.1a.linesift-part")
        left.parent.mkdir(parents=True, exist_ok=True)
        left.touch()
    do(tmp_path / "in", tmp_path / "out", excluded=str(tmp_path / "e.jsonl"), on_error="quarantine")
    assert not list(tmp_path.rglob("*.linesift-part"))
