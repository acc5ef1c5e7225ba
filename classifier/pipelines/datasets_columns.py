"""Columns as Hugging Face's datasets have them: whether one holds texts."""

from datasets import ClassLabel, Features, Value

from classifier import string_arrays


def require_strings(features: Features, name: str) -> None:
    """Check that a column holds texts, before the work: of a stream it would show late.

    Parameters
    ----------
    features : datasets.Features
    name : str
        Of the column.

    Raises
    ------
    TypeError
        If not; it says how to make texts of it.
    """
    kind = features[name]
    try:
        string_arrays.require_strings(features.arrow_schema.field(name).type)
    except TypeError:
        hint = f"e.g. dataset.cast_column({name!r}, datasets.Value('large_string'))"
        if isinstance(kind, ClassLabel):  # of which a cast makes the numbers
            hint = f"e.g. what dataset.features[{name!r}].int2str makes of these classes"
        elif not isinstance(kind, Value):
            hint = "such as a field or the elements of these values"
        raise TypeError(f"column {name!r} holds {kind}; give strings, {hint}") from None
