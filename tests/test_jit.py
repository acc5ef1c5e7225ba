"""Kernels as Python calls them: any arguments of their types, and what comes back."""

import threading
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from classifier.kernels.machine.bits import at, put
from classifier.kernels.machine.jit import inline, jit

INTEGERS = st.integers(-(2**63), 2**63 - 1)


class Pair(NamedTuple):
    values: Any
    weights: Any


@inline
def _weighed(pair, i):
    return at(pair.values, i) * at(pair.weights, i)


@jit
def fill(pair, numbers, more, out, row):
    """Fill a row with all that was given."""
    table, (shift, is_last) = more
    for i in range(len(pair.values)):
        put(out, i, np.float32(_weighed(pair, i)))
        if is_last:
            out[i] += np.float32(table[row, i])
    return len(numbers), numbers[row], np.int64(shift >> np.uint64(1)), is_last


@jit
def add(a, b):
    return a + b


@jit
def add_twice(a, b):
    return add(add(a, b), b)


@jit
def is_more(a, b):
    return a > b


@jit
def clear(array):
    for i in range(len(array)):
        array[i] = 0


@settings(max_examples=50)
@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 4), st.integers(0, 9))),
    st.lists(INTEGERS, min_size=4, max_size=9),
    st.integers(0, 2**64 - 1),
    st.booleans(),
    st.data(),
)
def test_arrays_numbers_and_tuples_arrive_as_they_are(table, numbers, shift, is_last, data):
    row = data.draw(st.integers(0, len(table) - 1))
    n = table.shape[1]
    pair = Pair(np.arange(n, dtype=np.int32), np.full(n, 3, np.uint8))
    out = np.zeros(n, np.float32)
    numbers = np.array(numbers)
    more = (table, (np.uint64(shift), is_last))
    found = fill(pair, numbers, more, out, row)
    assert found == (len(numbers), numbers[row], shift >> 1, is_last)
    assert out.tolist() == (3.0 * np.arange(n) + is_last * table[row]).tolist()


@given(INTEGERS, INTEGERS)
def test_numbers_add_up_as_machine_integers_do(a, b):
    def wrapped(n):
        return (n + 2**63) % 2**64 - 2**63

    assert add(a, b) == add(np.int64(a), b) == wrapped(a + b)
    assert add(np.int16(a % 9), np.uint8(b % 9)) == a % 9 + b % 9
    assert add_twice(a, b) == wrapped(a + 2 * b)
    assert is_more(a, b) == (a > b)


def test_slices_are_written_where_they_begin():
    array = np.arange(10)
    assert clear(array[3:5]) is None
    assert clear(array[8:8]) is None
    assert array.tolist() == [0, 1, 2, 0, 0, 5, 6, 7, 8, 9]


def test_what_kernels_cannot_take_is_refused():
    with pytest.raises(TypeError, match="gaps"):
        clear(np.arange(10)[::2])
    with pytest.raises(TypeError, match="gaps"):
        clear(np.zeros((3, 4)).T)
    for argument in (1.5, "text", None, [1]):
        with pytest.raises(TypeError, match=f"not {type(argument).__name__}"):
            clear(argument)


def test_a_kernel_that_returns_more_than_integers_is_refused():
    @jit
    def half(n):
        return n / 2

    with pytest.raises(TypeError, match="returns float64"):
        half(3)


def test_each_combination_of_types_has_code_of_its_own():
    @jit
    def first(array, i):
        return np.int64(array[i] + 1)

    assert [first(np.array([2**k - 1], f"u{k // 8}"), 0) for k in (8, 16, 32)] == [
        256,
        65536,
        2**32,
    ]
    assert first(np.array([255], np.uint8), np.int64(0)) == 256
    assert len(first.codes) == 4


def test_threads_that_call_at_once_get_the_same():
    @jit
    def total(array):
        found = 0
        for i in range(len(array)):
            found += array[i]
        return found

    found = []
    threads = [
        threading.Thread(target=lambda: found.append(total(np.arange(1000)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [499_500] * 8
    assert len(total.codes) == 1


def test_kernels_keep_name_and_documentation():
    assert fill.__name__ == "fill"
    assert fill.__doc__ == "Fill a row with all that was given."
