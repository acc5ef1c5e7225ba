"""Runs into a folder that end early: whether the command says that they can go on."""

import pytest
from commandline import lines_of, linesift, said

GOES_ON = "--resume then goes on with what is done."


def test_a_run_into_a_folder_goes_on_behind_a_file_that_is_mended(run, tmp_path):
    good, bad, out = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "out"
    good.write_text('{"text": "A page."}\n')
    bad.write_text('{"text": ')
    result = run("filter", good, bad, "-o", out)
    assert result.exit_code == 1
    assert result.stderr.endswith(f"--on-error skip. {GOES_ON}\n")
    bad.write_text('{"text": "Another one."}\n')
    assert run("filter", good, bad, "-o", out, "--resume").exit_code == 0
    assert sorted(path.name for path in out.glob("*.jsonl")) == ["a.jsonl", "b.jsonl"]


def test_a_run_that_reads_another_field_does_not_go_on(run, tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text('{"content": "A page."}\n')
    result = run("filter", tmp_path, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "--text-field" in result.stderr
    assert "--resume" not in result.stderr


def test_a_run_goes_on_when_the_disk_has_room_again(tmp_path):
    resource = pytest.importorskip("resource")
    (tmp_path / "in").mkdir()
    for name, n_records in (("a", 1), ("b", 5000)):
        records = [{"text": "x" * 1000}] * n_records
        (tmp_path / f"in/{name}.jsonl").write_bytes(lines_of(records))
    arguments = ("filter", tmp_path / "in", "-o", tmp_path / "out", "--on-error", "skip")
    full = linesift(
        *arguments,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    assert said(full, 1).endswith(f"{GOES_ON}\n")
    assert linesift(*arguments, "--resume").returncode == 0
    assert (tmp_path / "out/b.jsonl").is_file()
