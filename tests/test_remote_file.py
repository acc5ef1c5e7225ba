"""Files on other machines that fail in the middle, by exceptions of their libraries' own."""

import io
import os
import subprocess
import sys

import pytest
from commandline import HERE

from classifier.formats.files import open_input, open_output
from classifier.formats.remote_file import RemoteFile

FLAKY = """
import io, sys
from click.testing import CliRunner
import fsspec
from doubles import use_marked_lines
from classifier.cli import cli
use_marked_lines()

class Flaky(fsspec.AbstractFileSystem):
    protocol = "flaky"
    def info(self, path, **options):
        if "in/" not in path:
            raise FileNotFoundError(path)
        return {"name": path, "size": 15, "type": "file"}
    def makedirs(self, path, exist_ok=False):
        pass
    def open(self, path, mode="rb", **options):
        return FlakyFile()

class FlakyFile(io.BytesIO):
    def read(self, size=-1):
        raise RuntimeError("the token expired")
    def write(self, data):
        raise RuntimeError("the token expired")
    def discard(self):
        raise RuntimeError("and nothing was begun")

fsspec.register_implementation("flaky", Flaky)
arguments = sys.argv[1:]
result = CliRunner().invoke(cli, ["filter", *arguments])
assert isinstance(result.exception, SystemExit | None), repr(result.exception)
print(result.exit_code, result.output, end="")
"""


def flaky(*arguments, cwd):
    command = [sys.executable, "-c", FLAKY, *arguments]
    environment = {**os.environ, "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}"}
    result = subprocess.run(command, capture_output=True, cwd=cwd, env=environment, check=False)
    assert result.stderr.decode() == ""
    return result.stdout.decode()


def test_a_remote_file_that_fails_while_it_is_read_is_a_damaged_one(tmp_path):
    said = flaky("flaky://in/a.jsonl", cwd=tmp_path)
    assert said.startswith("1 linesift: flaky://in/a.jsonl")
    assert "the token expired" in said
    assert said.count("\n") == 1
    said = flaky("flaky://in/a.jsonl", "-o", "out.jsonl", "--on-error", "skip", cwd=tmp_path)
    assert said.startswith("0 ")


def test_a_remote_file_that_fails_while_it_is_written_is_told_in_one_line(tmp_path):
    (tmp_path / "page.txt").write_text("a page")
    said = flaky("page.txt", "-o", "flaky://out.txt", cwd=tmp_path)
    assert said.startswith("1 linesift: flaky://out.txt: cannot be written (the token expired)")
    assert said.count("\n") == 1


def test_a_remote_file_is_read_and_written_as_a_local_one():
    with open_output("memory://folder/page.txt") as sink:
        sink.write(b"One\nTwo\n")
    with open_input("memory://folder/page.txt") as stream:
        assert (stream.readable(), stream.seekable()) == (True, True)
        assert stream.read(3) == b"One"
        assert stream.tell() == 3
        assert stream.seek(-4, io.SEEK_END) == 4
        assert stream.read() == b"Two\n"
    assert stream.closed


class Failing(io.BytesIO):
    def read(self, size=-1):
        raise KeyError("credentials")

    def write(self, data):
        raise MemoryError


def test_failures_are_those_of_files_but_for_memory():
    with pytest.raises(OSError, match="credentials"):
        RemoteFile(Failing()).read(1)
    with pytest.raises(MemoryError):
        RemoteFile(Failing()).write(b"x")
