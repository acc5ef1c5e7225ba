"""`linesift filter`: the text without navigation, paywalls and sponsored lines."""

from typing import Any

import click

from classifier.commands.options import input_options, run_options


@click.command("filter")
@input_options
@click.option(
    "--drop",
    default="navigation,paywall,sponsored",
    metavar="LIST",
    show_default=True,
    help="Labels to drop, or none to read and write only.",
)
@click.option(
    "--content-threshold",
    type=click.FloatRange(0, 1),
    metavar="P",
    help="Keep lines from this probability of content on.",
)
@click.option(
    "--max-content-loss",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Choose the threshold that loses at most this share of content.",
)
@click.option(
    "--min-content-chars",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Drop documents with less content.",
)
@click.option(
    "--min-content-ratio",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="SHARE",
    help="Drop documents with a smaller share of content.",
)
@click.option("--drop-paywalled", is_flag=True, help="Drop documents behind a paywall.")
@click.option("--add-stats", metavar="FIELD", help="Add each document's statistics as a field.")
@click.option("--excluded", metavar="FILE", help="List dropped documents with their reasons.")
@run_options
def filter_command(
    drop: str,
    content_threshold: float | None,
    max_content_loss: float | None,
    min_content_chars: int,
    min_content_ratio: float,
    drop_paywalled: bool,
    **options: Any,
) -> None:
    r"""Keep the content of texts; the format stays the same.

    \b
    Example:  linesift filter pages/*.jsonl.gz -o clean/ --workers 2 --stats stats.json
    """
    from classifier.commands.runs import read_policy, run_command

    policy = read_policy(
        drop,
        content_threshold,
        max_content_loss,
        min_content_chars,
        min_content_ratio,
        drop_paywalled,
    )
    run_command("filter", policy=policy, **options)
