"""How long servers are waited for: while they go on sending, and not for ever if they do not."""

from typing import Any

from classifier.files.web import is_web

CONNECTION_SECONDS = 30
SILENCE_SECONDS = 300


def be_patient(system: Any) -> None:
    """Let a server take as long as it likes for a file, if only it does not fall silent.

    By itself aiohttp hangs up after five minutes, however well the bytes come, and paramiko,
    which is for ``sftp://``, never does.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem
        Before it is used. What a user has set for the web stays.
    """
    if is_web(system):
        import aiohttp

        timeout = aiohttp.ClientTimeout(sock_connect=CONNECTION_SECONDS, sock_read=SILENCE_SECONDS)
        system.client_kwargs.setdefault("timeout", timeout)
    client: Any = getattr(system, "ftp", None)
    if hasattr(client, "get_channel"):
        client.get_channel().settimeout(SILENCE_SECONDS)
