"""The policy that options describe, and the threshold that it has with a model."""

from typing import Any

import click

from classifier.commands.errors import Failure, announce


def take_policy(options: dict[str, Any]) -> Any:
    """Make a policy of the options that describe one, and remove them from `options`.

    Parameters
    ----------
    options : dict
        The command's options, with all fields of a `FilterPolicy`.

    Returns
    -------
    FilterPolicy

    Raises
    ------
    click.UsageError
        If they contradict each other or are out of range.
    """
    from classifier.labels import LABELS
    from classifier.policy import FilterPolicy

    values = {name: options.pop(name) for name in FilterPolicy.__dataclass_fields__}
    drop = values.pop("drop")
    names = [] if drop.strip() == "none" else [name.strip() for name in drop.split(",")]
    try:
        return FilterPolicy(names, **values)
    except ValueError as error:
        hint = "" if set(names) <= set(LABELS) else "; --drop none drops nothing"
        told = str(error)
        for name in values:
            told = told.replace(name, f"--{name.replace('_', '-')}")
        raise click.UsageError(f"{told}{hint}") from None


def threshold_of(policy: Any, model: str | None, quiet: bool, verbose: bool) -> float | None:
    """Return the threshold of a policy, from the model's table where it promises a loss.

    Parameters
    ----------
    policy : FilterPolicy
    model : str or None
        As the option of that name gives it.
    quiet, verbose : bool
        Whether nothing is told of a promise that drops no line; whether the threshold is.

    Returns
    -------
    float or None

    Raises
    ------
    Failure
        If the model has no table, or one that cannot promise so little.
    """
    from classifier.model import LineClassifier

    threshold: float | None = policy.content_threshold
    if policy.max_content_loss is None:
        return threshold
    table = LineClassifier.load(model).metadata.get("loss_table")
    try:
        threshold = policy.threshold(table)
    except ValueError as error:
        raise Failure(f"{model or 'the bundled model'}: {error}.") from None
    if not quiet:
        tell_if_nothing_goes(policy, table)
    if verbose:
        loss = policy.max_content_loss
        announce(f"--max-content-loss {loss:g} sets the threshold to {threshold:g}")
    return threshold


def tell_if_nothing_goes(policy: Any, table: Any) -> None:
    """Say that a model cannot promise so little, if it then keeps everything.

    Parameters
    ----------
    policy : FilterPolicy
        With `max_content_loss`.
    table : sequence of (float, float, float)
        Of the model, as `FilterPolicy.threshold` takes it.
    """
    least = policy.least_loss(table)
    if least is not None:
        announce(
            f"--max-content-loss {policy.max_content_loss:g}: no line is dropped. The least loss "
            f"at which this model drops any is {least:g}."
        )
