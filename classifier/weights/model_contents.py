"""What a model file holds: layers and metadata as arrays, and back.

A file may come from anywhere, so nothing in it is trusted: every array must have the name, type,
shape and finite values that the kernels count on (`classifier.weights.checks`).
"""

import json
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.labels import LABELS
from classifier.weights import ContextLayer, FirstLayer, Layers, fixed_layers
from classifier.weights.checks import TABLE_BITS, named_arrays, require_layers

FORMAT = "linesift-model"
FORMAT_VERSION = 5
UPGRADE = "install a newer linesift"
# Bytes of a huge page, whose address the processor looks up once. numpy asks Linux for such
# pages where an array is large, and the table should fill whole ones.
HUGE_PAGE = 2 << 20
MOST_METADATA_BYTES = 8 << 20  # as objects of Python they take thirty times as much at worst


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
        If `metadata` holds what JSON has no value for, or if `layers_of` would refuse the
        arrays or the metadata.
    """
    from classifier.kernels.first_layer.feature_layout import FEATURES_VERSION, N_SCORES

    require_layers(layers)
    described = {
        **metadata,
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "features_version": FEATURES_VERSION,
        "labels": list(LABELS),
        "table_bits": len(layers.first.table).bit_length() - 1,
    }
    try:
        packed = json.dumps(described, allow_nan=False).encode()
    except RecursionError:
        raise ValueError("the metadata are nested too deep for JSON") from None
    _require_known(_parsed(packed))
    levels = layers.first.table.astype("<u8").view(np.uint8).reshape(-1, N_SCORES)
    return {
        **named_arrays(layers),
        "metadata": np.frombuffer(packed, np.uint8),
        "first_table": np.ascontiguousarray(levels.T),  # packs better, score after score
    }


def layers_of(file: Path, arrays: dict[str, npt.NDArray[Any]]) -> tuple[Layers, dict[str, Any]]:
    """Make layers and metadata of what a model file holds.

    Parameters
    ----------
    file : Path
        Named in errors; it is not read.
    arrays : dict of str to ndarray
        What was read from it.

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
    try:
        _require_known(metadata)
        layers = _read_layers(arrays, metadata["table_bits"])
        require_layers(layers)
    except ValueError as error:
        raise ModelError(f"{file}: damaged ({error}); get it anew") from None
    return fixed_layers(layers), metadata


def _read_metadata(file: Path, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    from classifier.kernels.first_layer.feature_layout import FEATURES_VERSION

    try:
        metadata = _parsed(arrays["metadata"].tobytes())
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
    return dict(metadata)


def _parsed(packed: bytes) -> Any:
    if len(packed) > MOST_METADATA_BYTES:
        raise ValueError(f"the metadata take more than {MOST_METADATA_BYTES >> 20} MB")
    return json.loads(packed.decode("utf-8"), parse_constant=_no_json, parse_float=_finite)


def _no_json(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise ValueError(f"{digits} is too large")
    return value


def _require_known(metadata: dict[str, Any]) -> None:
    """Check what is worked with of the metadata; all else is for people to read."""
    if metadata["table_bits"] not in TABLE_BITS:
        raise ValueError(f"table of 2**{metadata['table_bits']}")
    if not _is_loss_table(metadata.get("loss_table") or []):
        raise ValueError("loss_table has other rows than ratios")
    pages = metadata.get("pages", [])
    if not isinstance(pages, list) or not all(isinstance(page, str) for page in pages):
        raise ValueError("pages is no list of digests")


def _is_loss_table(table: object) -> bool:
    """Tell whether it is what `FilterPolicy.threshold` takes: rows of three numbers, 0 to 1."""
    return isinstance(table, list) and all(
        isinstance(row, list)
        and len(row) == 3
        and all(isinstance(value, (int, float)) and 0 <= value <= 1 for value in row)
        for row in table
    )


def _read_layers(arrays: dict[str, npt.NDArray[Any]], table_bits: int) -> Layers:
    """Put arrays where they belong, whatever they are."""

    def read(prefix: str, names: tuple[str, ...]) -> list[npt.NDArray[Any]]:
        return [_named(arrays, f"{prefix}_{name}") for name in names]

    table = _unpacked_table(_named(arrays, "first_table"), table_bits)
    return Layers(
        FirstLayer(table, *read("first", FirstLayer._fields[1:])),
        ContextLayer(*read("second", ContextLayer._fields)),
        ContextLayer(*read("third", ContextLayer._fields)),
        _named(arrays, "carry"),
    )


def _named(arrays: dict[str, npt.NDArray[Any]], name: str) -> npt.NDArray[Any]:
    if name not in arrays:
        raise ValueError(f"{name} is missing")
    return arrays[name]


def _unpacked_table(levels: npt.NDArray[Any], bits: int) -> npt.NDArray[Any]:
    from classifier.kernels.first_layer.feature_layout import N_SCORES
    from classifier.kernels.machine.arrays import aligned, fixed

    if levels.dtype != np.uint8 or levels.shape != (N_SCORES, 1 << bits):
        raise ValueError(f"first_table is {levels.dtype} of shape {levels.shape}")
    packed = aligned(levels.size, HUGE_PAGE)
    packed.reshape(-1, N_SCORES)[:] = levels.T
    return fixed(packed.view("<u8"), np.uint64)
