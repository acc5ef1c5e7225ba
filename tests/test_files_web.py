"""Files on web servers, which name them in queries, send them in one go, or hang up."""

import gzip
import io
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import linesift, said
from webserver import serve

from classifier.files.compression import read_whole
from classifier.files.locations import PathError, filesystem
from classifier.files.opening import open_input
from classifier.files.problems import DataError
from classifier.files.streams import open_decompressed, seekable
from classifier.files.web import open_web
from classifier.formats.batches import Fields
from classifier.formats.documents import read_documents
from classifier.formats.input_paths import Input, find_inputs

pytest.importorskip("aiohttp", reason="fsspec reads from web servers with it")

FIRST_BLOCK = 5 << 20
"""So much fsspec asks for at once; what comes later takes a server that sends parts."""


@pytest.fixture(scope="module")
def files():
    """Records that do not pack well, in a file that is longer than the first block."""
    draw = random.Random(0)
    texts = [f"{draw.getrandbits(4000):x}" for _ in range(12_000)]
    lines = b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)
    table = io.BytesIO()
    pq.write_table(pa.table({"text": texts}), table, row_group_size=4000)
    found = {"a.jsonl": lines, "a.jsonl.gz": gzip.compress(lines, 1), "a.parquet": table.getvalue()}
    assert min(map(len, found.values())) > FIRST_BLOCK
    return found


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet"])
@pytest.mark.parametrize("habits", [{}, {"has_ranges": False}, {"has_sizes": False}])
def test_a_file_is_read_however_a_server_sends_it(files, name, habits):
    whole = io.BytesIO(files[name])
    server = serve({f"/{name}": files[name]}, **habits)
    with server as address, open_decompressed(f"{address}/{name}") as stream:
        if name == "a.parquet":
            assert pq.read_table(seekable(stream)) == pq.read_table(whole)
        else:
            read = gzip.decompress if name == "a.jsonl.gz" else bytes
            assert read_whole(stream) == read(files[name])


def test_a_file_whose_server_was_at_its_limit_is_asked_for_once_more():
    class Late(dict):
        n_asked = 0

        def get(self, path):
            self.n_asked += 1
            return None if self.n_asked == 1 else super().get(path)

    with serve(Late({"/a.txt": b"Kelm"}), refusal=503) as address:
        found, _ = find_inputs([f"{address}/a.txt"])
    assert [item.path for item in found] == [f"{address}/a.txt"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet"])
@pytest.mark.parametrize("has_ranges", [True, False])
def test_a_connection_that_breaks_is_told_as_such(files, name, has_ranges):
    habits = {"has_ranges": has_ranges, "breaks_at": len(files[name]) - 99}
    with serve({f"/{name}": files[name]}, **habits) as address:
        url = f"{address}/{name}"
        with pytest.raises(DataError) as caught:
            list(read_documents([url], Fields()))
    message = str(caught.value)
    assert message.startswith(url)
    assert ": it cannot be read (Response payload is not completed" in message
    assert message.endswith(
        " Check the address, the connection and your credentials, and run again."
    )


def test_a_file_that_cannot_be_opened_is_closed():
    class Breaking(io.BytesIO):
        size, blocksize = 9, 1

        def read(self, size=-1):
            raise TimeoutError

    class Web:
        stream = Breaking(b"a page...")

        def open(self, url, mode):
            return self.stream

    with pytest.raises(TimeoutError):
        open_web(Web(), "http://127.0.0.1/a.txt")
    assert Web.stream.closed


def test_a_file_that_is_sent_in_one_go_is_not_read_from_anywhere():
    with (
        serve({"/a.txt": b"a page"}, has_sizes=False) as address,
        open_input(address + "/a.txt") as stream,
    ):
        assert not stream.seekable()
        assert stream.read() == b"a page"


def test_links_in_a_text_do_not_make_a_folder_of_it():
    with serve({"/a.txt": b'<a href="b.txt">more</a>'}, has_types=False) as address:
        assert find_inputs([address + "/a.txt"]) == ([Input(address + "/a.txt", "a.txt")], False)


def test_a_server_may_take_long_if_it_goes_on_sending():
    system, _ = filesystem("http://127.0.0.1/a.txt")
    timeout = system.client_kwargs["timeout"]
    assert timeout.total is None
    assert timeout.sock_read > 0


def test_the_query_of_an_address_is_none_of_its_name(tmp_path):
    with serve({"/a.jsonl?sig=a/b": b'{"text": "one"}\n'}) as address:
        url = f"{address}/a.jsonl?sig=a/b"
        assert find_inputs([url]) == ([Input(url, "a.jsonl")], False)
        result = linesift("filter", url, "-o", tmp_path / "out.x")
        assert (result.returncode, result.stderr) == (0, b"")
        assert (tmp_path / "out.x").read_bytes() == b'{"text": "one"}\n'
        with pytest.raises(PathError, match="no such file"):
            find_inputs([url + "c"])


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl?sig=a"])
def test_a_server_that_refuses_or_is_not_there_is_not_one_without_the_file(name):
    with serve({}, refusal=403) as address, pytest.raises(PathError) as refused:
        find_inputs([f"{address}/{name}"])
    assert ": it cannot be reached (403, message='Forbidden'" in str(refused.value)
    with pytest.raises(PathError) as closed:  # nobody listens there any more
        find_inputs([f"{address}/{name}"])
    assert ": it cannot be reached (Cannot connect to host 127.0.0.1" in str(closed.value)
    with serve({}, refusal=410) as address, pytest.raises(PathError, match="no such file"):
        find_inputs([f"{address}/{name}"])


@pytest.mark.parametrize("name", ["a.jsonl", "pages/"])
def test_a_redirect_that_leads_back_to_itself_is_told(name):
    with serve({}, refusal=302) as address, pytest.raises(PathError) as caught:
        find_inputs([f"{address}/{name}"])
    assert f"/{name}: it cannot be reached (TooManyRedirects). Check " in str(caught.value)


def test_nothing_can_be_written_there():
    with serve({}) as address:
        result = linesift("filter", "-o", f"{address}/kept.txt", data=b"Home\n")
    assert "kept.txt: nothing can be written there" in said(result, 1)


def test_the_password_of_an_address_is_passed_on_to_nobody(tmp_path):
    with serve({"/a.jsonl": b'{"text": "one"}\n{"text": 2}\n'}) as address:
        url = f"{address}/a.jsonl".replace("://", "://ada:secret@")
        stats, skipping = tmp_path / "stats", ("--on-error", "skip", "--stats", tmp_path / "stats")
        result = linesift("label", url, "-o", f"{tmp_path}/out/", *skipping)
    assert b"://ada:***@127.0.0.1" in result.stderr
    (output,) = (tmp_path / "out").glob("*.jsonl")
    assert json.loads(output.read_bytes())["id"] == f"{url.replace('secret', '***')}:1"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stats in files
    assert not any(b"secret" in path.read_bytes() for path in files)


def test_no_message_tells_the_password_of_an_address():
    with serve({}) as address:
        url = address.replace("://", "://ada:secret@")
        runs = [linesift("filter", f"{url}/gone.jsonl"), linesift("filter", f"{url}/*.jsonl")]
        runs.append(linesift("filter", "-o", f"{url}/kept.txt", data=b"Home\n"))
    for result in runs:
        assert b"://ada:***@127.0.0.1" in result.stderr
        assert b"secret" not in result.stderr
