"""Filter the texts of a Spark DataFrame, in Arrow batches."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa

from classifier.filtering import FilterPolicy
from classifier.labels import LABELS
from classifier.pipelines.worker import ModelPath, check_columns, check_options, filter_table, needs

with needs("spark"):
    from pyspark.sql import types

STRING_TYPES = ("string", "varchar", "char", "void")


def filter_documents(
    frame: Any,
    text_column: str = "text",
    policy: FilterPolicy | None = None,
    model: ModelPath = None,
    stats_column: str | None = None,
) -> Any:
    """Filter the texts of a Spark DataFrame.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
    text_column, policy, model, stats_column
        See `classifier.pipelines`.

    Returns
    -------
    pyspark.sql.DataFrame
        Lazy. Without the documents that the policy drops; its schema is that
        of `frame`, with `stats_column` last.

    Raises
    ------
    ValueError
        If `text_column` is missing or `stats_column` exists, for Spark perhaps in
        other case.
    TypeError
        If `frame` is no Spark DataFrame or holds no strings there, `policy` is no policy,
        or `model` no path.
    """
    if not hasattr(frame, "mapInArrow"):  # of which there are two classes
        raise TypeError(f"frame is a {type(frame).__name__}; give a Spark DataFrame")
    check_options(policy, model)
    names = frame.columns
    check_columns(names, text_column, stats_column and _known_as(stats_column, frame))
    place = names.index(text_column)
    kind = frame.schema.fields[place].dataType
    if kind.typeName() not in STRING_TYPES:
        raise TypeError(
            f"column {text_column!r} holds {kind.simpleString()}; give strings, "
            f"e.g. frame.withColumn({text_column!r}, frame[{text_column!r}].cast('string'))"
        )
    fields = [(field.dataType, field.nullable, field.metadata) for field in frame.schema.fields]
    if stats_column is not None:
        names = [*names, stats_column]
        fields.append((_statistics_type(), True, None))
    # In Arrow, Spark takes a dot in a name for a field of a struct, and wants names only once.
    numbered = [f"c{number}" for number in range(len(names))]
    work = partial(
        _filter_batches,
        text_column=numbered[place],
        policy=policy,
        model=model,
        stats_column=None if stats_column is None else numbered[-1],
    )
    schema = types.StructType(
        [types.StructField(name, *field) for name, field in zip(numbered, fields, strict=True)]
    )
    source = frame.toDF(*numbered[: len(frame.columns)])
    return source.mapInArrow(work, schema).toDF(*names)


def _known_as(name: str, frame: Any) -> str:
    """Give the column that Spark takes for the one of this name, or the name if none is."""
    if frame.sparkSession.conf.get("spark.sql.caseSensitive") == "true":
        return name
    known: dict[str, str] = {column.lower(): column for column in frame.columns}
    return known.get(name.lower(), name)


def _filter_batches(batches: Iterable[pa.RecordBatch], **options: Any) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from filter_table(pa.Table.from_batches([batch]), **options).to_batches()


def _statistics_type() -> Any:
    counts = types.StructType([types.StructField(label, types.LongType()) for label in LABELS])
    return (
        types.StructType()
        .add("documents", types.LongType())
        .add("lines", counts)
        .add("characters", counts)
        .add("content_ratio", types.DoubleType())
        .add("paywalled", types.BooleanType())
        .add("truncated", types.BooleanType())
    )
