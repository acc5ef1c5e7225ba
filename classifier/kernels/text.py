"""Read lines: UTF-8 bytes to hashed tokens, facts and patterns, one line at a time.

Everything the first layer knows about a line is found here in one walk over
its words and signs. A token is a hashed feature (word, word pair, beginning or
end of a word, character or pair of an unspaced script, sign, whole line); the
tokens of a line go to a scratch array that stays in the first-level cache, from
where they are summed (labelling) or copied out (training): one code for both.
"""

from typing import Any

import numpy as np

from classifier.kernels.bits import at, count_ones, highest_one, put, trailing_zeros
from classifier.kernels.characters import (
    KIND_CLOSE,
    KIND_CURRENCY,
    KIND_NUMBER,
    KIND_WORD,
    TRAIT_KIND,
    TRAIT_PATTERN,
    TRAIT_SEPARATOR,
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
)
from classifier.kernels.jit import inline
from classifier.kernels.layout import ELLIPSIS, GLUED, HEAD_BYTES, TAIL_BYTES, TRUNCATED_READ
from classifier.kernels.measures import measure
from classifier.kernels.patterns import (
    AFTER_AT,
    AFTER_AT_MASK,
    SIGN_PATTERNS,
    number_patterns,
    remember,
    sign_patterns,
    word_patterns,
)
from classifier.kernels.splitting import read_parts
from classifier.kernels.windows import (
    bits_below,
    read_window,
)
from classifier.kernels.words import (
    ONE,
    PLACE_SHIFT,
    POINT_MASK,
    ZERO,
    hash_ascii,
    hash_stream,
    read_word,
    traits_at,
    write_stream,
)

AFFIX_MIN_BYTES = 6  # shorter words have no beginning and end of their own
FULL_STOP = np.uint64(ord("."))
MOST_GAPS = 15  # white space remembered from one window to the next


