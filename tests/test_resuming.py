"""Runs that go on where another was stopped: what they trust, and what they list."""

import gzip
import io
import json
import os

import pytest
from commandline import lines_of, linesift, objects
from fsspec.implementations.memory import MemoryFileSystem
from shards import do, write_shards

from classifier.files.compression import codec_of_name, decompress
from classifier.files.locations import PathError
from classifier.files.opening import open_input
from classifier.files.problems import DataError
from classifier.formats import jsonl
from classifier.formats.batches import Fields
from classifier.running import run
from classifier.running.manifest import ResumeError


def test_resume_leaves_finished_files_alone_and_counts_them(tmp_path):
    write_shards(tmp_path / "in")
    out = tmp_path / "out"
    whole = do(tmp_path / "in", out)
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.jsonl")}
    (out / "2.jsonl").unlink()
    (out / ".linesift/done/3.jsonl.json").write_text("{ torn")
    assert do(tmp_path / "in", out, is_resumed=True) == whole
    after = {path: path.stat().st_mtime_ns for path in out.glob("*.jsonl")}
    changed = {path.name for path in before if after[path] != before[path]}
    assert changed == {"2.jsonl", "3.jsonl"}


def test_resume_does_a_file_anew_whose_note_became_a_pipe(tmp_path):
    write_shards(tmp_path / "in", 1)
    whole = do(tmp_path / "in", tmp_path / "out")
    note = tmp_path / "out/.linesift/done/0.jsonl.json"
    note.unlink()
    os.mkfifo(note)
    assert do(tmp_path / "in", tmp_path / "out", is_resumed=True) == whole
    assert note.is_file()


@pytest.mark.parametrize("spoilt", [b"", b"cut", None])
def test_resume_does_a_file_anew_whose_output_was_cut_or_overwritten(tmp_path, spoilt):
    write_shards(tmp_path / "in", 2)
    (tmp_path / "in/1.jsonl").write_text('{"text": "WALL"}\nnonsense\n')
    out = tmp_path / "out"
    options = {"on_error": "quarantine", "excluded": str(tmp_path / "e.jsonl")}
    whole = do(tmp_path / "in", out, **options)
    made = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert {path.parent.name for path in made} == {"out", "done", "excluded", "quarantine"}
    for path, content in made.items():
        path.write_bytes(content + b"more" if spoilt is None else spoilt)
        assert do(tmp_path / "in", out, **options, is_resumed=True) == whole
        assert path.read_bytes() == content


def test_a_name_that_leaves_no_room_for_endings_is_no_obstacle(tmp_path):
    write_shards(tmp_path / "in", 1)
    long = "n" * (255 - len(".jsonl")) + ".jsonl"
    (tmp_path / "in/0.jsonl").rename(tmp_path / "in" / long)
    options = {"on_error": "quarantine", "excluded": str(tmp_path / "e.jsonl")}
    whole = do(tmp_path / "in", tmp_path / "out", **options)
    before = (tmp_path / "out" / long).stat().st_mtime_ns
    assert do(tmp_path / "in", tmp_path / "out", **options, is_resumed=True) == whole
    assert (tmp_path / "out" / long).stat().st_mtime_ns == before


def test_resume_does_a_changed_input_anew(tmp_path):
    write_shards(tmp_path / "in", 2)
    do(tmp_path / "in", tmp_path / "out")
    (tmp_path / "in/1.jsonl").write_text('{"text": "changed"}\n')
    do(tmp_path / "in", tmp_path / "out", is_resumed=True)
    assert (tmp_path / "out/1.jsonl").read_text() == '{"text": "changed"}\n'


@pytest.mark.parametrize("n_workers", [1, 2])
def test_an_input_that_changed_while_it_was_read_is_done_anew(tmp_path, monkeypatch, n_workers):
    write_shards(tmp_path / "in", 1)
    source, blocks = tmp_path / "in/0.jsonl", jsonl.blocks

    def appended_to(stream, fields):
        yield from blocks(stream, fields)
        with source.open("a") as file:
            file.write('{"text": "late"}\n')

    with monkeypatch.context() as patched:
        patched.setattr(jsonl, "blocks", appended_to)
        do(tmp_path / "in", tmp_path / "out", n_workers=n_workers)
    counts = do(tmp_path / "in", tmp_path / "out", is_resumed=True)
    assert counts.documents == 21
    assert (tmp_path / "out/0.jsonl").read_text().endswith('{"text": "late"}\n')


