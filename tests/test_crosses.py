"""Crosses add up to the same integers, whatever instructions a processor has for them."""

import functools
import os
import platform
import subprocess
import sys
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest

from classifier.kernels.context import byte_crosses, plain_crosses
from classifier.kernels.context.inputs import CELLS, DEPTH
from classifier.kernels.context.plain_crosses import CHUNK
from classifier.kernels.machine import native
from classifier.kernels.machine.blocks import BLOCK
from classifier.kernels.machine.jit import IS_DISABLED

ROOT = Path(__file__).parents[1]
STRIDE = 320
START = 8
SIZES = [1, 32, 33, 100, 200]

# Compiled anew for instructions that are not the best that the processor has.
COMPILED = f"""
import sys
from classifier.kernels.machine import native
native.table_lookup = lambda: sys.argv[1]
import numpy as np
from classifier.kernels.context import byte_crosses
from classifier.kernels.context.byte_crosses import BYTES, add_crosses, prepared_weights
from classifier.kernels.machine.jit import jit

@jit
def add_up(columns, n_lines, inputs, borders, weights, scratch, sums):
    add_crosses(columns, {STRIDE}, {START}, n_lines, inputs, borders, weights, scratch, sums)

assert BYTES == (64 if sys.argv[1] == "vbmi" else 32)
stored = np.load(sys.argv[2])
weights = prepared_weights(stored["weights"])
found = []
for n_lines in stored["sizes"].tolist():
    sums = np.zeros(({CHUNK}, 4), np.int32)
    scratch = np.zeros({CHUNK} + 2 * len(weights) * {DEPTH}, np.int32)
    add_up(stored["columns"], n_lines, stored["inputs"], stored["borders"], weights, scratch, sums)
    found.append(sums[:n_lines])
np.save(sys.argv[3], np.concatenate(found))
"""


def crosses(n, seed):
    """Make columns, and questions and weights of `n` crosses."""
    rng = np.random.default_rng(seed)
    return {
        "columns": rng.integers(0, 256, 4 * STRIDE + 2 * BLOCK).astype(np.uint8),
        "inputs": rng.integers(0, 4, (n, DEPTH, 2)).astype(np.int16),
        "borders": rng.integers(0, 256, (n, DEPTH)).astype(np.uint8),
        "weights": rng.integers(-128, 128, (n, CELLS, 4)).astype(np.int8),
    }


def added_up(way, n_lines, columns, inputs, borders, weights):
    """Add up crosses in Python."""
    sums = np.zeros((CHUNK, 4), np.int32)
    scratch = np.zeros(CHUNK + 2 * len(inputs) * DEPTH, np.int32)
    laid_out = way.prepared_weights(weights)
    way.add_crosses(columns, STRIDE, START, n_lines, inputs, borders, laid_out, scratch, sums)
    return sums[:n_lines]


@pytest.mark.parametrize("n_lines", [1, 31, 32, 33, 63, 64, 65, 128, 150, 200])
def test_both_ways_add_up_the_same_crosses(n_lines):
    """On any processor: what only some of them can do is written in Python as well."""
    own = crosses(7, n_lines)
    found = added_up(byte_crosses, n_lines, **own)
    assert found.any()
    np.testing.assert_array_equal(found, added_up(plain_crosses, n_lines, **own))


def can_look_up(instructions):
    if instructions == "neon":
        return platform.machine().lower() in ("arm64", "aarch64")
    return bool(llvm.get_host_cpu_features().get(instructions))


@functools.cache
def many_crosses():
    """More than are added before sums are made wider, and what they add up to in Python."""
    own = crosses(300, 0)
    return own, [added_up(plain_crosses, n_lines, **own) for n_lines in SIZES]


@pytest.mark.skipif(IS_DISABLED, reason="nothing is compiled")
@pytest.mark.parametrize("instructions", ["avx512vbmi", "avx2", "neon"])
def test_all_instructions_look_up_the_same_weights(tmp_path, monkeypatch, instructions):
    if not can_look_up(instructions):
        pytest.skip(f"this processor has no {instructions}")
    own, expected = many_crosses()
    np.savez(tmp_path / "crosses.npz", sizes=SIZES, **own)
    name = instructions.removeprefix("avx512")
    arguments = [name, tmp_path / "crosses.npz", tmp_path / "sums.npy"]
    # A folder of their own: code is kept by what the processor can do, not by what it is told here.
    own_folder = {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    monkeypatch.delenv("NUMBA_CPU_NAME", raising=False)  # of a processor that may have less
    monkeypatch.delenv("NUMBA_CPU_FEATURES", raising=False)
    command = [sys.executable, "-c", COMPILED, *arguments]
    subprocess.run(command, env=os.environ | own_folder, check=True)
    np.testing.assert_array_equal(np.load(tmp_path / "sums.npy"), np.concatenate(expected))


@pytest.mark.skipif(can_look_up("neon"), reason="ARM has NEON, whatever numba is told")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"NUMBA_CPU_NAME": "x86-64-v3", "NUMBA_CPU_FEATURES": ""}, "avx2"),
        ({"NUMBA_CPU_NAME": "x86-64-v4", "NUMBA_CPU_FEATURES": ""}, "avx2"),
        ({"NUMBA_CPU_NAME": "x86-64-v3"}, None),  # with features of this processor
        ({"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}, None),
        ({"NUMBA_ENABLE_AVX": "0"}, None),
    ],
)
def test_code_for_other_processors_takes_what_these_have(monkeypatch, settings, expected):
    for name in ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NUMBA_ENABLE_AVX"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert native.table_lookup() == expected


@pytest.mark.skipif(can_look_up("neon"), reason="ARM has NEON, whatever numba is told")
def test_code_for_whatever_a_file_of_settings_names_looks_nothing_up(monkeypatch):
    monkeypatch.setattr(native, "settings_file", lambda: b"cpu_name: generic")
    assert native.table_lookup() is None


def test_nothing_of_avx_is_taken_where_numba_does_without(monkeypatch):
    monkeypatch.setattr(native.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(native.llvm, "get_host_cpu_features", lambda: {"avx2": True})
    for name in ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NUMBA_ENABLE_AVX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(native.llvm, "get_host_cpu_name", lambda: "znver3")
    assert native.table_lookup() == "avx2"
    monkeypatch.setattr(native.llvm, "get_host_cpu_name", lambda: "nocona")
    assert native.table_lookup() is None
