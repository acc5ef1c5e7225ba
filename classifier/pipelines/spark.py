"""Filter the texts of a Spark DataFrame, in Arrow batches."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa

from classifier.pipelines.checks import (
    ModelPath,
    check_columns,
    check_options,
    needs,
    type_name,
)
from classifier.pipelines.worker import filter_table
from classifier.policy import FilterPolicy
from classifier.statistics_records import statistics_type

with needs("spark"):
    from pyspark.sql import types
    from pyspark.sql.pandas.types import from_arrow_type

    from classifier.pipelines.spark_columns import known_as, require_arrow, require_strings


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
    text_column : str, default "text"
    policy : FilterPolicy, optional
    model : path, optional
    stats_column : str, optional
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
        If `frame` is no Spark DataFrame, holds no strings there, or has a column that Spark
        takes from no worker, `policy` is no policy, or `model` no path.
    """
    if not hasattr(frame, "mapInArrow"):  # of which there are two classes
        raise TypeError(f"frame is a {type_name(frame)}; give a Spark DataFrame")
    check_options(policy, model, stats_column)
    names = frame.columns
    check_columns(names, text_column, stats_column and known_as(stats_column, frame))
    place = names.index(text_column)
    require_strings(frame.schema.fields[place])
    require_arrow(frame.schema.fields)
    fields = [(field.dataType, field.nullable, field.metadata) for field in frame.schema.fields]
    if stats_column is not None:
        names = [*names, stats_column]
        fields.append((from_arrow_type(statistics_type()), True, None))
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


def _filter_batches(batches: Iterable[pa.RecordBatch], **options: Any) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from filter_table(pa.Table.from_batches([batch]), **options).to_batches()
