"""What adapters look at before they work, so that errors show at once and say what to give."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from classifier.columns import read_columns
from classifier.policy import FilterPolicy, require_policy
from classifier.storage import model_file

ModelPath = str | os.PathLike[str] | None
"""A model file, as a worker process finds it; None for the bundled model."""


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Import an engine in this block; if it is not installed, say what to type.

    Parameters
    ----------
    extra : str
        Name of the adapter's module and of the extra that installs the engine.

    Yields
    ------
    None

    Raises
    ------
    ModuleNotFoundError
        With the pip line.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error}; classifier.pipelines.{extra} needs it: pip install 'linesift[{extra}]'",
            name=error.name,
        ) from error


def type_name(value: object) -> str:
    """Name the type of a value so that what engines call alike can be told apart.

    Parameters
    ----------
    value : object

    Returns
    -------
    str
        With its package before it, such as "polars.DataFrame", unless it is Python's own.
    """
    kind = type(value)
    package = kind.__module__.partition(".")[0]
    return kind.__name__ if package == "builtins" else f"{package}.{kind.__name__}"


def check_options(
    policy: FilterPolicy | None, model: ModelPath, stats_column: str | None = None
) -> None:
    """Check what will travel to workers, where an error shows late and far away.

    Whether the model's file is there only they can tell.

    Parameters
    ----------
    policy : FilterPolicy or None
    model : path or None
    stats_column : str, optional

    Raises
    ------
    TypeError
        If `policy` is no policy, `model` no path, or `stats_column` no name.
    ModelError
        If the model is on another machine.
    """
    require_policy(policy)
    require_path(model)
    if stats_column is not None and not isinstance(stats_column, str):
        kind = type(stats_column).__name__
        raise TypeError(f"stats_column is a {kind}; give the name of a column to add")


def require_path(model: ModelPath) -> None:
    """Check that a model is given by its path on this machine.

    Parameters
    ----------
    model : path or None

    Raises
    ------
    TypeError
        If it is no path.
    ModelError
        If it is the URL of another machine.
    """
    if model is None:
        return
    if not isinstance(model, (str, os.PathLike)):
        raise TypeError(
            f"model is a {type(model).__name__}; give the path of a model file, "
            "such as LineClassifier.save writes, or None for the bundled model"
        )
    model_file(model)


def check_columns(names: Sequence[str], text_column: str, stats_column: str | None) -> None:
    """Check that a table has the text and room for the statistics.

    Parameters
    ----------
    names : sequence of str
        Columns of the table.
    text_column, stats_column : str
        As the caller of an adapter named them.

    Raises
    ------
    ValueError
        If the text column is missing or stands twice, or the statistics'
        column exists; the message lists the columns.
    """
    listed = ", ".join(map(str, names)) or "none"
    count = list(names).count(text_column)
    if count != 1:
        found = "no column" if not count else f"{count} columns"
        raise ValueError(
            f"the data has {found} {text_column!r}; its columns are {listed}. "
            "Name the one with the text: text_column=..."
        )
    if stats_column is not None and stats_column in names:
        raise ValueError(
            f"the data has a column {stats_column!r} already; its columns are {listed}. "
            "Give stats_column another name"
        )


@contextmanager
def documents_named(name: Callable[[int], str]) -> Iterator[None]:
    """Name the document of an error as its owner knows it, not by its number in a batch.

    Parameters
    ----------
    name : callable
        Gives what stands behind the word "document", for a number from 0.

    Yields
    ------
    None

    Raises
    ------
    ValueError, TypeError
        With the same message but for the name.
    """
    try:
        yield
    except (ValueError, TypeError) as error:
        number = re.match(r"document (\d+)", str(error))
        if number is None:
            raise
        reason = str(error)[number.end() :]
        raise type(error)(f"document {name(int(number[1]))}{reason}") from error


def column_of_texts(X: Any) -> Any:
    """Make what the model takes of what scikit-learn takes for a column of texts.

    Parameters
    ----------
    X : iterable of (str or None)

    Returns
    -------
    list of (str or None), pyarrow.Array or pyarrow.ChunkedArray
        Elements that are neither are kept for the model to refuse.

    Raises
    ------
    ValueError, TypeError
        If `X` is one string, a table, no iterable, or damaged.
    """
    if isinstance(X, str):
        raise ValueError(f"X is one string, {X[:20]!r}; give an iterable of texts, e.g. [text]")
    # Iterating over these would give names of columns, or rows.
    if isinstance(X, Mapping) or len(getattr(X, "shape", (0,))) != 1:
        raise ValueError(f'X is a {type(X).__name__}; give one column of it, e.g. X["text"]')
    if not isinstance(X, Iterable) or isinstance(X, bytes):
        raise TypeError(f"X is a {type(X).__name__}; give an iterable of texts, e.g. [text]")
    if isinstance(X, (pa.Array, pa.ChunkedArray)):
        if not pa.types.is_dictionary(X.type):
            return X
        X.validate(full=True)  # codes of no word would be followed out of the memory
        return X.cast(X.type.value_type)
    with undecodable_named(X):
        return [text if isinstance(text, str) or not _is_missing(text) else None for text in X]


@contextmanager
def undecodable_named(column: Any) -> Iterator[None]:
    """Say which text is not UTF-8 when those of a column are read that Arrow holds unchecked.

    Parameters
    ----------
    column : pandas.Series or array
        Read in this block.

    Yields
    ------
    None

    Raises
    ------
    ValueError
        As the model raises it for Arrow's own arrays.
    """
    try:
        yield
    except UnicodeDecodeError:
        for _ in read_columns(pa.array(column)):
            pass
        raise


def _is_missing(value: Any) -> bool:
    """Tell whether a value stands for nothing: None, NaN, pandas.NA."""
    try:
        return not pa.scalar(value, from_pandas=True).is_valid
    except (pa.ArrowException, OverflowError):  # of no type that Arrow knows
        return False
