"""How many rows of a Parquet row group to read at once.

Rows are read in small steps and joined to blocks: their sizes are only known afterwards.
"""

from itertools import islice
from typing import Any, BinaryIO

from classifier.formats.arrow_rows import dictionary_columns, own_bytes

STEP_ROWS = 256
SAMPLE_ROWS = 4
# How much larger than asked for a step may be, if all its rows hold the longest value of a
# dictionary: lower, a single long value would make a whole row group slow to read.
MOST_TIMES_TOO_LARGE = 8


def open_encoded(stream: BinaryIO, file: Any) -> Any:
    """Open a file once more, to see what its dictionaries hold.

    Parameters
    ----------
    stream : binary file
    file : pyarrow.parquet.ParquetFile
        The same, open for reading.

    Returns
    -------
    pyarrow.parquet.ParquetFile
        Reads text and bytes as dictionary and indices, where they are stored so.
    """
    import pyarrow.parquet as pq

    paths = [column.path for column in file.schema]
    return pq.ParquetFile(
        stream, metadata=file.metadata, read_dictionary=paths, pre_buffer=False, buffer_size=1 << 16
    )


def rows_at_once(file: Any, encoded: Any, group: int, most_bytes: int) -> int:
    """Say how many rows are likely to take no more than some bytes.

    Parameters
    ----------
    file : pyarrow.parquet.ParquetFile
    encoded : pyarrow.parquet.ParquetFile
        The same, as `open_encoded` opens it.
    group : int
        Number of the row group, from 0.
    most_bytes : int

    Returns
    -------
    int
        1 to `STEP_ROWS`.
    """
    metadata = file.metadata.row_group(group)
    most = STEP_ROWS
    row_bytes = max(1, metadata.total_byte_size // max(metadata.num_rows, 1))
    # What comes again in many rows is stored once, in a dictionary, and may be long. Small
    # groups cannot hold much of it, and to read their first rows twice would cost more.
    if 16 * metadata.total_byte_size > most_bytes:
        least, longest = _row_sizes(file, encoded, group)
        row_bytes = max(row_bytes, least)
        most = min(most, MOST_TIMES_TOO_LARGE * most_bytes // max(1, longest))
    return int(max(1, min(most, most_bytes // row_bytes)))


def _row_sizes(file: Any, encoded: Any, group: int) -> tuple[int, int]:
    """Measure the least of the first rows, and all values that are longest in a dictionary.

    One long row is no reason for small steps.
    """
    import pyarrow.compute as pc

    sizes, longest = [], 0
    for rows in islice(encoded.iter_batches(1, row_groups=[group], use_threads=False), SAMPLE_ROWS):
        n_bytes, longest = own_bytes(rows), 0
        for column, kind in zip(rows.columns, file.schema_arrow.types, strict=True):
            if column.type != kind:  # reading spells it out
                for found in dictionary_columns(column):
                    lengths = pc.binary_length(found.dictionary)
                    n_bytes += pc.sum(lengths.take(found.indices)).as_py() or 0
                    # Each row brings the whole dictionary, whichever values it has itself.
                    longest += pc.max(lengths).as_py() or 0
        sizes.append(n_bytes)
    return min(sizes, default=0), longest
