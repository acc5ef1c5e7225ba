"""What is worked out from weights is kept while they are there, and never mixed up."""

import gc

import numpy as np

from classifier.kernels.context import plain_crosses
from classifier.kernels.context.crosses import prepared_weights
from classifier.kernels.first_layer import feature_layout as layout
from classifier.weights import for_kernels
from classifier.weights.for_kernels import prepared, shape_rows


def doubled(weights):
    return 2 * weights


def tripled(weights):
    return 3 * weights


def test_what_was_made_of_an_array_is_made_once():
    weights = np.arange(3)
    made = prepared(doubled, weights)
    assert made.tolist() == [0, 2, 4]
    assert prepared(doubled, weights) is made
    assert prepared(tripled, weights).tolist() == [0, 3, 6]


def test_arrays_that_are_equal_are_not_mixed_up():
    first, second = np.arange(3), np.arange(3)
    assert prepared(doubled, first) is not prepared(doubled, second)


def test_nothing_is_kept_of_weights_that_are_gone():
    gc.collect()
    before = len(for_kernels._kept)
    weights = np.arange(3)
    prepared(doubled, weights)
    assert len(for_kernels._kept) == before + 1
    del weights
    assert len(for_kernels._kept) == before


def test_weights_are_laid_out_without_a_change():
    weights = np.random.default_rng(1).integers(-(2**7), 2**7, (5, 64, 4), np.int8)
    laid_out = prepared(prepared_weights, weights)
    if laid_out.dtype == np.uint8:  # a table for each label
        found = (laid_out.reshape(5, 4, 64).astype(int) - 2**7).transpose(0, 2, 1)
    else:
        found = laid_out
    np.testing.assert_array_equal(found, weights)
    np.testing.assert_array_equal(plain_crosses.prepared_weights(weights), weights)


def test_rows_of_pairs_add_up_to_the_weights_of_single_facts_and_pairs():
    rng = np.random.default_rng(2)
    shape = rng.standard_normal((layout.N_SHAPE_FEATURES, layout.N_SCORES)).astype(np.float32)
    rows = shape_rows(shape)
    assert len(rows) == layout.N_SHAPE_ROWS
    for _ in range(100):
        facts = [int(rng.integers(size)) for size in layout.FACT_SIZES]
        own = [start + fact for start, fact in zip(layout.FACT_STARTS, facts, strict=True)]
        own += [
            start + facts[a] * layout.FACT_SIZES[b] + facts[b]
            for start, (a, b) in zip(layout.PAIR_STARTS, layout.FACT_PAIRS, strict=True)
        ]
        folded = [
            start + facts[a] * layout.FACT_SIZES[b] + facts[b]
            for start, (a, b) in zip(layout.TABLE_STARTS, layout.SHAPE_TABLES, strict=True)
        ]
        np.testing.assert_allclose(rows[folded].sum(axis=0), shape[own].sum(axis=0), atol=1e-5)
