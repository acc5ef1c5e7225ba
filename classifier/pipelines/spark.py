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
        If `text_column` is missing or `stats_column` exists.
    TypeError
        If `policy` is no policy, or `model` no path.
    """
    check_options(policy, model)
    check_columns(frame.columns, text_column, stats_column)
    schema = types.StructType(list(frame.schema.fields))
    if stats_column is not None:
        schema.add(stats_column, _statistics_type())
    work = partial(
        _filter_batches,
        text_column=text_column,
        policy=policy,
        model=model,
        stats_column=stats_column,
    )
    return frame.mapInArrow(work, schema)


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
