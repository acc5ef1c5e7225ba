"""Read lines: UTF-8 bytes to hashed tokens, facts and patterns, one line at a time.

Everything the first layer knows about a line is found here in one walk over
its bytes. A token is a hashed feature (word, word pair, beginning or end of a
word, character or pair of an unspaced script, sign, whole line); the tokens of
a line go to a scratch array that stays in the first-level cache, from where
they are summed (labelling) or copied out (training): one code for both.
"""

from typing import Any

import numpy as np

from classifier.kernels.bits import at
from classifier.kernels.characters import (
    DIGIT,
    IGNORED,
    KIND_AT,
    KIND_CLOSE,
    KIND_CURRENCY,
    KIND_GAP,
    KIND_NUMBER,
    KIND_WORD,
    LETTER,
    SPACE,
    TRAIT_BEGINNING,
    TRAIT_KIND,
    TRAIT_PATTERN,
    TRAIT_SEPARATOR,
    UNSPACED,
    UPPER,
)
from classifier.kernels.hashing import (
    MIX,
    SEED_BEGINNING,
    SEED_END,
    SEED_FIRST,
    SEED_LAST,
    SEED_LINE,
    SEED_PAIR,
    SEED_SIGN,
    SEED_UNIT,
    SPREAD,
    slot,
)
from classifier.kernels.jit import inline, jit
from classifier.kernels.layout import (
    BEGINNING,
    CAPITALS,
    DIGITS,
    ELLIPSIS,
    ENDING,
    GLUED,
    HEAD_BYTES,
    INDENT,
    LENGTH,
    MARKS,
    SEPARATORS,
    TAIL_BYTES,
    TITLE_CASE,
    TRUNCATED_READ,
    UNSPACED_SHARE,
    WORDS,
)
from classifier.kernels.patterns import SIGN_PATTERNS, number_patterns, sign_patterns, word_patterns
from classifier.kernels.words import ZERO, code_point, read_word

AFFIX_MIN_BYTES = 6  # shorter words have no beginning and end of their own
FULL_STOP = ord(".")

COUNT_MASK = 0x3FF
LETTERS, UPPERS, DIGIT_COUNT, MARK_COUNT, UNSPACED_COUNT, WORD_COUNT = range(0, 60, 10)
ONE_LETTER, ONE_UPPER, ONE_DIGIT = 1 << LETTERS, 1 << UPPERS, 1 << DIGIT_COUNT
ONE_MARK, ONE_UNSPACED, ONE_WORD = 1 << MARK_COUNT, 1 << UNSPACED_COUNT, 1 << WORD_COUNT
OTHERS, TITLES, SEPARATOR_COUNT, INDENTS = range(0, 40, 10)
ONE_OTHER, ONE_TITLE, ONE_SEPARATOR = 1 << OTHERS, 1 << TITLES, 1 << SEPARATOR_COUNT


def _half_octaves(n: int) -> int:
    """Bucket of a positive count: two buckets for each doubling (1, 2, 3, 4–5, 6–7, 8–11 …)."""
    octave = n.bit_length() - 1
    return max(0, 2 * octave - 1 + ((n >> (octave - 1)) & 1)) if octave else 0


COUNT_BUCKETS = np.array([0] + [1 + _half_octaves(n) for n in range(1, 257)], np.uint8)
INDENT_BUCKETS = np.array([0, 1, 1, 2, 2, 3, 3, 3, 3, 4], np.uint8)
RATIO_BUCKETS = np.array([1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5] + [6] * 7, np.uint8)