def test_an_input_that_becomes_shorter_while_it_is_read_is_broken(tmp_path, monkeypatch):
    source, blocks = tmp_path / "in/0.jsonl", jsonl.blocks
    whole = 20 * (json.dumps({"text": "x" * 100_000}).encode() + b"\n")
    source.parent.mkdir()
    source.write_bytes(whole)

    def cut_meanwhile(stream, fields):
        stream.peek()
        source.write_bytes(whole[: whole.index(b"\n", 1 << 20) + 1])
        yield from blocks(stream, fields)

    with monkeypatch.context() as patched:
        patched.setattr(jsonl, "blocks", cut_meanwhile)
        with pytest.raises(DataError, match=r"shorter while it was read\)\. Run again"):
            do(tmp_path / "in", tmp_path / "out")
        assert not (tmp_path / "out/0.jsonl").exists()
        source.write_bytes(whole)
        assert do(tmp_path / "in", tmp_path / "out", on_error="skip").n_errors == 1
    source.write_bytes(whole)
    counts = do(tmp_path / "in", tmp_path / "out", on_error="skip", is_resumed=True)
    assert (counts.documents, counts.n_errors) == (20, 0)


def test_a_note_is_not_about_what_another_run_put_in_the_place_of_an_output(tmp_path, monkeypatch):
    write_shards(tmp_path / "in", 1)
    source, out = tmp_path / "in", tmp_path / "out"
    write = run.write_manifest

    def write_after_the_other(*arguments):
        monkeypatch.setattr(run, "write_manifest", write)
        do(source, out, {"fields": 1}, fields=Fields(added="statistics"))
        write(*arguments)

    monkeypatch.setattr(run, "write_manifest", write_after_the_other)
    do(source, out, {"fields": 0})
    assert b"statistics" in (out / "0.jsonl").read_bytes()
    do(source, out, {"fields": 0}, is_resumed=True)
    assert b"statistics" not in (out / "0.jsonl").read_bytes()


def test_resume_counts_the_errors_of_finished_files_against_the_maximum(tmp_path):
    for i in range(2):
        (tmp_path / f"{i}.jsonl").write_text("nonsense\n")
    options = {"on_error": "skip", "max_errors": 1}
    for is_resumed in (False, True):
        message = r"2 errors, more than the 1 .* The first: .+/[01]\.jsonl, record 1: the line is"
        with pytest.raises(DataError, match=message):
            do(tmp_path, tmp_path / "out", is_resumed=is_resumed, **options)


@pytest.mark.parametrize("on_error", ["fail", "skip", "quarantine"])
def test_resume_leaves_a_finished_file_alone_whose_input_is_out_of_sight(tmp_path, on_error):
    write_shards(tmp_path / "store", 2)
    (tmp_path / "in").mkdir()
    for name in ("0.jsonl", "1.jsonl"):
        (tmp_path / "in" / name).symlink_to(f"../store/{name}")
    whole = do(tmp_path / "in", tmp_path / "out", on_error=on_error)
    made = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    (tmp_path / "store").rename(tmp_path / "away")
    assert do(tmp_path / "in", tmp_path / "out", is_resumed=True, on_error=on_error) == whole
    left = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert left == made


def test_resume_explains_an_input_that_is_gone_and_whose_output_is_not_whole(tmp_path):
    write_shards(tmp_path / "in", 1)
    do(tmp_path / "in", tmp_path / "out")
    (tmp_path / "in/0.jsonl").unlink()
    (tmp_path / "in/0.jsonl").symlink_to("nowhere")
    (tmp_path / "out/0.jsonl").write_text("cut")
    with pytest.raises(DataError, match=r"0\.jsonl: it cannot be read"):
        do(tmp_path / "in", tmp_path / "out", is_resumed=True)


