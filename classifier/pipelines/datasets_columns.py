"""Columns as Hugging Face's datasets have them: whether one holds texts, and how they are given."""

from datasets import ClassLabel, Dataset, Features, Value

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


def in_format_of(dataset: Dataset, result: Dataset) -> Dataset:
    """Give a dataset in the format of another, with the columns that this shows and new ones.

    Parameters
    ----------
    dataset : datasets.Dataset
    result : datasets.Dataset
        Made of it; may have more columns.

    Returns
    -------
    datasets.Dataset
    """
    hidden = set(dataset.column_names).difference(dataset.format["columns"])
    shown = [name for name in result.column_names if name not in hidden]
    options = dataset.format["format_kwargs"]
    is_all = dataset.format["output_all_columns"]
    return result.with_format(dataset.format["type"], shown if hidden else None, is_all, **options)