@inline
def scan_line(
    data: Any,
    start: int,
    end: int,
    tables: Any,
    tokens: Any,
    n_before: int,
    buffers: Any,
    facts: Any,
    row: int,
) -> tuple[int, int, Any]:
    r"""Read one line.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
        The line's bytes, without its "\n".
    tables : CharacterTables
    tokens : ndarray of uint64, shape (TOKEN_CAPACITY,)
        Filled from `n_before` on with the line's features, to be hashed by `slot`.
    buffers : tuple of ndarray
        Scratch: `folded`, `seen` and `scratch` of `read_window`, `stream` of `write_stream`.
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
    folded, seen, scratch, stream = buffers
    n_tokens = n_before
    n_letters = n_upper = n_digits = n_marks = n_unspaced = n_words = n_title = n_others = 0
    n_separators = indent = patterns = history = 0
    gaps = 0  # white space since the last token
    first = last = -1  # first and last printed character
    line_hash = SEED_LINE
    first_unit = previous_unit = ZERO  # a unit is a word or an unspaced character
    previous_sign, tokens_at_sign = ZERO, -1

    i = start
    stop, tail_start = read_parts(data, start, end)
    if stop < end:
        patterns |= TRUNCATED_READ

    while True:
        if i >= stop:
            if tail_start >= end:
                break
            i, stop = tail_start, end  # the second, last stretch of a long line
            tail_start = end
            history = gaps = 0
        n, starts, cuts, words, number_bytes, leads, wide, classes = read_window(
            data, i, stop, tables, folded, seen, scratch
        )
        small, upper, digits, spaces, signs, unspaced, ignored = classes
        n_letters += count_ones(small | upper)
        n_upper += count_ones(upper)
        n_digits += count_ones(digits)
        n_marks += count_ones(signs)
        n_unspaced += count_ones(unspaced)
        n_words += count_ones(starts)
        n_title += count_ones(starts & upper)
        if cuts != ZERO:
            patterns |= GLUED
        printed = small | upper | digits | signs | unspaced | ignored
        if printed != ZERO:
            last = i + highest_one(printed)
            if first < 0:
                first = i + trailing_zeros(printed)
                indent = n_others + count_ones(spaces & (printed ^ (printed - ONE)))
        n_others += count_ones(spaces | ignored)

        events = starts | signs | unspaced
        ends = ~words | cuts
        before = -gaps
        word_end = n_chars = n_capitals = n_numerals = last_char = 0
        cut = False
        while events != ZERO:
            s = trailing_zeros(events)
            here = events & (ZERO - events)
            events ^= here
            spaces_before = count_ones(spaces & (here - ONE))
            gap = spaces_before - before
            before = spaces_before
            if signs & here != ZERO:
                point, place = np.uint64(at(data, i + s)), np.int64(at(data, i + s))
                if leads & here != ZERO:
                    point, place = at(seen, s) & POINT_MASK, np.int64(at(seen, s) >> PLACE_SHIFT)
                trait = np.int64(at(traits, place))
                n_separators += (trait >> TRAIT_SEPARATOR) & 1
                patterns |= at(SIGN_PATTERNS, trait >> TRAIT_PATTERN)
                # A sign right behind an equal one, white space apart, counts once.
                if point != previous_sign or n_tokens != tokens_at_sign:
                    put(tokens, n_tokens, point ^ SEED_SIGN)
                    n_tokens += 1
                    line_hash = (line_hash ^ point) * MIX
                elif point == FULL_STOP:
                    patterns |= ELLIPSIS
                previous_sign = point
                tokens_at_sign = n_tokens
                sign = int(trait >> TRAIT_KIND) & 0xF
                history = remember(history, gap, sign)
                if KIND_CURRENCY <= sign <= KIND_CLOSE:
                    patterns |= sign_patterns(history)
                continue
            history = remember(history, gap, KIND_WORD)
            if unspaced & here != ZERO:
                unit = (at(seen, s) & POINT_MASK) * SPREAD
            else:
                n_bytes = trailing_zeros((ends >> np.uint64(s)) >> ONE) + 1
                own = bits_below(n_bytes) << np.uint64(s)
                if wide == ZERO or wide & own == ZERO:
                    unit, beginning, ending = hash_ascii(folded, s, n_bytes)
                elif n > 0:
                    n_bytes, script = write_stream(
                        folded, seen, leads & own, s, s + n_bytes, stream
                    )
                    unit, beginning, ending = hash_stream(stream, 0, n_bytes, script)
                else:
                    unit, beginning, ending, n_bytes, counted = read_word(
                        data, i, stop, pages, entries
                    )
                    word_end, n_chars, n_capitals, n_numerals, last_char, cut = counted
                # Written in any case, counted only for words long enough to have
                # ends of their own: a branch here would be guessed wrong too often.
                put(tokens, n_tokens, beginning ^ SEED_BEGINNING)
                put(tokens, n_tokens + 1, ending ^ SEED_END)
                n_tokens += 2 * (n_bytes >= AFFIX_MIN_BYTES)
                if digits & here != ZERO:
                    is_number = own & ~number_bytes == ZERO
                    if n > 0:
                        n_numerals = count_ones(own & digits)
                    else:
                        is_number = n_numerals == n_chars
                    if is_number:
                        history ^= KIND_WORD ^ KIND_NUMBER
                        patterns |= number_patterns(history, n_numerals)
                if history & AFTER_AT_MASK == AFTER_AT:
                    patterns |= word_patterns(history)
            put(tokens, n_tokens, unit ^ SEED_UNIT)
            put(tokens, n_tokens + 1, (previous_unit * MIX + unit) ^ SEED_PAIR)
            n_tokens += 1 + (previous_unit != ZERO)
            if first_unit == ZERO:
                first_unit = unit
            previous_unit = unit
            line_hash = (line_hash ^ unit) * MIX
        gaps = min(count_ones(spaces) - before, MOST_GAPS)
        if n == 0:
            # A word that fills more than a window; its first character has been counted.
            n = word_end - i
            last = last_char
            n_letters += n_chars - n_numerals - count_ones(small | upper)
            n_upper += n_capitals - count_ones(upper)
            n_digits += n_numerals - count_ones(digits)
            if cut:
                patterns |= GLUED
        i += n

    if first < 0:
        return -1, 0, line_hash
    n_chars = n_letters + n_digits + n_unspaced + n_marks + n_others
    if patterns & TRUNCATED_READ:
        line_hash = (line_hash ^ np.uint64(end - start)) * MIX
        n_chars = (n_chars * (end - start)) // (HEAD_BYTES + TAIL_BYTES)
    put(tokens, n_tokens, line_hash ^ SEED_LINE)
    put(tokens, n_tokens + 1, first_unit ^ SEED_FIRST)
    put(tokens, n_tokens + 2, previous_unit ^ SEED_LAST)
    measure(
        *(facts, row, n_chars, n_letters, n_upper, n_digits, n_marks, n_unspaced),
        *(n_words, n_title, n_separators, indent),
        *(traits_at(data, first, pages, traits), traits_at(data, last, pages, traits)),
    )
    return n_tokens + 3 - n_before, patterns, line_hash