@inline
def share_bucket(part: int, whole: int) -> int:
    """Bucket a share: 0 for none, then edges at 5, 10, 20, 40 and 70 percent."""
    if part == 0:
        return 0
    return np.int64(RATIO_BUCKETS[(part * 20) // whole])


@jit
def scan_line(
    data: Any, start: int, end: int, tables: Any, shift: Any, tokens: Any, facts: Any, row: int
) -> tuple[int, int, Any]:
    """Read one line.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    start, end : int
        The line's bytes, without its "\\n".
    tables : CharacterTables
    shift : uint64
        64 minus the number of bits of a table index.
    tokens : ndarray of uint32, shape (TOKEN_CAPACITY,)
        Filled with the line's hashed features.
    facts : ndarray of uint8, shape (n, N_FACTS)
        Row `row` is filled with the line's facts, all but ``blank_before``.

    Returns
    -------
    n_tokens : int
        -1 if the line is blank.
    patterns : int
        Bits of the patterns found.
    line_hash : uint64
        Equal for lines that differ only in case, digits and white space.
    """
    pages, entries, traits = tables
    n_tokens = 0
    # Six counts of ten bits share a register (a line is read to 320 bytes at
    # most), for the loop below has more state than the processor has registers.
    counts = 0
    more_counts = 0
    patterns = 0
    history = 0
    first_place = last_place = -1  # where the tables hold the first and last printed character
    line_hash = SEED_LINE
    first_unit = previous_unit = ZERO  # a unit is a word or an unspaced character
    previous_sign = 0

    i = start
    stop = tail_start = end
    if end - start > HEAD_BYTES + TAIL_BYTES:
        patterns |= TRUNCATED_READ
        stop = start + HEAD_BYTES
        while data[stop] & 0xC0 == 0x80:
            stop -= 1
        tail_start = end - TAIL_BYTES
        while data[tail_start] & 0xC0 == 0x80:
            tail_start += 1

    while True:
        if i >= stop:
            if tail_start >= end:
                break
            i, stop = tail_start, end  # the second, last stretch of a long line
            tail_start = end
            history = 0
            continue
        point = np.int64(at(data, i))
        width = 1
        place = point
        if point >= 0x80:
            point, width = code_point(data, i)
            place = (np.int64(at(pages, point >> 8)) << 8) | (point & 0xFF)
        entry = np.int64(at(entries, place))
        kind = entry & 0xFF

        if kind == SPACE:
            i += width
            more_counts += ONE_OTHER
            history = (history << 4) | KIND_GAP
            continue

        if first_place < 0:
            first_place = place
            more_counts += ((more_counts >> OTHERS) & COUNT_MASK) << INDENTS

        if kind == LETTER or kind == UPPER or kind == DIGIT:
            i, last_place, unit, beginning, ending, n, n_bytes, n_upper, n_digits, glued = (
                read_word(data, i, stop, pages, entries)
            )
            counts += (
                ONE_WORD + n * ONE_LETTER + n_upper * ONE_UPPER + n_digits * (ONE_DIGIT - ONE_LETTER)
            )
            if kind == UPPER:
                more_counts += ONE_TITLE
            if glued:
                patterns |= GLUED
            # Written in any case, counted only for words long enough to have
            # ends of their own: a branch here would be guessed wrong too often.
            tokens[n_tokens] = slot(beginning, SEED_BEGINNING, shift)
            tokens[n_tokens + 1] = slot(ending, SEED_END, shift)
            n_tokens += 2 * (n_bytes >= AFFIX_MIN_BYTES)
            history = (history << 4) | KIND_WORD
            if n == n_digits:
                history ^= KIND_WORD ^ KIND_NUMBER
                patterns |= number_patterns(history, n)
            elif history & 0xF0 == KIND_AT << 4:
                patterns |= word_patterns(history)
        else:
            i += width
            last_place = place
            folded = point ^ (entry >> 8)
            if kind != UNSPACED:
                if kind == IGNORED:
                    more_counts += ONE_OTHER
                    continue
                counts += ONE_MARK
                trait = np.int64(at(traits, place))
                more_counts += ((trait >> TRAIT_SEPARATOR) & 1) * ONE_SEPARATOR
                patterns |= at(SIGN_PATTERNS, trait >> TRAIT_PATTERN)
                if folded != previous_sign:
                    tokens[n_tokens] = slot(np.uint64(folded), SEED_SIGN, shift)
                    n_tokens += 1
                    line_hash = (line_hash ^ np.uint64(folded)) * MIX
                elif folded == FULL_STOP:
                    patterns |= ELLIPSIS
                previous_sign = folded
                sign = int((trait >> TRAIT_KIND) & 0xF)  # a history of numpy integers overflows
                history = (history << 4) | sign
                if KIND_CURRENCY <= sign <= KIND_CLOSE:
                    patterns |= sign_patterns(history)
                continue
            counts += ONE_UNSPACED
            unit = np.uint64(folded) * SPREAD
            history = (history << 4) | KIND_WORD

        tokens[n_tokens] = slot(unit, SEED_UNIT, shift)
        tokens[n_tokens + 1] = slot(previous_unit * MIX + unit, SEED_PAIR, shift)
        n_tokens += 1 + (previous_unit != ZERO)
        if first_unit == ZERO:
            first_unit = unit
        previous_unit = unit
        previous_sign = 0
        line_hash = (line_hash ^ unit) * MIX

    if first_place < 0:
        return -1, 0, line_hash

    n_letters = (counts >> LETTERS) & COUNT_MASK
    n_upper = (counts >> UPPERS) & COUNT_MASK
    n_digits = (counts >> DIGIT_COUNT) & COUNT_MASK
    n_marks = (counts >> MARK_COUNT) & COUNT_MASK
    n_unspaced = (counts >> UNSPACED_COUNT) & COUNT_MASK
    n_words = counts >> WORD_COUNT
    n_printed = n_letters + n_digits + n_unspaced + n_marks
    n_chars = n_printed + ((more_counts >> OTHERS) & COUNT_MASK)
    n_title = (more_counts >> TITLES) & COUNT_MASK
    n_separators = (more_counts >> SEPARATOR_COUNT) & COUNT_MASK
    indent = more_counts >> INDENTS
    if patterns & TRUNCATED_READ:
        line_hash = (line_hash ^ np.uint64(end - start)) * MIX
        n_chars = (n_chars * (end - start)) // (HEAD_BYTES + TAIL_BYTES)
    tokens[n_tokens] = slot(line_hash, SEED_LINE, shift)
    tokens[n_tokens + 1] = slot(first_unit, SEED_FIRST, shift)
    tokens[n_tokens + 2] = slot(previous_unit, SEED_LAST, shift)
    n_tokens += 3

    n_printed = max(n_printed, 1)
    facts[row, LENGTH] = at(COUNT_BUCKETS, min(max(n_chars, 1), 256)) - 1
    facts[row, WORDS] = min(at(COUNT_BUCKETS, min(n_words + n_unspaced // 2, 256)), 11)
    capitals = share_bucket(n_upper, max(n_letters, 1))
    if n_upper == n_letters:
        capitals = 7 if n_letters > 0 else 8
    facts[row, CAPITALS] = capitals
    facts[row, DIGITS] = share_bucket(n_digits, n_printed)
    facts[row, MARKS] = share_bucket(n_marks, n_printed)
    facts[row, ENDING] = at(traits, last_place) & 0xF
    facts[row, BEGINNING] = (at(traits, first_place) >> TRAIT_BEGINNING) & 0xF
    facts[row, INDENT] = at(INDENT_BUCKETS, min(indent, 9))
    title = 0
    if n_words > 0:
        title = 3 if n_title == n_words else 1 + (n_title > 0)
    facts[row, TITLE_CASE] = title
    facts[row, UNSPACED_SHARE] = min((n_unspaced * 3 + n_printed - 1) // n_printed, 3)
    facts[row, SEPARATORS] = min(at(COUNT_BUCKETS, min(n_separators, 256)), 3)
    return n_tokens, patterns, line_hash
