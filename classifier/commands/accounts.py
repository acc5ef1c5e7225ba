"""What a command says of a run on standard error when it is done."""

from typing import Any

import click
from click.core import ParameterSource

from classifier.commands.errors import announce


def tell_how_it_went(plan: Any, counts: Any, progress: Any) -> None:
    """Say how much was read, and how fast.

    Parameters
    ----------
    plan : Run
    counts : Counts
        Of all its files.
    progress : Progress
        Of this run alone.
    """
    seconds, n_bytes = progress.seconds, progress.counts.text_bytes
    n_resumed = progress.n_resumed
    dropped = f", {counts.dropped_ratio:.1%} of it dropped" if plan.task.action == "filter" else ""
    before = f" ({n_resumed:,} of them finished before)" if n_resumed else ""
    announce(
        f"files: {len(plan.shards):,}{before}, documents: {counts.documents:,}, "
        f"text: {_size(counts.text_bytes)}{dropped}; "
        f"read {_size(n_bytes)} in {seconds:.1f} s ({n_bytes / 1e6 / seconds:.1f} MB/s)"
    )


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e5 else f"{n_bytes / 1e3:.1f} kB"


def tell_what_is_left_out(plan: Any, counts: Any) -> None:
    """Say how many records had errors, and what the first one was.

    Parameters
    ----------
    plan : Run
    counts : Counts
    """
    if not counts.n_errors:
        return
    kinds = ", ".join(f"{kind}: {n}" for kind, n in sorted(counts.errors.items()))
    left = "left out" if plan.task.on_error == "skip" else f"left out, see {plan.quarantine}"
    errors = "error" if counts.n_errors == 1 else "errors"
    announce(f"{counts.n_errors} {errors} {left} ({kinds}). The first: {counts.examples[0]}")


def tell_if_no_record_is_identified(plan: Any, progress: Any) -> None:
    """Say that the field of identifiers is in no record, if it was named and they are written.

    Parameters
    ----------
    plan : Run
    progress : Progress
        Of this run alone.
    """
    source = click.get_current_context().get_parameter_source("id_field")
    is_written = plan.task.label_format == "jsonl" if plan.task.action == "label" else plan.excluded
    is_absent = progress.counts.documents and not progress.counts.identified
    if source is ParameterSource.COMMANDLINE and is_written and is_absent:
        announce(
            f"no record has the field {plan.task.fields.id!r} of --id-field: "
            "FILE:RECORD stands for it"
        )


def tell_if_nothing_stays(plan: Any, counts: Any) -> None:
    """Say why there is no document: all are dropped, or a crawl is taken for its text.

    Parameters
    ----------
    plan : Run
    counts : Counts
    """
    from classifier.formats import format_of_name

    policy = plan.task.policy
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
