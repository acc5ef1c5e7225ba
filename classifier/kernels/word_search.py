"""Which lines hold one of some words: all words at once, wherever in a line they stand.

At each byte a table tells which words begin with it and the next one. A pattern of all
words would do the same, but Arrow compiles it anew for each batch, which takes longer than
the search.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.kernels.machine.arrays import fixed
from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import inline, jit

NO_WORD = -1


class WordTable(NamedTuple):
    """Words as `lines_with_words` looks for them.

    Attributes
    ----------
    heads : ndarray of int16, shape (65536,)
        For each pair of bytes the first word that begins with it, or `NO_WORD`. Words that
        begin alike follow each other.
    data : ndarray of uint8, shape (n_bytes,)
        UTF-8 of all words.
    offsets : ndarray of int64, shape (n_words + 1,)
        Word ``i`` is ``data[offsets[i]:offsets[i + 1]]``.
    opens : ndarray of uint8, shape (n_words,)
        1 where the word counts only where no ASCII letter, digit or underscore stands before.
    """

    heads: npt.NDArray[np.int16]
    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    opens: npt.NDArray[np.uint8]


def word_table(anywhere: Sequence[str], at_beginnings: Sequence[str]) -> WordTable:
    """Make the table of words found anywhere, and of those found at beginnings of words only.

    Parameters
    ----------
    anywhere, at_beginnings : sequence of str
        Of two bytes of UTF-8 at least.

    Returns
    -------
    WordTable
    """
    words = [(word.encode(), False) for word in anywhere]
    words += [(word.encode(), True) for word in at_beginnings]
    words.sort()
    heads = np.full(1 << 16, NO_WORD, np.int16)
    for i, (word, _) in reversed(list(enumerate(words))):
        heads[word[0] | word[1] << 8] = i
    return WordTable(
        fixed(heads, np.int16),
        fixed(np.frombuffer(b"".join(word for word, _ in words), np.uint8), np.uint8),
        fixed(np.cumsum([0, *(len(word) for word, _ in words)]), np.int64),
        fixed(np.array([opens for _, opens in words], np.uint8), np.uint8),
    )


@inline
def _is_name(byte: Any) -> bool:
    small = byte | 0x20
    is_letter = (small >= ord("a")) & (small <= ord("z"))
    return is_letter | ((byte >= ord("0")) & (byte <= ord("9"))) | (byte == ord("_"))


@inline
def _head(data: Any, i: int) -> int:
    return np.int64(at(data, i)) | np.int64(at(data, i + 1)) << 8


@inline
def _stands_at(data: Any, i: int, end: int, words: Any, first: int, stop: int) -> bool:
    """Tell whether the word ``words[first:stop]`` stands at byte `i` of a line."""
    if i + stop - first > end:
        return False
    k = 2  # the first two bytes led here
    while first + k < stop and at(data, i + k) == at(words, first + k):
        k += 1
    return first + k >= stop


@jit
def _search(data: Any, offsets: Any, table: Any, found: Any) -> None:
    words = table.data
    for line in range(len(offsets) - 1):
        start, end = at(offsets, line), at(offsets, line + 1)
        has_word = False
        for i in range(start, end - 1):
            head = _head(data, i)
            word = np.int64(at(table.heads, head))
            while not has_word and NO_WORD < word < len(table.opens):
                first, stop = at(table.offsets, word), at(table.offsets, word + 1)
                if _head(words, first) != head:
                    break
                is_within = i > start and _is_name(np.int64(at(data, i - 1)))
                if at(table.opens, word) == 0 or not is_within:
                    has_word = _stands_at(data, i, end, words, first, stop)
                word += 1
            if has_word:
                break
        put(found, line, np.uint8(has_word))


def lines_with_words(
    data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], table: WordTable
) -> npt.NDArray[np.bool_]:
    """Tell which lines hold one of the words.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
        UTF-8, lower case as the words are.
    offsets : ndarray of int64, shape (n_lines + 1,)
        Line ``i`` is ``data[offsets[i]:offsets[i + 1]]``.
    table : WordTable

    Returns
    -------
    ndarray of bool, shape (n_lines,)

    Examples
    --------
    >>> lines = np.frombuffer(b"please donatecaliban iban", np.uint8)
    >>> table = word_table(["donat"], ["iban"])
    >>> lines_with_words(lines, np.array([0, 13, 20, 25]), table).tolist()
    [True, False, True]
    """
    found = np.empty(len(offsets) - 1, np.uint8)
    _search(fixed(data, np.uint8), fixed(offsets, np.int64), table, found)
    return found.view(np.bool_)
