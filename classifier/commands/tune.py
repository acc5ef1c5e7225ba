"""`linesift tune`: a threshold for a loss of content, from labelled pages."""

import math

import click

from classifier.commands.errors import Failure, announce, explained
from classifier.commands.models import (
    check_model_output,
    leave_out_known_pages,
    tell_of_undecided,
    write_model,
)
from classifier.commands.option_values import PLACE, Share
from classifier.commands.options import CORRECTIONS, MODEL
from classifier.shown_text import one_line


def _refuse_nan(
    context: click.Context, option: click.Parameter, loss: float | None
) -> float | None:
    del context, option
    if loss is not None and math.isnan(loss):  # no comparison refuses it
        raise click.BadParameter("nan is no share. Give a number above 0, below 1.")
    return loss


@click.command()
@CORRECTIONS
@click.option(
    "--max-content-loss",
    type=Share(0, 1, min_open=True, max_open=True),
    callback=_refuse_nan,
    metavar="SHARE",
    help="Print the threshold that loses at most this share of content.",
)
@click.option(
    "-o", "--output", type=PLACE, metavar="MODEL", help="Write a model that keeps the list, .npz."
)
@MODEL
def tune(
    corrections: tuple[str, ...],
    max_content_loss: float | None,
    output: str | None,
    model: str | None,
) -> None:
    """Choose a threshold for content, on labelled pages of yours.

    Lists how good the model's labels are there, and what thresholds on the
    probability of content lose and drop; with --max-content-loss, prints one
    threshold. The loss is what new pages of the kind lose on average, as an upper
    bound: n pages (or groups) can promise no less than 1/(n+1). A model written
    with -o keeps the list, for `linesift filter --max-content-loss`.

    \b
    Example:  linesift tune --corrections corrections.jsonl --max-content-loss 0.05
    """
    with explained():
        from classifier.adapt.labelled_pages import read_labelled_pages
        from classifier.adapt.outcome import describe_labels
        from classifier.adapt.thresholds import describe_table, loss_table, require_row
        from classifier.labels import CONTENT
        from classifier.model import LineClassifier

        check_model_output(output, corrections, model)
        pages = read_labelled_pages(corrections, announce)
        origin = LineClassifier.load(model)
        remedy = "Give others; what `linesift fit` found on pages held out is in the model already."
        pages = leave_out_known_pages(pages, origin.metadata, remedy)
        tell_of_undecided(pages)
        found = origin.label_batch(pages.texts)
        table = loss_table(pages, found.probabilities[:, CONTENT])
        n_empty = pages.n_without_content()
        if n_empty:
            announce(
                f"{n_empty} of {len(pages.texts)} pages have no content; they lose nothing, and "
                "make the mean smaller"
            )
        problem, threshold = "", 0.0
        try:
            if n_empty == len(pages.texts):
                raise ValueError(
                    "no line is content, so none that is lost can be measured. "
                    "Label pages that have some"
                )
            threshold = require_row(table, max_content_loss, pages.n_groups)[0]
        except ValueError as error:
            problem = f"{', '.join(corrections)}: {error}."
            if max_content_loss is not None or output is not None:
                raise Failure(problem) from None
        if output is not None:  # before anything is printed: nobody may be reading it
            metadata = {**origin.metadata, "loss_table": table, "tuned_on": len(pages.texts)}
            write_model(LineClassifier(origin.layers, metadata), output)
        if max_content_loss is None:
            click.echo(describe_labels(pages, found.labels))
            click.echo(one_line(problem) if problem else describe_table(table))
        else:
            click.echo(threshold)
        if output is not None:
            announce(f"{output} is written; it keeps the whole list")
