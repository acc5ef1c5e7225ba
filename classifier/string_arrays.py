"""Arrow arrays of strings as bytes with offsets: checked, and without a copy."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from classifier.kernels.machine.loading import loading_alone

if TYPE_CHECKING:
    import pyarrow as pa

Parts = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.bool_]]
"""The fields of a `classifier.columns.Column`."""


def read_array(array: "pa.Array", before: int, is_checked: bool) -> Parts:
    """Read an array of strings, in place.

    Parameters
    ----------
    array : pyarrow.Array
        Of string, large_string, string_view or null, sliced or not.
    before : int
        Documents before its first, for messages.
    is_checked : bool
        Whether it is known to be sound and to hold valid UTF-8.

    Returns
    -------
    data : ndarray of uint8, shape (n_bytes,)
    offsets : ndarray of int64, shape (n_documents + 1,)
    missing : ndarray of bool, shape (n_documents,)

    Raises
    ------
    TypeError
        If it holds something else than strings.
    ValueError
        If it is damaged or holds invalid UTF-8; the message names the document.
    """
    import pyarrow as pa

    require_strings(array.type)
    if pa.types.is_string_view(array.type) and not is_checked:
        _require_sound_views(array)
    if pa.types.is_null(array.type) or pa.types.is_string_view(array.type):
        array = array.cast(pa.large_string())
    if not is_checked:
        try:
            if not _is_sound(array):
                array.validate(full=True)
        except pa.ArrowInvalid as error:
            damage = f"the array that begins with document {before} is damaged: {error}"
            raise ValueError(_utf8_message(array, before) or damage) from None
    return _parts_of(array)


def _require_sound_views(array: "pa.Array") -> None:
    """Refuse views of bytes that are not there: Arrow follows them unseen when it casts."""
    import pyarrow as pa

    try:
        array.view(pa.binary_view()).validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowIndexError) as error:
        raise ValueError(f"the string_view array is damaged: {error}") from None


def _is_sound(array: "pa.Array") -> bool:
    """Check offsets and UTF-8 as ``array.validate(full=True)`` would, several times as fast.

    Where few letters are ASCII, Arrow looks at one byte after another. It still has the
    last word, and the message.
    """
    with loading_alone():
        from classifier.kernels.machine.blocks import BLOCK
        from classifier.kernels.text.utf8 import is_utf8

    array.validate()  # sizes of buffers
    offsets = _offsets(array)
    _, _, data = array.buffers()
    if offsets[0] < 0 or np.any(offsets[1:] < offsets[:-1]) or offsets[-1] > len(data or b""):
        return False
    text, bounds, _ = _parts_of(array)
    return bool(is_utf8(text, bounds, np.empty(BLOCK, np.uint8)))


def _parts_of(array: "pa.Array") -> Parts:
    from classifier.kernels.machine.arrays import fixed

    missing = null_mask(array)
    if array.null_count:
        with loading_alone():
            import pyarrow.compute as pc

        array = pc.fill_null(array, _empty_text(array.type))
    _, _, buffer = array.buffers()
    offsets = _offsets(array)
    data = np.frombuffer(buffer if buffer and offsets[-1] else b"", np.uint8)
    return fixed(data, np.uint8), offsets, missing


def null_mask(array: "pa.Array") -> npt.NDArray[np.bool_]:
    """Tell which elements of an Arrow array are null, shape (n_elements,).

    Parameters
    ----------
    array : pyarrow.Array
        A slice counts from its own first element.

    Returns
    -------
    ndarray of bool, shape (n_elements,)
        True where it is null.
    """
    # Around Arrow's own ways between Python and Arrow: they ask whether pandas
    # is meant, and import it if it is installed, which takes 0.3 s.
    if not array.null_count:
        return np.zeros(len(array), np.bool_)
    first, stop = array.offset, array.offset + len(array)
    valid = np.frombuffer(array.buffers()[0], np.uint8)
    return np.asarray(np.unpackbits(valid, count=stop, bitorder="little")[first:] == 0)


def _empty_text(array_type: "pa.DataType") -> "pa.Scalar":
    import pyarrow as pa

    offsets = pa.py_buffer(bytes(16))
    return pa.Array.from_buffers(array_type, 1, [None, offsets, pa.py_buffer(b"")])[0]


def _offsets(array: "pa.Array") -> npt.NDArray[np.int64]:
    import pyarrow as pa

    width = np.dtype(np.int64 if pa.types.is_large_string(array.type) else np.int32)
    _, offsets, _ = array.buffers()
    if len(array) == 0:  # it may have none
        return np.zeros(1, np.int64)
    # Only its own: a buffer may be longer by any number of bytes.
    own = np.frombuffer(offsets, width, len(array) + 1, array.offset * width.itemsize)
    return own.astype(np.int64)


def _utf8_message(array: "pa.Array", before: int) -> str | None:
    """Find the first document of `array` that is not UTF-8, and say so."""
    import pyarrow as pa

    large = pa.types.is_large_string(array.type)
    try:
        as_bytes = array.view(pa.large_binary() if large else pa.binary())
        as_bytes.validate(full=True)
    except pa.ArrowInvalid:  # no such bytes: reading through them could end the process
        return None
    for document, text in enumerate(as_bytes):
        if text.is_valid:
            try:
                text.as_py().decode("utf-8")
            except UnicodeDecodeError as error:
                return (
                    f"document {before + document}: invalid UTF-8 at byte {error.start} "
                    f"({error.reason}); decode the bytes with their real encoding first, "
                    'or with errors="replace"'
                )
    return None


def require_strings(kind: "pa.DataType", what: str = "the array", name: str = "array") -> None:
    """Refuse an array that is not of strings.

    Parameters
    ----------
    kind : pyarrow.DataType
        Type of its values.
    what : str, default "the array"
        What to call it.
    name : str, default "array"
        What it is called in code, for a hint that can be typed.

    Raises
    ------
    TypeError
        If it holds something else; the message says what makes strings of it,
        if something does.
    """
    import pyarrow as pa

    types = pa.types
    if _is_string(kind) or types.is_null(kind):
        return
    hint = f", e.g. {name}.cast(pyarrow.large_string())"
    if types.is_run_end_encoded(kind):  # which Arrow does not cast
        hint = f", e.g. pyarrow.compute.run_end_decode({name})"
    elif isinstance(kind, pa.BaseExtensionType) and not _is_string(kind.storage_type):
        # What Ray makes of lone surrogates, and of pandas' missing values among strings.
        hint = ", all of them valid Unicode, and None (not NaN) where one is missing"
    elif types.is_nested(kind):
        hint = ", such as a field or the elements of these values"
    raise TypeError(f"{what} holds {kind}; give strings{hint}")


def _is_string(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return any(of(kind) for of in (types.is_string, types.is_large_string, types.is_string_view))
