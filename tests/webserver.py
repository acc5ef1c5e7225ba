"""A web server on this machine, with the habits and failures of those elsewhere."""

import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serve(files, *, has_ranges=True, has_sizes=True, has_types=True, breaks_at=None, refusal=404):
    """Serve bytes by path and query; give the address.

    Sends parts of files if `has_ranges`; says how long they are if `has_sizes`, and that they
    are no pages of links if `has_types`; hangs up where `breaks_at` bytes of a file are sent;
    answers with `refusal` where it has none; a redirect leads back to itself.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.answer(is_body_sent=False)

        def do_GET(self):
            self.answer(is_body_sent=True)

        def answer(self, is_body_sent):
            data = files.get(self.path)
            if data is None:
                self.send_response(refusal)
                self.send_header("Location", self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            start, end = 0, len(data)
            asked = self.headers.get("Range") if has_ranges else None
            if asked is not None:
                start, last = map(int, asked.removeprefix("bytes=").split("-"))
                end = min(last + 1, end)
            self.send_response(200 if asked is None else 206)
            if has_types:
                self.send_header("Content-Type", "application/octet-stream")
            if has_sizes:
                self.send_header("Content-Length", str(end - start))
            if asked is not None:
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
            self.end_headers()
            if is_body_sent:
                with suppress(ConnectionError):  # whoever asked may have read enough
                    self.wfile.write(
                        data[start : end if breaks_at is None else min(end, breaks_at)]
                    )

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
