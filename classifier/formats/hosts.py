"""Host names of pages, from their addresses."""

from urllib.parse import urlsplit

MAX_HOST_CHARS = 253  # of a name in the domain name system


def host_of(url: str | None) -> str | None:
    """Find the host of an address.

    Parameters
    ----------
    url : str or None
        An address, with or without its protocol.

    Returns
    -------
    str or None
        The host in lower case, without port; None if there is none.

    Examples
    --------
    >>> host_of("https://www.Example.org:8080/a"), host_of("example.org/a"), host_of("7/a")
    ('www.example.org', 'example.org', None)
    """
    if not url:
        return None
    is_whole = "://" in url
    try:
        host = urlsplit(url if is_whole else f"//{url}").hostname
    except ValueError:  # such as a bracket that is never closed
        return None
    if not host or len(host) > MAX_HOST_CHARS or any(sign.isspace() for sign in host):
        return None
    # A word without a protocol before it or a dot in it is no address.
    return host.rstrip(".") or None if is_whole or "." in host else None
