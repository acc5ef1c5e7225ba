"""Files on an FTP server: the connection may end, and not all tell exactly when a file changed."""

import socket
import socketserver
import threading
from contextlib import contextmanager

import pytest
from commandline import linesift, said

PAGE = b'{"text": "one\\nAD"}\n'
MADE = "20260102030405"


class Session(socketserver.StreamRequestHandler):
    """One control connection, and the data connections that it opens."""

    def handle(self):
        self.tell("220 ready")
        for line in self.rfile:
            word, _, rest = line.decode().strip().partition(" ")
            answer = getattr(self, word.lower(), None)
            if word in self.server.ends_at:
                return
            if answer is None or word in self.server.lacks:
                self.tell("500 what?")
            else:
                answer(rest)

    def tell(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def user(self, name):
        self.tell("230 welcome")

    def type(self, kind):
        self.tell("200 well")

    def rest(self, start):
        self.start = int(start)
        self.tell("350 well")

    def pasv(self, _):
        self.passive = socket.create_server(("127.0.0.1", 0))
        self.tell("227 (127,0,0,1,{},{})".format(*divmod(self.passive.getsockname()[1], 256)))

    def send(self, data):
        with self.passive, self.passive.accept()[0] as connection:
            self.tell("150 here it comes")
            connection.sendall(data)
        self.tell("226 done")

    def list_as(self, form, folder):
        assert folder == "/"
        files = self.server.files
        self.send("".join(form(name, *files[name]) for name in files).encode())

    def mlsd(self, folder):
        self.list_as(
            lambda name, data, made: f"type=file;size={len(data)};modify={made}; {name}\r\n", folder
        )

    def list(self, folder):
        self.list_as(
            lambda name, data, _: f"-rw-r--r-- 1 ada ada {len(data)} Jan 2 03:04 {name}\r\n", folder
        )

    def retr(self, path):
        name = path.rpartition("/")[2]
        self.server.fetched.append(name)
        self.send(self.server.files[name][0][self.start :])


@contextmanager
def serve(files, lacks=(), ends_at=()):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        server.files, server.lacks, server.ends_at, server.fetched = files, lacks, ends_at, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server, f"ftp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    ("lacks", "done_again"), [((), ["b.jsonl"]), (("MLSD",), ["a.jsonl", "b.jsonl"])]
)
def test_what_has_not_changed_is_left_alone_where_the_server_tells_exactly(
    lacks, done_again, tmp_path
):
    files = {"a.jsonl": (PAGE, MADE), "b.jsonl": (PAGE, MADE)}
    with serve(files, lacks) as (server, address):
        arguments = ("filter", f"{address}/", "-o", tmp_path / "out", "--resume")
        assert linesift(*arguments).returncode == 0
        assert server.fetched == ["a.jsonl", "b.jsonl"]
        server.fetched.clear()
        files["b.jsonl"] = (PAGE.replace(b"one", b"two"), "20260102030406")
        assert linesift(*arguments).returncode == 0
        assert server.fetched == done_again
    assert (tmp_path / "out/b.jsonl").read_bytes() == b'{"text": "two"}\n'


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a.jsonl.gz"])
def test_a_connection_that_ends_is_not_taken_for_damage(name, tmp_path):
    with serve({name: (PAGE, MADE)}, ends_at=("RETR",)) as (_, address):
        result = linesift("filter", f"{address}/{name}", "-o", tmp_path / name)
    assert said(result, 1).endswith(
        ": it cannot be read (the connection ended). "
        "Check the address, the connection and your credentials, and run again.\n"
    )
