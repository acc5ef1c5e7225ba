"""Read lines: UTF-8 bytes to hashed tokens, facts and patterns, one line at a time.

Everything the first layer knows about a line is found here in one walk over
its words and signs. A token is a hashed feature (word, word pair, beginning or
end of a word, character or pair of an unspaced script, sign, whole line); where the
table of weights holds the tokens of a line goes to a scratch array that stays in the
first-level cache, from where it is looked up (labelling) or copied out (training): one
code for both.
"""

from typing import Any

import numpy as np

from classifier.kernels.first_layer.feature_layout import (
    GLUED,
    HEAD_BYTES,
    LINE_TERMS,
    TAIL_BYTES,
    TRUNCATED_READ,
)
from classifier.kernels.first_layer.hashing import (
    MIX,
    SEED_FIRST,
    SEED_LAST,
    SEED_LINE,
    SEED_SIGN,
    SPREAD,
)
from classifier.kernels.first_layer.line_scores import look_ahead
from classifier.kernels.first_layer.measures import Counts, measure
from classifier.kernels.first_layer.patterns import FEW_EVENTS, TELLING_KINDS, window_patterns
from classifier.kernels.first_layer.punctuation import read_signs
from classifier.kernels.first_layer.units import (
    put_ends,
    put_unit,
    put_word,
    read_ascii_words,
    read_units,
)
from classifier.kernels.first_layer.windows import fold_ahead, read_window
from classifier.kernels.first_layer.words import read_word
from classifier.kernels.machine.bits import (
    ONE,
    ZERO,
    at,
    count_ones,
    highest_one,
    put,
    trailing_zeros,
)
from classifier.kernels.machine.jit import inline
from classifier.kernels.text.characters import KIND_WORD, traits_at


