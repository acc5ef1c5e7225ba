"""Files on other machines that fail in the middle, by exceptions of their libraries' own."""

import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import linesift, run_python, said
from doubles import until_broken
from fsspec.implementations.memory import MemoryFileSystem

from classifier.files.opening import open_input, open_output
from classifier.files.remote_file import RemoteFile, failures_as_oserror
from classifier.formats import parquet
from classifier.formats.batches import Fields
from classifier.running.manifest import forget
from classifier.running.shards import Shard

FLAKY = """
import io, sys
from click.testing import CliRunner
import fsspec
from doubles import use_marked_lines
from classifier.commands.group import cli
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
    def rm_file(self, path):
        raise RuntimeError("and nothing was begun")

class FlakyFile(io.BytesIO):
    def read(self, size=-1):
        raise RuntimeError("the token expired")
    def write(self, data):
        raise RuntimeError("the token expired")

fsspec.register_implementation("flaky", Flaky)
arguments = sys.argv[1:]
result = CliRunner().invoke(cli, ["filter", *arguments])
assert isinstance(result.exception, SystemExit | None), repr(result.exception)
print(result.exit_code, result.output, end="")
"""


LOGGING = """
import logging
import fsspec
from classifier.cli import main

class Logging(fsspec.AbstractFileSystem):
    protocol = "logging"
    def info(self, path, **options):
        logging.getLogger("store").error("not this time")
        raise FileNotFoundError(path)

fsspec.register_implementation("logging", Logging)
main()
"""


def flaky(*arguments, cwd):
    result = run_python(FLAKY, *arguments, cwd=cwd)
    assert result.stderr.decode() == ""
    return result.stdout.decode()


def test_what_a_library_logs_is_not_shown_beside_the_message():
    result = run_python(LOGGING, "filter", "logging://pages/a.jsonl")
    assert "no such file" in said(result, 2)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.txt", "a.parquet", "a.wet.gz"])
def test_a_remote_file_that_fails_while_it_is_read_is_not_called_damaged(name, tmp_path):
    said = flaky(f"flaky://in/{name}", cwd=tmp_path)
    assert said.startswith(f"1 linesift: flaky://in/{name}")
    assert said.count("\n") == 1
    assert said.endswith(
        ": it cannot be read (the token expired). "
        "Check the address, the connection and your credentials, and run again.\n"
    )


def test_a_remote_file_that_fails_while_it_is_read_can_be_left_out(tmp_path):
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


def test_parquet_of_which_a_part_cannot_be_fetched_is_not_called_damaged():
    whole = io.BytesIO()
    table = pa.table({"text": [f"{i}" * 99 for i in range(9999)]})
    pq.write_table(table, whole, row_group_size=5000, use_dictionary=False)
    start = pq.read_metadata(whole).row_group(1).column(0).data_page_offset

    class Breaking(io.BytesIO):
        def read(self, size=-1):
            if self.tell() == start:
                raise TimeoutError
            return super().read(size)

    found, problem = until_broken(parquet.blocks(RemoteFile(Breaking(whole.getvalue())), Fields()))
    assert found
    assert (problem.kind, problem.record) == ("unreadable", 5001)
    assert problem.reason == "it cannot be read (TimeoutError)"


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet", "a.txt"])
def test_what_is_damaged_in_an_archive_is_called_so(name, tmp_path):
    data = b'{"text": "one"}\n'
    if name == "a.parquet":
        data = pa.BufferOutputStream()
        pq.write_table(pa.table({"text": ["one"]}), data)
        data = data.getvalue().to_pybytes()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, data)
    packed = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(packed.replace(b"one", b"two"))
    result = linesift("filter", f"zip://{name}::a.zip", cwd=tmp_path)
    assert f"damaged (Bad CRC-32 for file '{name}'). Fetch" in said(result, 1)


def test_what_goes_in_a_store_is_only_what_was_named():
    system = MemoryFileSystem()
    for name in ("x[1].txt", "x1.txt", "y[1].json", "y1.json"):
        system.pipe(f"/named/{name}", b"")
    with open_output("memory://named/x[1].txt") as sink:
        sink.discard()
    forget(Shard("-", None, manifest="memory://named/y[1].json"))
    assert system.ls("/named", detail=False) == ["/named/x1.txt", "/named/y1.json"]


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


def test_a_file_that_does_not_say_where_it_has_gone_to_is_read():
    class Silent(io.BytesIO):
        def seek(self, *where):
            super().seek(*where)  # and no more, as paramiko's

    stream = io.BufferedReader(RemoteFile(Silent(b"0123")))
    assert (stream.seek(2), stream.read()) == (2, b"23")


def test_of_a_long_answer_the_first_line_is_told():
    with pytest.raises(OSError, match=r"there is no such container$"), failures_as_oserror():
        raise RuntimeError("there is no such container\n<xml>\n...")
