"""Filter the texts of a Hugging Face dataset, whole or streamed."""

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from classifier.filtering import FilterPolicy
from classifier.pipelines import worker
from classifier.pipelines.worker import ModelPath, check_columns, needs
from classifier.storage import DEFAULT_MODEL

with needs("datasets"):
    from datasets import Dataset, Features, IterableDataset


def filter_documents(
    dataset: Any,
    text_column: str = "text",
    policy: FilterPolicy | None = None,
    model: ModelPath = None,
    stats_column: str | None = None,
) -> Any:
    """Filter the texts of a dataset.

    Parameters
    ----------
    dataset : datasets.Dataset or datasets.IterableDataset
        One split.
    text_column, policy, model, stats_column
        See `classifier.pipelines`.

    Returns
    -------
    datasets.Dataset or datasets.IterableDataset
        As `dataset`, lazy if that is; without the documents that the policy
        drops. Features are kept; the format is Python's.

    Raises
    ------
    TypeError, ValueError
        If it is no dataset of one split, or columns are missing or exist.
    """
    if not isinstance(dataset, (Dataset, IterableDataset)):
        kind = type(dataset).__name__
        raise TypeError(f"dataset is a {kind}; give one split of it, such as dataset['train']")
    features = dataset.features  # a stream may not know them
    if features is not None:
        check_columns(list(features), text_column, stats_column)
        if stats_column is not None:
            added = pa.schema([(stats_column, worker.STATISTICS_TYPE)])
            features = Features({**features, **Features.from_arrow_schema(added)})
    if isinstance(dataset, Dataset) and not len(dataset):  # map would not add the column
        return Dataset.from_dict({name: [] for name in features}, features)
    worker.load_model(model)  # what is wrong with it shows here, not in the middle of a stream
    options: dict[str, Any] = {"text_column": text_column, "policy": policy, "model": model}
    options["stats_column"] = stats_column
    # In Arrow, images and such are not unpacked; but a stream of Python objects
    # cannot be read so (a batch of nulls alone would get a type of its own).
    is_arrow = isinstance(dataset, Dataset) or (features and dataset._ex_iterable.iter_arrow)
    work = _filter_table if is_arrow else _filter_examples
    # The digest, because datasets keeps results on disk by function and arguments.
    work = partial(work, digest=_digest(model), **options)
    source = dataset.with_format("arrow" if is_arrow else None)
    return source.map(work, batched=True, features=features).with_format(None)


def _digest(model: ModelPath) -> str:
    path = DEFAULT_MODEL if model is None else Path(model)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _filter_table(table: pa.Table, digest: str, **options: Any) -> pa.Table:
    return worker.filter_table(table, **options)


def _filter_examples(
    examples: dict[str, list[Any]],
    digest: str,
    text_column: str,
    policy: FilterPolicy | None,
    model: ModelPath,
    stats_column: str | None,
) -> dict[str, list[Any]]:
    check_columns(list(examples), text_column, stats_column)
    kept = worker.filter_list(examples[text_column], policy, model)
    result = {name: [values[i] for i in kept.rows] for name, values in examples.items()}
    result[text_column] = kept.texts
    return result if stats_column is None else {**result, stats_column: kept.statistics}
