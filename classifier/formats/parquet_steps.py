"""How many rows of a Parquet row group to read at once.

Rows are read in small steps and joined to blocks: their sizes are only known afterwards.
"""

from itertools import islice
from typing import Any

from classifier.formats.arrow_rows import own_bytes

STEP_ROWS = 256
SAMPLE_ROWS = 4


def rows_at_once(file: Any, group: int, most_bytes: int) -> int:
    """Say how many rows are likely to take no more than some bytes.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile
    group : int
        Number of the row group, from 0.
    most_bytes : int

    Returns
    -------
    int
        1 to `STEP_ROWS`.
    """
    metadata = file.metadata.row_group(group)
    stored = metadata.total_byte_size // max(metadata.num_rows, 1)
    row_bytes = max(1, stored, _spelled_out_bytes(file, group, most_bytes))
    return int(max(1, min(STEP_ROWS, most_bytes // row_bytes)))


def _spelled_out_bytes(file: Any, group: int, most_bytes: int) -> int:
    """Measure what long values take in a row that a dictionary stores once for many of them.

    The least of some rows: a value that stands in many is in all of these, too, and one long
    row among others should not make all steps small.
    """
    metadata = file.metadata.row_group(group)
    columns = map(metadata.column, range(metadata.num_columns))
    long = [
        column.path_in_schema
        for column in columns
        if column.has_dictionary_page and STEP_ROWS * _dictionary_bytes(column) > most_bytes
    ]
    if not long:
        return 0
    steps = file.iter_batches(SAMPLE_ROWS, row_groups=[group], columns=long, use_threads=False)
    sizes = [own_bytes(rows.slice(i, 1)) for rows in islice(steps, 1) for i in range(len(rows))]
    return min(sizes, default=0)


def _dictionary_bytes(column: Any) -> float:
    """Guess how large the dictionary of a column is, unpacked."""
    packed = column.data_page_offset - column.dictionary_page_offset
    return float(packed * column.total_uncompressed_size / max(column.total_compressed_size, 1))
