"""Which Arrow arrays hold texts, and what makes texts of others."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def require_strings(kind: "pa.DataType", what: str = "the array", name: str = "array") -> None:
    """Refuse an array that is not of strings.

    Parameters
    ----------
    kind : pyarrow.DataType
        Type of its values.
    what : str
        What to call it.
    name : str
        What it is called in code, for a hint that can be typed.

    Raises
    ------
    TypeError
        If it holds something else; the message says what makes strings of it,
        if something does.
    """
    import pyarrow as pa

    types = pa.types
    if types.is_string(kind) or types.is_large_string(kind):
        return
    if types.is_string_view(kind) or types.is_null(kind):
        return
    hint = f", e.g. {name}.cast(pyarrow.large_string())"
    if types.is_run_end_encoded(kind):  # which Arrow does not cast
        hint = f", e.g. pyarrow.compute.run_end_decode({name})"
    elif types.is_nested(kind):
        hint = ", such as a field or the elements of these values"
    raise TypeError(f"{what} holds {kind}; give strings{hint}")
