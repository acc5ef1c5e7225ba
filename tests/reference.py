"""What the first layer measures on a line, said again in plain Python.

Slow and readable: text is `str`, hashes are `int`, counts are counted. It shares
nothing with the kernels but the character tables and the constants of the layout.
"""

from bisect import bisect_right
from typing import NamedTuple

from reference_words import (
    MASK,
    MIX,
    SPREAD,
    WORD_KINDS,
    byte_stream,
    character,
    hash_word,
    pieces,
    slot,
)

from classifier.kernels.first_layer import feature_layout as layout
from classifier.kernels.first_layer import hashing
from classifier.kernels.text import characters as c
from classifier.lines import is_blank
from classifier.weights import FirstLayer

# Lower edges of the buckets from 1 on: of counts, of shares in twentieths, of an indent.
COUNT_EDGES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
SHARE_EDGES = (1, 2, 4, 8, 14)
INDENT_EDGES = (1, 3, 5, 9)
KIND_GAP = 1  # beside the kinds of tokens in `characters`
SIGN_PATTERNS = {
    0: 0,
    c.SIGN_ARROW: layout.ARROW,
    c.SIGN_PERCENT: layout.PERCENT,
    c.SIGN_COPYRIGHT: layout.COPYRIGHT,
    c.SIGN_ELLIPSIS: layout.ELLIPSIS,
    c.SIGN_CURRENCY: layout.CURRENCY_SIGN,
}


class Line(NamedTuple):
    start: int  # bytes in the document
    end: int
    tokens: list[int]
    facts: list[int]
    patterns: int
    hash: int
    terms: list[int]


def read_document(text: str, bits: int) -> list[Line]:
    """Read every line that is not blank."""
    lines = []
    start = blanks = 0
    for line in text.split("\n"):
        end = start + len(line.encode())
        if is_blank(line):
            blanks += 1
        else:
            tokens, facts, patterns, line_hash, terms = read_line(line, bits)
            facts[layout.BLANK_BEFORE] = min(blanks, 3)
            lines.append(Line(start, end, tokens, facts, patterns, line_hash, terms))
            blanks = 0
        start = end + 1
    return lines


def read_line(line: str, bits: int) -> tuple[list[int], list[int], int, int, list[int]]:
    """Find the tokens (table indices), facts, pattern bits, hash and terms of one line."""
    read = stretches(line)
    if len(read) > 1 and is_blank("".join(read)):
        line = line.lstrip()  # long white space must not hide what stands in the middle
        read = stretches(line)
    n_bytes = len(line.encode())
    tokens = []
    terms = []
    units = []  # hashes of words and unspaced characters
    line_hash, sign_hash = int(hashing.SEED_LINE), int(hashing.SEED_SIGN)
    patterns = layout.TRUNCATED_READ if len(read) > 1 else 0
    previous_sign = None
    for stretch in read:
        history = []  # kinds of the tokens so far
        found = pieces(stretch)
        for piece, following in zip(found, [*found[1:], " "], strict=True):
            char = character(piece[0])
            if char.kind == c.SPACE:
                history.append(KIND_GAP)
            elif char.kind in WORD_KINDS or char.kind == c.UNSPACED:
                if char.kind == c.UNSPACED:
                    history.append(c.KIND_WORD)
                    unit = char.folded * SPREAD & MASK
                    if units:
                        terms.append(term(units[-1] * MIX + unit & MASK, layout.PAIR_WEIGHT))
                else:
                    unit, affixes = hash_word(piece)
                    size = len(byte_stream(piece)[0])
                    if size >= layout.TERM_MIN_BYTES:
                        terms.append(term(unit, min(size, layout.TERM_MAX_WEIGHT)))
                    tokens += [slot(affix, seed, bits) for affix, seed in affixes]
                    if character(following[0]).kind in WORD_KINDS:
                        patterns |= layout.GLUED
                    patterns |= word_patterns(piece, history)
                tokens.append(slot(unit, hashing.SEED_UNIT, bits))
                if units:
                    tokens.append(slot(units[-1] * MIX + unit & MASK, hashing.SEED_PAIR, bits))
                units.append(unit)
                line_hash = (line_hash ^ unit) * MIX & MASK
                previous_sign = None
            elif char.kind != c.IGNORED:
                patterns |= SIGN_PATTERNS[char.pattern]
                if char.folded != previous_sign:
                    tokens.append(slot(char.folded, hashing.SEED_SIGN, bits))
                    sign_hash = (sign_hash ^ char.folded) * MIX & MASK
                elif char.folded == ord("."):
                    patterns |= layout.ELLIPSIS
                previous_sign = char.folded
                history.append(char.token_kind)
                patterns |= sign_patterns(history)
    line_hash = (line_hash ^ sign_hash * SPREAD & MASK) * MIX & MASK
    if len(read) > 1:
        line_hash = (line_hash ^ n_bytes) * MIX & MASK
    tokens.append(slot(line_hash, hashing.SEED_LINE, bits))
    tokens.append(slot(units[0] if units else 0, hashing.SEED_FIRST, bits))
    tokens.append(slot(units[-1] if units else 0, hashing.SEED_LAST, bits))
    return tokens, measure(read, n_bytes), patterns, line_hash, terms[: layout.LINE_TERMS]


def term(value: int, weight: int) -> int:
    return (value * MIX & MASK) >> 36 << 4 | weight


