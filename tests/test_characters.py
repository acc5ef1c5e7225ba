"""The character tables that ship are those that `python -m training characters` writes."""

import unicodedata

import numpy as np
import pytest

from classifier.kernels.text.characters import TABLE_FILE
from training.characters import build_tables


def test_the_tables_are_made_anew_as_they_ship():
    with np.load(TABLE_FILE, allow_pickle=False) as stored:
        if unicodedata.unidata_version != stored["unicode_version"]:
            pytest.skip("another Unicode than that of the tables")
        for name, table in zip(("pages", "entries", "traits"), build_tables(), strict=True):
            assert table.dtype == stored[name].dtype
            assert np.array_equal(table, stored[name]), name
