"""Text from outside as it is shown: never too long, breaking no line, steering no terminal."""

SHOWN_CHARS = 2_000  # of a line in a page: browsers take minutes to break one of a million

# Control characters, separators of lines, and what turns the direction of all that follows.
UNSAFE = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *(0x2028, 0x2029),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
ESCAPES = {code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in UNSAFE}


def one_line(text: str) -> str:
    r"""Escape what would break a line or steer a terminal, such as names of files may hold.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The same with escapes, such as `\x0a`, for the signs in `ESCAPES`.

    Examples
    --------
    >>> print(one_line("a\nb\x1b[1m\u202etxt.exe"))
    a\x0ab\x1b[1m\u202etxt.exe
    """
    return text.translate(ESCAPES)


def beginning(line: str, n_chars: int) -> str:
    r"""Give the beginning of a line for a terminal.

    Parameters
    ----------
    line : str
    n_chars : int
        Of the line itself; the escapes of `one_line` may make more of them.

    Returns
    -------
    str
        With a sign at its end if there is more.

    Examples
    --------
    >>> print(beginning("Log\tin", 9), beginning("Log\tin", 4))
    Log\x09in Log\x09…
    """
    return one_line(line if len(line) <= n_chars else f"{line[:n_chars]}…")


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
