"""`linesift annotate` as a command: how sessions begin, go on and end."""

import contextlib
import http.client
import itertools
import json
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import webbrowser

import pytest
from annotating import PAGES, ROOT, end, overview, post, run, session, write_pages
from click.testing import CliRunner
from commandline import read_terminal

from classifier.annotate.log_reader import read_corrections
from classifier.commands.group import cli
from classifier.labels import LABELS

pytest.importorskip("starlette", reason="the extra annotate is not installed")
pytest.importorskip("uvicorn", reason="the extra annotate is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_pages(tmp_path_factory.mktemp("pages"))


def test_the_command_exports_what_is_done(tmp_path, folder):
    log, gold = tmp_path / "log", tmp_path / "gold.jsonl"
    with session(folder, "-o", log) as running:
        post(running, "documents/0/open", {})
        post(running, "documents/0/act", {"accept": "rest"})
        post(running, "documents/1/open", {})
    code, _, messages = run("-o", log, "--export", gold)
    reason = "the others have lines that are undecided, unsure or disputed"
    said = f"linesift: 1 of 2 documents written to {gold}; {reason}\n"
    assert (code, messages) == (0, said)
    (record,) = map(json.loads, gold.read_text("utf-8").splitlines())
    assert record["text"] == PAGES[record["id"]]
    tasks = tmp_path / "tasks.json"
    code, _, messages = run("-o", log, "--export", tasks)
    assert (code, messages) == (0, f"linesift: 2 of 2 documents written to {tasks}\n")
    assert run("-o", log, "--export", tmp_path / "gold.csv")[0] == 2
    before = gold.read_bytes()
    with session("-o", log) as running:
        post(running, "documents/0/act", {"lines": [0, 0], "label": "unsure"})
    code, _, messages = run("-o", log, "--export", gold)
    assert (code, "none is labelled whole" in messages) == (1, True)
    assert gold.read_bytes() == before, "an export of before"
    log.write_bytes(log.read_bytes()[:-9])  # as a copy that was broken off
    code, _, messages = run("-o", log, "--export", tasks)
    assert (code, messages.splitlines()[1:]) == (
        0,
        [f"linesift: 2 of 2 documents written to {tasks}"],
    )
    assert messages.startswith(f"linesift: {log}: it ends within an action (")


def test_a_session_goes_on_without_its_files(tmp_path, folder):
    log = tmp_path / "log"
    with session(folder, "-o", log) as running:
        post(running, "documents/1/open", {})
        first = overview(running)["documents"][1]["id"]
    with session("-o", log) as running:
        assert [entry["id"] for entry in overview(running)["documents"]] == [first]


def test_what_cannot_be_is_explained(tmp_path, folder):
    log = tmp_path / "log"
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    cases = [
        ((tmp_path / "nowhere",), 2, "no such file"),
        (("-o", tmp_path / "nothing"), 2, "nothing to label"),
        ((empty, "-o", tmp_path / "nothing"), 2, "nothing to label: give another INPUT"),
        ((folder, "-o", tmp_path / "nothing", "--model", tmp_path / "no.npz"), 1, "no such file"),
        ((folder, "-o", log, "--annotator", " "), 2, "name"),
        ((folder, "-o", folder / "offer.txt"), 1, "offer.txt, record 1"),
        ((folder, "-o", "/dev/null"), 2, "a log is a file"),
        ((folder, "-o", "-"), 2, "a log is a file"),
        ((folder, "-o", folder), 2, "a log is a file"),
        ((folder, "-o", log, "--export", tmp_path / "a.jsonl"), 2, "Leave INPUT out"),
        (("-o", empty, "--export", tmp_path / "nothing"), 2, "holds no documents yet"),
    ]
    for arguments, code, reason in cases:
        found, _, messages = run(*arguments)
        assert (found, reason in messages) == (code, True), messages
    assert not (tmp_path / "nothing").exists()
    with session(folder, "-o", log, "--annotator", "ada") as running:
        post(running, "documents/0/open", {})
        code, _, messages = run(folder, log.parent / "." / log.name, "-o", log)
        assert (code, "Leave INPUT out to go on" in messages) == (2, True), messages
        for number in ("2", "99", "9" * 5000, "x"):
            status, said = post(running, f"documents/{number}/open", {})
            assert (status, f"no document {number[:20]}" in said["error"]) == (400, True)
        code, _, messages = run(folder, "-o", log)
        assert (code, "another session" in messages) == (1, True)
        port = running.host.split(":")[1]
        code, _, messages = run(folder, "-o", tmp_path / "other", "--port", port)
        assert (code, "--port another" in messages) == (2, True)
        assert not (tmp_path / "other").exists()
    changed = tmp_path / "changed"
    changed.mkdir()
    for name in PAGES:
        (changed / name).write_text("Another text")
    code, _, messages = run(changed, "-o", log)
    assert (code, "with another text" in messages) == (1, True)


def test_without_the_extra_the_command_says_what_to_install(tmp_path, folder):
    script = (
        "import sys; sys.modules['uvicorn'] = None\n"
        f"sys.argv = ['linesift', 'annotate', {str(folder)!r}, '-o', {str(tmp_path / 'log')!r}]\n"
        "from classifier.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "pip install 'linesift[annotate]'" in done.stderr) == (1, True)
    assert not (tmp_path / "log").exists()


def test_a_session_needs_nothing_that_was_there_before_it(tmp_path, folder):
    arguments = ["annotate", folder, "-o", tmp_path / "log", "--no-browser"]
    with subprocess.Popen(
        [sys.executable, "-m", "classifier", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=30)
    assert (process.returncode, "http://127.0.0.1:" in line) == (0, True)
    assert messages.startswith(f"linesift: ended; everything is in {tmp_path / 'log'}. ")


def test_on_a_terminal_the_end_of_a_session_has_a_line_of_its_own(tmp_path, folder):
    ours, theirs = os.openpty()
    arguments = ("annotate", folder, "-o", tmp_path / "log", "--no-browser")
    command = [sys.executable, "-m", "classifier", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert read_terminal(ours).startswith(b"\r\nlinesift: ended; ")


BEFORE_ITS_LOOP = """
import asyncio, signal, sys
begin = asyncio.BaseEventLoop.__init__
def interrupted(loop):
    signal.raise_signal(signal.{name})
    begin(loop)
asyncio.BaseEventLoop.__init__ = interrupted
from classifier.cli import main
main()
"""
# Between a future that is done and the task that awaits it, where asyncio would lose both.
IN_ITS_LOOP = """
import asyncio, signal, sys, uvicorn
serve, call_soon = uvicorn.Server.main_loop, asyncio.BaseEventLoop.call_soon
def interrupted(*arguments, **options):
    asyncio.BaseEventLoop.call_soon = call_soon
    signal.raise_signal(signal.{name})
    return call_soon(*arguments, **options)
async def main_loop(server):
    asyncio.BaseEventLoop.call_soon = interrupted
    await serve(server)
uvicorn.Server.main_loop = main_loop
from classifier.cli import main
main()
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("program", [BEFORE_ITS_LOOP, IN_ITS_LOOP], ids=["before", "in"])
def test_who_interrupts_a_session_hears_of_nothing_else(tmp_path, folder, program, name):
    log = tmp_path / "log"
    program = program.format(name=name)
    command = [sys.executable, "-c", program, "annotate", folder, "-o", log, "--no-browser"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stderr.startswith("linesift: ended; everything is in ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell here to be a browser")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_browser_that_stays_open_does_not_keep_a_session(tmp_path, folder, number):
    arguments = ["annotate", folder, "-o", tmp_path / "log"]
    with subprocess.Popen(
        [sys.executable, "-m", "classifier", *arguments],
        cwd=ROOT,
        env={**os.environ, "BROWSER": f"sh -c 'touch {tmp_path}/open; exec sleep 600' %s"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            while not (tmp_path / "open").exists() and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(number)
            assert process.wait(60) == 0
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_no_answered_action_is_lost_however_often_it_is_killed(tmp_path):
    chance, log = random.Random(4), tmp_path / "log"
    (tmp_path / "page.txt").write_text("\n".join(f"Line {i}" for i in range(400)))
    answered = "." * 400
    for _ in range(3):
        with session(tmp_path / "page.txt", "-o", log) as running:
            view = post(running, "documents/0/open", {})[1]
            # The last action was perhaps written, though nobody was told.
            assert sum(a != b for a, b in zip(view["decided"], answered, strict=True)) <= 1
            killer = threading.Timer(chance.uniform(0.05, 0.5), running.process.kill)
            with contextlib.suppress(OSError, http.client.HTTPException):
                for n_answered in itertools.count():
                    if n_answered == 5:  # on slow machines, too
                        killer.start()
                    line, label = chance.randrange(400), chance.choice(LABELS)
                    action = {"lines": [line, line], "label": label}
                    answered = post(running, "documents/0/act", action)[1]["decided"]
            killer.join()
    (record,) = read_corrections(log)
    assert sum(label is not None for label in record["labels"]) > 4


def test_at_the_end_it_is_said_that_the_log_is_gone(tmp_path, folder):
    log = tmp_path / "log"
    with session(folder, "-o", log) as running:
        post(running, "documents/0/open", {})
        log.unlink()
        messages = end(running.process)
    assert "it was deleted" in messages
    assert "everything is in" not in messages


@pytest.mark.parametrize("option", ["--browser", "--no-browser"])
@pytest.mark.parametrize("name", ["firefox", "w3m"])
def test_a_browser_opens_unless_it_is_not_wanted_or_of_text(tmp_path, monkeypatch, option, name):
    asked, opened = queue.SimpleQueue(), queue.SimpleQueue()

    def get():
        asked.put(name)
        return webbrowser.GenericBrowser(name)

    monkeypatch.setattr("webbrowser.get", get)
    monkeypatch.setattr("webbrowser.open", opened.put)
    monkeypatch.setattr("classifier.annotate.server.serve", lambda *given: given[-1]("http://x/"))
    (tmp_path / "a.txt").write_text("Home\n")
    arguments = ["annotate", f"{tmp_path}/a.txt", "-o", f"{tmp_path}/log.jsonl", option]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    if option == "--browser":
        assert asked.get(timeout=60)
        if name == "firefox":
            assert opened.get(timeout=60) == "http://x/"
    assert opened.empty()


@pytest.mark.parametrize(
    ("is_labelled", "hint"),
    [(True, "To teach a model: linesift fit --corrections '{}'"), (False, "No line is labelled")],
)
def test_at_the_end_it_is_said_what_the_log_is_good_for(tmp_path, monkeypatch, is_labelled, hint):
    def serve(session, *_):
        session.open(0)
        if is_labelled:
            session.act(0, {"accept": "rest"})

    monkeypatch.setattr("classifier.annotate.server.serve", serve)
    (tmp_path / "a.txt").write_text("Home\n")
    log = tmp_path / "my log"
    result = CliRunner().invoke(cli, ["annotate", f"{tmp_path}/a.txt", "-o", f"{log}"])
    assert f"everything is in {log}. {hint.format(log)}" in result.stderr
