"""Texts as Arrow columns and as UTF-8, without the parts of Arrow that are slow to load."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from typing import Any

import numpy as np

from classifier.columns import write_column


def text_column(texts: list[bytes]) -> Any:
    """Make an Arrow column of UTF-8 bytes that are known to be valid.

    Parameters
    ----------
    texts : list of bytes
        Valid UTF-8.

    Returns
    -------
    pyarrow.LargeStringArray
        The same texts.
    """
    # Joined here: Arrow's own way from a list is ten times slower.
    data = np.frombuffer(texts[0] if len(texts) == 1 else b"".join(texts), np.uint8)
    offsets = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    return write_column(data, offsets, np.zeros(len(texts), np.bool_))


def column_bytes(texts: Any) -> tuple[Any, Any]:
    """Give the bytes of an Arrow column of texts in place, and where each text stands in them.

    Parameters
    ----------
    texts : pyarrow.LargeStringArray, shape (n_texts,)

    Returns
    -------
    data : ndarray of uint8
    offsets : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` is ``data[offsets[i]:offsets[i + 1]]``; a null of this program has no bytes.
    """
    if not len(texts):  # there may be no buffers
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    # From the buffers, as Arrow's own way to numpy imports pandas if it is installed.
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(data or b"", np.uint8), bounds


def changed_texts(before: Any, after: Any) -> Any:
    """Tell which texts of two Arrow columns differ, nulls counting as texts without bytes.

    Parameters
    ----------
    before, after : pyarrow.LargeStringArray, shape (n_texts,)

    Returns
    -------
    ndarray of bool, shape (n_texts,)
    """
    if before is after:
        return np.zeros(len(before), np.bool_)
    # Not by Arrow's functions: they take longer to load than a small file to filter.
    old, old_bounds = column_bytes(before)
    new, new_bounds = column_bytes(after)
    is_changed = np.diff(old_bounds) != np.diff(new_bounds)
    for i in np.flatnonzero(~is_changed).tolist():
        own = old[old_bounds[i] : old_bounds[i + 1]].tobytes()
        is_changed[i] = own != new[new_bounds[i] : new_bounds[i + 1]].tobytes()
    return is_changed


def is_utf8(data: bytes) -> bool:
    """Tell whether `data` is valid UTF-8, without making a string of it.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    bool
    """
    import pyarrow as pa

    if not data:
        return True
    try:
        text_column([data]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def not_utf8(data: bytes) -> tuple[str, str, str]:
    """Say where `data` stops being UTF-8: kind, reason and remedy.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    tuple of str, str and str
        For `Problem`.
    """
    try:
        data.decode("utf-8")
        reason = "it is not valid UTF-8"
    except UnicodeDecodeError as error:
        reason = f"byte {error.start + 1} of it (0x{data[error.start]:02x}) is not valid UTF-8"
    if data.startswith((BOM_UTF32_LE, BOM_UTF32_BE)):  # one begins with the mark of UTF-16
        reason = "it is UTF-32"
    elif data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and b"\0" in data:
        reason = "it is UTF-16"
    return "not UTF-8", reason, "Convert it to UTF-8, or skip such records with --on-error skip."
