"""Parquet: streamed by row group; schema, metadata, codecs and other columns stay.

The functions are those of `classifier.formats.batches.Format`.
"""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from classifier.files.problems import BrokenFileError, Problem
from classifier.formats.arrow_columns import (
    find_column,
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
from classifier.formats.parquet_problems import (
    DAMAGE,
    check_columns,
    check_types,
    file_problem,
    group_problem,
    refuse_other_than_damage,
    rows_in,
)
from classifier.formats.parquet_properties import chunks_of, writer_properties
from classifier.formats.parquet_steps import open_encoded, rows_at_once
from classifier.formats.parquet_writer import (
    Rows,
    RowWriter,
    open_file,
    other_metadata,
    output_schema,
)
from classifier.statistics_records import statistics_type
from classifier.string_arrays import null_mask


def blocks(stream: BinaryIO, fields: Fields) -> Iterator[Block]:
    """Read rows, about `BLOCK_BYTES` or `BLOCK_RECORDS` at a time and never across row groups.

    Where a row group is damaged, what is left of it is the gap of a block without rows.

    Raises
    ------
    BrokenFileError
        If the file or all of its row groups are damaged, if it has no column of text by the
        name of the field, or has one by that of the field to add.
    """
    try:
        file = open_file(stream)
        check_columns(file.schema_arrow, fields)
        encoded = open_encoded(stream, file)
    except DAMAGE as error:
        refuse_other_than_damage(error)
        raise BrokenFileError(file_problem(error)) from error
    first = 1
    is_begun = False
    # Held back until there are rows: of a file without any there is to be no output.
    gaps: list[Block] = []
    broken: Problem | None = None
    for group in range(file.num_row_groups):
        n_read = 0
        gap = None
        try:
            for rows in _read_group(file, encoded, group, fields):
                if not is_begun:
                    chunks_of(file, group)  # which the writer needs may be damaged
                    is_begun = True
                    yield from gaps
                yield Block(rows, first + n_read)
                n_read += rows.rows.num_rows
                del rows
            if n_read < rows_in(file, group):  # Arrow takes a damaged count for the end of all
                raise pa.ArrowInvalid("it ends early")
        except DAMAGE as error:
            refuse_other_than_damage(error, first + n_read if is_begun else None)
            broken = broken or file_problem(error)
            gap = group_problem(file, group, n_read, first + n_read, error)
        if gap is not None:
            block = Block(Rows(_no_rows(file.schema_arrow), True), first + n_read, gap)
            if is_begun:
                yield block
            else:
                gaps.append(block)
        first += max(n_read, rows_in(file, group))
    if broken is not None and not is_begun:
        raise BrokenFileError(broken)


def parse(block: Block, fields: Fields) -> Batch:
    """Take texts, identifiers and addresses out of rows; a null text is a problem."""
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
    if block.gap is not None:
        problems.append(block.gap)
    context = (Rows(rows, block.content.ends_group), fields.text)
    return Batch(texts, numbers, ids, context, problems, urls)


def render(
    batch: Batch,
    texts: Any,
    codec: str | None = None,
    added: tuple[str, Sequence[Any]] | None = None,
) -> Rows:
    """Put new texts into the rows; what is added becomes the last column."""
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
    """Make a writer of a file like the input, whose schema is read once more."""
    try:
        file = open_file(stream)
        schema = output_schema(file, fields)
        properties = writer_properties(file, schema, fields)
    except DAMAGE as error:
        refuse_other_than_damage(error)
        raise BrokenFileError(file_problem(error)) from error
    check_types(file)
    return RowWriter(schema, properties, other_metadata(file), sink)


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


def _no_rows(schema: Any) -> Any:
    """Make rows of a schema without any."""
    return pa.RecordBatch.from_arrays([pa.nulls(0, kind) for kind in schema.types], schema=schema)
