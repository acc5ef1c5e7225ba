"""The list of bad records of a folder that several runs write into."""

import os
import shutil

import pytest
from commandline import linesift, objects
from fsspec.implementations.memory import MemoryFileSystem
from shards import do

from classifier.running.lists import find_bad_records

QUARANTINE = ("--on-error", "quarantine")


@pytest.fixture
def batches(tmp_path):
    """Two files, each with a page and a line that is no record."""
    for name in "ab":
        (tmp_path / f"{name}.jsonl").write_text(f'{{"text": "{name}"}}\nno record of {name}\n')
    return tmp_path


def clean(folder, *arguments, **options):
    """Filter into the folder `out`."""
    return linesift("filter", *arguments, "-o", "out/", cwd=folder, **options)


def bad_files(folder):
    return [entry["file"] for entry in objects((folder / "out.quarantine.jsonl").read_bytes())]


@pytest.mark.parametrize("more", [(), ("--resume",)])
def test_a_call_for_each_file_lists_as_much_as_one_for_all(batches, more):
    for name in ("b.jsonl", "a.jsonl", "b.jsonl"):
        assert clean(batches, name, *QUARANTINE, *more).returncode == 0
    assert bad_files(batches) == ["a.jsonl", "b.jsonl"]
    found = (batches / "out.quarantine.jsonl").read_bytes()
    clean(batches, "a.jsonl", "b.jsonl", *QUARANTINE)
    assert (batches / "out.quarantine.jsonl").read_bytes() == found


def test_a_broken_file_and_standard_input_stay_in_the_list_too(batches):
    (batches / "broken.jsonl.gz").write_bytes(b"no gzip")
    options = (*QUARANTINE, "--input-format", "jsonl")
    clean(batches, "broken.jsonl.gz", *options)
    clean(batches, "-", *options, data=b"nonsense\n")
    clean(batches, "a.jsonl", *options)
    assert sorted(bad_files(batches)) == ["a.jsonl", "broken.jsonl.gz", "stdin"]


def test_a_pipe_among_the_lists_is_none_and_not_waited_for(batches):
    clean(batches, "a.jsonl", *QUARANTINE)
    own = find_bad_records(str(batches / "out"))
    os.mkfifo(batches / "out/.linesift/quarantine/pipe.jsonl.zst")
    assert find_bad_records(str(batches / "out")) == own
    assert len(own) == 1


def test_what_is_made_anew_has_no_old_records_in_the_list(batches):
    clean(batches, "a.jsonl", "b.jsonl", *QUARANTINE)
    (batches / "a.jsonl").write_text('{"text": "mended"}\n')
    clean(batches, "a.jsonl", *QUARANTINE)
    assert bad_files(batches) == ["b.jsonl"]
    clean(batches, "b.jsonl", "--on-error", "skip")  # a run that writes no such list
    assert not (batches / "out.quarantine.jsonl").exists()


def test_records_whose_notes_are_gone_are_not_written_over(batches):
    clean(batches, "a.jsonl", *QUARANTINE)
    for path in (batches / "out/.linesift").rglob("*.*"):
        path.unlink()
    refused = clean(batches, "b.jsonl", *QUARANTINE)
    assert refused.returncode == 2
    assert b"out.quarantine.jsonl: it lists bad records of an earlier run" in refused.stderr
    assert bad_files(batches) == ["a.jsonl"]
    (batches / "out.quarantine.jsonl").rename(batches / "moved.jsonl")
    assert clean(batches, "b.jsonl", *QUARANTINE).returncode == 0
    assert bad_files(batches) == ["b.jsonl"]


def test_a_run_between_two_does_not_make_the_list_of_the_first_go(batches):
    clean(batches, "a.jsonl", *QUARANTINE)
    shutil.rmtree(batches / "out")
    (batches / "good.jsonl").write_text('{"text": "good"}\n')
    clean(batches, "good.jsonl")
    refused = clean(batches, "b.jsonl", *QUARANTINE)
    assert refused.returncode == 2
    assert bad_files(batches) == ["a.jsonl"]


def test_a_run_that_fails_leaves_the_list_as_its_outputs(batches):
    clean(batches, "a.jsonl", "b.jsonl", *QUARANTINE)
    before = (batches / "out.quarantine.jsonl").read_bytes()
    assert clean(batches, "a.jsonl").returncode == 1
    assert (batches / "out.quarantine.jsonl").read_bytes() == before
    clean(batches, "b.jsonl", *QUARANTINE)
    assert bad_files(batches) == ["a.jsonl", "b.jsonl"]


def test_a_list_that_is_read_again_stays(batches):
    clean(batches, "a.jsonl", *QUARANTINE)
    before = (batches / "out.quarantine.jsonl").read_bytes()
    clean(batches, "b.jsonl", "out.quarantine.jsonl", "--on-error", "skip")
    assert (batches / "out.quarantine.jsonl").read_bytes() == before


def test_lists_of_a_folder_elsewhere_are_joined_too():
    system = MemoryFileSystem()
    for name in "ab":
        system.pipe(f"/joined/{name}.jsonl", f"no record of {name}\n".encode())
    for name in "ab":
        do(f"memory://joined/{name}.jsonl", "memory://made/", on_error="quarantine")
    listed = objects(system.cat("/made.quarantine.jsonl"))
    assert [entry["raw"] for entry in listed] == ["no record of a\n", "no record of b\n"]
    do("memory://joined/a.jsonl", "memory://made/", on_error="skip")
    (entry,) = objects(system.cat("/made.quarantine.jsonl"))
    assert entry["raw"] == "no record of b\n"
