"""A session of `linesift annotate` in a process of its own, and requests to it."""

import http.client
import json
import re
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bundled import begin, linesift
from standby import Begun

from classifier.annotate.documents import read_documents
from classifier.formats.batches import Fields

ROOT = Path(__file__).parents[1]

PAGES = {
    "harbour.txt": "Home\nNews\n\nThe harbour is open again, the city says.\nLog in",
    "offer.txt": "Menu\nSubscribe now: 4 weeks for 1 €\nCancel any time",
}


def write_pages(folder):
    """Write `PAGES` into a folder; return it."""
    for name, text in PAGES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


class Running(NamedTuple):
    process: Begun
    address: str

    @property
    def host(self):
        return urlsplit(self.address).netloc

    @property
    def path(self):
        return urlsplit(self.address).path


def read(path, **options):
    """Read the documents of a file or folder, as the command does without options."""
    return read_documents((str(path),), Fields(), **options)


def run(*arguments):
    """Run the command to its end; give exit code, output and messages."""
    done = linesift("annotate", *arguments)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@contextmanager
def session(*arguments):
    process = begin("annotate", *arguments, "--no-browser")
    try:
        line = process.stdout.readline().decode()
        assert line, process.stderr.read()
        yield Running(process, re.search(r"http://\S+", line)[0])
    finally:
        assert "Traceback" not in end(process)


def end(process):
    """Interrupt a session that runs; give its messages."""
    process.send_signal(signal.SIGINT)
    return process.communicate(b"", timeout=30)[1].decode()


def request(running, path, body=None, method=None, **headers):
    """Send a request as the page would, but for `headers`; None leaves one out."""
    given = {"Host": running.host}
    if body is not None:
        given |= {"Origin": f"http://{running.host}", "Content-Type": "application/json"}
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection(*running.host.split(":"), timeout=30)
    method = method or ("GET" if body is None else "POST")
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in given.items():
        if value is not None:
            connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), content


def post(running, path, body):
    """Send an action; give status and parsed answer."""
    status, _, content = request(running, running.path + path, body)
    return status, json.loads(content)


def overview(running):
    """Give what the page is told of all documents."""
    return json.loads(request(running, running.path + "session")[2])
