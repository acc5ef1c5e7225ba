"""Columns as Spark has them: which name means which, and what they may hold."""

from collections.abc import Iterable
from inspect import signature
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import types
from pyspark.sql.pandas.types import to_arrow_type

STRING_TYPES = ("string", "void")  # varchar and char Spark gives to Arrow, but takes none back
TYPES_WITH_PARTS = ("array", "struct", "map", "variant")
# Newer versions of Spark want a time zone for timestamps; any will do, since only whether
# there is a type is asked.
ZONE: dict[str, Any] = (
    {"timezone": "UTC"} if "timezone" in signature(to_arrow_type).parameters else {}
)


def known_as(name: str, frame: Any) -> str:
    """Give the column that Spark takes for the one of this name, or the name if none is.

    Parameters
    ----------
    name : str
    frame : pyspark.sql.DataFrame

    Returns
    -------
    str
        In the letters of the frame, since Spark takes small and capital ones for the same
        by default.
    """
    if (frame.sparkSession.conf.get("spark.sql.caseSensitive") or "").lower() == "true":
        return name
    known: dict[str, str] = {column.lower(): column for column in frame.columns}
    return known.get(name.lower(), name)


def require_strings(field: types.StructField) -> None:
    """Check that a column holds texts.

    Parameters
    ----------
    field : pyspark.sql.types.StructField

    Raises
    ------
    TypeError
        If not; it says how to make texts of it.
    """
    name, kind = field.name, field.dataType
    if kind.typeName() not in STRING_TYPES:
        # A cast would give the printed form of what has parts.
        hint = (
            "such as a field or the elements of these values"
            if kind.typeName() in TYPES_WITH_PARTS
            else f"e.g. frame.withColumn({name!r}, frame[{name!r}].cast('string'))"
        )
        raise TypeError(f"column {name!r} holds {kind.simpleString()}; give strings, {hint}")


def require_arrow(fields: Iterable[types.StructField]) -> None:
    """Check that Spark takes all columns back from a worker.

    Parameters
    ----------
    fields : iterable of pyspark.sql.types.StructField

    Raises
    ------
    TypeError
        If it does not, for what it has no type of Arrow: it would name a number, not the column.
    """
    for name, kind in ((field.name, field.dataType) for field in fields):
        try:
            to_arrow_type(kind, **ZONE)
        except PySparkException as error:
            hint = f"e.g. frame.withColumn({name!r}, frame[{name!r}].cast('string'))"
            raise TypeError(
                f"column {name!r} holds {kind.simpleString()}, which Spark takes back from no "
                f"worker; cast it before, {hint}, or leave it out"
            ) from error
