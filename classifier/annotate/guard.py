"""Who is let in: only pages of this server, with the token of this run.

Any web page may send requests to 127.0.0.1. The token in the path keeps them
out; the Host header unmasks names that were pointed here (DNS rebinding);
Origin proves that an action comes from our own page.
"""

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HTTP_PORT = 80  # what an address without a port means
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",  # the token is part of the address
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Refuses strangers, and gives every answer the headers that lock the page in.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    token : str
        First part of every path.
    port : int
        Where the server listens.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self.app = app
        self.token = token
        names = ("127.0.0.1", "localhost")
        self.hosts = {f"{name}:{port}" for name in names}
        if port == HTTP_PORT:
            self.hosts |= set(names)  # as browsers write it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let the application do so."""
        if scope["type"] != "http":
            return

        async def send_locked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        reason = self.refusal(scope["method"], scope["path"], Headers(scope=scope))
        app = self.app if reason is None else PlainTextResponse(f"Refused: {reason}\n", 403)
        await app(scope, receive, send_locked)

    def refusal(self, method: str, path: str, headers: Headers) -> str | None:
        """Say why a request is refused; None if it is not.

        Parameters
        ----------
        method, path : str
        headers : Headers

        Returns
        -------
        str or None
            A sentence for whoever asked.
        """
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return "this server goes by the name 127.0.0.1 only."
        given = path.removeprefix("/").partition("/")[0]
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            return "open the address that linesift annotate printed, with its token."
        if method not in ("GET", "HEAD"):
            if headers.get("origin") != f"http://{hosts[0]}":
                return "actions are taken from the page itself only."
            if headers.get("content-type") != "application/json":
                return "actions are JSON."
        return None
