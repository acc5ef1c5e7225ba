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
    row_bytes = max(1, metadata.total_byte_size // max(metadata.num_rows, 1))
    # What comes again in many rows is stored once, in a dictionary, and may be long. Small
    # groups cannot hold much of it, and to read their first rows twice would cost more.
    if 16 * metadata.total_byte_size > most_bytes:
        row_bytes = max(row_bytes, _spelled_out_bytes(file, group))
    return int(max(1, min(STEP_ROWS, most_bytes // row_bytes)))


def _spelled_out_bytes(file: Any, group: int) -> int:
    """Measure the least of the first rows: one long row is no reason for small steps."""
    steps = file.iter_batches(SAMPLE_ROWS, row_groups=[group], use_threads=False)
    sizes = [own_bytes(rows.slice(i, 1)) for rows in islice(steps, 1) for i in range(len(rows))]
    return min(sizes, default=0)