def test_resume_with_other_settings_or_inputs_is_refused(tmp_path):
    write_shards(tmp_path / "in")
    write_shards(tmp_path / "in2")
    do(tmp_path / "in", tmp_path / "out", {"model": 1, "drop": ["paywall"]})
    with pytest.raises(ResumeError, match=r"model 1 → 2"):
        do(tmp_path / "in", tmp_path / "out", {"model": 2, "drop": ["paywall"]}, is_resumed=True)
    settings = {"model": 1, "drop": ["paywall"]}
    with pytest.raises(ResumeError, match="was made from"):
        do(tmp_path / "in2", tmp_path / "out", settings, is_resumed=True)


def test_a_note_does_not_outlive_the_output_that_it_is_about(tmp_path):
    write_shards(tmp_path, 1)
    source, out = tmp_path / "0.jsonl", tmp_path / "x.jsonl"
    first, second = {"drop": ["sponsored"]}, {"drop": ["content"]}
    do(source, out, first, is_resumed=True)
    right = out.read_bytes()
    do(source, out, second)
    out.write_text("what the second run wrote")
    do(source, out, first, is_resumed=True)
    assert out.read_bytes() == right


def test_a_run_that_was_stopped_can_be_resumed_whatever_was_made_before_it(tmp_path):
    write_shards(tmp_path / "in")
    first, second = {"drop": ["sponsored"]}, {"drop": ["content"]}
    do(tmp_path / "in", tmp_path / "out", first)
    good = (tmp_path / "in/2.jsonl").read_bytes()
    (tmp_path / "in/2.jsonl").write_text("nonsense\n")
    with pytest.raises(DataError):
        do(tmp_path / "in", tmp_path / "out", second)
    (tmp_path / "in/2.jsonl").write_bytes(good)
    counts = do(tmp_path / "in", tmp_path / "out", second, is_resumed=True)
    assert counts.documents == 100


def test_bad_records_of_an_earlier_run_are_no_input(tmp_path):
    write_shards(tmp_path / "in", 1)
    (tmp_path / "in/1.jsonl").write_text("nonsense\n")
    for is_resumed in (False, True, False):
        counts = do(
            tmp_path / "in", tmp_path / "in/clean", on_error="quarantine", is_resumed=is_resumed
        )
        assert (counts.documents, counts.n_errors) == (20, 1)
    assert (tmp_path / "in/clean.quarantine.jsonl").exists()
    with pytest.raises(DataError, match="JSON"):
        do(tmp_path / "in", tmp_path / "in/clean")


def test_standard_input_is_never_finished(tmp_path, monkeypatch):
    for text in ("first", "second"):
        line = json.dumps({"text": text}).encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line)))
        do("-", tmp_path / "x.jsonl", is_resumed=True)
        assert (tmp_path / "x.jsonl").read_bytes() == line


@pytest.mark.parametrize(
    "note", ["[]", "null", '"seven"', '{"settings": [], "input": 1, "counts": {}}']
)
@pytest.mark.parametrize("part", [None, "documents", "lines", "errors", "paywall_hosts"])
def test_a_note_of_another_form_is_none(tmp_path, note, part):
    write_shards(tmp_path / "in", 1)
    do(tmp_path / "in", tmp_path / "out")
    path = tmp_path / "out/.linesift/done/0.jsonl.json"
    if part is not None:
        whole = json.loads(path.read_text())
        whole["counts"][part] = json.loads(note)
        note = json.dumps(whole)
    path.write_text(note)
    (tmp_path / "out/0.jsonl").write_text("not of this run")
    assert do(tmp_path / "in", tmp_path / "out", is_resumed=True).documents == 20
    assert (tmp_path / "out/0.jsonl").read_text().startswith('{"id": [0, 0]')


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("error_examples", ["\ud800"]),
        ("errors", {"total": 1, "not JSON": 1}),
        ("dropped_documents", {"\ud800": 1}),
        ("kept_text_bytes", 10**400),
    ],
)
def test_a_note_of_what_cannot_be_counted_is_none(tmp_path, part, value):
    write_shards(tmp_path / "in", 1)
    do(tmp_path / "in", tmp_path / "out")
    path = tmp_path / "out/.linesift/done/0.jsonl.json"
    note = json.loads(path.read_text())
    assert note["counts"][part] != value
    note["counts"][part] = value
    path.write_text(json.dumps(note))
    (tmp_path / "out/0.jsonl").write_text("not of this run")
    assert do(tmp_path / "in", tmp_path / "out", is_resumed=True).documents == 20


