"""Columns of texts: Python strings and Arrow arrays as bytes with offsets, and back.

The kernels read one buffer of UTF-8 with document offsets, which is how Arrow
keeps a string column: Arrow's buffers are used as they are, without a copy.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.arrow_types import require_strings
from classifier.lines import encode_text

if TYPE_CHECKING:
    import pyarrow as pa

Texts = Any
"""Sequence of str or None, or a pyarrow string Array or ChunkedArray."""


class Column(NamedTuple):
    """Texts of some documents as bytes.

    Attributes
    ----------
    data : ndarray of uint8, shape (n_bytes,)
        Valid UTF-8.
    offsets : ndarray of int64, shape (n_documents + 1,)
        Document ``d`` is ``data[offsets[d]:offsets[d + 1]]``.
    missing : ndarray of bool, shape (n_documents,)
        Documents that are null; they have no bytes.
    """

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    missing: npt.NDArray[np.bool_]


def read_columns(texts: Texts, are_checked: bool = False) -> Iterator[Column]:
    """Read texts as columns of bytes: one a chunk, in order.

    Parameters
    ----------
    texts : sequence of (str or None), pyarrow.Array or pyarrow.ChunkedArray
        Arrow types string, large_string and string_view, sliced or not.
    are_checked : bool
        Whether Arrow arrays are known to be sound and to hold valid UTF-8: a reader of
        files has looked at every byte, and to look again takes a while.

    Yields
    ------
    Column

    Raises
    ------
    TypeError
        If `texts` is none of these, or holds something else than strings.
    ValueError
        If a text holds a lone surrogate or an Arrow array invalid UTF-8; the
        message names the document.
    """
    if isinstance(texts, Sequence) and not isinstance(texts, (str, bytes)):
        yield _read_strings(texts)
        return
    # Not before: it is large and slow to load, and strings do without.
    import pyarrow as pa

    if isinstance(texts, pa.ChunkedArray):
        before = 0
        for chunk in texts.chunks:
            yield _read_array(chunk, before, are_checked)
            before += len(chunk)
    elif isinstance(texts, pa.Array):
        yield _read_array(texts, 0, are_checked)
    else:
        raise TypeError(
            f"texts is a {type(texts).__name__}; give a list of str or a pyarrow string array "
            "(for one text, use label or filter)"
        )


def write_column(
    data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], missing: npt.NDArray[np.bool_]
) -> "pa.LargeStringArray":
    """Make an Arrow array of UTF-8 bytes, without a copy.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
        Valid UTF-8.
    offsets : ndarray of int64, shape (n_documents + 1,)
    missing : ndarray of bool, shape (n_documents,)
        Documents that become null.

    Returns
    -------
    pyarrow.LargeStringArray
    """
    import pyarrow as pa

    valid = pa.py_buffer(np.packbits(~missing, bitorder="little")) if missing.any() else None
    buffers = [valid, pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, buffers)


def like_input(arrays: Sequence["pa.LargeStringArray"], texts: Texts) -> Any:
    """Give new texts the form of the old ones.

    Parameters
    ----------
    arrays : sequence of pyarrow.LargeStringArray
        One for each column that `read_columns` made of `texts`.
    texts : sequence of (str or None), pyarrow.Array or pyarrow.ChunkedArray

    Returns
    -------
    list of (str or None), pyarrow.Array or pyarrow.ChunkedArray
        Arrow's of the type of `texts`, in as many chunks.
    """
    import pyarrow as pa

    if isinstance(texts, pa.ChunkedArray):
        return pa.chunked_array([_cast(array, texts.type) for array in arrays], texts.type)
    (array,) = arrays
    return _cast(array, texts.type) if isinstance(texts, pa.Array) else array.to_pylist()


def _cast(array: "pa.Array", array_type: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    if array.type == array_type:  # and Arrow's functions need not be loaded
        return array
    # Arrow casts nothing to null, not even nulls.
    return pa.nulls(len(array)) if pa.types.is_null(array_type) else array.cast(array_type)


def _read_strings(texts: Sequence[str | None]) -> Column:
    from classifier.kernels.arrays import fixed

    # Encoded here and not by Arrow, which looks for pandas when it meets a list:
    # importing that takes longer than labelling some thousand pages.
    for document, text in enumerate(texts):
        if text is not None and not isinstance(text, str):
            raise TypeError(f"document {document} is a {type(text).__name__}; give str or None")
    try:
        encoded = [b"" if text is None else text.encode("utf-8") for text in texts]
    except UnicodeEncodeError:
        # The slow way, for its message names document and offset.
        encoded = [encode_text(text or "", f"document {d}") for d, text in enumerate(texts)]
    return Column(
        fixed(np.frombuffer(b"".join(encoded), np.uint8), np.uint8),
        np.cumsum([0, *map(len, encoded)], dtype=np.int64),
        np.array([text is None for text in texts], np.bool_),
    )


def _read_array(array: "pa.Array", before: int, is_checked: bool) -> Column:
    import pyarrow as pa

    require_strings(array.type)
    if pa.types.is_string_view(array.type) and not is_checked:
        _require_sound_views(array)
    if pa.types.is_null(array.type) or pa.types.is_string_view(array.type):
        array = array.cast(pa.large_string())
    if not is_checked and not _is_sound(array):
        try:
            array.validate(full=True)
        except pa.ArrowInvalid as error:
            raise ValueError(_utf8_message(array, before) or str(error)) from None
    return _arrow_column(array)


def _require_sound_views(array: "pa.Array") -> None:
    """Refuse views of bytes that are not there: Arrow follows them unseen when it casts."""
    import pyarrow as pa

    try:
        array.view(pa.binary_view()).validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowIndexError) as error:
        raise ValueError(f"the string_view array is damaged: {error}") from None


def _is_sound(array: "pa.Array") -> bool:
    """Check offsets and UTF-8 as ``array.validate(full=True)`` would, ten times as fast.

    Arrow looks at one byte after another; on text that costs a tenth of the
    time of labelling. It still has the last word, and the message.
    """
    from classifier.kernels.blocks import BLOCK
    from classifier.kernels.utf8 import is_utf8

    array.validate()  # sizes of buffers
    offsets = _offsets(array)
    _, _, data = array.buffers()
    if offsets[0] < 0 or np.any(offsets[1:] < offsets[:-1]) or offsets[-1] > len(data or b""):
        return False
    column = _arrow_column(array)
    return bool(is_utf8(column.data, column.offsets, np.empty(BLOCK, np.uint8)))


def _arrow_column(array: "pa.Array") -> Column:
    from classifier.kernels.arrays import fixed

    missing = null_mask(array)
    if array.null_count:
        import pyarrow.compute as pc

        array = pc.fill_null(array, _empty_text(array.type))
    _, _, buffer = array.buffers()
    offsets = _offsets(array)
    data = np.frombuffer(buffer if buffer and offsets[-1] else b"", np.uint8)
    return Column(fixed(data, np.uint8), offsets, missing)


def null_mask(array: "pa.Array") -> npt.NDArray[np.bool_]:
    """Tell which elements of an Arrow array are null, shape (n_elements,)."""
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

    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    _, offsets, _ = array.buffers()
    if len(array) == 0 or offsets is None:
        return np.zeros(len(array) + 1, np.int64)
    own = np.frombuffer(offsets, width)[array.offset : array.offset + len(array) + 1]
    return own.astype(np.int64)


def _utf8_message(array: "pa.Array", before: int) -> str | None:
    """Find the first document of `array` that is not UTF-8, and say so."""
    import pyarrow as pa

    large = pa.types.is_large_string(array.type)
    as_bytes = array.view(pa.large_binary() if large else pa.binary())
    try:
        as_bytes.validate(full=True)
    except pa.ArrowInvalid:  # bad offsets: reading through them could end the process
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
