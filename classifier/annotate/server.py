"""The web application: a page, its files, and the actions taken on it."""

import logging
import re
import secrets
import signal
import socket
from asyncio import CancelledError
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from markdown_it import MarkdownIt
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from classifier.annotate.exports import NAMES, export_pages
from classifier.annotate.guard import Guard
from classifier.annotate.session import Session
from classifier.files.locations import PathError
from classifier.files.opening import OutputError

PAGE = files("classifier.annotate") / "page"
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}
FILES = ("annotate.css", "annotate.js", "documents.js", "lines.js", "saving.js")
MAX_BODY_BYTES = 4096
PATIENCE_SECONDS = 1  # with requests that are unfinished when the server is to end


def guideline_html() -> str:
    """Render the labelling guideline, data/LABELS.md; a wheel holds it beside this module.

    Returns
    -------
    str
        HTML without links.
    """
    packed = files("classifier.annotate") / "LABELS.md"
    checkout = Path(__file__).parents[2] / "data" / "LABELS.md"
    source = packed if packed.is_file() else checkout
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Its links lead to files of the repository, which are not served.
    for rule in ("link_open", "link_close"):
        markdown.add_render_rule(rule, lambda *_: "")
    html: str = markdown.render(source.read_text("utf-8"))
    return html


def make_app(session: Session, token: str, port: int) -> Guard:
    """Make the application for one session.

    Parameters
    ----------
    session : Session
    token : str
        First part of the path of every address.
    port : int
        Where it will be served.

    Returns
    -------
    Guard
        An ASGI application.
    """
    page = (PAGE / "index.html").read_text("utf-8").replace("<!-- guideline -->", guideline_html())

    async def show_page(request: Request) -> Response:
        return HTMLResponse(page)

    async def show_overview(request: Request) -> Response:
        return _json(session.overview())

    async def open_document(request: Request) -> Response:
        return _answer(lambda: session.open(_number(request, session)))

    async def act(request: Request) -> Response:
        body = await _body(request)
        return _answer(lambda: session.act(_number(request, session), orjson.loads(body)))

    async def export(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in NAMES:
            return PlainTextResponse("No such file\n", 404)
        content, _ = export_pages(session.pages.values(), name)
        disposition = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type="application/octet-stream", headers=disposition)

    routes = [
        Route("/", show_page),
        *(Route(f"/{name}", _file(name)) for name in FILES),
        Route("/session", show_overview),
        Route("/documents/{number}/open", open_document, methods=["POST"]),
        Route("/documents/{number}/act", act, methods=["POST"]),
        Route("/export/{name}", export),
    ]
    return Guard(Starlette(routes=[Mount(f"/{token}", routes=routes)]), token, port)


def take_port(port: int) -> socket.socket:
    """Take a port of 127.0.0.1, before there is anything to serve.

    Parameters
    ----------
    port : int
        0 for a free one.

    Returns
    -------
    socket
        Bound, not yet listening.

    Raises
    ------
    PathError
        If the port is taken.
    """
    # asyncio sends at once on sockets that are named TCP alone. On others the body of each answer
    # waits for the browser to acknowledge the head, 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise PathError(
            f"port {port} cannot be used ({error.strerror}). Give --port another, or leave it out."
        ) from None
    return listener


def serve(session: Session, listener: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve a session until the process is interrupted.

    Parameters
    ----------
    session : Session
    listener : socket
        As `take_port` gives it.
    ready : callable
        Told the address, with its token, once it can be opened.
    """
    listener.listen()
    port = listener.getsockname()[1]
    token = secrets.token_urlsafe(24)
    config = uvicorn.Config(
        make_app(session, token, port),
        log_level="warning",
        access_log=False,  # it would hold the token
        server_header=False,
        lifespan="off",
        ws="none",
        loop="asyncio",
        http="h11",
        timeout_graceful_shutdown=PATIENCE_SECONDS,
    )
    # That a request was not waited for is no error of anybody's.
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: not record.getMessage().startswith("Cancel ")
    )
    _Server(config, lambda: ready(f"http://127.0.0.1:{port}/{token}/")).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends in order from its first moment on, and says when it is ready.

    Interrupted while it begins or ends, asyncio would warn of what it left behind.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        hang_up = signal.getsignal(signal.SIGHUP)
        with self.capture_signals():
            if callable(hang_up):  # of which uvicorn knows nothing
                signal.signal(signal.SIGHUP, self.handle_exit)
            try:
                super().run(sockets)
            finally:
                signal.signal(signal.SIGHUP, hang_up)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()


def _file(name: str) -> Callable[[Request], Any]:
    content = (PAGE / name).read_bytes()

    async def show_file(request: Request) -> Response:
        return Response(content, media_type=MEDIA_TYPES[Path(name).suffix])

    return show_file


def _number(request: Request, session: Session) -> int:
    name: str = request.path_params["number"]
    # Python refuses to read very long numbers, and starlette lets that pass.
    number = int(name) if re.fullmatch("[0-9]{1,9}", name) else None
    if number is None or number >= len(session.entries):
        raise ValueError(f"there is no document {name[:20]}")
    return number


def _answer(work: Callable[[], dict[str, Any]]) -> Response:
    try:
        return _json(work())
    except ValueError as error:  # orjson's as well
        return _json({"error": str(error)}, 400)
    except OutputError as error:
        return _json({"error": str(error)}, 507)


async def _body(request: Request) -> bytes:
    """Read what was sent; nothing, which is no JSON, if it is large or the end of it is missing."""
    body = b""
    # The client has gone away, or the server ends and no longer waits for it.
    with suppress(ClientDisconnect, CancelledError):
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY_BYTES:
                return b""
        return body
    return b""


def _json(value: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")
