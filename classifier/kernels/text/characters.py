"""Characters of UTF-8 and their classes, which are looked up in tables that ship with the package.

`training/characters.py` writes the tables; nothing here asks Python's own
``unicodedata``, so labels do not depend on the Python version.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.kernels.machine.arrays import fixed
from classifier.kernels.machine.bits import at, count_ones
from classifier.kernels.machine.blocks import BLOCK, utf8_classes
from classifier.kernels.machine.jit import inline
from classifier.kernels.text.masks import bits_below

IGNORED = 0  # controls, zero-width and unassigned code points
SPACE = 1
LETTER = 2  # letters without case or in lower case, and combining marks
UPPER = 3
DIGIT = 4
UNSPACED = 5  # letters of scripts written without spaces
PUNCTUATION = 6
SYMBOL = 7
CURRENCY = 8

# Traits of a character, packed into 16 bits: class as a line's ending (4 bits
# from 0), as its beginning (4 from 4), kind in the token history (4 from 8),
# whether it separates menu items (1 at 12), and the pattern it shows (3 from 13).
TRAIT_BEGINNING = 4
TRAIT_KIND = 8
TRAIT_SEPARATOR = 12
TRAIT_PATTERN = 13

# Classes of endings, a bit each: of sentences (full stop, "!", "?", colon, ellipsis), and of
# what stands around one (quotations, brackets, arrows).
SENTENCE_ENDINGS = 0b0010_1111_0000
CLOSING_ENDINGS = 0b1_1100_0000_0000

# Kinds of token, four bits each.
KIND_NUMBER = 2
KIND_WORD = 3
KIND_COLON = 5
KIND_CURRENCY = 6
KIND_AT = 7
KIND_SLASH = 8
KIND_OPEN = 9
KIND_CLOSE = 10
KIND_OTHER = 11
KIND_DOT = 12
KIND_DASH = 13

SIGN_ARROW = 1
SIGN_PERCENT = 2
SIGN_COPYRIGHT = 3
SIGN_ELLIPSIS = 4
SIGN_CURRENCY = 5

TABLE_FILE = Path(__file__).with_name("characters.npz")

# Scripts with small letters: Latin, Greek, Cyrillic and Armenian, and Latin and Greek once more.
FIRST_SMALL, LAST_SMALL, FIRST_OTHER, LAST_OTHER = 0xDF, 0x58F, 0x1E00, 0x1FFF


class CharacterTables(NamedTuple):
    """Two-stage table over all code points.

    Attributes
    ----------
    pages : ndarray of uint16, shape (4352,)
        Block number of each run of 256 code points; block 0 is U+0000–U+00FF.
    entries : ndarray of uint32, shape (n_blocks * 256,)
        Class code in the low 8 bits; above them the bits that turn the code
        point into its folded form by exclusive or.
    traits : ndarray of uint16, shape (n_blocks * 256,)
        Packed traits, see ``TRAIT_*``.
    """

    pages: npt.NDArray[np.uint16]
    entries: npt.NDArray[np.uint32]
    traits: npt.NDArray[np.uint16]


@lru_cache(maxsize=1)
def load_tables() -> CharacterTables:
    """Load the character tables (read once per process).

    Returns
    -------
    CharacterTables
        Read-only arrays.
    """
    with np.load(TABLE_FILE, allow_pickle=False) as stored:
        return CharacterTables(
            fixed(stored["pages"], np.uint16),
            fixed(stored["entries"], np.uint32),
            fixed(stored["traits"], np.uint16),
        )


@inline
def code_point(data: Any, i: int) -> tuple[int, int]:
    """Decode the character that starts at byte `i` of valid UTF-8; return it and its length.

    Parameters
    ----------
    data : ndarray of uint8
    i : int

    Returns
    -------
    point : int
    n_bytes : int
    """
    lead = np.int64(at(data, i))
    if lead < 0x80:
        return lead, 1
    if lead < 0xE0:
        return ((lead & 0x1F) << 6) | (np.int64(at(data, i + 1)) & 0x3F), 2
    if lead < 0xF0:
        return (
            ((lead & 0x0F) << 12)
            | ((np.int64(at(data, i + 1)) & 0x3F) << 6)
            | (np.int64(at(data, i + 2)) & 0x3F)
        ), 3
    return (
        ((lead & 0x07) << 18)
        | ((np.int64(at(data, i + 1)) & 0x3F) << 12)
        | ((np.int64(at(data, i + 2)) & 0x3F) << 6)
        | (np.int64(at(data, i + 3)) & 0x3F)
    ), 4


@inline
def place_of(point: int, pages: Any) -> int:
    """Return where the tables hold a code point.

    Parameters
    ----------
    point : int
    pages : ndarray of uint16

    Returns
    -------
    int
    """
    return (np.int64(at(pages, point >> 8)) << 8) | (point & 0xFF)


@inline
def kind_of(point: int, tables: Any) -> int:
    """Return the kind of a code point, such as `SPACE`.

    Parameters
    ----------
    point : int
    tables : CharacterTables

    Returns
    -------
    int
    """
    return np.int64(at(tables.entries, place_of(point, tables.pages))) & 0xFF


@inline
def traits_at(data: Any, i: int, tables: Any) -> Any:
    """Return the traits of the character at byte `i`.

    Parameters
    ----------
    data : ndarray of uint8
    i : int
        Where it begins.
    tables : CharacterTables

    Returns
    -------
    uint16
    """
    point, _ = code_point(data, i)
    return at(tables.traits, place_of(point, tables.pages))


@inline
def is_small(point: int, tables: Any) -> bool:
    """Return whether a code point is a small letter.

    Parameters
    ----------
    point : int
    tables : CharacterTables

    Returns
    -------
    bool
    """
    if point < 0x80:
        return ord("a") <= point <= ord("z")
    if FIRST_SMALL <= point <= LAST_SMALL or FIRST_OTHER <= point <= LAST_OTHER:
        return kind_of(point, tables) == LETTER
    return False


@inline
def count_characters(data: Any, start: int, end: int) -> int:
    """Return the number of code points in ``data[start:end]``, which is valid UTF-8.

    Parameters
    ----------
    data : ndarray of uint8
    start, end : int

    Returns
    -------
    int
    """
    found = end - start
    i = start
    stop = min(end, len(data) - BLOCK + 1)
    while i < stop:
        # Every character has exactly one byte that continues no other.
        tails = utf8_classes(data, i)[0]
        if end - i < BLOCK:
            tails &= bits_below(end - i)
        found -= count_ones(tails)
        i += BLOCK
    for j in range(i, end):
        found -= np.int64(at(data, j) & 0xC0 == 0x80)
    return found
