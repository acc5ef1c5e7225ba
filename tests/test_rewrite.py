import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from line_arrays import batch, texts
from reference_filtering import filter_text

from classifier.kernels.rewrite import rewrite_documents
from classifier.lines import line_spans

many = settings(max_examples=300)


@st.composite
def filtered_texts(draw):
    text = draw(texts)
    n_lines = len(line_spans(text))
    return text, draw(st.lists(st.booleans(), min_size=n_lines, max_size=n_lines))


def texts_of(data: np.ndarray, offsets: np.ndarray) -> list[str]:
    return [data[first:last].tobytes().decode() for first, last in pairwise(offsets)]


def rewrite(documents: list[str], keep: list[list[bool]], drop: list[bool] | None = None):
    arrays = batch(documents, before="x\n")
    mask = np.array([value for each in keep for value in each], np.bool_)
    dropped = np.array(drop or [False] * len(documents), np.bool_)
    return texts_of(*rewrite_documents(**arrays, keep=mask, drop_document=dropped))


def rewrite_by_letters(text: str, decisions: str) -> str:
    """Filter one text by one sign a labelled line: ``+`` keeps it, ``-`` drops it."""
    return rewrite([text], [[sign == "+" for sign in decisions]])[0]


@pytest.mark.parametrize(
    ("text", "decisions", "expected"),
    [
        ("A\nx\nB", "+-+", "A\nB"),
        ("A\nx\n\nB", "+-+", "A\n\nB"),
        ("A\n\nx\nB", "+-+", "A\n\nB"),
        ("A\n\n\nx\n \n\nx\nB", "+--+", "A\n\nB"),
        ("A\n\n\nB\nx\nC", "++-+", "A\n\n\nB\nC"),
        ("A\n \t\nB\nx", "++-", "A\n \t\nB"),
        ("A\n\nx\nB\nx\nC", "+-+-+", "A\n\nB\nC"),
    ],
    ids=[
        "no blank line: nothing",
        "a blank line after: one empty line",
        "a blank line before: one empty line",
        "many blank lines: one empty line",
        "blank lines elsewhere stay",
        "white space on blank lines elsewhere stays",
        "a blank line counts for its own run only",
    ],
)
def test_a_run_between_kept_lines(text, decisions, expected):
    assert rewrite_by_letters(text, decisions) == expected


@pytest.mark.parametrize(
    ("text", "decisions", "expected"),
    [
        ("\n\nx\n\nA", "-+", "A"),
        ("A\n\nx\n\n", "+-", "A\n"),
        ("A\n\nx\n ", "+-", "A"),
        ("A\nx\n", "+-", "A\n"),
        ("A\nx", "+-", "A"),
        ("\n \nA\nx\nB\n\n \n\n", "+-+", "\n \nA\nB\n\n \n\n"),
        ("\nx\n\n", "-", ""),
    ],
    ids=[
        "dropped at the top: no blank line is left",
        "dropped at the end: only the final newline is left",
        "no final newline, none is added",
        "a final newline stays",
        "none is added",
        "blank lines at both ends stay if nothing was dropped there",
        "all dropped: empty",
    ],
)
def test_a_run_at_either_end(text, decisions, expected):
    assert rewrite_by_letters(text, decisions) == expected


@many
@given(st.lists(filtered_texts(), max_size=5))
def test_the_kernel_equals_the_reference(documents):
    given_texts, keep = [text for text, _ in documents], [mask for _, mask in documents]
    expected = [filter_text(text, mask) for text, mask in documents]
    assert rewrite(given_texts, keep) == expected


@many
@given(filtered_texts())
def test_kept_lines_come_out_in_order_and_byte_for_byte(document):
    text, keep = document
    wanted = [text[s:e] for (s, e), kept in zip(line_spans(text), keep, strict=True) if kept]
    result = rewrite([text], [keep])[0]
    assert [result[start:end] for start, end in line_spans(result)] == wanted


@many
@given(st.lists(texts, min_size=1, max_size=4))
def test_nothing_dropped_is_identical_also_beside_a_filtered_text(documents):
    keep = [[True] * len(line_spans(text)) for text in documents]
    assert rewrite(documents, keep) == documents
    assert rewrite([*documents, "A\nx"], [*keep, [True, False]]) == [*documents, "A"]


@many
@given(
    st.lists(
        st.tuples(st.sampled_from(["x", "é", "語", "x" * 63]), st.integers(0, 140)), max_size=9
    )
)
def test_lines_of_any_length_are_copied_whole(lines):
    texts = [letter * n for letter, n in lines]
    keep = [i % 3 > 0 for i, text in enumerate(texts) if text]
    assert rewrite(["\n".join(texts)], [keep], [False]) == [filter_text("\n".join(texts), keep)]


def test_nothing_dropped_copies_nothing():
    arrays = batch(["A\nB"])
    out, offsets = rewrite_documents(
        **arrays, keep=np.ones(2, np.bool_), drop_document=np.zeros(1, np.bool_)
    )
    assert out is arrays["data"]
    assert offsets is arrays["offsets"]


def test_a_dropped_document_is_empty_and_its_neighbours_are_not():
    result = rewrite(["A\n", "B\nx\n", " \n"], [[True], [True, False], []], [False, True, False])
    assert result == ["A\n", "", " \n"]


SAMPLE = [
    ("A\n\nx\n\nB\n", [True, False, True], "A\n\nB\n"),
    ("\n語\nx\n ", [True, False], "\n語"),
    ("", [], ""),
    ("x\n\n", [False], ""),
]


def test_the_kernel_gives_the_same_without_the_compiler():
    """In a process of its own: numba reads the switch once, when it is imported."""
    program = (
        "import test_rewrite as t; from classifier.kernels import rewrite; "
        "assert type(rewrite._rewrite).__name__ == 'function', 'compiled after all'; "
        "texts, keep, expected = zip(*t.SAMPLE); "
        "assert t.rewrite(list(texts), list(keep)) == list(expected); print('same')"
    )
    folders = [str(Path(__file__).parent), *filter(None, sys.path)]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(folders)}
    finished = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert (finished.stdout, finished.stderr) == ("same\n", "")
    given_texts, keep, expected = zip(*SAMPLE, strict=True)
    assert rewrite(list(given_texts), list(keep)) == list(expected)


def test_modules_around_the_kernels_load_without_numba_and_pyarrow():
    program = (
        "import sys, classifier.filtering, classifier.labels, classifier.lines, "
        "classifier.statistics; print({'numba', 'pyarrow'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    finished = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert (finished.stdout, finished.stderr) == ("set()\n", "")
