"""Columns of text in Arrow record batches: find, read, replace, also inside structs."""

from typing import Any

import numpy as np
import pyarrow as pa

from classifier.string_arrays import null_mask


def is_text(kind: Any) -> bool:
    """Tell whether an Arrow type holds text, plainly or by dictionary, or nothing but nulls.

    Parameters
    ----------
    kind : pyarrow.DataType

    Returns
    -------
    bool
    """
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
    )


def find_field(schema: Any, path: str) -> Any:
    """Find the field that a path such as ``a.b`` names, in a schema or struct type, if any.

    Parameters
    ----------
    schema : pyarrow.Schema or pyarrow.StructType
    path : str

    Returns
    -------
    pyarrow.Field or None
    """
    name, _, rest = path.partition(".")
    if isinstance(schema, pa.Schema):
        index = schema.get_field_index(path)
        if index >= 0:  # also a column whose own name has a dot
            return schema.field(index)
    index = schema.get_field_index(name)
    if index < 0:
        return None
    field = schema.field(index)
    if not rest:
        return field
    return find_field(field.type, rest) if pa.types.is_struct(field.type) else None


def find_column(rows: Any, path: str) -> Any:
    """Get a column of a record batch.

    Parameters
    ----------
    rows : pyarrow.RecordBatch
        The rows.
    path : str
        A column's name, or ``a.b`` for field ``b`` of struct ``a``.

    Returns
    -------
    pyarrow.Array or None
        Null where a struct around it is null; None if there is no such column.
    """
    import pyarrow.compute as pc

    if find_field(rows.schema, path) is None:
        return None
    if rows.schema.get_field_index(path) >= 0:
        return rows.column(path)
    name, *inner = path.split(".")
    return pc.struct_field(rows.column(name), inner)


def read_texts(column: Any) -> tuple[Any, dict[int, tuple[str, str]]]:
    """Read the texts of a column.

    Parameters
    ----------
    column : pyarrow.Array
        Of a type that `is_text`.

    Returns
    -------
    texts : pyarrow.LargeStringArray
        Good texts, in order.
    bad : dict
        For the index of each other row: kind and reason.
    """
    binary = _as_bytes(column)
    bad = dict.fromkeys(np.flatnonzero(null_mask(binary)).tolist(), ("null text", "is null"))
    texts = binary.view(pa.large_string())
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        for i, value in enumerate(binary.to_pylist()):
            try:
                (value or b"").decode()
            except UnicodeDecodeError as error:
                bad[i] = ("not UTF-8", f"is not valid UTF-8 at byte {error.start + 1}")
    if bad:
        good = [i for i in range(len(column)) if i not in bad]
        texts = binary.take(pa.array(good, pa.int64())).view(pa.large_string())
    return texts, bad


def keep_rows(rows: Any, is_kept: Any) -> Any:
    """Leave out rows.

    Parameters
    ----------
    rows : pyarrow.RecordBatch or pyarrow.Table
        Of columns of any type.
    is_kept : ndarray of bool, shape (n_rows,)
        Whether each stays.

    Returns
    -------
    pyarrow.RecordBatch or pyarrow.Table
        With the same schema.
    """
    columns = [_keep_values(column, is_kept) for column in rows.columns]
    return type(rows).from_arrays(columns, schema=rows.schema)


def _keep_values(column: Any, is_kept: Any) -> Any:
    """Leave values out of a column, whether or not Arrow can do so with its type."""
    try:
        return column.filter(pa.array(is_kept))
    except pa.ArrowNotImplementedError:
        plain = _without_views(column.type)
        # Slices of run-end encoded columns are cast wrongly, even to the type they have.
        if plain.equals(column.type) or "run_end_encoded" in str(column.type):
            return _joined_runs(column, is_kept)
        return _keep_values(column.cast(plain), is_kept).cast(column.type)


def _joined_runs(column: Any, is_kept: Any) -> Any:
    """Leave out values of a type that Arrow can only slice, and join again (run-end encoded)."""
    edges = np.flatnonzero(np.diff(is_kept, prepend=False, append=False)).reshape(-1, 2)
    runs = [column.slice(start, end - start) for start, end in edges.tolist()]
    if isinstance(column, pa.ChunkedArray):
        chunks = [chunk for run in runs for chunk in run.chunks]
        return pa.chunked_array(chunks, column.type)
    return pa.concat_arrays(runs) if runs else column.slice(0, 0)


def _without_views(kind: Any) -> Any:
    """Give the type that holds the same, and that Arrow can leave rows out of."""
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_binary_view(kind):
        return pa.large_binary()
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_without_views(field.type)) for field in kind.fields])
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_without_views(kind.value_type)))
    if pa.types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(_without_views(kind.value_type)))
    if pa.types.is_fixed_size_list(kind):
        item = kind.value_field.with_type(_without_views(kind.value_type))
        return pa.list_(item, kind.list_size)
    if pa.types.is_map(kind):
        return pa.map_(_without_views(kind.key_type), _without_views(kind.item_type))
    return kind


def replace_column(rows: Any, path: str, texts: Any) -> Any:
    """Put texts in the place of a column.

    Parameters
    ----------
    rows : pyarrow.RecordBatch
        The rows.
    path : str
        As for `find_column`.
    texts : pyarrow.LargeStringArray, shape (n_rows,)
        The new texts.

    Returns
    -------
    pyarrow.RecordBatch
        With the same schema.
    """
    name, *inner = [path] if rows.schema.get_field_index(path) >= 0 else path.split(".")
    index = rows.schema.get_field_index(name)
    field = rows.schema.field(index)
    return rows.set_column(index, field, _rebuild(rows.column(index), field.type, inner, texts))


def _rebuild(column: Any, kind: Any, inner: list[str], texts: Any) -> Any:
    if not inner:
        return _typed(texts, kind)
    index = kind.get_field_index(inner[0])
    children = [column.field(i) for i in range(kind.num_fields)]
    children[index] = _rebuild(children[index], kind.field(index).type, inner[1:], texts)
    return pa.StructArray.from_arrays(children, fields=list(kind), mask=column.is_null())


def _as_bytes(column: Any) -> Any:
    """Convert to large_binary without a check, which a cast from text does not make."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.binary_view())
    return column.cast(pa.large_binary())


def _typed(texts: Any, kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        return texts.cast(kind.value_type).dictionary_encode().cast(kind)
    if pa.types.is_null(kind):  # none of its rows has a text
        return pa.nulls(len(texts))
    return texts.cast(kind)
