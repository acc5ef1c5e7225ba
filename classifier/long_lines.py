"""Lines too long to be looked at: a browser takes minutes to break one of a million characters."""

SHOWN_CHARS = 2_000


def cut(line: str) -> str:
    """Cut a line to what a page shows of it, and say how much is missing.

    Parameters
    ----------
    line : str

    Returns
    -------
    str
        At most `SHOWN_CHARS` characters of it, and the note.

    Examples
    --------
    >>> cut("Log in")
    'Log in'
    >>> cut("x" * 5_000)[SHOWN_CHARS:]
    '… (+3,000 characters)'
    """
    n_cut = len(line) - SHOWN_CHARS
    return line if n_cut <= 0 else f"{line[:SHOWN_CHARS]}… (+{n_cut:,} characters)"
