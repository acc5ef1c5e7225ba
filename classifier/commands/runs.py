"""Run a task over files and tell how it went: what `filter` and `label` share."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

import click

from classifier.commands.errors import Failure, Misuse, announce, explained, ignore


def run_command(
    action: str,
    *,
    inputs: tuple[str, ...],
    output: str | None,
    input_format: str | None,
    text_field: str,
    id_field: str,
    url_field: str,
    on_error: str,
    max_errors: int | None,
    workers: int,
    resume: bool,
    stats: str | None,
    model: str | None,
    quiet: bool,
    verbose: bool,
    excluded: str | None = None,
    add_stats: str | None = None,
    policy: Any = None,
    **task_options: Any,
) -> None:
    """Run a task as the options say, and tell how it went.

    Parameters
    ----------
    action : str
        ``"filter"`` or ``"label"``.
    inputs : tuple of str
    output, input_format : str or None
    text_field, id_field, url_field, on_error : str
    max_errors : int or None
    workers : int
    resume : bool
    stats, model : str or None
    quiet, verbose : bool
    excluded, add_stats : str, optional
        These, and all above but `action`: what the options of their names give.
    policy : FilterPolicy, optional
        The default one if absent.
    **task_options : str or bool
        Fields of the `Task` that are for labels.

    Raises
    ------
    Misuse, Failure
        If options contradict each other, or the run fails.
    """
    with explained():
        from classifier.files.opening import OutputError
        from classifier.formats.batches import Fields
        from classifier.model import LineClassifier
        from classifier.policy import FilterPolicy
        from classifier.running.plan import make_plan
        from classifier.running.processor import ReadWriteOnly
        from classifier.running.progress import Progress
        from classifier.running.run import run
        from classifier.running.summary import describe_run, needs_model, run_settings
        from classifier.running.task import Task

        if max_errors is not None and on_error == "fail":
            raise Misuse(
                "--max-errors counts errors that a run goes on after: give it with "
                "--on-error skip or --on-error quarantine."
            )
        if add_stats is not None and add_stats in (text_field, id_field):
            raise Misuse(f"--add-stats {add_stats}: this field is read. Give it another name.")
        policy = policy or FilterPolicy()
        is_model_needed = action != "filter" or needs_model(policy, stats, add_stats)
        task = Task(
            action,
            partial(LineClassifier.load, model) if is_model_needed else ReadWriteOnly,
            Fields(text_field, id_field, add_stats or "", url_field),
            policy,
            on_error,
            max_errors,
            input_format,
            **task_options,
        )
        settings = run_settings(task, model, excluded is not None, is_model_needed)
        plan = make_plan(
            inputs,
            output,
            task,
            settings,
            n_workers=workers,
            is_resumed=resume,
            excluded=excluded,
            stats=stats,
            model=model,
            announce=ignore if quiet else announce,
        )
        threshold = policy.content_threshold
        if policy.max_content_loss is not None:
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
        if stats is None and add_stats is None and not any(s.is_noted for s in plan.shards):
            plan = replace(plan, task=replace(task, is_counted=False))
        progress = Progress(len(plan.shards), not quiet, action == "filter")
        try:
            counts = run(plan, progress, ignore if quiet else announce)
        except OutputError as error:
            if not any(shard.is_noted for shard in plan.shards):
                raise
            raise OutputError(f"{error} --resume then goes on with what is done.") from error
        if stats is not None:
            _write_statistics(describe_run(plan, counts, model, threshold), stats)
    if not quiet:
        _tell_if_nothing_stays(plan, counts, policy)
    if verbose:
        seconds, n_bytes = progress.seconds, progress.counts.text_bytes  # of this run alone
        n_resumed = progress.n_resumed
        dropped = f", {counts.dropped_ratio:.1%} of it dropped" if action == "filter" else ""
        before = f" ({n_resumed:,} of them finished before)" if n_resumed else ""
        announce(
            f"files: {len(plan.shards):,}{before}, documents: {counts.documents:,}, "
            f"text: {_size(counts.text_bytes)}{dropped}; "
            f"read {_size(n_bytes)} in {seconds:.1f} s ({n_bytes / 1e6 / seconds:.1f} MB/s)"
        )
    if counts.n_errors:  # records are missing: that is said in any case
        kinds = ", ".join(f"{kind}: {n}" for kind, n in sorted(counts.errors.items()))
        left = "left out" if on_error == "skip" else f"left out, see {plan.quarantine}"
        errors = "error" if counts.n_errors == 1 else "errors"
        announce(f"{counts.n_errors} {errors} {left} ({kinds}). The first: {counts.examples[0]}")


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e5 else f"{n_bytes / 1e3:.1f} kB"


def _write_statistics(report: dict[str, Any], path: str) -> None:
    from classifier.files.compression import codec_of_name, compress
    from classifier.files.opening import open_output
    from classifier.files.temporary_files import remove_parts

    remove_parts([path])
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    with open_output(path, must_be_read=True) as sink:
        sink.write(compress(text.encode(), codec_of_name(path)))


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


def _tell_if_nothing_stays(plan: Any, counts: Any, policy: Any) -> None:
    """Say why there is no document: all are dropped, or a crawl is taken for its text."""
    from classifier.formats import format_of_name

    if counts.documents and not counts.kept and policy.drops_documents:
        given = {
            "--drop-paywalled": policy.drop_paywalled,
            "--min-content-chars": policy.min_content_chars,
            "--min-content-ratio": policy.min_content_ratio,
        }
        names = [name for name, value in given.items() if value]
        announce(
            f"nothing stays: {' and '.join(names)} drop{'s' * (len(names) == 1)} every document. "
            f"{plan.excluded or '--excluded FILE'} has them with the reason."
        )
    if counts.documents or counts.n_errors:
        return
    crawls = [shard.input for shard in plan.shards if format_of_name(shard.input) == "wet"]
    if crawls:
        announce(
            f"{crawls[0]}: no documents: only records of text (WARC-Type: conversion) are read, "
            "as WET files have them; all else is passed on as it is."
        )


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
