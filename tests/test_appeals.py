"""Blocks of paywall lines that ask for a gift."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.appeals import APPEAL_MIN_SHARE, APPEAL_WORDS, appeal_blocks, appeal_lines


def asks(*lines: str) -> list[bool]:
    """Which lines of one text ask for a gift."""
    encoded = [line.encode() for line in lines]
    ends = np.cumsum([len(line) + 1 for line in encoded]) - 1
    starts = ends - [len(line) for line in encoded]
    data = np.frombuffer(b"\n".join(encoded), np.uint8)
    return appeal_lines(data, starts, ends).tolist()


@pytest.mark.parametrize(
    "line",
    [
        "Please DONATE to keep the lighthouse lit",
        "Unterstützen Sie unser kleines Magazin",
        "IBAN DE00 0000 0000 0000",
        "Faites un don à la revue",
        "Поддержите редакцию «Маяка»",
        "灯台を守るため寄付をお願いします",
        "후원하기",
        "ادعم الصحيفة: تبرع الآن",
        "Chip in what you can: the lighthouse has no owner",
        "Feneri ayakta tutmak için destek olun",
        "Podporte maják, kým svieti",
        "Paremkite švyturį",
        "اخبار را با حمایت مالی زنده نگه دارید",
    ],
)
def test_a_line_that_asks_for_a_gift(line):
    assert asks(line) == [True]


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe for 2 € a week",
        "Dieser Text ist nur für Abonnenten",
        "Lisez la suite dès 1 €",
        "会員限定記事です",
        "The Caliban edition, for members only",
        "روزهای تعطیل برای مشترکان",
        "여기부터는 유료 구독자만 볼 수 있습니다",
        "Get the full story and all our coverage of the chip industry",
        "いますぐ登録してカンパニーの記事を読む",
    ],
)
def test_a_line_that_sells_access_does_not(line):
    assert asks(line) == [False]


def test_each_line_is_told_apart_even_if_a_word_comes_twice():
    lines = ["Donate", "Log in", "donate and donate", "Try a month", "Spenden"]
    assert asks(*lines) == [True, False, True, False, True]


def test_a_word_does_not_reach_across_lines():
    assert asks("Please support", "us") == [False, False]


def test_letters_whose_lower_case_is_longer_move_no_line():
    assert asks("İİİİ", "Donate", "İ", "Log in") == [False, True, False, False]


def test_no_lines_give_no_answers():
    none = np.empty(0, np.int64)
    assert appeal_lines(np.empty(0, np.uint8), none, none).tolist() == []


def test_words_are_lower_case_and_named_once():
    assert [word.lower() for word in APPEAL_WORDS] == list(APPEAL_WORDS)
    assert len(set(APPEAL_WORDS)) == len(APPEAL_WORDS)


mostly = st.integers(0, 9).map(bool)
rarely = st.integers(0, 9).map(lambda drawn: drawn == 0)


@given(st.lists(st.lists(st.tuples(mostly, rarely), max_size=20), max_size=5))
def test_blocks_are_those_that_a_walk_finds(documents):
    expected = []
    for document in documents:
        block: list[int] = []
        marks = [False] * len(document)
        for place, (wall, _) in enumerate([*document, (False, False)]):
            if wall:
                block.append(place)
                continue
            for member in block:
                n_asking = sum(document[other][1] for other in block)
                marks[member] = n_asking > 0 and n_asking / len(block) >= APPEAL_MIN_SHARE
            block = []
        expected += marks
    pairs = np.array([pair for document in documents for pair in document], np.bool_)
    is_wall, asking = pairs.reshape(-1, 2).T
    offsets = np.cumsum([0, *map(len, documents)])
    assert appeal_blocks(is_wall, asking, offsets).tolist() == expected
