"""Files of text that are kept in the repository: read whole, and named if they are damaged."""

import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path

# But for the tab, which extractors print, and the line feed. No extractor prints the others
# inside a line; U+2028 and U+2029 would end it.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
WORD = re.compile(r"[^\W_]")
BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a symbol by name alone


def read_text(path: Path) -> str:
    """Read a file of text, unpacked if it is named ``.gz``.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        As it stands in the file, but for a byte order mark.

    Raises
    ------
    ValueError
        If it is damaged, or not UTF-8; the message names the file, and the line.
    """
    content = path.read_bytes()
    if path.suffix == ".gz":
        try:
            content = gzip.decompress(content)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ValueError(
                f"{path}: ends too early or is damaged ({error}); get it anew"
            ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{path}: line {number} is not UTF-8; save the file as UTF-8") from None


def read_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of each row of a CSV file that is not blank, from 1.

    Parameters
    ----------
    path : Path

    Yields
    ------
    number : int
    cells : list of str

    Raises
    ------
    ValueError
        As `read_text`; or if a row is no CSV.
    """
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(read_text(path), newline="")), 1):
            if cells:
                yield number, cells
    except csv.Error as error:
        raise ValueError(f"{path}: row {number + 1} cannot be read ({error})") from None


def fault_of_line(line: str) -> str:
    """Say why a line that we wrote is none that a page could print.

    Parameters
    ----------
    line : str

    Returns
    -------
    str
        "holds no visible character" or "holds the control character …"; empty if it is fine.
    """
    if found := CONTROL.search(line):
        return f"holds the control character U+{ord(found[0]):04X}"
    if WORD.search(line) is None or BLANK_LETTERS.intersection(line):
        visible = (c for c in line if unicodedata.category(c)[0] in "LNPS")
        if BLANK_LETTERS.issuperset(visible):
            return "holds no visible character"
    return ""
