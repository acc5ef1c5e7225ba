"""Columns of texts: Python strings and Arrow arrays as bytes with offsets, and back.

The kernels read one buffer of UTF-8 with document offsets, which is how Arrow
keeps a string column: Arrow's buffers are used as they are, without a copy.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.lines import encode_text
from classifier.string_arrays import read_array, require_strings

if TYPE_CHECKING:
    import pyarrow as pa

MOST_BUFFER_BYTES = (1 << 31) - 1  # that Arrow makes string views of
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
    are_checked : bool, default False
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
        require_strings(texts.type)  # there may be no chunk to tell
        before = 0
        for chunk in texts.chunks:
            yield Column(*read_array(chunk, before, are_checked))
            before += len(chunk)
    elif isinstance(texts, pa.Array):
        yield Column(*read_array(texts, 0, are_checked))
    else:
        hint = "for a column of pandas, polars or numpy, pyarrow.array(texts)"
        if isinstance(texts, (str, bytes)):
            hint = "for one text, use label or filter"
        raise TypeError(
            f"texts is a {type(texts).__name__}; give a list of str or a pyarrow string array "
            f"({hint})"
        )


def read_text(text: str) -> Column:
    """Read one text as a column.

    Parameters
    ----------
    text : str

    Returns
    -------
    Column
        One document.

    Raises
    ------
    TypeError
        If it is no str.
    ValueError
        If it holds a lone surrogate.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"text is a {type(text).__name__}; give a str (for many texts, use label_batch "
            "or filter_batch)"
        )
    return _read_strings([text])


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
    if pa.types.is_null(array_type):  # Arrow casts nothing to that, not even nulls
        return pa.nulls(len(array))
    if pa.types.is_string_view(array_type):
        return pa.concat_arrays([part.cast(array_type) for part in _small_parts(array)])
    return array.cast(array_type)


def _small_parts(array: "pa.LargeStringArray") -> "list[pa.LargeStringArray]":
    """Cut an array of which all bytes in one buffer are too many for a cast to string views."""
    offsets = np.frombuffer(array.buffers()[1], np.int64)[: len(array) + 1]
    if len(array) == 0 or offsets[-1] - offsets[0] <= MOST_BUFFER_BYTES:
        return [array]
    data = np.frombuffer(array.buffers()[2], np.uint8)
    missing = array.is_null().to_numpy(zero_copy_only=False)
    parts = []
    start = 0
    while start < len(array):
        # One document at least: none that came as a string view is larger.
        stop = np.searchsorted(offsets, offsets[start] + MOST_BUFFER_BYTES, "right") - 1
        stop = max(int(stop), start + 1)
        own = data[offsets[start] : offsets[stop]]
        parts.append(
            write_column(own, offsets[start : stop + 1] - offsets[start], missing[start:stop])
        )
        start = stop
    return parts


def _read_strings(texts: Sequence[str | None]) -> Column:
    from classifier.kernels.machine.arrays import fixed

    # Encoded here and not by Arrow, which looks for pandas when it meets a list:
    # importing that takes longer than labelling some thousand pages.
    for document, text in enumerate(texts):
        if text is not None and not isinstance(text, str):
            raise TypeError(f"document {document} is a {type(text).__name__}; give str or None")
    try:
        # Not by the method of a subclass, which may give bytes that end the process.
        encoded = [b"" if text is None else str.encode(text, "utf-8") for text in texts]
    except UnicodeEncodeError:
        # The slow way, for its message names document and offset.
        encoded = [encode_text(text or "", f"document {d}") for d, text in enumerate(texts)]
    return Column(
        fixed(np.frombuffer(b"".join(encoded), np.uint8), np.uint8),
        np.cumsum([0, *map(len, encoded)], dtype=np.int64),
        np.array([text is None for text in texts], np.bool_),
    )
