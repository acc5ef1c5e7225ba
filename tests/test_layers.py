import os

import numpy as np
import pyarrow as pa
import pytest
from examples import (
    BITS,
    random_context_layer,
    random_first_layer,
    random_layers,
    seeds,
    texts,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier import pieces
from classifier.as_read import as_read, place_lines
from classifier.columns import Column, read_columns
from classifier.features import (
    LINES_AT_ONCE,
    Rows,
    context_inputs,
    cross_cells,
    final_logits,
    first_layer_inputs,
    refined,
)
from classifier.kernels.first_layer.feature_layout import N_SCORES
from classifier.kernels.first_layer.line_scores import MOST_TOKENS
from classifier.kernels.machine.arrays import fixed
from classifier.labelling import label_column
from classifier.layers import count_lines
from classifier.results import LabelledBatch
from classifier.weights import (
    FirstLayer,
    Layers,
    blank_context_layer,
    blank_first_layer,
    token_levels,
)

batches = st.lists(texts, max_size=6)
PAGES = ["Menu\n\nHome | News\nA line of text, " + "long " * 90, "", " \n", "語\n" * 30, "last\n"]


def read(documents: list[str]) -> Column:
    (column,) = read_columns(documents)
    return column


def label(documents, seed: int = 0) -> list[LabelledBatch]:
    layers = random_layers(seed)
    return [label_column(column, layers) for column in read_columns(documents)]


def lines_of(found: LabelledBatch, document: int) -> list[np.ndarray]:
    rows = slice(*found.document_offsets[document : document + 2])
    return [array[rows] for array in found[:4]]


def assert_equal(one: list[np.ndarray], other: list[np.ndarray]) -> None:
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def multiply(inputs: Rows, layer: FirstLayer) -> np.ndarray:
    levels = token_levels(layer, np.arange(len(layer.table)))
    weights = np.concatenate([levels * layer.scale, layer.shape])
    assert len(weights) == inputs.n_columns
    products = inputs.values[:, None] * weights[inputs.columns]
    before = np.concatenate([np.zeros((1, N_SCORES)), np.cumsum(products, axis=0)])
    return before[inputs.row_offsets[1:]] - before[inputs.row_offsets[:-1]] + layer.bias


@settings(max_examples=60)
@given(batches, seeds)
@example(PAGES, 3)
def test_scores_are_the_matrix_for_training_times_the_weights(documents, seed):
    layer = random_first_layer(seed)
    lines, inputs = first_layer_inputs(read(documents), layer)
    expected = multiply(inputs, layer)
    size = np.abs(expected).max(initial=1)  # where scores cancel out, errors do not
    found = np.concatenate([lines.scores, lines.outlooks], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * size)


@pytest.mark.parametrize("byte", [0, 255])
def test_the_greatest_weights_add_up_however_many_tokens_a_line_has(byte):
    """Running sums have 16 bits, which some 250 tokens can fill."""
    table = np.full(1 << BITS, int.from_bytes(bytes([byte] * 8), "little"), np.uint64)
    layer = random_first_layer(0)._replace(table=table)
    documents = [" ".join("abcdefg"[i % 7] for i in range(n)) for n in range(115, 165)]
    lines, inputs = first_layer_inputs(read(documents), layer)
    n_tokens = np.add.reduceat(inputs.columns < len(table), inputs.row_offsets[:-1])
    assert n_tokens.min() < MOST_TOKENS < n_tokens.max()
    expected = multiply(inputs, layer)
    found = np.concatenate([lines.scores, lines.outlooks], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-3)


@settings(max_examples=60)
@given(batches, seeds)
@example(PAGES, 3)
def test_logits_are_the_matrix_for_training_times_the_weights(documents, seed):
    lines, _ = first_layer_inputs(read(documents), random_first_layer(seed))
    layer = random_context_layer(seed)
    logits, inputs = context_inputs(lines, layer)
    rows = layer.weights[np.arange(len(layer.weights)), cross_cells(inputs, layer)]
    expected = rows.sum(axis=1, dtype=np.int64) * layer.scale.astype(float) + layer.bias
    np.testing.assert_allclose(logits, expected, rtol=1e-5, atol=1e-5)


def test_a_cell_is_the_answers_to_the_questions_the_first_the_lowest_bit():
    crosses = blank_context_layer(1)
    crosses.inputs[0] = [2, 0, 1, 0, 0, 0]
    crosses.borders[0] = [10, 20, 30, 255, 255, 255]
    inputs = np.array([[21, 30, 11], [20, 31, 10], [0, 255, 255]], np.uint8)
    many = np.tile(inputs, (LINES_AT_ONCE, 1))
    np.testing.assert_array_equal(cross_cells(many, crosses)[:3, 0], [0b011, 0b100, 0b101])
    np.testing.assert_array_equal(cross_cells(many, crosses)[-3:, 0], [0b011, 0b100, 0b101])
    assert cross_cells(inputs[:0], crosses).shape == (0, 1)


@settings(max_examples=40)
@given(batches)
@example(PAGES)
def test_training_and_labelling_see_the_same_lines_and_logits(documents):
    layers = random_layers(5)
    column = read(documents)
    as_it_is_read = as_read(column).column
    lines, _ = first_layer_inputs(as_it_is_read, layers.first)
    logits = final_logits(lines, layers)
    found = label_column(column, layers)
    place_lines(column, as_it_is_read, *lines[:3])
    assert_equal(list(found[2:]), list(lines[:3]))
    # The label is the greatest logit's, but for logits that round to one probability.
    own = np.take_along_axis(logits, found.labels[:, None].astype(int), axis=1)[:, 0]
    np.testing.assert_allclose(own, logits.max(axis=1, initial=-np.inf), atol=1e-5)


@pytest.mark.parametrize("spread", [0, 0.03, 3])
def test_the_third_layer_sees_the_logarithm_of_the_odds_of_each_label(spread):
    lines, _ = first_layer_inputs(read(PAGES), random_first_layer(0))
    layer = random_context_layer(3)._replace(scale=np.full(4, spread, np.float32))
    logits, _ = context_inputs(lines, layer)
    logits = np.clip(logits.astype(float) - logits.max(axis=1, keepdims=True), -80, 0)
    powers = np.exp(logits)
    others = [np.delete(powers, label, axis=1).sum(axis=1) for label in range(4)]
    expected = logits - np.log(np.stack(others, axis=1))
    np.testing.assert_allclose(refined(lines, layer), expected, atol=3e-4)


def test_a_row_of_the_matrix_is_worth_as_much_for_a_long_line_as_for_a_short_one():
    _, inputs = first_layer_inputs(
        read(["one\nmany more words stand here"]), blank_first_layer(BITS)
    )
    for start, end in zip(inputs.row_offsets, inputs.row_offsets[1:], strict=False):
        tokens = inputs.columns[start:end] < 1 << BITS
        np.testing.assert_allclose((inputs.values[start:end][tokens] ** 2).sum(), 1, rtol=1e-6)
        assert set(inputs.values[start:end][~tokens]) == {1}


def test_a_model_without_weights_finds_all_labels_equally_probable():
    context = blank_context_layer()
    blank = Layers(blank_first_layer(BITS), context, context, np.ones(4, np.float32))
    found = label_column(read(PAGES), blank)
    assert set(found.probabilities.ravel()) == {0.25}
    assert set(found.labels) == {0}


@pytest.mark.parametrize("size", [1e2, 1e4, 1e30])
def test_probabilities_of_extreme_weights_are_numbers_that_add_up_to_one(size):
    layers = random_layers(1)
    bias = np.array([size, -size, 0, size / 2], np.float32)
    context = blank_context_layer()._replace(bias=bias)
    extreme = layers.first._replace(bias=np.array([-size, size, 0, 1] * 2, np.float32))
    for first in (layers.first, extreme):
        for second in (layers.second, context):
            found = label_column(read(PAGES), Layers(first, second, context, layers.carry))
            np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, rtol=1e-6)
            assert set(found.labels) == {0}


