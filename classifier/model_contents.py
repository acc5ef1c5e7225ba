"""What a model file holds: layers and metadata as arrays, and back.

A file may come from anywhere, so nothing in it is trusted: every array must have the name, type,
shape and finite values that the kernels count on.
"""

import json
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.filtering import is_loss_table
from classifier.labels import LABELS
from classifier.weights import (
    ContextLayer,
    FirstLayer,
    Layers,
    blank_context_layer,
    blank_first_layer,
)

FORMAT = "linesift-model"
FORMAT_VERSION = 5
UPGRADE = "install a newer linesift"
LARGEST = 1e6  # of a weight; far above any real one, and no sum of such is infinite
TABLE_BITS = range(8, 25)  # a larger table would not fit what may be unpacked
# Bytes of a huge page, whose address the processor looks up once. numpy asks Linux for such
# pages where an array is large, and the table should fill whole ones.
HUGE_PAGE = 2 << 20
MOST_CROSSES = 4096
MOST_METADATA_BYTES = 8 << 20  # as objects of Python they take thirty times as much at worst
CONTEXT_TYPES = {
    "inputs": np.int16,
    "borders": np.uint8,
    "weights": np.int8,
    "scale": np.float32,
    "bias": np.float32,
}


class ModelError(ValueError):
    """A model file that cannot be used; the message says why and what to do."""


