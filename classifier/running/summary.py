"""What a run depends on, and what it reports in the end."""

from dataclasses import asdict
from typing import Any

from classifier import __version__
from classifier.files.names import shown_name
from classifier.policy import FilterPolicy
from classifier.running.counts import Counts
from classifier.running.counts_as_json import as_json
from classifier.running.run import Run
from classifier.running.task import Task
from classifier.storage import model_digest


def needs_model(policy: FilterPolicy, stats: str | None, add_stats: str | None) -> bool:
    """Tell whether a filter has to label lines, or only reads and writes.

    Parameters
    ----------
    policy : FilterPolicy
    stats, add_stats : str or None
        Values of these options of `linesift filter`.

    Returns
    -------
    bool
    """
    drops = bool(policy.drop) or policy.drops_documents
    return drops or stats is not None or add_stats is not None


def run_settings(
    task: Task, model: str | None, lists_excluded: bool, is_labelled: bool
) -> dict[str, Any]:
    """List all that the outputs of a task depend on, besides the inputs.

    Parameters
    ----------
    task : Task
        What is done.
    model : str or None
        Path of the model; None for the bundled one.
    lists_excluded : bool
        Whether dropped documents are listed.
    is_labelled : bool
        Whether a filter labels lines, and so has their counts to report.

    Returns
    -------
    dict
        JSON values.

    Raises
    ------
    ModelError
        If the model cannot be read.
    """
    settings: dict[str, Any] = {
        "version": __version__,
        "action": task.action,
        "model_sha256": model_digest(model),
        "text_field": task.fields.text,
        "id_field": task.fields.id,
        "url_field": task.fields.url,
        "input_format": task.input_format or "auto",
        "on_error": task.on_error,
    }
    if task.action == "filter":
        settings |= asdict(task.policy)
        settings |= {
            "drop": list(task.policy.drop),
            "add_stats": task.fields.added,
            "excluded": lists_excluded,
            "is_labelled": is_labelled,
        }
    else:
        settings |= {"output_format": task.label_format, "offsets": task.offsets}
    return settings


def describe_run(
    plan: Run, counts: Counts, model: str | None, threshold: float | None
) -> dict[str, Any]:
    """Report a run, as `--stats` writes it.

    Parameters
    ----------
    plan : Run
        What was done.
    counts : Counts
        What was counted.
    model : str or None
        Path of the model; None for the bundled one.
    threshold : float or None
        On the probability of content, given or found; None if labels alone decided.

    Returns
    -------
    dict
        JSON values. Nothing in it depends on the time or the number of workers.
    """
    return {
        "linesift": __version__,
        "model": {"path": model and shown_name(model), "sha256": plan.settings.get("model_sha256")},
        "settings": plan.settings,
        "threshold": threshold,
        "files": len(plan.shards),
        **as_json(counts),
    }
