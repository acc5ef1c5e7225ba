"""Columns of pandas: texts out of one, and others into it."""

from contextlib import AbstractContextManager
from typing import Any

import pandas as pd

from classifier.pipelines.checks import documents_named, type_name, undecodable_named


def require_frame(frame: object) -> None:
    """Check that something is a DataFrame.

    Parameters
    ----------
    frame : object

    Raises
    ------
    TypeError
        If not.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(
            f"frame is a {type_name(frame)}; give a pandas.DataFrame, "
            'e.g. pandas.DataFrame({"text": texts})'
        )


def rows_named(frame: pd.DataFrame, text_column: str) -> AbstractContextManager[None]:
    """Name the document of an error by its place in a DataFrame.

    Parameters
    ----------
    frame : pandas.DataFrame
    text_column : str

    Returns
    -------
    context manager
        See `classifier.pipelines.checks.documents_named`.
    """
    return documents_named(
        lambda number: f"{number} (column {text_column!r}, index {frame.index[number]})"
    )


def texts_of(column: "pd.Series[str]") -> list[Any]:
    """List the texts of a column, None for what is missing.

    Parameters
    ----------
    column : pandas.Series

    Returns
    -------
    list
        As long as the column.

    Raises
    ------
    ValueError
        If a text is not UTF-8.
    """
    missing = column.isna()
    with undecodable_named(column):
        return [None if absent else text for text, absent in zip(column, missing, strict=True)]


def with_texts(column: "pd.Series[Any]", texts: list[str | None]) -> "pd.Series[Any]":
    """Put texts in the places of others; what is missing stays as it was written.

    Parameters
    ----------
    column : pandas.Series
    texts : list of (str or None)
        As many; None where the old value stays.

    Returns
    -------
    pandas.Series
        With index and type of the column; of categories with the type of these.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):  # has no place for other texts
        column = column.astype(column.cat.categories.dtype)
    new = [old if text is None else text for old, text in zip(column, texts, strict=True)]
    return pd.Series(new, column.index, column.dtype)
