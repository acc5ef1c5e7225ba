"""Parquet: streamed by row group; schema, metadata, codecs and other columns stay.

The functions are those of `classifier.formats.batches.Format`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from classifier.files.problems import BrokenFileError, Problem, unreadable
from classifier.formats.arrow_columns import (
    find_column,
    find_field,
    is_text,
    keep_rows,
    read_texts,
    replace_column,
)
from classifier.formats.arrow_pile import Pile, join
from classifier.formats.arrow_rows import (
    dictionary_columns,
    own_bytes,
    read_addresses,
    read_identifiers,
    row_as_json,
)
from classifier.formats.batches import BLOCK_BYTES, BLOCK_RECORDS, Batch, Block, Fields
from classifier.formats.parquet_properties import first_chunks
from classifier.formats.parquet_steps import open_encoded, rows_at_once
from classifier.formats.parquet_writer import Rows, RowWriter, open_file
from classifier.results import statistics_type
from classifier.string_arrays import null_mask

NOTHING_READ = (
    "Fetch or write the file anew, or say what it is with --input-format; "
    "--on-error skip leaves it out."
)
SOME_READ = "Fetch or write the file anew; --on-error skip keeps what came before."


def blocks(stream: BinaryIO, fields: Fields) -> Iterator[Block]:
    """Read rows, about `BLOCK_BYTES` or `BLOCK_RECORDS` at a time and never across row groups.

    Parameters
    ----------
    stream : binary file
        Can be read from any place.
    fields : Fields

    Yields
    ------
    Block
        Of `Rows`.

    Raises
    ------
    BrokenFileError
        If the file is damaged, has no column of text by the name of the field, or has one by
        that of the field to add.
    """
    first = 1
    try:
        file = open_file(stream)
        _check_columns(file.schema_arrow, fields)
        encoded = open_encoded(stream, file)
        for group in range(file.num_row_groups):
            for rows in _read_group(file, encoded, group, fields):
                if first == 1:
                    first_chunks(file)  # names that the writer needs may be damaged
                yield Block(rows, first)
                first += rows.rows.num_rows
                del rows
    except MemoryError:  # Arrow's is an ArrowException, too; the file may be sound
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise BrokenFileError(_problem(error, None if first == 1 else first)) from error


def parse(block: Block, fields: Fields) -> Batch:
    """Take texts, identifiers and addresses out of rows.

    Parameters
    ----------
    block : Block
    fields : Fields

    Returns
    -------
    Batch
        A null text is a problem.
    """
    rows = block.content.rows
    texts, bad = read_texts(find_column(rows, fields.text))
    numbers: Sequence[int] = range(block.first, block.first + rows.num_rows)
    ids, bad_ids = read_identifiers(rows, fields)
    urls = read_addresses(rows, fields)
    problems = []
    if bad or bad_ids:
        # Those of bad texts are not among the texts any more.
        readable = (i for i in range(rows.num_rows) if i not in bad)
        texts = texts.filter(pa.array([i not in bad_ids for i in readable], pa.bool_()))
        wrong = {i: (fields.id, *why) for i, why in bad_ids.items()}
        wrong |= {i: (fields.text, *why) for i, why in bad.items()}
        for index, (name, kind, reason) in sorted(wrong.items()):
            raw = row_as_json(rows, index)
            remedy = "Correct it, or leave such rows out with --on-error skip."
            problems.append(Problem(kind, f"its {name!r} {reason}", remedy, numbers[index], raw))
        good = [i for i in range(rows.num_rows) if i not in wrong]
        rows = keep_rows(rows, np.isin(np.arange(rows.num_rows), good))
        numbers, ids = [numbers[i] for i in good], [ids[i] for i in good]
        urls = [urls[i] for i in good] if urls else []
    context = (Rows(rows, block.content.ends_group), fields.text)
    return Batch(texts, numbers, ids, context, problems, urls)


def render(
    batch: Batch,
    texts: Any,
    codec: str | None = None,
    added: tuple[str, Sequence[Any]] | None = None,
) -> Rows:
    """Put new texts into the rows.

    Parameters
    ----------
    batch : Batch
    texts : pyarrow.LargeStringArray, shape (n_documents,)
    codec : str, optional
        Not looked at.
    added : (str, sequence of dict), optional
        The last column.

    Returns
    -------
    Rows
    """
    del codec
    (rows, ends_group), column = batch.context
    rows = replace_column(rows, column, texts)
    if added is not None:
        name, values = added
        kind = statistics_type()
        rows = rows.append_column(pa.field(name, kind), pa.array(values, kind))
    if texts.null_count:
        rows = keep_rows(rows, ~null_mask(texts))
    return Rows(rows, ends_group)


def writer(stream: BinaryIO, sink: BinaryIO, fields: Fields) -> RowWriter:
    """Make a writer of a file like the input.

    Parameters
    ----------
    stream : binary file
        Its schema is read once more, and may have changed since.
    sink : binary file
    fields : Fields
        An added field becomes the last column.

    Returns
    -------
    RowWriter

    Raises
    ------
    BrokenFileError
        If that file cannot be read again.
    """
    try:
        file = open_file(stream)
        first_chunks(file)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise BrokenFileError(_problem(error, None)) from error
    return RowWriter(file, sink, fields)


def _read_group(file: Any, encoded: Any, group: int, fields: Fields) -> Iterator[Rows]:
    pending = Pile(BLOCK_BYTES)
    n_rows = 0
    step = rows_at_once(file, encoded, group, BLOCK_BYTES)
    for rows in file.iter_batches(step, row_groups=[group], use_threads=False):
        _check_indices(rows)
        n_bytes = _bytes_to_work_on(rows, fields)
        is_full = pending.n_bytes + n_bytes > BLOCK_BYTES or n_rows + len(rows) > BLOCK_RECORDS
        if pending.pieces and is_full:
            yield Rows(join(pending.take()), False)
            n_rows = 0
        pending.add(rows, n_bytes)
        n_rows += len(rows)
        del rows  # before the next are read
    if pending.pieces:
        yield Rows(join(pending.take()), True)


def _check_indices(rows: Any) -> None:
    """Refuse places beyond the end of a dictionary: of damaged ones the process would die."""
    for column in dictionary_columns(rows):
        pa.DictionaryArray.from_arrays(column.indices, column.dictionary, safe=True)


def _bytes_to_work_on(rows: Any, fields: Fields) -> int:
    """Measure rows with those texts spelled out that `parse` takes out of a dictionary."""
    import pyarrow.compute as pc

    n_bytes = own_bytes(rows)
    for path in (fields.text, fields.id, fields.url):
        column = find_column(rows, path)
        if isinstance(column, pa.DictionaryArray) and is_text(column.type):
            lengths = pc.binary_length(column.dictionary).take(column.indices)
            n_bytes += pc.sum(lengths).as_py() or 0
    return n_bytes


def _problem(error: Exception, record: int | None) -> Problem:
    """Say what is wrong with a file, from a record on."""
    # What Arrow raises by itself, of damage, has no number.
    if isinstance(error, OSError) and error.errno is not None:
        return replace(unreadable(error), record=record)
    is_name = isinstance(error, UnicodeDecodeError)  # of a column: texts are checked later
    why = "a column's name is not valid UTF-8" if is_name else str(error).splitlines()[0]
    reason = f"it is no Parquet file or damaged ({why})"
    return Problem("damaged", reason, NOTHING_READ if record is None else SOME_READ, record)


def _check_columns(schema: Any, fields: Fields) -> None:
    field = find_field(schema, fields.text)
    if field is None:
        found = "several columns" if fields.text in schema.names else "no column"
        reason = f"it has {found} {fields.text!r}; there are {', '.join(schema.names)}"
        raise BrokenFileError(Problem("no column", reason, "Name the column with --text-field."))
    if not is_text(field.type):
        reason = f"its column {fields.text!r} is {field.type}, not text"
        raise BrokenFileError(
            Problem("text is no string", reason, "Name another with --text-field.")
        )
    if fields.added and fields.added in schema.names:
        reason = f"it has a column {fields.added!r} already"
        raise BrokenFileError(Problem("field exists", reason, "Give --add-stats another name."))