def score_line(line: Line, layer: FirstLayer) -> list[float]:
    """Return the first layer's scores: of each label, then of each outlook."""
    rows = [start + fact for start, fact in zip(layout.FACT_STARTS, line.facts, strict=True)]
    for (a, b), start in zip(layout.FACT_PAIRS, layout.PAIR_STARTS, strict=True):
        rows.append(start + line.facts[a] * layout.FACT_SIZES[b] + line.facts[b])
    bits = range(layout.N_PATTERNS)
    rows += [layout.PATTERN_START + bit for bit in bits if line.patterns >> bit & 1]
    scores = []
    for score in range(layout.N_SCORES):
        levels = sum((int(layer.table[token]) >> 8 * score & 0xFF) - 128 for token in line.tokens)
        of_tokens = float(layer.scale[score]) * levels / len(line.tokens) ** 0.5
        of_shape = sum(float(layer.shape[row, score]) for row in rows)
        scores.append(float(layer.bias[score]) + of_tokens + of_shape)
    return scores


def stretches(line: str) -> list[str]:
    """Return what is read of a line: all of it, or head and tail of a long one."""
    data = line.encode()
    if len(data) <= layout.HEAD_BYTES + layout.TAIL_BYTES:
        return [line]
    # A character that the cut goes through is left out.
    head, tail = data[: layout.HEAD_BYTES], data[-layout.TAIL_BYTES :]
    return [head.decode(errors="ignore"), tail.decode(errors="ignore")]


def word_patterns(word: str, history: list[int]) -> int:
    """Append a word to the history; return the patterns it completes."""
    is_number = all(character(char).kind == c.DIGIT for char in word)
    before = history[-4:]
    history.append(c.KIND_NUMBER if is_number else c.KIND_WORD)
    if not is_number:
        if before[-1:] != [c.KIND_AT]:
            return 0
        named = before[-2:-1] in ([c.KIND_WORD], [c.KIND_NUMBER])
        return layout.EMAIL if named else layout.HANDLE
    patterns = 0
    if before[-1:] == [c.KIND_CURRENCY] or before[-2:] == [c.KIND_CURRENCY, KIND_GAP]:
        patterns |= layout.PRICE
    if before[-2:] == [c.KIND_NUMBER, c.KIND_COLON]:
        patterns |= layout.TIME
    for sign in (c.KIND_DOT, c.KIND_DASH, c.KIND_SLASH):
        if before == [c.KIND_NUMBER, sign, c.KIND_NUMBER, sign]:
            patterns |= layout.DATE
    if len(word) == 4:
        patterns |= layout.YEAR
    if len(word) > 6:
        patterns |= layout.LONG_NUMBER
    return patterns


def sign_patterns(history: list[int]) -> int:
    """Return the patterns that the sign at the end of the history completes."""
    *before, last = history[-3:]
    if last == c.KIND_CURRENCY:
        after_number = before[-1:] == [c.KIND_NUMBER] or before == [c.KIND_NUMBER, KIND_GAP]
        return layout.PRICE if after_number else 0
    if last == c.KIND_SLASH:
        return layout.URL if before == [c.KIND_COLON, c.KIND_SLASH] else 0
    doubled = last in (c.KIND_AT, c.KIND_OPEN, c.KIND_CLOSE) and before[-1:] == [last]
    return layout.PLACEHOLDER if doubled else 0


def bucket(count: int) -> int:
    return bisect_right(COUNT_EDGES, count)


def share(part: int, whole: int) -> int:
    return 1 + bisect_right(SHARE_EDGES, 20 * part // whole) if part else 0


def measure(read: list[str], n_bytes: int) -> list[int]:
    """Return the facts of a line from what is read of it; `BLANK_BEFORE` stays 0."""
    chars = [character(char) for stretch in read for char in stretch]
    kinds = [char.kind for char in chars]
    printed = [char for char in chars if char.kind != c.SPACE]
    initials = [character(piece[0]).kind for stretch in read for piece in pieces(stretch)]
    n_words = sum(kind in WORD_KINDS for kind in initials)
    n_title = initials.count(c.UPPER)
    n_upper = kinds.count(c.UPPER)
    n_letters = kinds.count(c.LETTER) + n_upper
    n_unspaced = kinds.count(c.UNSPACED)
    n_marks = sum(kinds.count(kind) for kind in (c.PUNCTUATION, c.SYMBOL, c.CURRENCY))
    n_printed = n_letters + kinds.count(c.DIGIT) + n_unspaced + n_marks
    n_chars = len(chars)
    if len(read) > 1:
        n_chars = n_chars * n_bytes // (layout.HEAD_BYTES + layout.TAIL_BYTES)
    facts = [0] * layout.N_FACTS
    facts[layout.LENGTH] = bucket(max(n_chars, 1)) - 1
    facts[layout.WORDS] = min(bucket(n_words + n_unspaced // 2), 11)
    facts[layout.CAPITALS] = share(n_upper, max(n_letters, 1))
    if n_upper == n_letters:
        facts[layout.CAPITALS] = 7 if n_letters else 8
    facts[layout.DIGITS] = share(kinds.count(c.DIGIT), max(n_printed, 1))
    facts[layout.MARKS] = share(n_marks, max(n_printed, 1))
    facts[layout.ENDING] = printed[-1].ending
    facts[layout.BEGINNING] = printed[0].beginning
    facts[layout.INDENT] = bisect_right(INDENT_EDGES, chars.index(printed[0]))
    if n_words:
        facts[layout.TITLE_CASE] = 3 if n_title == n_words else 1 + (n_title > 0)
    facts[layout.UNSPACED_SHARE] = min(-(-3 * n_unspaced // max(n_printed, 1)), 3)
    facts[layout.SEPARATORS] = min(bucket(sum(char.separates for char in printed)), 3)
    return facts
