"""Characters, words and their hashes, said again in plain Python over `str` and `int`."""

from functools import cache
from typing import NamedTuple

from classifier.kernels.first_layer import hashing
from classifier.kernels.text import characters as c

MASK = (1 << 64) - 1
MIX, SPREAD = int(hashing.MIX), int(hashing.SPREAD)
WORD_KINDS = (c.LETTER, c.UPPER, c.DIGIT)
AFFIX_MIN_BYTES = 6  # shorter words have no ends of their own


class Character(NamedTuple):
    kind: int  # class
    folded: int  # code point in small letters, narrow; "0" for every digit
    ending: int
    beginning: int
    token_kind: int  # what it is in a history of tokens
    separates: int
    pattern: int


@cache
def character(char: str) -> Character:
    pages, entries, traits = c.load_tables()
    code = ord(char)
    place = int(pages[code >> 8]) * 256 + code % 256
    entry, trait = int(entries[place]), int(traits[place])
    return Character(
        kind=entry & 0xFF,
        folded=code ^ (entry >> 8),
        ending=trait & 0xF,
        beginning=trait >> c.TRAIT_BEGINNING & 0xF,
        token_kind=trait >> c.TRAIT_KIND & 0xF,
        separates=trait >> c.TRAIT_SEPARATOR & 1,
        pattern=trait >> c.TRAIT_PATTERN,
    )


def pieces(text: str) -> list[str]:
    """Cut a text into words and single other characters; a word ends before "aB"'s "B"."""
    found = []
    previous = c.SPACE
    for char in text:
        kind = character(char).kind
        cut = previous == c.LETTER and kind == c.UPPER
        if kind in WORD_KINDS and previous in WORD_KINDS and not cut:
            found[-1] += char
        else:
            found.append(char)
        previous = kind
    return found


def byte_stream(word: str) -> tuple[bytes, int]:
    """Return the folded word as bytes, and what the second-lowest code points share: a script."""
    stream = b""
    script = 0
    for char in word:
        folded = character(char).folded
        if folded < 0x80:
            stream += bytes([folded])
        elif folded < 0x800:
            stream += bytes([folded & 0x7F | 0x80])
            script |= folded >> 7
        else:
            stream += folded.to_bytes(2 if folded < 0x10000 else 3, "little")
    return stream, script * SPREAD & MASK


def hash_word(word: str) -> tuple[int, list[tuple[int, int]]]:
    """Return a word's hash, and (value, seed) of its two ends if it is long enough."""
    stream, script = byte_stream(word)
    n_full = len(stream) // 8
    h = 0
    for i in range(n_full):
        h = (h ^ int.from_bytes(stream[8 * i : 8 * i + 8], "little")) * MIX & MASK
        h ^= h >> 32
    h = (h ^ int.from_bytes(stream[8 * n_full :], "little") ^ script) * MIX & MASK
    affixes = []
    if len(stream) >= AFFIX_MIN_BYTES:
        affixes = [
            (int.from_bytes(stream[:5], "little") ^ script, hashing.SEED_BEGINNING),
            (int.from_bytes(stream[-4:], "little") ^ script, hashing.SEED_END),
        ]
    return h ^ h >> 31, affixes


def slot(value: int, seed: int, bits: int) -> int:
    mixed = (value ^ int(seed)) * MIX & MASK
    mixed ^= mixed >> 29
    return (mixed * SPREAD & MASK) >> (64 - bits)
