"""Names of files that are not valid UTF-8, as text."""


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
