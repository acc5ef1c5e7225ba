"""Names of hashed tokens: which words of a line a place in the table stands for.

The kernel knows only hashes. What it makes of each word of a line and of each
pair of words, read alone, tells which hash is which.
"""

import unicodedata
from itertools import pairwise

import numpy as np

from classifier.columns import read_columns
from classifier.features import first_layer_inputs
from classifier.kernels.first_layer.feature_layout import HEAD_BYTES, TAIL_BYTES
from classifier.lines import is_blank
from classifier.weights import FirstLayer

UNKNOWN = "another word with the same hash"
WHOLE = "the line as a whole"
WORDLESS = "no word in it"  # stands where its first and its last word would
WORD_CHARS = 40  # of a word in a name; longer ones are addresses and codes


def token_names(lines: list[str], layer: FirstLayer) -> list[dict[int, str]]:
    """Name the tokens of lines.

    Parameters
    ----------
    lines : list of str
    layer : FirstLayer
        Its table's size says how tokens are hashed.

    Returns
    -------
    list of dict of int to str
        For each line the names of the places in the table.
    """
    units = [_units(line) for line in lines]
    pairs = [[f"{a} {b}" for a, b in pairwise(own)] for own in units]
    signs = [_signs(line) for line in lines]
    tokens = _tokens_of(
        {text for part in (units, pairs, signs, [lines]) for own in part for text in own}, layer
    )
    return [
        _names(line, tokens, *own) for line, *own in zip(lines, units, pairs, signs, strict=True)
    ]


def _names(
    line: str, tokens: dict[str, list[int]], units: list[str], pairs: list[str], signs: list[str]
) -> dict[int, str]:
    names: dict[int, str] = {}
    for unit in units:
        alone = tokens[unit]
        if len(alone) > 4:  # beginning and end come first, then unit, line, first, last
            names.setdefault(alone[0], f"word beginning as “{_shown(unit)}”")
            names.setdefault(alone[1], f"word ending as “{_shown(unit)}”")
        names.setdefault(alone[-4], f"“{_shown(unit)}”")
    for pair in pairs:
        names.setdefault(tokens[pair][-4], f"“{' '.join(map(_shown, pair.split(' ')))}”")
    for sign in signs:
        names.setdefault(tokens[sign][0], f"sign “{sign}”")
    *_, whole, first, last = tokens[line]
    names.setdefault(first, f"first word “{_shown(units[0])}”" if units else WORDLESS)
    names.setdefault(last, f"last word “{_shown(units[-1])}”" if units else WORDLESS)
    names[whole] = WHOLE
    return names


def _shown(unit: str) -> str:
    """Write a word so that it can be seen, such as the selector that follows an emoji."""
    # A mark with no letter before it would stand on the quote, or nowhere.
    n_marks = len(unit) - len(unit.lstrip("".join(filter(_is_mark, unit))))
    seen = unit[:n_marks].encode("unicode_escape").decode() + unit[n_marks:]
    return seen if len(seen) <= WORD_CHARS else seen[: WORD_CHARS - 1] + "…"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _tokens_of(texts: set[str], layer: FirstLayer) -> dict[str, list[int]]:
    """Find the places in the table of each text's tokens; none for white space."""
    ordered = sorted(texts)
    (column,) = read_columns(ordered)
    lines, rows = first_layer_inputs(column, layer)
    found: dict[str, list[int]] = {}
    bounds = pairwise(lines.document_offsets.tolist())
    for text, (first, stop) in zip(ordered, bounds, strict=True):
        columns = rows.columns[rows.row_offsets[first] : rows.row_offsets[stop]]
        found[text] = columns[columns < len(layer.table)].tolist()
    return found


def _kinds(text: str) -> list[int]:
    """Give the class of each character, as the kernel has it: Python takes "²" for a digit."""
    from classifier.kernels.text.characters import load_tables

    tables = load_tables()
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4")
    entries = tables.entries[tables.pages[codes >> 8].astype(np.intp) * 256 + (codes & 0xFF)]
    kinds: list[int] = (entries & 0xFF).tolist()
    return kinds


def _signs(line: str) -> list[str]:
    """Give the different signs of a line."""
    from classifier.kernels.text import characters as c

    characters = "".join(sorted(set(line)))
    kinds = zip(characters, _kinds(characters), strict=True)
    return [sign for sign, kind in kinds if kind in (c.PUNCTUATION, c.SYMBOL, c.CURRENCY)]


def _units(line: str) -> list[str]:
    """Cut a line into words and unspaced characters, as the kernel does."""
    from classifier.kernels.text import characters as c

    data = line.encode()
    if len(data) > HEAD_BYTES + TAIL_BYTES:  # no more of it is ever read
        ends = [part.decode(errors="ignore") for part in (data[:HEAD_BYTES], data[-TAIL_BYTES:])]
        if all(map(is_blank, ends)) and not is_blank(line):  # read from what is printed first
            return _units(line.lstrip())
        return [unit for end in ends for unit in _units(end)]
    units: list[str] = []
    before = c.SPACE
    for character, kind in zip(line, _kinds(line), strict=True):
        if kind in (c.LETTER, c.UPPER, c.DIGIT):
            glued = kind == c.UPPER and before == c.LETTER
            if before in (c.LETTER, c.UPPER, c.DIGIT) and not glued:
                units[-1] += character
            else:
                units.append(character)
        elif kind == c.UNSPACED:
            units.append(character)
        before = kind
    return units
