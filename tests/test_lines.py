import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import lines
from classifier.lines import (
    Span,
    code_point_offsets,
    encode_text,
    is_blank,
    line_spans,
    split_lines,
)

# Letters of one to four bytes, and everything that some tool takes for a line end.
PIECES = ["a", "é", "語", "😀", " ", "\t", "\n", "\r", "\0", "\x0c", "\x85", "\u2028", "\u3000"]
texts = st.lists(st.sampled_from(PIECES)).map("".join) | st.text()


@given(texts)
def test_joining_the_lines_gives_the_text_back(text):
    assert "\n".join(split_lines(text)) == text


@pytest.mark.parametrize("other", ["\r", "\r\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_a_newline_ends_a_line(other):
    assert split_lines(f"one{other}two\nthree") == [f"one{other}two", "three"]


@pytest.mark.parametrize("line", ["", " ", "\r", "\t \f", "\u3000", "\xa0", "\x1f", "\u2028"])
def test_white_space_alone_is_blank(line):
    assert is_blank(line)


@pytest.mark.parametrize("line", ["\0", "\u200b", "\ufeff", "\u2060", " x "])
def test_controls_and_zero_width_characters_are_not_blank(line):
    assert not is_blank(line)


def test_spans_skip_blank_lines_and_keep_indentation():
    text = "\n  One\r\n \t\nTwo"
    assert line_spans(text) == [Span(1, 7), Span(11, 14)]
    assert [text[start:end] for start, end in line_spans(text)] == ["  One\r", "Two"]


@given(texts)
def test_spans_are_the_lines_that_are_not_blank(text):
    expected = [line for line in text.split("\n") if line.strip() != ""]
    assert [text[start:end] for start, end in line_spans(text)] == expected


def test_a_lone_surrogate_is_refused_with_document_and_offset():
    with pytest.raises(ValueError, match=r"^document 7: lone surrogate U\+D83D at offset 3;"):
        encode_text("né \ud83d!", "document 7")


def test_a_subclass_of_str_is_encoded_as_the_text_that_it_is():
    class Odd(str):
        def encode(self, *arguments):
            return b"\xff"

    assert encode_text(Odd("né"), "document 0") == "né".encode()


def test_the_remedy_named_for_a_lone_surrogate_works():
    broken = "a\ud83db\ud83d\ude00"
    with pytest.raises(ValueError, match="repair the text") as caught:
        encode_text(broken, "document 0")
    remedy = str(caught.value).split("e.g. text")[1]
    assert eval("broken" + remedy) == "a\ufffdb😀"


def byte_offset(text: str, offset: int) -> int:
    return len(text[:offset].encode())


@given(texts, st.data())
def test_byte_offsets_become_code_point_offsets_in_any_order(text, data):
    wanted = data.draw(st.lists(st.integers(0, len(text))))
    given_bytes = np.array([byte_offset(text, offset) for offset in wanted], np.int64)
    encoded = np.frombuffer(text.encode(), np.uint8)
    assert code_point_offsets(encoded, given_bytes).tolist() == wanted


def test_code_points_are_counted_across_blocks(monkeypatch):
    text = "aé語😀" * 50
    monkeypatch.setattr(lines, "BLOCK_BYTES", 7)  # cuts characters in two as well
    wanted = list(range(len(text) + 1))
    given_bytes = np.array([byte_offset(text, offset) for offset in wanted])
    assert (
        code_point_offsets(np.frombuffer(text.encode(), np.uint8), given_bytes).tolist() == wanted
    )


def test_conversion_leaves_the_given_offsets_as_they_are():
    offsets = np.array([0, 2])
    code_point_offsets(np.frombuffer("é".encode(), np.uint8), offsets)
    assert offsets.tolist() == [0, 2]
