"""Filter the texts of a Ray Dataset, in Arrow batches."""

from typing import Any

from classifier.pipelines.checks import ModelPath, check_options, needs, type_name
from classifier.pipelines.worker import filter_table
from classifier.policy import FilterPolicy

with needs("ray"):
    import ray.data


def filter_documents(
    dataset: "ray.data.Dataset",
    text_column: str = "text",
    policy: FilterPolicy | None = None,
    model: ModelPath = None,
    stats_column: str | None = None,
) -> "ray.data.Dataset":
    """Filter the texts of a Ray Dataset.

    Parameters
    ----------
    dataset : ray.data.Dataset
    text_column : str, default "text"
    policy : FilterPolicy, optional
    model : path, optional
    stats_column : str, optional
        See `classifier.pipelines`.

    Returns
    -------
    ray.data.Dataset
        Lazy. Without the documents that the policy drops; all else as it was.
        A missing `text_column` is reported when it runs, since Ray may not
        know the columns before.

    Raises
    ------
    TypeError
        If `dataset` is no Ray Dataset, `policy` no policy, or `model` no path.
    """
    if not isinstance(dataset, ray.data.Dataset):
        raise TypeError(f"dataset is a {type_name(dataset)}; give a Ray Dataset")
    check_options(policy, model, stats_column)
    options: dict[str, Any] = {
        "text_column": text_column,
        "policy": policy,
        "model": model,
        "stats_column": stats_column,
    }
    # Whole blocks, as they lie in memory: nothing is written into them. Older versions of Ray
    # would copy a thousand documents at a time.
    return dataset.map_batches(
        filter_table,
        batch_size=None,
        batch_format="pyarrow",
        zero_copy_batch=True,
        fn_kwargs=options,
    )
