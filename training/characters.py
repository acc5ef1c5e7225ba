"""Character tables: class and folded form of every code point, written to a file once.

The tables ship with the package so that labels do not change when a newer
Python brings a newer Unicode. Run ``python -m training characters`` only to
move to a newer Unicode on purpose; every model has to be fitted again then.
"""

import unicodedata

import numpy as np

from classifier.kernels.text import characters as c

# Scripts written without spaces between words: the kernel reads them by
# characters and pairs of characters. (first, last) code points.
UNSPACED_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x0FFF),  # Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # CJK and Kangxi radicals
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark, zero
    (0x3021, 0x3029),
    (0x3031, 0x3035),
    (0x3041, 0x30FF),  # Hiragana, Katakana
    (0x3100, 0x312F),  # Bopomofo
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),  # half-width Katakana
    (0x1AFF0, 0x1B16F),
    (0x20000, 0x323AF),
)


def character_class(character: str) -> int:
    """Return the class code that the kernel uses for one character.

    Parameters
    ----------
    character : str

    Returns
    -------
    int
        One of `classifier.kernels.text.characters`.
    """
    if character.isspace():
        return c.SPACE
    category = unicodedata.category(character)
    code = ord(character)
    if category[0] in "LM" and any(first <= code <= last for first, last in UNSPACED_RANGES):
        return c.UNSPACED
    if category in ("Lu", "Lt"):
        return c.UPPER
    if category[0] in "LM":
        return c.LETTER
    if category[0] == "N":
        return c.DIGIT if category == "Nd" else c.SYMBOL
    if category == "Sc":
        return c.CURRENCY
    if category[0] == "P":
        return c.PUNCTUATION
    if category[0] == "S":
        return c.SYMBOL
    return c.IGNORED  # controls, format characters, unassigned, private use


def folded(character: str) -> str:
    """Fold case and width of one character; all decimal digits become "0".

    Parameters
    ----------
    character : str

    Returns
    -------
    str
        One character.
    """
    if unicodedata.category(character) == "Nd":
        return "0"
    for form in (unicodedata.normalize("NFKC", character).casefold(), character.lower()):
        if len(form) == 1:
            return form
    return character


# How a line may end or begin, by character; what is not listed goes by its class.
ENDINGS = {
    ".\u3002\u06d4\u0964": 4,
    "!": 5,
    "?\u061f": 6,
    ":": 7,
    ",\u060c\u3001": 8,
    "\u2026": 9,
    "\"'\u2019\u201c\u201d\u300d\u300f": 10,
    ")]}\u3011\u300b": 11,
    ">\u00bb\u203a\u2192\u25b6\u25ba": 12,
}
BEGINNINGS = {
    "\u2022\u00b7\u25aa\u25a0\u25cf\u25e6\u2023*\u30fb": 4,
    "-\u2013\u2014": 5,
    "\"'\u2018\u201c\u201e\u00ab\u300c\u300e": 6,
    "([{\u3010\u300a": 7,
    ">\u00bb\u203a\u2192\u25b6\u25ba": 8,
    "#@": 9,
}
CLASS_ENDINGS = {
    c.LETTER: 0,
    c.UPPER: 1,
    c.DIGIT: 2,
    c.UNSPACED: 3,
    c.PUNCTUATION: 13,
    c.IGNORED: 15,
}
CLASS_BEGINNINGS = {
    c.LETTER: 0,
    c.IGNORED: 0,
    c.UPPER: 1,
    c.DIGIT: 2,
    c.UNSPACED: 3,
    c.CURRENCY: 11,
}
KINDS = {
    ".": c.KIND_DOT,
    "-": c.KIND_DASH,
    "/": c.KIND_SLASH,
    ":": c.KIND_COLON,
    "@": c.KIND_AT,
    "{[": c.KIND_OPEN,
    "}]": c.KIND_CLOSE,
}
SIGN_PATTERNS = {
    ">\u00bb\u203a\u2192\u25b6\u25ba": c.SIGN_ARROW,
    "%": c.SIGN_PERCENT,
    "\u00a9": c.SIGN_COPYRIGHT,
    "\u2026": c.SIGN_ELLIPSIS,
}
# Categories of what is no character, private use and halves of pairs: all of them are alike.
UNASSIGNED = frozenset(("Cn", "Co", "Cs"))
SEPARATORS = "|\u00b7>\u00bb\u203a\u2022/"


def lookup(groups: dict[str, int], character: str, default: int) -> int:
    """Return the code of the group that holds `character`.

    Parameters
    ----------
    groups : dict of str to int
        Code by the characters of a group.
    character : str
    default : int
        For a character of no group.

    Returns
    -------
    int
    """
    return next((code for group, code in groups.items() if character in group), default)


def traits(character: str) -> int:
    """Pack what the kernel wants to know of a sign, or of a line's first or last character.

    Parameters
    ----------
    character : str

    Returns
    -------
    int
        16 bits.
    """
    kind = character_class(character)
    form = folded(character)
    pattern = c.SIGN_CURRENCY if kind == c.CURRENCY else lookup(SIGN_PATTERNS, form, 0)
    history = c.KIND_CURRENCY if kind == c.CURRENCY else lookup(KINDS, form, c.KIND_OTHER)
    return (
        lookup(ENDINGS, form, CLASS_ENDINGS.get(kind, 14))
        | lookup(BEGINNINGS, form, CLASS_BEGINNINGS.get(kind, 10)) << c.TRAIT_BEGINNING
        | history << c.TRAIT_KIND
        | (form in SEPARATORS) << c.TRAIT_SEPARATOR
        | pattern << c.TRAIT_PATTERN
    )


def entry(character: str) -> int:
    """Pack class and folded form of a character.

    Parameters
    ----------
    character : str

    Returns
    -------
    int
        32 bits, see `build_tables`.
    """
    return (ord(folded(character)) ^ ord(character)) << 8 | character_class(character)


def build_tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ``pages`` (4352,) uint16, ``entries`` uint32 and ``traits`` uint16 (n_blocks * 256,).

    The entry of code point ``p`` is ``entries[pages[p >> 8] * 256 + (p & 255)]``:
    class in the low 8 bits, above them what ``p ^ bits`` turns into the folded
    code point. Equal blocks are stored once, and since most characters fold to
    themselves nearly all of Chinese and Korean is one block that stays cached.

    Returns
    -------
    pages, entries, traits : ndarray
    """
    blocks: dict[bytes, int] = {}
    pages = np.zeros(0x110000 >> 8, np.uint16)
    for page in range(len(pages)):
        characters = [chr(code) for code in range(page << 8, (page + 1) << 8)]
        if UNASSIGNED.issuperset(map(unicodedata.category, characters)):
            rows = [(entry(characters[0]), traits(characters[0]))] * len(characters)
        else:
            rows = [(entry(character), traits(character)) for character in characters]
        block = np.array(rows, np.uint32)
        pages[page] = blocks.setdefault(block.tobytes(), len(blocks))
    table = np.frombuffer(b"".join(blocks), np.uint32).reshape(-1, 2)
    return pages, np.ascontiguousarray(table[:, 0]), table[:, 1].astype(np.uint16)


def write_tables() -> None:
    """Write the tables to the file that ships with the package."""
    pages, entries, packed_traits = build_tables()
    np.savez_compressed(
        c.TABLE_FILE,
        pages=pages,
        entries=entries,
        traits=packed_traits,
        unicode_version=np.array(unicodedata.unidata_version),
    )