@pytest.mark.parametrize("source", ["in", "in/0.jsonl"])
def test_a_resumed_run_lists_what_an_earlier_one_excluded_under_any_name(tmp_path, source):
    write_shards(tmp_path / "in", 2)
    for path in (tmp_path / "in").iterdir():
        path.write_text('{"id": "x", "text": "WALL"}\n{"text": "a"}\n')
    out = tmp_path / ("out" if source == "in" else "out.jsonl")
    lists = []
    for name in ("e.jsonl", "e2.jsonl", "e.jsonl.gz", "e.jsonl.zst", "e.jsonl"):
        do(tmp_path / source, out, excluded=str(tmp_path / name), is_resumed=True)
        with open_input(str(tmp_path / name)) as stream:
            lists.append(decompress(stream, codec_of_name(name)).read())
    assert lists[0].count(b"WALL") == (2 if source == "in" else 1)
    assert set(lists) == {lists[0]}


def test_a_file_whose_part_of_a_list_is_gone_is_done_anew(tmp_path):
    write_shards(tmp_path / "in", 1)
    (tmp_path / "in/0.jsonl").write_text('{"text": "WALL"}\nnonsense\n')
    listed, out = tmp_path / "e.jsonl", tmp_path / "out"
    options = {"on_error": "quarantine", "excluded": str(listed)}
    do(tmp_path / "in", out, **options)
    quarantined = (tmp_path / "out.quarantine.jsonl").read_bytes()
    for kind in ("excluded", "quarantine"):
        (part,) = (out / ".linesift" / kind).iterdir()
        part.unlink()
        do(tmp_path / "in", out, **options, is_resumed=True)
        assert listed.read_bytes().count(b"WALL") == 1
        assert (tmp_path / "out.quarantine.jsonl").read_bytes() == quarantined


def test_damaged_part_of_a_list_is_named(tmp_path):
    write_shards(tmp_path / "in", 1)
    out, listed = tmp_path / "out", str(tmp_path / "e.jsonl")
    do(tmp_path / "in", out, excluded=listed)
    (part,) = (out / ".linesift/excluded").iterdir()
    part.write_bytes(part.read_bytes()[:-2] + b"??")
    with pytest.raises(DataError, match=rf"{part}: it is damaged\. Remove it"):
        do(tmp_path / "in", out, excluded=listed, is_resumed=True)
    part.unlink()
    do(tmp_path / "in", out, excluded=listed, is_resumed=True)


def test_a_file_that_failed_is_retried_and_the_list_of_excluded_is_whole(tmp_path):
    write_shards(tmp_path / "in", 3)
    bad = tmp_path / "in/1.jsonl"
    bad.write_text('{"id": "x", "text": "WALL"}\nnonsense\n')
    out, excluded = tmp_path / "out", tmp_path / "excluded.jsonl"
    with pytest.raises(DataError, match=r"1\.jsonl, record 2: the line is no JSON"):
        do(tmp_path / "in", out, excluded=str(excluded))
    assert (out / "0.jsonl").exists()
    assert not (out / "1.jsonl").exists()
    assert not excluded.exists()
    bad.write_text('{"id": "x", "text": "WALL"}\n')
    counts = do(tmp_path / "in", out, excluded=str(excluded), is_resumed=True)
    assert counts.dropped == {"paywalled": 1}
    (entry,) = map(json.loads, excluded.read_text().splitlines())
    assert (entry["id"], entry["reason"], entry["text"]) == ("x", "paywalled", "WALL")


