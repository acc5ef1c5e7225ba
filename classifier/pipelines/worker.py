"""What the adapters share: one model a process, and the filter on an Arrow table.

Engines send work to other processes as a function with its arguments. Here
these are names, a policy and the path of a model, a few bytes in all; the
model itself never travels but is loaded once by each process.
"""

from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from classifier.columns import Texts
from classifier.files.local_paths import status_of
from classifier.formats.arrow_columns import keep_rows
from classifier.kernels.machine.loading import loading_alone
from classifier.labels import LABELS
from classifier.model import LineClassifier
from classifier.pipelines.checks import ModelPath, check_columns, documents_named, require_path
from classifier.policy import FilterPolicy
from classifier.results import ProcessedBatch
from classifier.statistics import DocumentStatistics
from classifier.statistics_records import statistics_record, statistics_type
from classifier.storage import model_file
from classifier.string_arrays import require_strings
from classifier.weights.model_contents import ModelError

# Enough for runs that compare a few models; one model is a few megabytes.
MODELS_KEPT = 4


def load_model(path: ModelPath = None) -> LineClassifier:
    """Give this process's model: loaded by the first call, again only if its file changed.

    Parameters
    ----------
    path : path, optional
        A model file; the bundled model if absent.

    Returns
    -------
    LineClassifier

    Raises
    ------
    ModelError
        If the file is missing, no model, or on another machine.
    TypeError
        If `path` is no path.
    """
    require_path(path)
    # The same relative path may lead elsewhere once the folder of the process is another.
    given = None if path is None else model_file(path)
    file = given and given.absolute()
    if file and file != given and not status_of(file):
        hint = "give the absolute path of a model (.npz), as workers have folders of their own"
        raise ModelError(f"{file}: no file found there; {hint}")
    with loading_alone():  # threads that ask at once get one model
        return _load(file, file and _version(file))


def _version(file: Path) -> Hashable:
    """Give what changes with a file; by its time alone one with the time of another is that."""
    found = status_of(file)
    return found and (found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev)


@lru_cache(MODELS_KEPT)
def _load(path: Path | None, version: Hashable) -> LineClassifier:
    del version  # part of the key: a model that was fitted anew is another model
    return LineClassifier.load(path)


def filter_table(
    table: pa.Table,
    text_column: str = "text",
    policy: FilterPolicy | None = None,
    model: ModelPath = None,
    stats_column: str | None = None,
) -> pa.Table:
    """Filter the texts of a table.

    Parameters
    ----------
    table : pyarrow.Table
    text_column : str, default "text"
    policy : FilterPolicy, optional
    model : path, optional
    stats_column : str, optional
        See `classifier.pipelines`.

    Returns
    -------
    pyarrow.Table
        Without the documents that the policy drops. All else is as it was.

    Raises
    ------
    ValueError, TypeError
        If a column is missing, exists, or holds no strings.
    """
    check_columns(table.column_names, text_column, stats_column)
    place = table.column_names.index(text_column)
    texts = table.column(place)
    require_strings(texts.type, f"column {text_column!r}", f"table[{text_column!r}]")
    done = _process(texts, policy, model)
    if stats_column is not None:
        missing = texts.is_null().to_numpy()
        column = _statistics_column(done.statistics, missing)
        table = table.append_column(pa.field(stats_column, statistics_type()), column)
    stays = np.array([reason is None for reason in done.reasons], np.bool_)
    kept: pa.Table = keep_rows(table.set_column(place, table.field(place), done.texts), stays)
    return kept


def filter_examples(
    examples: dict[str, list[Any]],
    text_column: str = "text",
    policy: FilterPolicy | None = None,
    model: ModelPath = None,
    stats_column: str | None = None,
) -> dict[str, list[Any]]:
    """Filter columns that are lists; parameters and errors as in `filter_table`.

    Parameters
    ----------
    examples : dict of str to list
        Columns of one length.
    text_column : str, default "text"
    policy : FilterPolicy, optional
    model : path, optional
    stats_column : str, optional

    Returns
    -------
    dict of str to list
        Rows that stay, with the statistics if a column for them was named.
    """
    check_columns(list(examples), text_column, stats_column)
    done = _process(examples[text_column], policy, model)
    columns = {**examples, text_column: done.texts}
    if stats_column is not None:
        columns[stats_column] = statistics_records(done)
    rows = [row for row, reason in enumerate(done.reasons) if reason is None]
    return {name: [values[row] for row in rows] for name, values in columns.items()}


def filter_batch(batch: Any, digest: str, **options: Any) -> Any:
    """Filter a table or columns that are lists; parameters and errors as in `filter_table`.

    The digest tells results apart where an engine keeps them by function and arguments.

    Parameters
    ----------
    batch : pyarrow.Table or dict of str to list
    digest : str
        Of the model; not used here.
    **options : object
        As `filter_table` takes them.

    Returns
    -------
    pyarrow.Table or dict of str to list
        Of the kind of `batch`.
    """
    del digest
    work = filter_table if isinstance(batch, pa.Table) else filter_examples
    return work(batch, **options)


def statistics_records(done: ProcessedBatch) -> list[dict[str, Any] | None]:
    """Give the statistics of documents as plain values.

    Parameters
    ----------
    done : ProcessedBatch

    Returns
    -------
    list of (dict or None)
        As `classifier.statistics_records.statistics_record`; None where there is no text.
    """
    return [
        None if text is None else statistics_record(done.statistics, row)
        for row, text in enumerate(done.texts)
    ]


def _process(texts: Texts, policy: FilterPolicy | None, model: ModelPath) -> ProcessedBatch:
    clf = load_model(model)
    place = f"(counted from 0 in a batch of {len(texts):,} documents, as the engine gave it)"
    with documents_named(lambda number: f"{number} {place}"):
        return clf.process(texts, policy)


def _statistics_column(
    statistics: DocumentStatistics, missing: npt.NDArray[np.bool_]
) -> pa.StructArray:
    ones = pa.array(np.ones(len(missing), np.int64))
    counts = [
        pa.StructArray.from_arrays([pa.array(by_label) for by_label in values.T], LABELS)
        for values in (statistics.lines, statistics.characters)
    ]
    columns = [ones, *counts, *(pa.array(values) for values in statistics[2:])]
    fields = list(statistics_type())
    return pa.StructArray.from_arrays(columns, fields=fields, mask=pa.array(missing))
