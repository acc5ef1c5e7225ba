"""Dolma's documents, and the records of its attribute files: where lines of each label stand."""

from collections.abc import Iterator

import numpy as np
import orjson
import pyarrow.compute as pc

from classifier.columns import read_columns
from classifier.files.problems import BrokenFileError, DataError, Problem, unreadable
from classifier.files.streams import open_decompressed
from classifier.formats import jsonl
from classifier.formats.batches import Batch, Fields
from classifier.formats.remedies import with_options
from classifier.labels import LABELS
from classifier.results import LabelledBatch, code_point_spans

PREFIX = "linesift__linesift__"
"""Begins the names of attributes (experiment and tagger, as Dolma has it), before the label."""


def read_batches(path: str) -> Iterator[Batch]:
    """Read the documents of a file, each with an id.

    Parameters
    ----------
    path : str
        JSON Lines, compressed or not.

    Yields
    ------
    Batch
        Records of some megabytes, in the order of the file.

    Raises
    ------
    DataError
        If the file is damaged, or a record has no text or id.
    """
    fields = Fields()
    try:
        with open_decompressed(path) as stream:
            for block in jsonl.blocks(stream, fields):
                batch = jsonl.parse(block, fields)
                # Dolma pairs documents and attributes line by line: none can be left out.
                for problem in [*batch.problems, *_without_id(batch)]:
                    raise DataError(with_options(problem, ()), path)
                yield batch
    except BrokenFileError as error:
        raise DataError(with_options(error.problem, ()), path) from error
    except OSError as error:
        raise DataError(unreadable(error), path) from error


def _without_id(batch: Batch) -> Iterator[Problem]:
    for number, identifier in zip(batch.numbers, batch.ids, strict=True):
        if identifier is None:
            yield Problem("no id", "it has no field 'id'", "Dolma needs one; add it.", number)


def to_attributes(batch: Batch, labelled: LabelledBatch) -> bytes:
    r"""Write labels as attributes.

    Parameters
    ----------
    batch : Batch
        Documents with identifiers.
    labelled : LabelledBatch
        Their lines.

    Returns
    -------
    bytes
        JSON Lines, a record a document: ``{"id": ..., "attributes": {...}}``
        with a list of ``[start, end, score]`` for each label. Offsets in code
        points with the line's ``"\n"``, the score is the label's probability, to four decimals.
    """
    (column,) = read_columns(batch.texts)
    starts, ends = code_point_spans(column, labelled)
    n_chars = pc.utf8_length(batch.texts).to_numpy()
    # The last line of a text may have no "\n".
    ends = np.minimum(ends + 1, np.repeat(n_chars, np.diff(labelled.document_offsets)))
    scores = labelled.probabilities.max(axis=1, initial=0.0).astype(np.float64).round(4)
    spans = list(zip(starts.tolist(), ends.tolist(), scores.tolist(), strict=True))
    bounds = labelled.document_offsets.tolist()
    records = bytearray()  # all at once, they would take a kilobyte each at least
    for identifier, first, last in zip(batch.ids, bounds[:-1], bounds[1:], strict=True):
        attributes: dict[str, list[tuple[int, int, float]]] = {PREFIX + name: [] for name in LABELS}
        for line in range(first, last):
            attributes[PREFIX + LABELS[labelled.labels[line]]].append(spans[line])
        fragment = orjson.Fragment(identifier)  # type: ignore[arg-type]  # none is None
        record = {"id": fragment, "attributes": attributes}
        records += orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
    return bytes(records)