@pytest.mark.parametrize("choice", ["skip", "quarantine"])
def test_files_without_errors_stay_whatever_is_done_about_errors(tmp_path, choice):
    write_shards(tmp_path / "in", 3)
    (tmp_path / "in/1.jsonl").write_text('nonsense\n{"text": "good"}\n')
    with pytest.raises(DataError):
        do(tmp_path / "in", tmp_path / "out", {"on_error": "fail"})
    first = tmp_path / "out/0.jsonl"
    made = first.stat().st_mtime_ns
    counts = do(
        tmp_path / "in", tmp_path / "out", {"on_error": choice}, is_resumed=True, on_error=choice
    )
    assert (counts.documents, counts.n_errors) == (41, 1)
    assert first.stat().st_mtime_ns == made
    with pytest.raises(ResumeError, match="on_error"):  # now one of them had an error
        do(tmp_path / "in", tmp_path / "out", {"on_error": "fail"}, is_resumed=True)


def test_an_input_whose_store_keeps_no_version_is_done_anew(tmp_path):
    MemoryFileSystem().pipe("/versions/0.jsonl", b'{"text": "one"}\n')
    do("memory://versions", tmp_path / "out")
    MemoryFileSystem().pipe("/versions/0.jsonl", b'{"text": "two"}\n')  # as long
    do("memory://versions", tmp_path / "out", is_resumed=True)
    assert (tmp_path / "out/0.jsonl").read_text() == '{"text": "two"}\n'


def test_what_is_finished_may_lie_where_nothing_can_be_written(tmp_path, monkeypatch):
    write_shards(tmp_path / "in", 2)
    whole = do(tmp_path / "in", tmp_path / "out")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PathError, match="takes no files"):
        do(tmp_path / "in", tmp_path / "out")
    assert do(tmp_path / "in", tmp_path / "out", is_resumed=True) == whole


def test_a_broken_file_that_was_left_out_is_retried(tmp_path):
    write_shards(tmp_path / "in", 1)
    whole = lines_of([{"text": f"page {i}"} for i in range(500)])
    (tmp_path / "in/1.jsonl.gz").write_bytes(gzip.compress(whole)[:-9])
    out = tmp_path / "out"
    assert do(tmp_path / "in", out, on_error="skip").n_errors == 1
    assert [path.name for path in (out / ".linesift/done").iterdir()] == ["0.jsonl.json"]


def test_one_file_can_be_resumed(tmp_path):
    write_shards(tmp_path, 1)
    whole = do(tmp_path / "0.jsonl", tmp_path / "x.jsonl", is_resumed=True)
    made = (tmp_path / "x.jsonl").stat().st_mtime_ns
    assert do(tmp_path / "0.jsonl", tmp_path / "x.jsonl", is_resumed=True) == whole
    assert (tmp_path / "x.jsonl").stat().st_mtime_ns == made


def test_what_was_labelled_without_statistics_is_counted_later(tmp_path):
    write_shards(tmp_path / "in", 1)
    options = ("filter", tmp_path / "in", "-o", tmp_path / "out", "--resume")
    assert linesift(*options).returncode == 0
    assert linesift(*options, "--stats", tmp_path / "s.json").returncode == 0
    assert json.loads((tmp_path / "s.json").read_text())["lines"]["sponsored"] == 20


def test_where_no_record_is_bad_there_is_no_quarantine(tmp_path):
    write_shards(tmp_path / "in", 2)
    do(tmp_path / "in", tmp_path / "out", on_error="quarantine")
    do(tmp_path / "in/0.jsonl", tmp_path / "x.jsonl", on_error="quarantine")
    assert not [path for path in tmp_path.rglob("*quarantine*") if path.is_file()]


def test_bad_records_of_one_file_are_listed_though_others_have_none(tmp_path):
    write_shards(tmp_path / "in", 2)
    (tmp_path / "in/1.jsonl").write_text("nonsense\n")
    do(tmp_path / "in", tmp_path / "out", on_error="quarantine")
    (entry,) = objects((tmp_path / "out.quarantine.jsonl").read_bytes())
    assert entry["file"].endswith("1.jsonl")
