"""What is worked out from weights is kept while they are there, and never mixed up."""

import gc

import numpy as np

from classifier import preparation
from classifier.kernels import plain_crosses
from classifier.preparation import prepared


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
    before = len(preparation._kept)
    weights = np.arange(3)
    prepared(doubled, weights)
    assert len(preparation._kept) == before + 1
    del weights
    assert len(preparation._kept) == before


def test_weights_are_laid_out_without_a_change():
    weights = np.random.default_rng(1).integers(-(2**7), 2**7, (5, 64, 4), np.int8)
    laid_out = prepared(preparation.cross_weights, weights)
    if laid_out.dtype == np.uint8:  # a table for each label
        found = (laid_out.reshape(5, 4, 64).astype(int) - 2**7).transpose(0, 2, 1)
    else:
        found = laid_out
    np.testing.assert_array_equal(found, weights)
    np.testing.assert_array_equal(plain_crosses.prepared_weights(weights), weights)
