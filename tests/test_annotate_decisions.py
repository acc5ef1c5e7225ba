"""What is decided in memory: long documents marked often, and taken back."""

import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.annotate.decisions import UNDECIDED, Page

N_LINES = 40


def page(n_lines=N_LINES):
    return Page("a", "x\n" * n_lines, np.zeros(n_lines, np.uint8))


@given(st.lists(st.tuples(st.integers(0, N_LINES), st.lists(st.integers(0, 4), max_size=N_LINES))))
def test_what_is_taken_back_was_never_done(actions):
    one, states = page(), []
    for first, codes in actions:
        states.append(one.decisions("ada").copy())
        codes = np.array(codes[: N_LINES - first], np.uint8)
        one.mark("ada", first, codes)
        assert (one.decisions("ada")[first : first + len(codes)] == codes).all()
    for before in reversed(states):
        one.undo("ada")
        assert (one.decisions("ada") == before).all()
    assert one.n_actions("ada") == 0


def test_marking_all_of_a_long_document_again_and_again_takes_little_memory():
    n_lines, n_actions = 100_000, 2000
    long = page(n_lines)
    tracemalloc.start()
    for i in range(n_actions):
        long.mark("ada", 0, np.full(n_lines, i % 4, np.uint8))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10e6  # a copy for each would be 200 MB
    for _ in range(n_actions):
        long.undo("ada")
    assert (long.decisions("ada") == UNDECIDED).all()
