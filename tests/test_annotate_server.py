"""The server of `linesift annotate` lets its own page in and nobody else."""

import asyncio
import http.client
import socket

import pytest
from annotating import PAGES, end, overview, post, request, session, write_pages

from classifier.annotate.log_reader import read_corrections
from classifier.labels import COLOURS

pytest.importorskip("starlette", reason="the extra annotate is not installed")
pytest.importorskip("uvicorn", reason="the extra annotate is not installed")

from starlette.datastructures import Headers

from classifier.annotate.guard import Guard
from classifier.annotate.server import take_port


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_pages(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("log") / "corrections.jsonl"


@pytest.fixture(scope="module")
def running(folder, log):
    with session(folder, "-o", log, "--annotator", "ada") as running:
        yield running


def number_of(running, name):
    return [entry["id"] for entry in overview(running)["documents"]].index(name)


def test_the_page_may_run_its_own_files_only(running):
    status, headers, page = request(running, running.path)
    assert status == 200
    policy = headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert not any(word in headers["content-security-policy"] for word in ("unsafe", "http", "*"))
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert b"How lines are labelled" in page, "the guideline is at hand"
    assert b'<a href="samples' not in page


@pytest.mark.parametrize("name", ["annotate.js", "documents.js", "lines.js", "saving.js"])
def test_scripts_put_texts_in_as_text_only(running, name):
    status, headers, script = request(running, running.path + name)
    assert (status, headers["content-type"].split(";")[0]) == (200, "text/javascript")
    for way in (
        b"innerHTML",
        b"outerHTML",
        b"insertAdjacent",
        b"document.write",
        b"eval(",
        b"http:",
    ):
        assert way not in script


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "", None, "[::1]:1"]
)
def test_another_host_name_is_refused(running, host):
    status, _, content = request(running, running.path + "session", Host=host)
    assert status in (400, 403)
    assert b"harbour.txt" not in content


def test_localhost_is_the_same_host(running):
    port = running.host.split(":")[1]
    assert request(running, running.path, Host=f"localhost:{port}")[0] == 200


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize(("port", "is_named"), [(80, False), (80, True), (8080, True)])
def test_the_port_that_browsers_leave_out_need_not_be_named(name, port, is_named):
    host = f"{name}:{port}" if is_named else name
    headers = {"host": host, "origin": f"http://{host}", "content-type": "application/json"}
    guard = Guard(None, "token", port)
    assert guard.refusal("POST", "/token/documents/0/act", Headers(headers)) is None


@pytest.mark.parametrize(
    "path", ["/", "/session", "//", "/x/session", "/annotate.js", "/%00/session", "/../session"]
)
def test_without_the_token_everything_is_refused(running, path):
    status, headers, content = request(running, path)
    assert (status, content.startswith(b"Refused")) == (403, True)
    assert "content-security-policy" in headers


def test_a_longer_or_shorter_token_is_refused(running):
    token = running.path.strip("/")
    assert len(token) >= 32
    for wrong in (token[:-1], token + "a", token.upper(), "%C3%A9"):
        assert request(running, f"/{wrong}/session")[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "https://127.0.0.1"},
        {"Content_Type": "text/plain"},
        {"Content_Type": None},
    ],
)
def test_actions_from_another_page_are_refused(running, log, headers):
    before = log.read_bytes()
    for path in ("documents/0/open", "documents/0/act"):
        assert request(running, running.path + path, {"accept": "rest"}, **headers)[0] == 403
    assert log.read_bytes() == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_other_methods_do_nothing(running, method):
    assert request(running, running.path + "session", method=method)[0] in (403, 405)