@inline
def scan_line(
    data: Any,
    start: int,
    end: int,
    weights: Any,
    scratch: Any,
    n_before: int,
    lines: Any,
    terms_before: int,
    row: int,
) -> tuple[int, int, int, Any]:
    r"""Read one line.

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8, and 64 bytes of anything behind it.
    start, end : int
        The line's bytes, without its "\n".
    weights : FirstWeights
    scratch : FirstScratch
        Its `tokens` are filled from `n_before` on with places of the table, one for each of
        the line's features.
    n_before : int
    lines : ScoredLines
        Its `terms` are filled from `terms_before` on; those after `LINE_TERMS` do not count.
        Row `row` of its `facts` is filled, all but ``blank_before``.
    terms_before, row : int

    Returns
    -------
    n_tokens : int
        -1 if the line is blank.
    n_terms : int
    patterns : int
        Bits of the patterns found.
    line_hash : uint64
        Equal for lines that differ only in case, digits and white space.
    """
    tables, seen, tokens, terms = weights.tables, scratch.seen, scratch.tokens, lines.terms
    n_tokens = n_placed = n_before
    n_terms = terms_before
    n_letters = n_upper = n_digits = n_marks = n_unspaced = n_words = n_title = n_others = 0
    n_separators = indent = patterns = history = 0
    gaps = 0  # white space since the last token
    first = last = -1  # first and last printed character
    units = (ZERO, ZERO, SEED_LINE)  # the first, the one before, and the hash of all
    known_signs = (ZERO, SEED_SIGN)

    i = start
    stop, tail_start = _read_parts(data, start, end)
    if stop < end:
        patterns |= TRUNCATED_READ

    while True:
        if i >= stop:
            if tail_start >= end:
                break
            i, stop = tail_start, end  # the second, last stretch of a long line
            tail_start = end
            history = gaps = 0
        window = read_window(data, i, stop, tables, scratch)
        n, signs, unspaced = window.n, window.signs, window.unspaced
        letters = window.small | window.upper
        window_bytes = scratch.folded[fold_ahead(data, i, scratch.folded, scratch.span) :]
        n_letters += count_ones(letters)
        n_upper += count_ones(window.upper)
        n_digits += count_ones(window.digits)
        n_marks += count_ones(signs)
        n_unspaced += count_ones(unspaced)
        n_words += count_ones(window.starts)
        n_title += count_ones(window.starts & window.upper)
        if window.cuts != ZERO:
            patterns |= GLUED
        printed = letters | window.digits | signs | unspaced | window.ignored
        if printed != ZERO:
            last = i + highest_one(printed)
            if first < 0:
                first = i + trailing_zeros(printed)
                indent = n_others + count_ones(window.spaces & (printed ^ (printed - ONE)))
        n_others += count_ones(window.spaces | window.ignored)

        n_numerals = 0
        is_number = False
        if window.wide | unspaced == ZERO:
            n_tokens, n_terms, units = read_ascii_words(
                window, window_bytes, tokens, n_tokens, terms, n_terms, units
            )
        elif n > 0:
            n_tokens, n_terms, units = read_units(
                window, window_bytes, scratch, n_tokens, terms, n_terms, units
            )
        else:
            # A word that fills more than a window; its first character has been counted.
            unit, beginning, ending, n_bytes, counted = read_word(data, i, stop, tables)
            word_end, n_chars, n_capitals, n_numerals, last, cut = counted
            n_tokens = put_ends(tokens, n_tokens, beginning, ending, n_bytes)
            n_terms = put_word(terms, n_terms, unit, n_bytes)
            n_tokens, units = put_unit(tokens, n_tokens, unit, units)
            n_letters += n_chars - n_numerals - count_ones(letters)
            n_upper += n_capitals - count_ones(window.upper)
            n_digits += n_numerals - count_ones(window.digits)
            is_number = n_numerals == n_chars
            if cut:
                patterns |= GLUED
            n = word_end - i
        n_tokens, known_signs, kinds, last_kind, shown, separators = read_signs(
            data, i, window, tables.traits, seen, tokens, n_tokens, known_signs
        )
        n_separators += separators
        patterns |= shown
        events = window.starts | signs | unspaced
        # An "@" that ends one window, before a word of a long next one, is lost here. Models
        # have learnt so; to be mended with the next features (tests/test_kernels.py).
        is_telling = (window.digits != ZERO) | (kinds & TELLING_KINDS != 0)
        is_part = (i > start) | (i + n < end)
        if is_telling or (is_part and count_ones(events) < FEW_EVENTS):
            history, gaps, shown = window_patterns(
                data, i, window, tables.traits, seen, history, gaps, is_number, n_numerals
            )
            patterns |= shown
        elif is_part:
            final = highest_one(events)
            is_sign = (signs >> np.uint64(final)) & ONE != ZERO
            history = last_kind if is_sign else KIND_WORD
            gaps = count_ones(window.spaces >> np.uint64(final))
        i += n
        look_ahead(weights.table, weights.shift, tokens, n_placed, n_tokens)
        n_placed = n_tokens

    if first < 0:
        return -1, 0, 0, ZERO
    first_unit, last_unit, line_hash = units
    line_hash = (line_hash ^ (known_signs[1] * SPREAD)) * MIX
    n_chars = n_letters + n_digits + n_unspaced + n_marks + n_others
    if patterns & TRUNCATED_READ:
        line_hash = (line_hash ^ np.uint64(end - start)) * MIX
        n_chars = (n_chars * (end - start)) // (HEAD_BYTES + TAIL_BYTES)
    put(tokens, n_tokens, line_hash ^ SEED_LINE)
    put(tokens, n_tokens + 1, first_unit ^ SEED_FIRST)
    put(tokens, n_tokens + 2, last_unit ^ SEED_LAST)
    look_ahead(weights.table, weights.shift, tokens, n_placed, n_tokens + 3)
    counts = Counts(
        chars=n_chars,
        letters=n_letters,
        upper=n_upper,
        digits=n_digits,
        marks=n_marks,
        unspaced=n_unspaced,
        words=n_words,
        title=n_title,
        separators=n_separators,
        indent=indent,
    )
    beginning, ending = traits_at(data, first, tables), traits_at(data, last, tables)
    measure(lines.facts, row, counts, beginning, ending)
    n_terms = min(n_terms - terms_before, LINE_TERMS)
    return n_tokens + 3 - n_before, n_terms, patterns, line_hash


@inline
def _read_parts(data: Any, start: int, end: int) -> tuple[int, int]:
    """Return where reading a line stops, and where it goes on (`end` if all is read at once).

    Parameters
    ----------
    data : ndarray of uint8
        Valid UTF-8.
    start, end : int
        The line.

    Returns
    -------
    stop, tail_start : int
        Each where a character begins, or `end`.
    """
    if end - start <= HEAD_BYTES + TAIL_BYTES:
        return end, end
    stop = start + HEAD_BYTES
    while at(data, stop) & 0xC0 == 0x80:
        stop -= 1
    tail_start = end - TAIL_BYTES
    while at(data, tail_start) & 0xC0 == 0x80:
        tail_start += 1
    return stop, tail_start