def arrays_of(layers: Layers, metadata: dict[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """Give what a model file holds, by name; the metadata, as JSON, are bytes.

    Parameters
    ----------
    layers : Layers
    metadata : dict
        What JSON has values for; names that describe the form are put in.

    Returns
    -------
    dict of str to ndarray
        For `numpy.savez`.

    Raises
    ------
    TypeError, ValueError
        If `metadata` holds what JSON has no value for.
    """
    from classifier.kernels.layout import FEATURES_VERSION, N_SCORES

    described = {
        **metadata,
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "features_version": FEATURES_VERSION,
        "labels": list(LABELS),
        "table_bits": len(layers.first.table).bit_length() - 1,
    }
    levels = layers.first.table.astype("<u8").view(np.uint8).reshape(-1, N_SCORES)
    return {
        "metadata": np.frombuffer(json.dumps(described, allow_nan=False).encode(), np.uint8),
        "first_table": np.ascontiguousarray(levels.T),  # packs better, score after score
        **_small_arrays(layers),
    }


def layers_of(file: Path, arrays: dict[str, npt.NDArray[Any]]) -> tuple[Layers, dict[str, Any]]:
    """Make layers and metadata of what a model file holds.

    Parameters
    ----------
    file : Path
        Named in errors; it is not read.
    arrays : dict of str to ndarray
        What `numpy.load` found in it.

    Returns
    -------
    layers : Layers
    metadata : dict

    Raises
    ------
    ModelError
        If they are not what `arrays_of` makes, or that of another version did; it names the file.
    """
    metadata = _read_metadata(file, arrays)
    read = partial(_read_array, file, arrays, dtype=np.float32)
    first = FirstLayer(
        _read_table(file, arrays, metadata["table_bits"]),
        *(read(name=f"first_{name}") for name in ("shape", "scale", "bias")),
    )
    second, third = (
        ContextLayer(
            *(read(name=f"{layer}_{name}", dtype=type_) for name, type_ in CONTEXT_TYPES.items())
        )
        for layer in ("second", "third")
    )
    layers = Layers(first, second, third, read(name="carry"))
    _require_shapes(file, layers)
    return layers, metadata


def _small_arrays(layers: Layers) -> dict[str, npt.NDArray[Any]]:
    """Name all arrays of a model but the table, as in a file."""
    arrays = {"carry": layers.carry}
    for prefix in ("first", "second", "third"):
        layer = getattr(layers, prefix)._asdict()
        arrays |= {f"{prefix}_{name}": a for name, a in layer.items() if name != "table"}
    return arrays


def _read_metadata(file: Path, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    from classifier.kernels.layout import FEATURES_VERSION

    try:
        packed = arrays["metadata"]
        if packed.nbytes > MOST_METADATA_BYTES:
            raise ValueError("too long")
        text = packed.tobytes().decode("utf-8")
        metadata = json.loads(text, parse_constant=_no_json, parse_float=_finite)
        if metadata["format"] != FORMAT:
            raise KeyError("format")
        version = (int(metadata["format_version"]), int(metadata["features_version"]))
        metadata["table_bits"] = int(metadata["table_bits"])
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise ModelError(f"{file}: is not a linesift model; give one that linesift saved") from None
    supported = (FORMAT_VERSION, FEATURES_VERSION)
    is_newer = version[0] > supported[0] or version[1] > supported[1]
    age, remedy = ("a newer", UPGRADE) if is_newer else ("an older", "fit it again")
    if version != supported:
        raise ModelError(
            f"{file}: made by {age} linesift (format {version[0]}, features {version[1]}; this "
            f"one reads {supported[0]} and {supported[1]}); {remedy}"
        )
    if metadata.get("labels") != list(LABELS):
        raise ModelError(f"{file}: has other labels than {', '.join(LABELS)}; fit it again")
    if metadata["table_bits"] not in TABLE_BITS:
        raise ModelError(f"{file}: damaged (table of 2**{metadata['table_bits']}); get it anew")
    if not is_loss_table(metadata.get("loss_table") or []):
        raise ModelError(f"{file}: damaged (loss_table has other rows than ratios); get it anew")
    pages = metadata.get("pages", [])
    if not isinstance(pages, list) or not all(isinstance(page, str) for page in pages):
        raise ModelError(f"{file}: damaged (pages is no list of digests); get it anew")
    return dict(metadata)


def _no_json(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise ValueError(f"{digits} is too large")
    return value


def _read_table(file: Path, arrays: dict[str, npt.NDArray[Any]], bits: int) -> npt.NDArray[Any]:
    from classifier.kernels.layout import N_SCORES
    from classifier.kernels.machine.arrays import aligned, fixed

    levels = _read_array(file, arrays, "first_table", np.uint8)
    if levels.shape != (N_SCORES, 1 << bits):
        raise ModelError(f"{file}: damaged (first_table has shape {levels.shape}); get it anew")
    packed = aligned(levels.size, HUGE_PAGE)
    packed.reshape(-1, N_SCORES)[:] = levels.T
    return fixed(packed.view("<u8"), np.uint64)


def _read_array(
    file: Path, arrays: dict[str, npt.NDArray[Any]], name: str, dtype: Any
) -> npt.NDArray[Any]:
    from classifier.kernels.machine.arrays import fixed

    array = arrays.get(name)
    if array is None or array.dtype != dtype:
        found = "nothing" if array is None else str(array.dtype)
        raise ModelError(
            f"{file}: damaged ({name} should be {np.dtype(dtype)}, is {found}); get it anew"
        )
    if array.dtype.kind == "f" and not (np.abs(array) <= LARGEST).all():
        raise ModelError(
            f"{file}: damaged ({name} has values that are not finite, or above {LARGEST:.0e}); "
            "get it anew"
        )
    return fixed(array, dtype)


def _require_shapes(file: Path, layers: Layers) -> None:
    from classifier.kernels.context_layout import N_INPUTS

    n_crosses = [len(layer.inputs) for layer in (layers.second, layers.third)]
    if max(n_crosses) > MOST_CROSSES:
        raise ModelError(f"{file}: damaged ({max(n_crosses)} crosses); get it anew")
    second, third = map(blank_context_layer, n_crosses)
    blank = Layers(
        blank_first_layer(TABLE_BITS[0]), second, third, np.zeros(len(LABELS), np.float32)
    )
    expected = _small_arrays(blank)
    for name, array in _small_arrays(layers).items():
        if array.shape != expected[name].shape:
            raise ModelError(f"{file}: damaged ({name} has shape {array.shape}); get it anew")
        if name.endswith("inputs") and not ((array >= 0) & (array < N_INPUTS)).all():
            raise ModelError(f"{file}: damaged ({name} are not all 0–{N_INPUTS - 1}); get it anew")
