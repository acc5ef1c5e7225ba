"""What the kernels count on in weights: the type, shape and values of every array."""

from typing import Any

import numpy as np

from classifier.labels import LABELS
from classifier.weights import Layers, blank_context_layer, blank_first_layer

LARGEST = 1e6  # of a weight; far above any real one, and no sum of such is infinite
TABLE_BITS = range(8, 25)  # a larger table would not fit what may be unpacked
MOST_CROSSES = 4096


def named_arrays(layers: Layers) -> dict[str, Any]:
    """Name all arrays of a model, such as ``first_table``, ``third_scale`` and ``carry``.

    Parameters
    ----------
    layers : Layers

    Returns
    -------
    dict of str to ndarray
        Whatever stands in the place of one, where `layers` were made by hand.
    """
    arrays: dict[str, Any] = {"carry": layers.carry}
    for prefix in ("first", "second", "third"):
        layer = getattr(layers, prefix)._asdict()
        arrays |= {f"{prefix}_{name}": array for name, array in layer.items()}
    return arrays


def require_layers(layers: Layers) -> None:
    """Refuse weights that the kernels would misread: they look at nothing but addresses.

    Parameters
    ----------
    layers : Layers

    Raises
    ------
    ValueError
        If an array is none, or has another type or shape, or values beyond those of any model.
        The message names it, what it is and what is wanted.
    """
    if not isinstance(layers, Layers):
        raise ValueError(f"layers should be Layers, are a {type(layers).__name__}")
    arrays = named_arrays(layers)
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise ValueError(f"{name} should be a numpy array, is a {type(array).__name__}")
        if not array.flags.c_contiguous:
            raise ValueError(f"{name} has gaps; give numpy.ascontiguousarray of it")
    for name, blank in named_arrays(_blank_like(layers)).items():
        _require_form(name, arrays[name], blank)
        _require_values(name, arrays[name])


def _blank_like(layers: Layers) -> Layers:
    """Make layers of as many crosses, but of a small table: a large one takes a while to fill."""
    n_crosses = [sum(layer.inputs.shape[:1]) for layer in (layers.second, layers.third)]
    if max(n_crosses) > MOST_CROSSES:
        raise ValueError(
            f"a layer has {max(n_crosses)} crosses, should have {MOST_CROSSES} at most"
        )
    second, third = map(blank_context_layer, n_crosses)
    carry = np.zeros(len(LABELS), np.float32)
    return Layers(blank_first_layer(TABLE_BITS[0]), second, third, carry)


def _require_form(name: str, array: Any, blank: Any) -> None:
    if array.dtype != blank.dtype:
        raise ValueError(f"{name} should be {blank.dtype}, is {array.dtype}")
    shapes = {blank.shape}
    wanted = str(blank.shape)
    if name == "first_table":
        shapes = {(1 << bits,) for bits in TABLE_BITS}
        wanted = f"that of 2**{TABLE_BITS[0]} to 2**{TABLE_BITS[-1]} places"
    if array.shape not in shapes:
        raise ValueError(f"{name} has shape {array.shape}, should have {wanted}")


def _require_values(name: str, array: Any) -> None:
    from classifier.kernels.context.inputs import N_INPUTS

    if array.dtype.kind == "f" and not (np.abs(array) <= LARGEST).all():
        raise ValueError(f"{name} has values that are not finite, or above {LARGEST:.0e}")
    if name.endswith("inputs") and not ((array >= 0) & (array < N_INPUTS)).all():
        raise ValueError(f"{name} are not all 0–{N_INPUTS - 1}")