@pytest.mark.parametrize("block_bytes", [1, 10, 60, 1 << 19])
@settings(max_examples=30)
@given(documents=batches)
@example(documents=PAGES * 3)
def test_a_document_is_labelled_the_same_whatever_stands_around_it(block_bytes, documents):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "PIECE_BYTES", block_bytes)
        (together,) = label(documents)
    for d, text in enumerate(documents):
        (alone,) = label([text])
        assert_equal(lines_of(together, d), lines_of(alone, 0))


@pytest.mark.parametrize("array_type", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_arrow_arrays_whole_sliced_or_chunked_are_labelled_as_lists_are(array_type):
    documents = ["before\nthe slice", *PAGES, None, "after"]
    array = pa.array(documents, array_type)
    (expected,) = label(documents)
    (whole,) = label(array)
    (sliced,) = label(array[1:-1])
    chunked = label(pa.chunked_array([array[:2], array[2:2], array[2:]]))
    for d in range(len(documents)):
        assert_equal(lines_of(whole, d), lines_of(expected, d))
        part, place = (chunked[0], d) if d < 2 else (chunked[2], d - 2)
        assert_equal(lines_of(part, place), lines_of(expected, d))
        if 1 <= d < len(documents) - 1:
            assert_equal(lines_of(sliced, d - 1), lines_of(expected, d))


def test_bytes_beyond_the_last_document_do_not_matter():
    """Words are loaded eight bytes at a time, also past their end."""
    column = read(["Home", "word"])
    more = np.concatenate([column.data, np.frombuffer(b"s\n9Xe", np.uint8)])
    longer = column._replace(data=fixed(more, np.uint8))
    layers = random_layers(0)
    assert_equal(list(label_column(longer, layers)), list(label_column(column, layers)))


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="nothing is compiled")
def test_kernels_are_compiled_once_whatever_the_column():
    """A process that was warmed up with one line must not compile again for the next file."""
    from classifier.kernels.steps import label_steps, plan_steps

    layers = random_layers(0)
    short = read(["One line."])
    in_large_buffer = short._replace(
        data=fixed(np.concatenate([short.data, np.zeros(200, np.uint8)]), np.uint8)
    )
    of_arrow = read(pa.array(["One line.", None, "more\n" * 200]))
    compiled = []
    for column in (short, in_large_buffer, of_arrow):
        label_column(column, layers)
        compiled.append((set(plan_steps.codes), set(label_steps.codes)))
    assert compiled[0] == compiled[1] == compiled[2]
    assert all(compiled[0])


@pytest.mark.parametrize("documents", [[], [None], ["", " \n\n", None]], ids=str)
def test_documents_without_lines_have_none(documents):
    (found,) = label(documents)
    assert found.document_offsets.tolist() == [0] * (len(documents) + 1)
    assert (found.labels.shape, found.probabilities.shape) == ((0,), (0, 4))


def test_lines_are_counted_with_blank_ones_in_the_given_documents_only():
    column = read(["a\nb", "", "c\n", "d\n\n\n"])
    assert count_lines(column) == 2 + 1 + 2 + 4
    assert count_lines(column._replace(offsets=column.offsets[1:4])) == 1 + 2
