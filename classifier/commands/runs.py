"""Run a task over files: what `filter` and `label` share."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

from classifier.commands.accounts import (
    tell_how_it_went,
    tell_if_no_record_is_identified,
    tell_if_nothing_stays,
    tell_what_is_left_out,
)
from classifier.commands.errors import Misuse, announce, explained, ignore
from classifier.commands.policies import threshold_of


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
        from classifier.files.problems import DataError
        from classifier.formats.batches import Fields
        from classifier.formats.remedies import RESUMED, with_resume
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
        threshold = threshold_of(policy, model, quiet, verbose)
        is_resumable = any(shard.is_noted for shard in plan.shards)
        if stats is None and add_stats is None and not is_resumable:
            plan = replace(plan, task=replace(task, is_counted=False))
        progress = Progress(len(plan.shards), not quiet, action == "filter")
        try:
            counts = run(plan, progress, ignore if quiet else announce)
        except (DataError, OutputError) as error:
            if not is_resumable:
                raise
            if isinstance(error, DataError):
                raise DataError(with_resume(error.problem), error.file) from error
            raise OutputError(f"{error} {RESUMED}") from error
        if stats is not None:
            _write_statistics(describe_run(plan, counts, model, threshold), stats)
    if not quiet:
        tell_if_nothing_stays(plan, counts)
        tell_if_no_record_is_identified(plan, progress)
    if verbose:
        tell_how_it_went(plan, counts, progress)
    tell_what_is_left_out(plan, counts)  # records are missing: that is said in any case


def _write_statistics(report: dict[str, Any], path: str) -> None:
    from classifier.files.compression import codec_of_name, compress
    from classifier.files.opening import open_output
    from classifier.files.temporary_files import remove_parts

    remove_parts([path])
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    with open_output(path, must_be_read=True) as sink:
        sink.write(compress(text.encode(), codec_of_name(path)))
