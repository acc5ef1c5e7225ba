"""Filter the texts of a Hugging Face dataset, whole or streamed."""

from functools import partial
from typing import Any

import pyarrow as pa

from classifier import __version__
from classifier.pipelines import worker
from classifier.pipelines.checks import (
    ModelPath,
    check_columns,
    check_options,
    needs,
    type_name,
)
from classifier.policy import FilterPolicy
from classifier.statistics_records import statistics_type
from classifier.storage import model_digest

with needs("datasets"):
    from datasets import Dataset, Features, IterableDataset

    from classifier.pipelines.datasets_columns import in_format_of, require_strings


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
    dataset : datasets.Dataset or datasets.IterableDataset, of one split
    text_column : str, default "text"
    policy : FilterPolicy, optional
    model : path, optional
    stats_column : str, optional
        See `classifier.pipelines`.

    Returns
    -------
    datasets.Dataset or datasets.IterableDataset
        As `dataset`, lazy if that is; without the documents that the policy
        drops. Features are kept, and the format; of a stream it becomes Python's.

    Raises
    ------
    TypeError
        If `dataset` is something else, such as a dict of splits, or holds no strings
        there, `policy` is no policy, or `model` no path.
    ValueError
        If `text_column` is missing or `stats_column` exists (of a stream that
        does not know its columns only when it is read), or the dataset has a
        transform of its own.
    """
    if not isinstance(dataset, (Dataset, IterableDataset)):
        hint = "one split of it, such as dataset['train']"
        if not isinstance(dataset, dict):
            hint = "a datasets.Dataset or datasets.IterableDataset"
        raise TypeError(f"dataset is a {type_name(dataset)}; give {hint}")
    if isinstance(dataset, Dataset) and dataset.format["type"] == "custom":
        raise ValueError(
            "dataset has a transform (set_transform, with_transform), of which the stored texts "
            "know nothing; apply it first, with dataset.map, or take it away, with reset_format"
        )
    check_options(policy, model, stats_column)
    features = dataset.features  # a stream may not know them
    if features is not None:
        check_columns(list(features), text_column, stats_column)
        require_strings(features, text_column)
        if stats_column is not None:
            added = pa.schema([(stats_column, statistics_type())])
            features = Features({**features, **Features.from_arrow_schema(added)})
    worker.load_model(model)  # what is wrong with it shows here, not in the middle of a stream
    if isinstance(dataset, Dataset) and not len(dataset):  # map would not add the column
        columns: dict[str, list[Any]] = {name: [] for name in features}
        info = dataset.info.copy()
        info.features = features
        empty = Dataset.from_dict(columns, features, info, dataset.split)
        return in_format_of(dataset, empty)
    # In Arrow, images and such are not unpacked; but a stream of Python objects
    # cannot be read so (a batch of nulls alone would get a type of its own).
    is_arrow = isinstance(dataset, Dataset) or (features and dataset._ex_iterable.iter_arrow)
    work = partial(
        worker.filter_batch,
        digest=f"{__version__} {model_digest(model)}",
        text_column=text_column,
        policy=policy,
        model=model,
        stats_column=stats_column,
    )
    source = dataset.with_format("arrow" if is_arrow else None)
    result = source.map(work, batched=True, features=features).with_format(None)
    return result if isinstance(dataset, IterableDataset) else in_format_of(dataset, result)
