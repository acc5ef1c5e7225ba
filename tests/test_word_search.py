"""Lines that hold one of some words."""

import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.kernels.word_search import lines_with_words, word_table

WORDS = ["donat", "don", "give", "gives", "aaab", "寄付", "寄", "dar", "ём", "e "]
BEGINNINGS = ["iban", "ib", "ёж"]
letters = st.sampled_from(["a", "b", "i", "n", "d", "o", "_", "7", " ", "ё", "ж", "寄", "e"])
pieces = letters | st.sampled_from([*WORDS, *BEGINNINGS])
lines = st.lists(pieces, max_size=12).map("".join)
vocabularies = st.tuples(
    st.lists(st.sampled_from(WORDS), unique=True, max_size=6),
    st.lists(st.sampled_from(BEGINNINGS), unique=True, max_size=3),
)


def found_in(texts: list[str], anywhere: list[str], at_beginnings: list[str]) -> list[bool]:
    encoded = [text.encode() for text in texts]
    data = np.frombuffer(b"".join(encoded), np.uint8)
    offsets = np.cumsum([0, *map(len, encoded)])
    return lines_with_words(data, offsets, word_table(anywhere, at_beginnings)).tolist()


@given(st.lists(lines, max_size=6), vocabularies)
@example(["caliban", "7iban", "ёiban", "_iban", "iban"], ([], ["iban"]))
@example(["", "a", "aaaab", "don", "ёжёж"], (["aaab", "donat"], ["ёж"]))
def test_a_pattern_of_all_words_finds_the_same(texts, vocabulary):
    anywhere, at_beginnings = vocabulary
    parts = [*map(re.escape, anywhere), *(rf"(?<![0-9A-Za-z_]){word}" for word in at_beginnings)]
    pattern = re.compile("|".join(parts) if parts else "(?!)")
    expected = [pattern.search(text) is not None for text in texts]
    assert found_in(texts, anywhere, at_beginnings) == expected


def test_a_word_does_not_reach_into_the_next_line():
    assert found_in(["please do", "nate", "donate"], ["donat"], []) == [False, False, True]


def test_no_words_are_found_nowhere():
    assert found_in(["donate", ""], [], []) == [False, False]
