"""Names of files as text, for messages and identifiers."""

import re

# None holds white space, or in a message it would reach to an "@" far behind the address.
PASSWORD = re.compile(r"(?<=://)([^/?#:@\s]*):[^/?#\s]*@")


def readable(name: str) -> str:
    r"""Write a file name so that it can be encoded.

    Parameters
    ----------
    name : str
        A name as Python has it: bytes that are no UTF-8 are lone surrogates.

    Returns
    -------
    str
        With ``\xff`` for such a byte; other names stay.

    Examples
    --------
    >>> readable("page\udcff.txt")
    'page\\xff.txt'
    """
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def shown_name(path: str) -> str:
    """Give the name of an input for messages and identifiers.

    Parameters
    ----------
    path : str
        A path, a URL, or ``-`` for standard input.

    Returns
    -------
    str
        Valid text; ``stdin`` for ``-``. Without the password of a URL: identifiers are
        passed on, and messages kept in logs.

    Examples
    --------
    >>> shown_name("https://ada:secret@crawl.example/a.wet")
    'https://ada:***@crawl.example/a.wet'
    """
    return "stdin" if path == "-" else without_passwords(readable(path))


def without_passwords(text: str) -> str:
    """Hide the passwords of URLs in a text, such as a message.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        With ``***`` for each.

    Examples
    --------
    >>> without_passwords("ftp://ada:secret@crawl.example/a.wet: no such file. Ask a@b.example.")
    'ftp://ada:***@crawl.example/a.wet: no such file. Ask a@b.example.'
    """
    return PASSWORD.sub(r"\1:***@", text)
