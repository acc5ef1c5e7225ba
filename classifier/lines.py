r"""Text and its lines: split, spans, and offsets in bytes and code points.

A line is what stands between two ``"\n"``. Other characters that Python's
`str.splitlines` breaks at (``"\r"``, U+2028, form feed …) are part of a line,
so that splitting loses nothing.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# Continuation bytes are found a block at a time: their positions take 8 bytes
# each, which over a whole 200 MB text would be more than the text itself.
BLOCK_BYTES = 1 << 24


class Span(NamedTuple):
    r"""Place of a line in its text: ``text[start:end]``, without the ``"\n"``."""

    start: int
    end: int


def split_lines(text: str) -> list[str]:
    r"""Split a text on ``"\n"`` only.

    Parameters
    ----------
    text : str
        Any text. A final ``"\n"`` gives a last, empty line.

    Returns
    -------
    list of str
        At least one; joined with ``"\n"`` they are `text`.

    Examples
    --------
    >>> split_lines("Title\r\n\nBody\n")
    ['Title\r', '', 'Body', '']
    """
    return text.split("\n")


def is_blank(line: str) -> bool:
    r"""Tell whether a line is blank, that is, white space or nothing.

    Parameters
    ----------
    line : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_blank(" \u3000\r"), is_blank("\u200b")
    (True, False)
    """
    return line.strip() == ""


def numbered_lines(text: str) -> list[tuple[int, str]]:
    r"""List the lines of a text that carry a label, each with its number.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of (int, str)
        Number, from 1 and with the blank ones counted as editors do, and line.

    Examples
    --------
    >>> numbered_lines("One\n \nThree")
    [(1, 'One'), (3, 'Three')]
    """
    return [(n, line) for n, line in enumerate(split_lines(text), 1) if not is_blank(line)]


def line_spans(text: str) -> list[Span]:
    r"""Find the lines of a text that carry a label: all that are not blank.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Span
        Offsets in code points, in order.

    Examples
    --------
    >>> [text[start:end] for text in ["One\n \n Two\n"] for start, end in line_spans(text)]
    ['One', ' Two']
    """
    spans = []
    start = 0
    for line in split_lines(text):
        end = start + len(line)
        if not is_blank(line):
            spans.append(Span(start, end))
        start = end + 1
    return spans


def encode_text(text: str, document: str) -> bytes:
    """Encode a text as UTF-8.

    Parameters
    ----------
    text : str
        Text of one document.
    document : str
        What to call the document in an error, e.g. ``"document 3"``.

    Returns
    -------
    bytes
        The text in UTF-8.

    Raises
    ------
    ValueError
        If the text holds a lone surrogate, which no UTF-8 can hold; the
        message names document and offset.
    """
    try:
        return str.encode(text, "utf-8")  # whatever a subclass of str makes of it
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{document}: lone surrogate U+{ord(text[error.start]):04X} at offset {error.start}; "
            'repair the text first, e.g. text.encode("utf-16", "surrogatepass")'
            '.decode("utf-16", "replace")'
        ) from None


def code_point_offsets(
    data: npt.NDArray[np.uint8], byte_offsets: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Convert byte offsets into UTF-8 to code-point offsets.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
        Valid UTF-8.
    byte_offsets : ndarray of int64, shape (n_offsets,)
        Offsets in bytes, 0 to ``n_bytes``, each at the start of a character
        or at the end; in any order.

    Returns
    -------
    ndarray of int64, shape (n_offsets,)
        The same places counted in code points from the start of `data`.

    Examples
    --------
    >>> data = np.frombuffer("né e".encode(), np.uint8)
    >>> code_point_offsets(data, np.array([0, 1, 3, 5]))
    array([0, 1, 2, 4])
    """
    order = np.argsort(byte_offsets, kind="stable")  # quick if they rise, as they mostly do
    rising = byte_offsets[order]
    found = np.empty(len(rising), np.int64)
    n_before = 0
    for first in range(0, len(data) + 1, BLOCK_BYTES):
        block = data[first : first + BLOCK_BYTES]
        continuation = np.flatnonzero((block & 0xC0) == 0x80) + first
        own = slice(*np.searchsorted(rising, [first, first + BLOCK_BYTES]))
        found[own] = rising[own] - np.searchsorted(continuation, rising[own]) - n_before
        n_before += len(continuation)
    offsets = np.empty_like(found)
    offsets[order] = found
    return offsets
