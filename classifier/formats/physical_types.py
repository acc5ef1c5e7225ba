"""How a Parquet file keeps what Arrow has one type for: old timestamps, decimals.

Spark, Hive and Impala write timestamps in 96 bits, and decimals of few digits as integers.
"""

from typing import Any

from classifier.formats.arrow_rows import single_values


def wide_timestamps(file: Any) -> list[str]:
    """List the columns of a file with such timestamps, ``a.b`` for those inside others.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile

    Returns
    -------
    list of str
    """
    return [column.path for column in file.schema if column.physical_type == "INT96"]


def has_modern_types(file: Any) -> bool:
    """Tell whether columns hold what the first version of Parquet has no type for.

    Those are 32 bits without a sign and nanoseconds, as which wide timestamps are written if
    there are others beside them. Other writers name that version for such files as well.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile

    Returns
    -------
    bool
    """
    names = [str(column.logical_type) for column in file.schema]
    is_new = any("nanoseconds" in name or "bitWidth=32, isSigned=false" in name for name in names)
    return is_new or (bool(wide_timestamps(file)) and not are_all_wide(file))


def are_all_wide(file: Any) -> bool:
    """Tell whether there are such timestamps and no others, for a writer knows one kind only.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile

    Returns
    -------
    bool
    """
    has_others = any(column.logical_type.type == "TIMESTAMP" for column in file.schema)
    return bool(wide_timestamps(file)) and not has_others


def fit_nanoseconds(file: Any, in_microseconds: Any) -> bool:
    """Tell whether a file's wide timestamps are within the years of nanoseconds.

    Those from 1677 to 2262 are; a date like 9999-12-31 would come out as one of 1816.

    Parameters
    ----------
    file, in_microseconds : pyarrow.parquet.ParquetFile
        The same file, its wide timestamps read as nanoseconds and as microseconds.

    Returns
    -------
    bool
    """
    names = wide_timestamps(file)
    readers = (
        opened.iter_batches(columns=names, use_threads=False) for opened in (file, in_microseconds)
    )
    # Of nested columns Arrow cannot cast every type.
    return all(
        nanoseconds.cast(microseconds.type, safe=False).equals(microseconds)
        for rows in zip(*readers, strict=True)
        for nanoseconds, microseconds in zip(*map(single_values, rows), strict=True)
    )


def has_integer_decimals(file: Any) -> bool:
    """Tell whether decimals are kept as integers, as far as these can hold them.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile

    Returns
    -------
    bool
    """
    return any(
        column.logical_type.type == "DECIMAL" and column.physical_type in ("INT32", "INT64")
        for column in file.schema
    )
