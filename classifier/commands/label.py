"""`linesift label`: the label of every line."""

from typing import Any

import click

from classifier.commands.options import input_options, run_options


@click.command()
@input_options
@click.option(
    "--output-format",
    type=click.Choice(["jsonl", "tsv"]),
    default="jsonl",
    show_default=True,
    help="tsv prints label, probability and line.",
)
@click.option(
    "--offsets",
    type=click.Choice(["code-point", "byte"]),
    default="code-point",
    show_default=True,
    help="Unit of start and end.",
)
@run_options
def label(output_format: str, **options: Any) -> None:
    """Print the label of every line, with its probabilities.

    \b
    Example:  linesift label page.txt --output-format tsv
    """
    from classifier.commands.runs import run_command

    run_command("label", label_format=output_format, **options)