def test_every_action_is_on_disk_when_it_is_answered(running, log):
    number = number_of(running, "offer.txt")
    status, view = post(running, f"documents/{number}/open", {})
    assert (status, view["lines"]) == (200, PAGES["offer.txt"].split("\n"))
    assert (view["decided"], len(view["predicted"])) == ("...", 3)
    for action, decided in [
        ({"lines": [1, 2], "label": "paywall"}, ".pp"),
        ({"lines": [0, 0], "label": "unsure"}, "xpp"),
        ({"undo": "last", "revision": 2}, ".pp"),
        ({"accept": "rest"}, f"{view['predicted'][0]}pp"),
    ]:
        status, state = post(running, f"documents/{number}/act", action)
        assert (status, state["decided"]) == (200, decided)
        (record,) = (r for r in read_corrections(log) if r["id"] == "offer.txt")
        shown = [label[0] if label else "." for label in record["labels"]]
        assert "".join(shown) == decided.replace("x", ".")
    assert overview(running)["documents"][number]["decided"] == 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"[]",
        b"null",
        b'{"lines": [0, 9], "label": "content"}',
        b'{"lines": [0, 0], "label": "c"}',
        b'{"lines": [0, 0], "label": "content", "annotator": "bo"}',
        b'{"undo": "all", "revision": 0}',
        b'{"undo": "last", "revision": 7}',
        b'{"accept": "rest"' + b" " * 5000 + b"}",
    ],
)
def test_a_bad_action_changes_nothing(running, log, body):
    number = number_of(running, "harbour.txt")
    post(running, f"documents/{number}/open", {})
    before = log.read_bytes()
    status, answer = post(running, f"documents/{number}/act", body)
    assert (status, bool(answer["error"])) == (400, True)
    assert log.read_bytes() == before


@pytest.mark.parametrize("path", ["documents/99/open", "documents/99/act"])
def test_a_document_that_is_not_there_is_an_error(running, path):
    assert post(running, path, {"accept": "rest"})[0] == 400


def test_exports_are_downloads(running):
    for name in ("gold.jsonl", "label-studio.json"):
        status, headers, _ = request(running, running.path + "export/" + name)
        assert status == 200
        assert headers["content-disposition"] == f'attachment; filename="{name}"'
    assert request(running, running.path + "export/..%2Fsession")[0] == 404


def test_two_annotators_are_compared(tmp_path, folder):
    log = tmp_path / "log"
    for name, label in (("ada", "content"), ("bo", "navigation")):
        with session(folder, "-o", log, "--annotator", name) as running:
            number = number_of(running, "harbour.txt")
            view = post(running, f"documents/{number}/open", {})[1]
            assert view["decided"] == "....", "nobody sees what the other one said"
            post(running, f"documents/{number}/act", {"lines": [2, 3], "label": "content"})
            post(running, f"documents/{number}/act", {"lines": [0, 0], "label": label})
            found = overview(running)["agreements"]
    (pair,) = found
    assert (pair["annotators"], pair["n_lines"], pair["n_differences"]) == (["ada", "bo"], 3, 1)
    assert pair["differences"] == [
        {
            "document": "harbour.txt",
            "line": 0,
            "line_number": 1,
            "text": "Home",
            "labels": ["content", "navigation"],
            "number": number,
        }
    ]
    (record,) = read_corrections(log)
    assert record["labels"] == [None, None, "content", "content"]


def test_colours_are_those_of_the_labels(running):
    style = request(running, running.path + "annotate.css")[2].decode()
    for label, colour in COLOURS.items():
        assert f"--{label[0]}: {colour};" in style


@pytest.mark.parametrize("stays", [False, True])
def test_a_request_without_its_end_does_nothing_and_does_not_hold_up_the_end(
    tmp_path, folder, stays
):
    with session(folder, "-o", tmp_path / "log") as running:
        post(running, "documents/0/open", {})
        before = (tmp_path / "log").read_bytes()
        client = http.client.HTTPConnection(*running.host.split(":"))
        headers = {"Origin": f"http://{running.host}", "Content-Type": "application/json"}
        headers |= {"Content-Length": "100", "Expect": "100-continue"}
        client.request("POST", running.path + "documents/0/act", b'{"accept": "rest"}', headers)
        assert client.sock.recv(99).startswith(b"HTTP/1.1 100"), "the server waits for the rest"
        if not stays:
            client.close()
        assert overview(running)["documents"]
        messages = end(running.process)
        client.close()
    assert running.process.returncode == 0
    assert "Traceback" not in messages
    assert (tmp_path / "log").read_bytes() == before


def test_the_server_is_heard_on_this_machine_only():
    with take_port(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_no_answer_waits_for_the_browser_to_acknowledge_its_head():
    async def option_of_a_connection(listener):
        found = asyncio.get_running_loop().create_future()

        def look(reader, writer):
            connection = writer.get_extra_info("socket")
            found.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(look, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            option = await found
            writer.close()
        return option

    with take_port(0) as listener:
        assert asyncio.run(option_of_a_connection(listener))


def test_other_pages_get_no_hold_of_this_one(running):
    _, headers, _ = request(running, running.path)
    policy = set(headers["content-security-policy"].split("; "))
    assert {"frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"} <= policy
    for name in ("opener", "resource"):
        assert headers[f"cross-origin-{name}-policy"] == "same-origin"
